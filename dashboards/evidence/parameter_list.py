"""Every parameter as a row of a table: meaning, unit, bounds, default, status and source."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

from dashboards.widgets.cells import cells, column_heads
from experiments.evidence.explain import as_option, citations
from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from simulation.parameters import Parameter

__all__ = ["parameters_html", "statuses_counted"]

COLUMNS = ("Parameter", "Meaning", "Unit", "Default", "Takes", "Status", "Source")
STATUSES = ("published", "calibrated", "assumed")


def statuses_counted() -> dict[str, int]:
    """Return how many parameters have each status, the best known first."""
    rows = PARAMETERS.values()
    return {status: sum(row.status == status for row in rows) for status in STATUSES}


@cache
def parameters_html() -> str:
    """Return one table for each group, each with a caption; every row has the id ``parameter-NAME``."""
    groups: dict[str, list[Parameter]] = {}
    for row in PARAMETERS.values():
        groups.setdefault(row.group, []).append(row)
    return "\n".join(
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(group)}">'
        f'<table class="stacks">'
        f"<caption>{escape(group)}</caption><thead><tr>{column_heads(COLUMNS)}</tr></thead>"
        f"<tbody>{''.join(_row(row) for row in rows)}</tbody></table></div>"
        for group, rows in groups.items()
    )


def _row(row: Parameter) -> str:
    sources = "<br>".join(escape(line) for line in citations(row.source)) or "–"
    inside = (
        escape(row.meaning),
        escape(row.named_unit),
        escape(as_option(row.default)),
        escape(row.allowed),
        f'<span class="status-{row.status}">{row.status}</span>',
        sources,
    )
    told = cells(COLUMNS[1:], inside)
    # A long name may go on in the next line after a part of it.
    name = row.name.replace("_", "_<wbr/>")
    return f'<tr id="parameter-{row.name}"><th scope="row"><code>{name}</code></th>{told}</tr>'
