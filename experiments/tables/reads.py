"""Which columns a statistic reads, seen by computing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.tables.run_tables import RunTables

__all__ = ["columns_read"]

KINDS = frozenset({"client", "panel", "event"})
"""How tables call what they store of a column, before its name."""


def columns_read(tables: RunTables) -> frozenset[str]:
    """Return the columns of clients and sessions that have been asked for so far; ``status`` for endings."""
    found = set()
    for key in tables._stored:
        if isinstance(key, str):
            found.add(key)
        elif isinstance(key, tuple) and key[0] in KINDS:
            found.add(key[1])
        elif isinstance(key, tuple) and key[0] == "status":
            found.add("status")
    return frozenset(found)
