"""How others are let in by a link."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Invitation"]

HEADER = "alliance-invitation"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link needs that lets a class in.

    Attributes
    ----------
    class_name
        The class.
    origin
        Scheme, host and port under which it reaches the dashboard.
    token
        Its own token, not that of whoever runs the dashboard.
    """

    class_name: str
    origin: str
    token: str

    def link(self, path: str) -> str:
        """Return a link to a path with its query."""
        return f"{self.origin}{path}{'&' if '?' in path else '?'}token={self.token}"

    def headers(self) -> dict[str, list[str]]:
        """Return it as Solara hands it to a session: what a server knows reaches a page as headers."""
        return {HEADER: list(astuple(self))}

    @classmethod
    def in_headers(cls, headers: Mapping[str, list[str]] | None) -> Invitation | None:
        """Return what the server handed over; None for no class."""
        parts = (headers or {}).get(HEADER)
        return cls(*parts) if parts else None
