"""What stands before every request: which address it names, where it comes from, and whether it is let in."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from experiments.reports.rendering import render

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from dashboards.app.addresses import Addresses
    from dashboards.app.keys import Keys

__all__ = ["Guard", "security_headers"]

log = logging.getLogger("alliance")

READING = frozenset({"GET", "HEAD"})

OPEN = "/readyz"
"""What everybody may ask: whether the server answers."""


def security_headers(origin: str) -> dict[str, str]:
    """Return what a browser is told of every answer: load nothing from elsewhere, show it in no other page."""
    socket = origin.replace("http", "ws", 1)
    # Vue compiles its templates in the browser, and a widget's code comes as a blob.
    own = "'self' 'unsafe-inline' 'unsafe-eval' data: blob:"
    policy = {
        "default-src": own,
        "connect-src": f"'self' data: blob: {socket}",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


class Guard:
    """Lets through what names this dashboard, comes from its own pages, and from a browser that was let in.

    A page elsewhere can make a browser send requests to this computer, and can give its own name this computer's
    address; a browser says in ``Origin`` and ``Host`` that it did. Others at this computer or in its network can ask,
    too; they lack the token. Which browser asks, and whether it is that
    of whoever runs the dashboard, is found in the connection's state.

    Parameters
    ----------
    app
        What answers.
    addresses
        Where the dashboard is reached.
    keys
        Who is let in.
    """

    def __init__(self, app: ASGIApp, addresses: Addresses, keys: Keys) -> None:
        self.app = app
        self.addresses = addresses
        self.keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let another."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        host = request.headers.get("host", "")
        served = self.addresses.origin(host, str(scope["server"][0]))
        if scope["type"] == "http":
            send = _with_headers(send, security_headers(served or self.addresses.own))
        answer = self._answer(request, served)
        if answer is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await answer(scope, receive, send)
        else:
            log.warning("A WebSocket was refused with status %d.", answer.status_code)
            await send({"type": "websocket.close", "code": 1008})

    def _answer(self, request: HTTPConnection, served: str | None) -> Response | None:
        """Return what a request is answered that is not let through."""
        if served is None:
            return _not_here(self.addresses)
        if not self._comes_from_here(request, served):
            return _not_from_here()
        if request.url.path == OPEN:
            return None
        cookie = request.cookies.get(self._cookie, "")
        request.state.browser = self.keys.browser(cookie)
        request.state.owns = self.keys.owns(cookie)
        if token := request.query_params.get("token"):
            return self._let_in(request, token)
        return _not_let_in() if request.state.browser is None else None

    def _let_in(self, request: HTTPConnection, token: str) -> Response:
        """Lead to the same address without the token, so that nobody copies it from there."""
        cookie = self.keys.cookie_for(token)
        if cookie is None and request.state.browser is None:
            return _not_let_in()
        answer = RedirectResponse(_without_token(request), status_code=HTTPStatus.SEE_OTHER)
        if cookie and request.state.browser is None:
            secure = self.addresses.public.startswith("https:")
            answer.set_cookie(self._cookie, cookie, httponly=True, samesite="lax", secure=secure)
        return answer

    @property
    def _cookie(self) -> str:
        # Browsers give a cookie to every port of a computer; another dashboard has another.
        return f"alliance-{self.addresses.port}"

    def _comes_from_here(self, request: HTTPConnection, served: str) -> bool:
        origin = request.headers.get("origin")
        if origin is None:
            # Browsers leave it out where they read pages and parts of pages, and nowhere else.
            return request.scope["type"] == "http" and request.scope["method"] in READING
        return self.addresses.comes_from(origin, served)


def _without_token(request: HTTPConnection) -> str:
    """Return path and query of an address, without its token; a path only, whatever the address looks like."""
    path = "/" + quote(request.scope["path"].lstrip("/\\"))
    parts = [one for one in request.url.query.split("&") if not one.startswith("token=")]
    return f"{path}?{'&'.join(parts)}" if any(parts) else path


def _not_let_in() -> Response:
    page = render(__package__, "not_let_in.html")
    headers = {"Cache-Control": "no-store"}
    return HTMLResponse(page, status_code=HTTPStatus.UNAUTHORIZED, headers=headers)


def _not_here(addresses: Addresses) -> Response:
    text = (
        f"The dashboard is not served under this address: open {addresses.own}. "
        "If it is reached by another, start it with alliance dashboard --public-url ADDRESS."
    )
    return PlainTextResponse(text, status_code=HTTPStatus.MISDIRECTED_REQUEST)


def _not_from_here() -> Response:
    text = "The dashboard answers its own pages only, and this was asked by another."
    return PlainTextResponse(text, status_code=HTTPStatus.FORBIDDEN)


def _with_headers(send: Send, headers: dict[str, str]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return sending
