"""Tables of the parameters, by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tables.markdown import code, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.parameters.declaration import Parameter


def parameter_tables() -> str:
    """Return one table of parameters a group, with a line that counts them by status."""
    from simulation.parameters import PARAMETERS

    statuses = [row.status for row in PARAMETERS.values()]
    counts = ", ".join(f"{statuses.count(s)} {s}" for s in ("published", "calibrated", "assumed"))
    parts = [f"{len(PARAMETERS)} parameters: {counts}."]
    groups = dict.fromkeys(row.group for row in PARAMETERS.values())
    for group in groups:
        of_group = (row for row in PARAMETERS.values() if row.group == group)
        parts.append(f"#### {group}\n\n{parameter_table(of_group)}")
    return "\n\n".join(parts)


def parameter_table(rows: Iterable[Parameter]) -> str:
    """Return one table of parameters."""
    header = ("Parameter", "Default", "Bounds", "Unit", "Status", "Source", "Meaning")
    return table(
        header,
        [
            (
                code(row.name),
                "off" if row.kind == "switch" else row.default,
                bounds(row),
                row.unit,
                row.status,
                row.source or "–",
                row.meaning,
            )
            for row in rows
        ],
    )


def bounds(row: Parameter) -> str:
    """Return the values a parameter allows, in few signs."""
    if row.kind == "switch":
        return "on, off"
    if row.kind == "choice":
        return ", ".join(row.choices)
    return f"{row.low:g} – {row.high:g}"
