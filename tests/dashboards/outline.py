"""The outline of a piece of HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["Outline"]

EMPTY = {"br", "hr", "img", "link", "meta"}
"""Tags that are not closed."""


class Outline(HTMLParser):
    """What a piece of HTML is made of; one in which a tag is not closed where it should be fails the test.

    Attributes
    ----------
    tags
        Every tag with its attributes.
    levels
        Of the headings.
    ids, links
        What can be led to, and what it leads to or loads.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.ids += [str(value) for name, value in attrs if name == "id"]
        self.links += [str(value) for name, value in attrs if name in {"href", "src"}]
        if re.fullmatch(r"h\d", tag):
            self.levels.append(int(tag[1]))
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
