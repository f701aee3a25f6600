"""The tables of a simulated run, or of a real service, in the form statistics are computed on.

A statistic sees a `RunTables` value: three tables of columns, one row a client, a session, a
therapist. Session columns are read as *panels*: one row a client, one column a session number,
``nan`` where no session was held or no score was given. A panel is built once and kept, so many
statistics over the same run share the work; the tables of a part of the clients take their rows of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import ref

import numpy as np

from experiments.tables.columns import (
    Booleans,
    ChosenRows,
    Columns,
    Floats,
    Integers,
    MissingColumnError,
    RowsOf,
    as_floats,
    as_whole,
    codes_of,
    column_of,
    has_column,
    is_one_of,
    numbered,
    read_only,
)
from experiments.tables.endings import NOT_STARTED, UNILATERAL
from experiments.tables.groups import Groups, first_of_each
from experiments.tables.matching import places_of_sessions, shared_keys, spread_by_key
from experiments.tables.origin import Deal, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable

    from simulation.results.result import Result

__all__ = ["RunTables"]

Value = TypeVar("Value")


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
    origin
        The tables of more clients that these are a part of, if they are; see `only`.

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
    origin: Origin | None = field(default=None, repr=False)
    _stored: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
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
        keys = ("run", "replicate")
        return numbered(self._by_client(keys, lambda t: shared_keys(t.clients, t.clients, keys)[0]))

    @cached_property
    def studies(self) -> int:
        """Number of studies."""
        return int(self.study.max()) + 1 if self.count else 0

    @cached_property
    def therapist(self) -> Integers:
        """Number of the therapist of each client, unique over studies, from 0; -1 for none."""
        own = self._whole_numbers("therapist")
        code = numbered(self._replicate * (own.max(initial=-1) + 2) + own)
        code[own < 0] = -1
        return code

    @cached_property
    def sessions_attended(self) -> Integers:
        """Number of sessions each client attended, shape (clients,)."""
        if has_column(self.clients, "sessions"):
            return self._whole_numbers("sessions")
        return self._last_session

    def _whole_numbers(self, name: str) -> Integers:
        """Return a column of the clients table as whole numbers, shape (clients,)."""
        return self._by_client(name, lambda t: as_whole(column_of(t.clients, name, "clients")))

    @cached_property
    def _last_session(self) -> Integers:
        """Highest session number of each client, 0 without any."""

        def build(tables: RunTables) -> Integers:
            rows, numbers = tables._places
            last = np.zeros(tables.count, dtype=np.int64)
            np.maximum.at(last, rows, numbers)
            return last

        return self._by_client("last session", build)

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

        def build(tables: RunTables) -> Booleans:
            column = column_of(tables.clients, "status", "clients")
            return is_one_of(column, codes_of("status", column, names))

        return self._by_client(("status", names), build)

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
        mine = mine[first_of_each(self.study, self.studies)]
        return Groups(np.searchsorted(mine, theirs), self.studies)

    # -- what they reported ----------------------------------------------------------------

    def client(self, name: str) -> Floats:
        """Return a column of the clients table as floats, shape (clients,)."""
        key = ("client", name)
        return self._by_client(key, lambda t: as_floats(column_of(t.clients, name, "clients")))

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

        def build(tables: RunTables) -> Floats:
            panel = np.full((tables.count, tables.width), np.nan)
            panel.reshape(-1)[tables._cells] = tables.session(name)
            return panel

        return self._by_client(("panel", name), build)

    def panel_is(self, name: str, *values: str) -> Booleans:
        """Whether an event column has one of these values, shape (clients, sessions)."""

        def build(tables: RunTables) -> Booleans:
            panel = np.zeros((tables.count, tables.width), dtype=bool)
            column = column_of(tables._sessions, name, "sessions")
            panel.reshape(-1)[tables._cells] = is_one_of(column, codes_of(name, column, values))
            return panel

        return self._by_client(("event", name, values), build)

    @cached_property
    def attended(self) -> Booleans:
        """Which sessions were held, shape (clients, sessions)."""

        def build(tables: RunTables) -> Booleans:
            attended = np.zeros((tables.count, tables.width), dtype=bool)
            attended.reshape(-1)[tables._cells] = True
            return attended

        return self._by_client("attended", build)

    @cached_property
    def width(self) -> int:
        """Highest session number of any client."""
        return int(self._last_session.max(initial=0))

    def of_therapist(self, name: str) -> Floats:
        """Return a column of the therapists table, spread to clients, shape (clients,)."""

        def build(tables: RunTables) -> Floats:
            values = tables.therapist_column(name)
            assert tables.therapists is not None
            keys = ("run", "replicate", "therapist")
            return spread_by_key(values, *shared_keys(tables.clients, tables.therapists, keys))

        return self._by_client(("therapist", name), build)

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
        """Return the tables of some of the clients, by a mask of shape (clients,), as if there were no others."""
        return self._chosen(who)

    def without_each(self, part: Integers) -> tuple[RunTables, ...]:
        """Return the tables without each part of the clients in turn; -1 for a client who is in all of them.

        Sums are those of all clients less those of the part, which is quicker than to add up, and rounds otherwise.
        """
        deal = Deal(part, int(part.max(initial=-1)) + 1)
        return tuple(self._chosen(part != number, deal, number) for number in range(deal.parts))

    def _chosen(self, who: Booleans, deal: Deal | None = None, number: int = 0) -> RunTables:
        rows = np.flatnonzero(who)
        some, others = np.zeros((2, self.studies), dtype=bool)
        some[self.study[rows]] = True
        others[self.study[~who]] = True
        sessions = self.sessions
        if sessions is not None:
            client, _ = self._places
            sessions = ChosenRows(sessions, lambda: np.flatnonzero(who[client]))
        return RunTables(
            ChosenRows(self.clients, lambda: rows),
            sessions,
            self.therapists,
            self.as_one,
            Origin(ref(self), rows, np.flatnonzero(~who), not (some & others).any(), deal, number),
        )

    def pooled(self) -> RunTables:
        """Return the same tables with all clients looked at as one study."""
        return replace(self, as_one=True, origin=None)

    # -- how rows find each other ----------------------------------------------------------

    @property
    def _sessions(self) -> Columns:
        if self.sessions is None:
            raise _without("sessions")
        return self.sessions

    @cached_property
    def _places(self) -> tuple[Integers, Integers]:
        """Row of the client of each session, and the session's number."""
        return places_of_sessions(self.clients, self._sessions)

    @cached_property
    def _cells(self) -> Integers:
        """Place of each session in a panel that is read row by row."""
        rows, numbers = self._places
        return rows * self.width + (numbers - 1)

    def kept(
        self, key: Hashable, build: Callable[[RunTables], Value], *, of: RowsOf = "tables"
    ) -> Value:
        """Return what `build` makes of these tables; the next time, what it made then.

        Parameters
        ----------
        key
            What it is called, unlike anything else that is kept.
        build
            A pure function of tables.
        of
            ``"client"`` or ``"study"`` if it has one row a client, which depends on that client, or on the client's
            own study, alone; ``"studies"`` if it has one row a study, which depends on that study alone. Tables of
            some of the clients, or of some of the studies, then take their rows from the tables of all.
        """
        origin: Any = self.origin
        may = origin is not None and (of == "client" or (of != "tables" and origin.whole_studies))
        whole: RunTables | None = origin.tables() if origin and may else None
        # Sums along rows that are longer by missing scores may be rounded otherwise.
        if whole is None or (self.sessions is not None and whole.width != self.width):
            return self._store(key, lambda: build(self))
        rows = origin.rows
        if of == "studies":
            rows = self._store("studies", lambda: origin.studies(whole.study))
        return self._rows_of(key, whole.kept(key, build, of=of), rows)

    def _by_client(self, key: Hashable, build: Callable[[RunTables], Value]) -> Value:
        """Return an array in which the row of a client depends on that client alone, cut to the sessions of these."""
        whole: RunTables | None = self.origin.tables() if self.origin else None
        if whole is None:
            return self._store(key, lambda: build(self))
        values: Any = whole._by_client(key, build)
        in_width: Value = values[:, : self.width] if values.ndim > 1 else values
        assert self.origin is not None
        return self._rows_of(key, in_width, self.origin.rows)

    def _rows_of(self, key: Hashable, of_all: Value, rows: Integers) -> Value:
        """Return some rows of an array that has one for each client, or study, of the tables these are from."""
        values, origin = cast("tuple[Any, Any]", (of_all, self.origin))
        # Of many parts that are nearly the whole, panels would fill the memory.
        if values.ndim > 1 and origin.by_difference:
            return cast("Value", values.take(rows, axis=0))
        return self._store(key, lambda: cast("Value", values.take(rows, axis=0)))

    def _store(self, key: Hashable, build: Callable[[], Value]) -> Value:
        if key not in self._stored:
            value = build()
            self._stored[key] = read_only(value) if isinstance(value, np.ndarray) else value
        return cast("Value", self._stored[key])


def _without(table: str) -> MissingColumnError:
    return MissingColumnError(
        f'There is no table of {table}: hand one over; an outcome that reads it says needs=("{table}",).'
    )
