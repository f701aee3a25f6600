"""What stands where on the site: the sections of `docs/contents.toml`, and every page that none of them names."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DOCS", "ROOT", "Section", "contents", "page_names"]

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent

FRONT = "index"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the site's contents.

    Attributes
    ----------
    title
        What it is called.
    pages
        Names of its pages, in order.
    """

    title: str
    pages: tuple[str, ...]


def page_names() -> list[str]:
    """Return the name of every page of docs/, without ``.md``."""
    return sorted(
        path.relative_to(DOCS).with_suffix("").as_posix()
        for path in DOCS.rglob("*.md")
        if path.relative_to(DOCS).parts[0] not in {"site", "website", "tables"}
    )


def contents() -> tuple[Section, ...]:
    """Return the sections; pages that stand in none of them are in the one that takes the others.

    Raises
    ------
    ValueError
        If a page stands in two sections.
    """
    entries = tomllib.loads((DOCS / "contents.toml").read_text("utf-8"))["sections"]
    named = [name for entry in entries for name in entry["pages"]]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise ValueError(f"contents.toml names {', '.join(twice)} more than once.")
    others = [name for name in page_names() if name not in {*named, FRONT}]
    return tuple(
        Section(entry["title"], (*entry["pages"], *(others if entry.get("others") else ())))
        for entry in entries
    )
