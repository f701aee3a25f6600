"""Values that a file itself declares as missing: left out of its columns, and said."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from experiments.records.cells import rows_text, text_of, times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["declared_note", "without_declared"]

SHOWN = 6
"""Codes that a note names."""


def without_declared(
    values: Iterable[Any], is_declared: Callable[[Any], bool]
) -> tuple[list[Any], dict[str, list[int]]]:
    """Return values with None for those declared missing, and in which rows, from 1, each of these was."""
    missing: dict[str, list[int]] = defaultdict(list)
    rest: list[Any] = []
    for row, value in enumerate(values, 1):
        if value is not None and is_declared(value):
            missing[text_of(value)].append(row)
            rest.append(None)
        else:
            rest.append(value)
    return rest, missing


def declared_note(missing: Mapping[str, Sequence[int]], labels: Mapping[str, str]) -> str:
    """Say which values were declared missing, how often and where, with their labels; empty for none."""
    if not missing:
        return ""
    most = sorted(missing, key=lambda code: -len(missing[code]))
    said = [
        f"{code}{f' ({labels[code]})' if code in labels else ''} {times(len(missing[code]))}"
        for code in most[:SHOWN]
    ]
    more = ", …" if len(missing) > SHOWN else ""
    rows = rows_text(row for rows in missing.values() for row in rows)
    return f"the file declares as missing {', '.join(said)}{more}, in {rows}."
