"""Every parameter as a row: meaning, unit, bounds, default, status and source, searchable by its words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from experiments.evidence.explain import as_option, citations
from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.parameters import Parameter

__all__ = ["STATUSES", "ParameterRow", "parameter_rows", "parameters_html", "statuses_counted"]

STATUSES: Mapping[str, str] = {
    "published": "a finding gives it",
    "calibrated": "fitted to findings",
    "assumed": "no finding gives it, so vary it",
}
"""What the status of a parameter means."""


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter for the table.

    Attributes
    ----------
    parameter
        Its declaration.
    default, allowed
        As they are written.
    sources
        A line for each finding and mechanism behind it.
    text
        Everything in the row in lower case, for a search.
    """

    parameter: Parameter
    default: str
    allowed: str
    sources: tuple[str, ...]
    text: str


@cache
def _rows() -> tuple[ParameterRow, ...]:
    found = []
    for name, row in PARAMETERS.items():
        sources = citations(row.source)
        default, allowed = as_option(row.default), f"{row.allowed}"
        words = (
            name,
            name.replace("_", " "),
            row.meaning,
            row.named_unit,
            row.status,
            row.group,
            *sources,
        )
        found.append(ParameterRow(row, default, allowed, sources, " ".join(words).lower()))
    return tuple(found)


def parameter_rows(search: str = "", *, status: str = "") -> tuple[ParameterRow, ...]:
    """Return the rows that hold every word of `search`, in the order of the table.

    Parameters
    ----------
    search
        Words, in any order and case; all rows if empty.
    status
        Only those of this status; all if empty.
    """
    wanted = search.lower().split()
    return tuple(
        row
        for row in _rows()
        if all(word in row.text for word in wanted) and status in {"", row.parameter.status}
    )


def statuses_counted() -> dict[str, int]:
    """Return how many parameters have each status."""
    return {status: sum(row.parameter.status == status for row in _rows()) for status in STATUSES}


def parameters_html(rows: Sequence[ParameterRow] | None = None) -> str:
    """Return rows as one table for each group, each with a caption; every row has the id ``parameter-NAME``."""
    groups: dict[str, list[ParameterRow]] = {}
    for row in _rows() if rows is None else rows:
        groups.setdefault(row.parameter.group, []).append(row)
    if not groups:
        return "<p>No parameter has all of these words.</p>"
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Parameter", "Meaning", "Unit", "Default", "Takes", "Status", "Source")
    )
    return "\n".join(
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(group)}"><table>'
        f"<caption>{escape(group)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(_row(row) for row in found)}</tbody></table></div>"
        for group, found in groups.items()
    )


def _row(row: ParameterRow) -> str:
    one = row.parameter
    sources = "<br>".join(escape(line) for line in row.sources) or "–"
    return (
        f'<tr id="parameter-{one.name}"><th scope="row"><code>{one.name}</code></th>'
        f"<td>{escape(one.meaning)}</td><td>{escape(one.named_unit)}</td><td>{escape(row.default)}</td>"
        f"<td>{escape(row.allowed)}</td>"
        f'<td class="status-{one.status}">{one.status}</td><td>{sources}</td></tr>'
    )
