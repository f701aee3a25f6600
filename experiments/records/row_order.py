"""Tables without session numbers and without dates: the rows of a client are taken in their order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from experiments.records.columns import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.records.cells import Cells

__all__ = ["numbered_by_order"]


def numbered_by_order(cells: Cells, declared: Mapping[str, object]) -> Cells:
    """Count the rows of each client where nothing else says which session they are.

    A table that has a session or a date, or one row a client, is returned as it is.
    """
    numbered = (place_of(cells.header, declared, meaning) for meaning in ("session", "date"))
    if any(place is not None for place in numbered):
        return cells
    place = place_of(cells.header, declared, "client")
    if place is None or len(set(cells.columns[place])) == len(cells.lines):
        return cells
    seen: Counter[str] = Counter()
    numbers: list[str] = []
    for one in cells.columns[place]:
        seen[one] += 1
        numbers.append(str(seen[one]))
    return replace(
        cells, header=(*cells.header, "session"), columns=(*cells.columns, tuple(numbers))
    ).noting(
        "There are neither session numbers nor dates; the rows of a client are taken for its sessions, in"
        " their order (say --session NAME or --date NAME if that is wrong)."
    )
