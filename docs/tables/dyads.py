"""Published models of the dyad, from their own files."""

from __future__ import annotations

import sys

from tables.parameters import parameter_table


def dyad_sections() -> str:
    """Return a section for each: its name, what its file says, its parameters."""
    from simulation.dyads.catalogue import dyad_names, published_dyad

    parts = []
    for name in dyad_names():
        setting = published_dyad(name)
        text = str(sys.modules[setting.__module__].__doc__).strip().replace("::\n", ":\n")
        rows = [setting.rows[own] for own in setting.own]
        parts.append(f"### `{name}`: {rows[0].group}\n\n{text}\n\n{parameter_table(rows)}")
    return "\n\n".join(parts)
