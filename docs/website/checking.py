"""What the finished site is held to: every link leads somewhere, and nothing is asked of another host."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["faults"]

LOADING = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
    "input": "src",
    "use": "href",
}
"""Elements that a browser loads something for, and the attribute that says what."""

RELATED = frozenset(
    {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "manifest"}
)
"""Relations of a link element for which a browser loads something, or prepares to."""

IN_STYLES = re.compile(r"url\(\s*['\"]?(?!data:)([^'\")]+)|@import\s+['\"]([^'\"]+)")


class Outline(HTMLParser):
    """What a page loads, where it leads, and the places in it."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.places: set[str] = set()
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element loads or leads to."""
        given = {name: value or "" for name, value in attrs}
        self.places.update(given[name] for name in ("id", "name") if name in given)
        self._in_style = tag == "style"
        if given.get(LOADING.get(tag, "")):
            self.loads.append(given[LOADING[tag]])
        if tag == "link" and RELATED & set(given.get("rel", "").split()):
            self.loads.append(given.get("href", ""))
        if "style" in given:
            self.loads += _in_styles(given["style"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])

    def handle_data(self, data: str) -> None:
        """Note what a style sheet in the page loads."""
        if self._in_style:
            self.loads += _in_styles(data)


def faults(site: Path) -> list[str]:
    """Return what is wrong with a built site, a sentence each; nothing is asked of the network."""
    outlines: dict[Path, Outline] = {}
    for page in sorted(site.rglob("*.html")):
        outline = Outline()
        outline.feed(page.read_text("utf-8"))
        outlines[page.resolve()] = outline
    found = [
        f"{sheet.relative_to(site)} loads {target}, which is not part of the site."
        for sheet in sorted(site.rglob("*.css"))
        for target in _in_styles(sheet.read_text("utf-8"))
        if not _there(sheet, target)
    ]
    for page, outline in outlines.items():
        name = page.relative_to(site.resolve())
        found += [
            f"{name} loads {target}, which is not part of the site."
            for target in outline.loads
            if not target.startswith("data:") and not _there(page, target)
        ]
        found += [
            f"{name} leads to {target}, {complaint}"
            for target in dict.fromkeys(outline.links)
            if (complaint := _dead(page, target, outlines))
        ]
    return found


def _dead(page: Path, target: str, outlines: dict[Path, Outline]) -> str:
    """Return why a link leads nowhere; nothing if it leads somewhere."""
    parts = urlsplit(target)
    if parts.scheme in {"http", "https"}:
        good = re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+)?", parts.netloc) and " " not in target
        return "" if good else "which is no address."
    if parts.scheme:
        return (
            "" if parts.scheme in {"mailto", "doi"} else f"whose scheme {parts.scheme} is unknown."
        )
    if parts.netloc:
        return "which needs a server."
    file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not file.is_file():
        return "which is not there."
    # The class in one file makes its own places from what stands behind the sign.
    if not parts.fragment or file not in outlines or file.parent.name == "class":
        return ""
    return "" if unquote(parts.fragment) in outlines[file].places else "a place that is not there."


def _there(page: Path, target: str) -> bool:
    parts = urlsplit(target)
    file = page.parent / unquote(parts.path) if parts.path else page
    return not parts.scheme and not parts.netloc and file.is_file()


def _in_styles(text: str) -> list[str]:
    return [one or other for one, other in IN_STYLES.findall(text)]
