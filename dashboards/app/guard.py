"""What stands before every request: whom it names, where it comes from, and what a browser is told of the answer."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from dashboards.app.addresses import Addresses

__all__ = ["Guard", "security_headers"]

log = logging.getLogger("alliance")

READING = frozenset({"GET", "HEAD"})


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
    """Lets through what names this dashboard and comes from its own pages.

    A page elsewhere can make a browser send requests to this computer, and can give its own name this computer's
    address. A browser says in ``Origin`` and ``Host`` that it did.

    Parameters
    ----------
    app
        What answers.
    addresses
        Where the dashboard is reached.
    """

    def __init__(self, app: ASGIApp, addresses: Addresses) -> None:
        self.app = app
        self.addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let another."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        served = self.addresses.origin(headers.get("host", ""), str(scope["server"][0]))
        if served is None:
            await self._refuse(scope, receive, send, _not_here(self.addresses))
        elif not self._comes_from_here(scope, headers.get("origin"), served):
            await self._refuse(scope, receive, send, _not_from_here())
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, _with_headers(send, security_headers(served)))

    def _comes_from_here(self, scope: Scope, origin: str | None, served: str) -> bool:
        if origin is None:
            # Browsers leave it out where they read pages and parts of pages, and nowhere else.
            return scope["type"] == "http" and scope["method"] in READING
        return self.addresses.comes_from(origin, served)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, answer: Response) -> None:
        if scope["type"] == "websocket":
            log.warning("A WebSocket was refused: %s", bytes(answer.body).decode())
            await send({"type": "websocket.close", "code": 1008})
            return
        await answer(scope, receive, send)


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
