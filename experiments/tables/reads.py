"""Which columns a statistic reads, seen by computing it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from experiments.tables.endings import NOT_STARTED
from experiments.tables.run_tables import RunTables

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

__all__ = ["WatchedTables"]

KINDS = frozenset({"client", "panel", "event"})
"""How tables call what they store of a column, before its name."""

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class WatchedTables(RunTables):
    """Tables that know which of their columns have been asked for.

    Attributes
    ----------
    built
        What has been made of the tables, and the columns that were read for it; `unread` shares it.
    reading
        Columns read so far, and of each thing that is just being made.
    """

    built: dict[Hashable, tuple[Any, frozenset[str]]] = field(default_factory=dict, repr=False)
    reading: list[set[str]] = field(default_factory=lambda: [set()], repr=False)

    def unread(self) -> WatchedTables:
        """Return the same tables, of which nothing has been asked for."""
        return replace(self, reading=[set()])

    @property
    def read(self) -> frozenset[str]:
        """The columns of clients and sessions that have been asked for; ``status`` for endings."""
        return frozenset(self.reading[0])

    def _store(self, key: Hashable, build: Callable[[], Value]) -> Value:
        if key not in self.built:
            self.reading.append(set())
            try:
                value = super()._store(key, build)
                self.reading[-1] |= _column_of(key)
                self.built[key] = value, frozenset(self.reading[-1])
            finally:  # what was read before an error has been read
                read = self.reading.pop()
                self.reading[-1] |= read
        else:
            self.reading[-1] |= self.built[key][1]
        return cast("Value", self.built[key][0])


def _column_of(key: Hashable) -> set[str]:
    """Return the column that tables store under a key."""
    if isinstance(key, str):
        return {key}
    if isinstance(key, tuple) and key[0] in KINDS:
        return {key[1]}
    # Who began is no ending: a client whose ending is not known has begun, too.
    ending = isinstance(key, tuple) and key[0] == "status" and not set(key[1]) <= set(NOT_STARTED)
    return {"status"} if ending else set()
