"""What the server answers besides files: the page of a room, that a page was left, and that there is no such room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solara.server import kernel_context
from solara.server.server import read_root
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from dashboards.page.shared_script import shared_script
from experiments.reports.rendering import render
from simulation.errors import nearest

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["leave", "not_found", "ready", "room", "shared"]

A_WEEK = 604_800

AGAIN = 15
"""Seconds after which a browser that found no room asks again."""


async def ready(_: Request) -> Response:
    """Say that the server answers."""
    return PlainTextResponse("ready", headers={"Cache-Control": "no-store"})


async def room(request: Request) -> Response:
    """Answer with the page that the address names, or say that no more can be open."""
    content = read_root(request.url.path)
    if content is None:
        raise HTTPException(404)
    if request.app.state.sessions.full:
        page = render(__package__, "full.html", most=request.app.state.sessions.most, again=AGAIN)
        headers = {"Cache-Control": "no-store", "Retry-After": str(AGAIN)}
        return HTMLResponse(page, status_code=503, headers=headers)
    return HTMLResponse(content, headers={"Cache-Control": "no-store"})


def shared(_: Request) -> Response:
    """Answer with the page's scripts, which a browser may keep: another text has another address."""
    headers = {"Cache-Control": f"private, max-age={A_WEEK}"}
    return Response(shared_script(), media_type="text/javascript", headers=headers)


def leave(request: Request) -> Response:
    """Close a page that its browser has left, at once instead of when it has not come back for long."""
    context = kernel_context.contexts.get(request.path_params["kernel_id"])
    page = request.query_params.get("session_id", "")
    if context and context.session_id == request.state.browser and page in context.page_status:
        context.page_close(page)
    return Response()


async def not_found(request: Request, _: Exception) -> Response:
    """Answer for an address that stands for nothing: name it, and lead to the rooms."""
    from dashboards.addresses.pages import rooms

    name = request.url.path.strip("/")[:40]
    listed = rooms(alone=request.app.state.alone)
    by_name = {room.name: room for room in listed}
    page = render(
        __package__,
        "not_found.html",
        name=name,
        close=by_name.get(nearest(name, by_name) or ""),
        rooms=listed,
    )
    return HTMLResponse(page, status_code=404)
