"""What a report holds, as values: sections of notes, tables, charts and code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from experiments.reports.rendering import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

__all__ = ["Block", "Charts", "Code", "Note", "Section", "TableOfTexts", "document", "facts"]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark; `style` is a class of the style sheet."""

    kind: ClassVar[str] = "note"
    text: str
    style: str = "note"


@dataclass(frozen=True, slots=True)
class TableOfTexts:
    """A table; the columns in `left` are set flush left, the others right."""

    kind: ClassVar[str] = "table"
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts side by side under a heading."""

    kind: ClassVar[str] = "charts"
    heading: str
    charts: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Lines as they are, with a word on what they are."""

    kind: ClassVar[str] = "code"
    text: str
    caption: str = ""


Block = Note | TableOfTexts | Charts | Code


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    heading: str
    blocks: tuple[Block, ...]


def facts(rows: Iterable[Sequence[str]]) -> TableOfTexts:
    """Return a table of what is known under a name, without a head."""
    return TableOfTexts(("", ""), tuple(tuple(row) for row in rows), left=(0, 1))


def document(title: str, sections: tuple[Section, ...]) -> str:
    """Return a whole HTML document; its content policy forbids loading anything from elsewhere."""
    return render(__package__, "study.html", title=title, sections=sections)
