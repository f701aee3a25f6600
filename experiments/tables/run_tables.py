"""The tables of a simulated run, or of a real service, in the form statistics are computed on.

A statistic sees a `RunTables` value: three tables of columns, one row a client, a session, a
therapist. Session columns are read as *panels*: one row a client, one column a session number,
``nan`` where no session was held or no score was given. A panel is built once and kept, so many
statistics over the same run share the work.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from experiments.tables.columns import (
    Booleans,
    Columns,
    Floats,
    Integers,
    MissingColumnError,
    as_floats,
    as_whole,
    codes_of,
    column_of,
    filter_rows,
    has_column,
    is_one_of,
    numbered,
    shared_keys,
)
from experiments.tables.endings import NOT_STARTED, UNILATERAL
from experiments.tables.groups import Groups
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable

    from simulation.results.result import Result

__all__ = ["RunTables"]

Array = TypeVar("Array", Floats, Booleans)


@dataclass(frozen=True, eq=False)
class RunTables:
    """Clients, their sessions and their therapists.

    Parameters
    ----------
    clients
        One row a client: a polars frame or a mapping from column name to array. Needs at least
        ``client``; ``run`` and ``replicate`` (together: the *study*) are taken as one study
        where they are absent.
    sessions
        One row a session held: at least ``client`` and ``session`` (from 1). A session row
        belongs to the client with the same ``run``, ``replicate`` and ``client``. May be left out.
    therapists
        One row a therapist; may be left out.
    as_one
        Whether all clients are looked at as one study, whatever their run and replicate.

    Raises
    ------
    AllianceError
        When a session belongs to no client, or a client or a session stands there twice.
    MissingColumnError
        When a statistic asks for a column that is not there.

    Notes
    -----
    All arrays are in the order of the clients' rows and must not be written to.
    """

    clients: Columns
    sessions: Columns | None = None
    therapists: Columns | None = None
    as_one: bool = False
    _stored: dict[Hashable, Floats | Booleans] = field(default_factory=dict, init=False, repr=False)
    _batches: dict[int, tuple[RunTables, ...]] = field(default_factory=dict, init=False, repr=False)

    # -- who -------------------------------------------------------------------------------

    @cached_property
    def count(self) -> int:
        """Number of clients, including those who never started."""
        return len(column_of(self.clients, "client", "clients"))

    @classmethod
    def of(cls, result: Result, needs: Collection[str] = ("sessions", "therapists")) -> RunTables:
        """Return the tables of a run; those not in `needs`, and sessions that were not kept, are left out."""
        sessions = "sessions" in needs and result.session_rows is not None
        return cls(
            result.columns("clients"),
            result.columns("sessions") if sessions else None,
            result.columns("therapists") if "therapists" in needs else None,
        )

    @cached_property
    def study(self) -> Integers:
        """Number of the study (run and replicate) of each client, from 0, shape (clients,)."""
        return np.zeros(self.count, dtype=np.int64) if self.as_one else self._replicate

    @cached_property
    def _replicate(self) -> Integers:
        """Number of the run and replicate of each client, from 0."""
        study, _ = shared_keys(self.clients, self.clients, ("run", "replicate"))
        return numbered(study)

    @cached_property
    def studies(self) -> int:
        """Number of studies."""
        return int(self.study.max()) + 1 if self.count else 0

    @cached_property
    def therapist(self) -> Integers:
        """Number of the therapist of each client, unique over studies, from 0; -1 for none."""
        own = as_whole(column_of(self.clients, "therapist", "clients"))
        _, code = np.unique(self._replicate * (own.max() + 2) + own, return_inverse=True)
        code = code.astype(np.int64)
        code[own < 0] = -1
        return code

    @cached_property
    def sessions_attended(self) -> Integers:
        """Number of sessions each client attended, shape (clients,)."""
        if has_column(self.clients, "sessions"):
            return as_whole(column_of(self.clients, "sessions", "clients"))
        rows, numbers = self._places
        held = np.zeros(self.count, dtype=np.int64)
        np.maximum.at(held, rows, numbers)
        return held

    @cached_property
    def started(self) -> Booleans:
        """Clients who attended at least one session (*starters*), shape (clients,)."""
        started: Booleans = self.sessions_attended >= 1
        if has_column(self.clients, "status"):
            started &= ~self.status_is(*NOT_STARTED)
        return started

    @cached_property
    def ended(self) -> Booleans:
        """Starters whose treatment is over: those still in treatment are left out."""
        return self.started & ~self.status_is("in_treatment")

    @cached_property
    def dropped_out(self) -> Booleans:
        """Starters who ended treatment unilaterally, shape (clients,)."""
        return self.started & self.status_is(*UNILATERAL)

    def status_is(self, *names: str) -> Booleans:
        """Which clients have one of these statuses, shape (clients,)."""
        column = column_of(self.clients, "status", "clients")
        return is_one_of(column, codes_of("status", column, names))

    # -- what is added up and averaged in each study -----------------------------------------

    @cached_property
    def clients_by_study(self) -> Groups:
        """Clients by their study."""
        return Groups(self.study, self.studies)

    @cached_property
    def sessions_by_study(self) -> Groups:
        """Sessions held by the study of their client."""
        return Groups(self.study[self._places[0]], self.studies)

    @cached_property
    def therapists_by_study(self) -> Groups:
        """Therapists by their study."""
        if self.therapists is None:
            raise _without("therapists")
        mine, theirs = shared_keys(self.clients, self.therapists, ("run", "replicate"))
        if self.as_one:
            return Groups(np.zeros_like(theirs), self.studies)
        _, first = np.unique(self.study, return_index=True)
        return Groups(np.searchsorted(mine[first], theirs), self.studies)

    # -- what they reported ----------------------------------------------------------------

    def client(self, name: str) -> Floats:
        """Return a column of the clients table as floats, shape (clients,)."""
        return self._store(
            ("client", name), lambda: as_floats(column_of(self.clients, name, "clients"))
        )

    def session(self, name: str) -> Floats:
        """Return a column of the sessions table as floats, shape (sessions held,)."""
        return as_floats(column_of(self._sessions, name, "sessions"))

    def therapist_column(self, name: str) -> Floats:
        """Return a column of the therapists table as floats, shape (therapists,)."""
        if self.therapists is None:
            raise _without("therapists")
        return as_floats(column_of(self.therapists, name, "therapists"))

    def panel(self, name: str) -> Floats:
        """Return a column of the sessions table as floats, shape (clients, sessions).

        Column ``s - 1`` is session ``s``; ``nan`` where the client held no such session.
        """

        def build() -> Floats:
            panel = np.full((self.count, self.width), np.nan)
            rows, numbers = self._places
            panel[rows, numbers - 1] = self.session(name)
            return panel

        return self._store(("panel", name), build)

    def panel_is(self, name: str, *values: str) -> Booleans:
        """Whether an event column has one of these values, shape (clients, sessions)."""

        def build() -> Booleans:
            panel = np.zeros((self.count, self.width), dtype=bool)
            rows, numbers = self._places
            column = column_of(self._sessions, name, "sessions")
            panel[rows, numbers - 1] = is_one_of(column, codes_of(name, column, values))
            return panel

        return self._store(("event", name, values), build)

    @cached_property
    def attended(self) -> Booleans:
        """Which sessions were held, shape (clients, sessions)."""
        rows, numbers = self._places
        attended = np.zeros((self.count, self.width), dtype=bool)
        attended[rows, numbers - 1] = True
        return attended

    @cached_property
    def width(self) -> int:
        """Highest session number of any client."""
        numbers = self._places[1]
        return int(numbers.max()) if numbers.size else 0

    def of_therapist(self, name: str) -> Floats:
        """Return a column of the therapists table, spread to clients, shape (clients,)."""

        def build() -> Floats:
            values = self.therapist_column(name)
            assert self.therapists is not None
            mine, theirs = shared_keys(
                self.clients, self.therapists, ("run", "replicate", "therapist")
            )
            order = np.argsort(theirs)
            place = np.minimum(np.searchsorted(theirs[order], mine), theirs.size - 1)
            spread = values[order][place]
            spread[theirs[order][place] != mine] = np.nan
            return spread

        return self._store(("therapist", name), build)

    def has(self, *names: str) -> bool:
        """Whether the clients or the sessions table has every one of these columns."""
        tables = [table for table in (self.clients, self.sessions) if table is not None]
        return all(any(has_column(table, name) for table in tables) for name in names)

    def part(self, studies: Integers) -> RunTables:
        """Return the tables of some of the studies only (for batches, for resampling)."""
        chosen = np.zeros(self.studies, dtype=bool)
        chosen[studies] = True
        return self.only(chosen[self.study])

    def batches(self, count: int) -> tuple[RunTables, ...]:
        """Deal the studies into so many batches; every ``count``-th study goes into the same one.

        The batches are kept, so that many statistics share them.
        """
        if count not in self._batches:
            deal = np.arange(self.studies) % count
            self._batches[count] = tuple(self.part(np.flatnonzero(deal == b)) for b in range(count))
        return self._batches[count]

    def only(self, who: Booleans) -> RunTables:
        """Return the tables of some of the clients only, chosen by a mask of shape (clients,)."""
        return RunTables(
            filter_rows(self.clients, who),
            None if self.sessions is None else filter_rows(self.sessions, who[self._places[0]]),
            self.therapists,
            self.as_one,
        )

    def pooled(self) -> RunTables:
        """Return the same tables with all clients looked at as one study."""
        return replace(self, as_one=True)

    # -- how rows find each other ----------------------------------------------------------

    @property
    def _sessions(self) -> Columns:
        if self.sessions is None:
            raise _without("sessions")
        return self.sessions

    @cached_property
    def _places(self) -> tuple[Integers, Integers]:
        """Row of the client of each session, and the session's number."""
        mine, theirs = shared_keys(self.clients, self._sessions, ("run", "replicate", "client"))
        order = np.argsort(mine, kind="stable")
        ordered = mine[order]
        if np.any(ordered[1:] == ordered[:-1]):
            raise AllianceError(
                "The clients table has two rows for the same run, replicate and client."
                " Give every client one row."
            )
        numbers = as_whole(column_of(self._sessions, "session", "sessions"))
        if theirs.size == 0:
            return theirs, numbers
        place = np.minimum(np.searchsorted(ordered, theirs), max(ordered.size - 1, 0))
        if ordered.size == 0 or np.any(ordered[place] != theirs):
            raise AllianceError(
                "The sessions table has a client that the clients table does not have."
                " Every session needs the row of its client."
            )
        if numbers.min() < 1:
            raise AllianceError(
                f"A session has the number {numbers.min()}; sessions are counted from 1."
            )
        rows = order[place]
        flat = rows * (numbers.max() + 1) + numbers
        if np.any(flat[1:] <= flat[:-1]) and np.unique(flat).size != flat.size:
            raise AllianceError(
                "The sessions table has the same session of the same client twice."
                " Keep one row for each session."
            )
        return rows, numbers

    def _store(self, key: Hashable, build: Callable[[], Array]) -> Array:
        if key not in self._stored:
            values = build()
            values.setflags(write=False)
            self._stored[key] = values
        return self._stored[key]  # type: ignore[return-value]  # a key has one type of array


def _without(table: str) -> MissingColumnError:
    return MissingColumnError(
        f"There is no table of {table}. Hand one over, or keep it when running, to compute this."
    )
