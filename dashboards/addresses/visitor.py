"""Who looks at a page, as far as the server knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Visitor"]

HEADER = "alliance-visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser that was let in.

    Attributes
    ----------
    browser
        Its name, drawn when it was let in; nobody's name is known.
    owns
        Whether it is that of whoever runs the dashboard, and not one of the class.
    alone
        Whether nobody at another computer can reach the dashboard.
    """

    browser: str = ""
    owns: bool = True
    alone: bool = True

    def headers(self) -> dict[str, list[str]]:
        """Return it as Solara hands it to a session: what a server knows reaches a page as headers."""
        return {HEADER: [self.browser, "owns" if self.owns else "", "alone" if self.alone else ""]}

    @classmethod
    def in_headers(cls, headers: Mapping[str, list[str]] | None) -> Visitor:
        """Return what the server handed over; whoever runs it, where there is none."""
        parts = (headers or {}).get(HEADER)
        return cls(parts[0], bool(parts[1]), bool(parts[2])) if parts else cls()
