"""Cells of a table that stand below each other on a phone, each with the name of its column before it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["cells", "column_heads"]


def column_heads(columns: Iterable[str], classes: Mapping[str, str] | None = None) -> str:
    """Return the cells of a table's head, from the names of its columns and their classes."""
    known = classes or {}
    return "".join(
        f'<th scope="col"{_class(known.get(name, ""))}>{escape(name)}</th>' for name in columns
    )


def cells(
    columns: Iterable[str], inside: Iterable[str], classes: Mapping[str, str] | None = None
) -> str:
    """Return the cells of a row after the one that names it.

    Parameters
    ----------
    columns
        Names of the columns, as text.
    inside
        What stands in each cell, as HTML.
    classes
        Column to the class of its cell.
    """
    known = classes or {}
    return "".join(
        f'<td{_class(known.get(name, ""))} data-label="{escape(name)}">{one}</td>'
        for name, one in zip(columns, inside, strict=True)
    )


def _class(name: str) -> str:
    return f' class="{escape(name)}"' if name else ""
