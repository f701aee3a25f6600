"""Values that a file itself declares as missing: left out of its columns, and said."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from experiments.records.cells import text_of, times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["declared_note", "without_declared"]

SHOWN = 6
"""Codes that a note names."""


def without_declared(
    values: Iterable[Any], is_declared: Callable[[Any], bool]
) -> tuple[list[Any], Counter[str]]:
    """Return values with None for those declared missing, and how often each of these was there."""
    missing: Counter[str] = Counter()
    rest: list[Any] = []
    for value in values:
        if value is not None and is_declared(value):
            missing[text_of(value)] += 1
            rest.append(None)
        else:
            rest.append(value)
    return rest, missing


def declared_note(missing: Counter[str], labels: Mapping[str, str]) -> str:
    """Say which values were declared missing and how often, by their labels if they have some; empty for none."""
    if not missing:
        return ""
    said = [
        f"{code}{f' ({labels[code]})' if code in labels else ''} {times(count)}"
        for code, count in missing.most_common(SHOWN)
    ]
    more = ", …" if len(missing) > SHOWN else ""
    return f"the file declares as missing {', '.join(said)}{more}."
