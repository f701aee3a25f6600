"""How a browser is recognised: by a cookie that its pages cannot read and that no other site can send along."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.responses import Response

__all__ = ["recognise", "welcome"]


def recognise(request: HTTPConnection) -> str | None:
    """Return which browser asks; None for one that has not been here."""
    return request.cookies.get(_cookie(request)) or None


def welcome(answer: Response, request: HTTPConnection) -> None:
    """Give a browser what it is recognised by."""
    answer.set_cookie(_cookie(request), uuid4().hex, httponly=True, samesite="lax")


def _cookie(request: HTTPConnection) -> str:
    # Browsers give a cookie to every port of a computer; another dashboard has another.
    return f"alliance-{request.scope['server'][1]}"
