"""Where the tables of some clients are taken from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weakref import ref

    from experiments.tables.columns import Integers

__all__ = ["Origin"]


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """Where the tables of some clients are taken from.

    Attributes
    ----------
    tables
        The `RunTables` of all clients. The part does not keep them alive; once they are gone it builds from its own
        rows.
    rows
        Rows of its clients there, ascending, shape (clients of the part,).
    whole_studies
        Whether every study is in it with all its clients or none.
    by_difference
        Whether sums may be those of all less those of the clients it lacks (`keeping.summed_over_clients`).
    """

    tables: ref[Any]
    rows: Integers
    whole_studies: bool
    by_difference: bool = False
