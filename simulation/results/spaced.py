"""Sessions as the engine writes them in one pass: with room for more sessions than a client held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.results.sessions import SESSION_COLUMNS, session_column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["SpacedSessions"]


@dataclass(frozen=True, eq=False)
class SpacedSessions(Mapping[str, "Array"]):
    """The table of sessions by column, in the order of replicate, client and session; made when asked for.

    Attributes
    ----------
    rows
        Of `SESSION_ROW`; those between the sessions of one client and those of the next are undefined.
    begins
        Where in `rows` those of each client begin, shape (clients,).
    attended
        How many each client attended, shape (clients,).
    run
        Number of the run.
    """

    rows: Array
    begins: NDArray[np.int64]
    attended: NDArray[np.int64]
    run: int = 0

    @cached_property
    def places(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The client of each session, as a place in `attended`, and the session's number."""
        client = np.repeat(np.arange(self.attended.size), self.attended)
        first = np.cumsum(self.attended) - self.attended
        return client, np.arange(client.size) - np.repeat(first, self.attended) + 1

    @cached_property
    def _defined(self) -> slice | NDArray[np.int64]:
        client, number = self.places
        return slice(None) if client.size == self.rows.size else self.begins[client] + number - 1

    def __getitem__(self, name: str) -> Array:
        """Return a column, as `simulation.results.result.Result.columns` has it."""
        if name == "run":
            return np.full(self.places[0].size, self.run, dtype=np.int64)
        if name not in SESSION_COLUMNS:
            raise KeyError(name)
        fields = ("bond", "task", "goal") if name == "alliance" else (name,)
        return session_column({field: self.rows[field][self._defined] for field in fields}, name)

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the columns."""
        return iter(("run", *SESSION_COLUMNS))

    def __len__(self) -> int:
        """Return the number of columns."""
        return 1 + len(SESSION_COLUMNS)
