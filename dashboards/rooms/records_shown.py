"""What records say, as a piece of a page: the same lines and numbers that ``alliance describe`` prints."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards.rooms.tables import table
from experiments.quantities.writing import published
from experiments.records.description import read_lines
from experiments.reports.records import PRIVATE

if TYPE_CHECKING:
    from experiments.records.description import Description

__all__ = ["description_html"]

NONE = published(None)


def description_html(found: Description, name: str) -> str:
    """Return what was read, guessed and left out, the table of statistics, and what could not be computed.

    Parameters
    ----------
    found
        The description.
    name
        Of the file, as its owner calls it.
    """
    first, counted, *notes = read_lines(found.records)
    first = f"{name}{first.removeprefix(str(found.records.path))}"
    said = "".join(f"<li>{escape(note.strip())}</li>" for note in notes)
    parts = [
        f"<h2>{escape(first)}</h2><p>{escape(counted)}</p><ul>{said}</ul>",
        _statistics(found) if found.rows else "",
        _unpublished(found) if found.unpublished else "",
        _not_supported(found),
        f'<p class="soft">{escape(PRIVATE)}</p>',
    ]
    return "".join(f'<section class="card">{part}</section>' for part in parts if part)


def _statistics(found: Description) -> str:
    head = ["Finding", "Statistic", "Yours", "95 %", "n", "Published", "Range", "Inside"]
    rows = [
        [
            row.id,
            row.statistic,
            published(row.yours),
            _between(row.yours_low, row.yours_high),
            str(row.n),
            published(row.published) + (" M" if row.status == "M" else ""),
            _between(row.low, row.high),
            "yes" if row.inside else "no",
            *([published(row.simulated)] if found.studies else []),
        ]
        for row in found.rows
    ]
    if found.studies:
        head.append("Simulated")
    simulated = f" Simulated: {found.preset}, {found.studies} studies." if found.studies else ""
    caption = (
        "Your statistics beside published ones, and whether they lie in the range that counts as reproduced."
        f" M: from memory of the literature, still to be checked.{simulated}"
    )
    return f"<h2>What the records say</h2>{table(caption, head, rows, words=(1,))}"


def _unpublished(found: Description) -> str:
    rows = [
        [one.label, published(one.yours), _between(one.yours_low, one.yours_high), str(one.n)]
        for one in found.unpublished
    ]
    caption = "Statistics that no published finding is about."
    return f"<h2>Without a finding</h2>{table(caption, ('Statistic', 'Yours', '95 %', 'n'), rows)}"


def _not_supported(found: Description) -> str:
    reasons: dict[str, list[str]] = {}
    for lost in found.not_described:
        reasons.setdefault(lost.reason, []).append(lost.id)
    listed = "".join(
        f"<li>{escape(reason)}: {escape(', '.join(names))}</li>"
        for reason, names in sorted(reasons.items())
    )
    if not listed:
        return ""
    return f"<details><summary>Not supported by these records</summary><ul>{listed}</ul></details>"


def _between(low: float, high: float) -> str:
    limits = published(low), published(high)
    return " to ".join(limits) if limits != (NONE, NONE) else NONE
