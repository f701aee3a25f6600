"""Published models of the dyad, from their own files."""

from __future__ import annotations

import sys

from tables.markdown import code, table
from tables.parameters import bounds


def dyad_sections() -> str:
    """Return a section for each: its name, what its file says, its parameters."""
    from simulation.dyads.catalogue import dyad_names, published_dyad

    parts = []
    for name in dyad_names():
        setting = published_dyad(name)
        title = str(setting.__doc__).partition("\n")[0].rstrip(".")
        text = str(sys.modules[setting.__module__].__doc__).strip().replace("::\n", ":\n")
        rows = [
            (
                code(row.name),
                row.default,
                bounds(row),
                row.unit,
                row.status,
                row.source,
                row.meaning,
            )
            for row in (setting.rows[own] for own in setting.own)
        ]
        header = ("Parameter", "Default", "Bounds", "Unit", "Status", "Source", "Meaning")
        parts.append(f"### `{name}`: {title}\n\n{text}\n\n{table(header, rows)}")
    return "\n\n".join(parts)
