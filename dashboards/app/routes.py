"""What the server answers: the pages, their parts, one WebSocket for each page, and nothing else that Solara has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solara.server import settings
from solara.server import starlette as solara_server
from solara.server.server import solara_static
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from dashboards.app.connection import serve_kernel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["application"]

LIBRARIES = "/_solara/cdn"
"""Where pages ask for the libraries that are installed with the dashboard."""


def application(handlers: Mapping[Any, Callable[..., Any]]) -> Starlette:
    """Return the application, with what answers errors.

    Solara's own application has routes that show its insides, and one that fetches from the internet what is not
    installed and removes folders in its way. Only what a page needs is taken from it.
    """
    installed = solara_server.StaticFilesOptionalAuth(directory=settings.assets.proxy_cache_dir)
    routes: list[BaseRoute] = [
        Route("/readyz", solara_server.readyz),
        WebSocketRoute("/jupyter/api/kernels/{kernel_id}/channels", serve_kernel),
        Route("/_solara/api/close/{kernel_id}", solara_server.close, methods=["POST"]),
        Mount(LIBRARIES, installed),
        Mount("/static/assets", solara_server.StaticAssets()),
        Mount("/jupyter/nbextensions", solara_server.StaticNbFiles()),
        Mount("/static", solara_server.StaticFilesOptionalAuth(directory=solara_static)),
        Route("/", solara_server.root),
        Route("/{fullpath}", solara_server.root),
    ]
    return Starlette(
        routes=routes,
        lifespan=solara_server.lifespan,
        middleware=[Middleware(solara_server.SolaraGZipMiddleware, minimum_size=1000)],
        exception_handlers=dict(handlers),
    )
