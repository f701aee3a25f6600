"""Files with more than one table: workbooks with sheets, workspaces of R."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.records.columns import find_column
from simulation.errors import AllianceError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from experiments.records.cells import Cells

__all__ = ["one_table"]


def one_table(path: Path, tables: Mapping[str, Cells], wanted: str | None, called: str) -> Cells:
    """Return the table that holds the records, with a note where there are others.

    Parameters
    ----------
    path
        For messages.
    tables
        The tables that have rows, by name.
    wanted
        The name of the one to read; without it, the only one that has a column for the client.
    called
        What such a table is: ``"sheet"`` or ``"data frame"``.

    Raises
    ------
    AllianceError
        When there is none, none of this name, or more than one that may be meant.
    """
    names = ", ".join(list(tables)[:8])
    if wanted is not None:
        if wanted in tables:
            return tables[wanted]
        close = nearest(wanted, tables)
        hint = f"Did you mean {close}?" if close else f"There are: {names}."
        raise AllianceError(f"{path} has no {called} {wanted} with rows. {hint}")
    if not tables:
        raise AllianceError(f"{path} has no {called} with rows.")
    if len(tables) == 1:
        return next(iter(tables.values()))
    known = [name for name, one in tables.items() if find_column(one.header, "client") is not None]
    if len(known) != 1:
        raise AllianceError(f"{path} has several tables: {names}. Say which with --table NAME.")
    others = ", ".join(name for name in list(tables)[:8] if name != known[0])
    return tables[known[0]].noting(
        f"Read from the {called} {known[0]}; others are not read: {others}."
    )
