"""`simulate`: many clinics at once, as a pure function of parameters, seed and replicate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from simulation.coefficients import coefficients
from simulation.cores import available_cores
from simulation.engine.custom_session import engine_of, engine_with
from simulation.engine.records import CLIENT_ROW, SESSION_ROW, THERAPIST_ROW, Rows
from simulation.engine.warmup import warm_up
from simulation.engine.weeks import run_clinics
from simulation.engine.workspace import workspace
from simulation.errors import AllianceError, whole_number
from simulation.network import Ties, ties_of
from simulation.parameters import Parameters
from simulation.randomness import REPLICATE_LIMIT, Key, key_of
from simulation.rehearsal import rehearse
from simulation.results.result import Result, joined
from simulation.results.spaced import SpacedSessions
from simulation.reused_memory import rows_for
from simulation.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import networkx as nx
    from numpy.typing import NDArray

    from simulation.session import SessionFunction

    Array = NDArray[Any]

__all__ = [
    "Clinics",
    "PreparedRun",
    "prepared",
    "simulate",
    "simulate_spaced",
    "simulate_together",
]

LEAST_CHUNK = 800
"""Fewest clients worth a separate chunk: the pool of dyads fills and empties once for each chunk."""

CHUNKS_PER_THREAD = 3


class Clinics(Protocol):
    """Clinics that differ, in place of one setting: such as `experiments.calibration.ensemble` gives."""

    @property
    def parameters(self) -> Parameters:
        """The setting in the middle of them."""

    def draw(self, count: int, seed: int) -> Sequence[Parameters]:
        """Return the settings of so many clinics; the first of them do not depend on how many."""


def simulate(
    parameters: Parameters | Clinics | None = None,
    *,
    seed: int = 1,
    replicates: int = 1,
    first_replicate: int = 0,
    histories: bool = False,
    threads: int | None = None,
    network: nx.Graph[Any] | str | Path | None = None,
    session: SessionFunction | None = None,
) -> Result:
    """Run clinics and return what became of their clients.

    The result is a pure function of parameters, seed and replicate: the same bits with any number of threads, with
    or without histories, whichever replicates run together, and from the Mesa model.

    Parameters
    ----------
    parameters
        A setting; the default clinic if left out. One of a subclass of `Parameters` brings its own model of the dyad.
        Clinics that differ, such as those of an ensemble: each replicate is another of them.
    seed
        A whole number from 0 to 2^64 - 1. Two settings run with the same seed share their random numbers; of clinics
        that differ, it also says which are drawn.
    replicates
        How many clinics to run.
    first_replicate
        Number of the first one.
    histories
        Record every session, not only each client's and therapist's row.
    threads
        Threads to use; all cores if left out.
    network
        Supervision network, for ``supervision_network="file"``: a graph, a GraphML file or an edge list.
    session
        A function to use instead of `simulation.session.hold_session`. Plain Python, of the same arguments
        and results; it is tried on twelve clients, compiled when first used, and stored on disk for later processes.

    Raises
    ------
    AllianceError
        If an argument is not allowed, or a session function or model of the dyad fails; says where.
    """
    if parameters is not None and not isinstance(parameters, Parameters):
        return _simulate_each(
            parameters,
            _checked(seed, replicates, first_replicate),
            histories=histories,
            threads=_threads(threads),
            network=network,
            session=session,
        )
    run = prepared(parameters, seed, replicates, first_replicate, threads, network, session)
    return _recorded(run, histories=histories)


def _recorded(run: PreparedRun, *, histories: bool) -> Result:
    if histories:
        return run.result(run.hold_counted().rows)
    run.hold_unrecorded()
    return run.result(None)


def _checked(seed: int, replicates: int, first_replicate: int) -> tuple[Key, range]:
    """Return the key of the first replicate, and the replicates, all of them allowed."""
    replicates = whole_number("replicates", replicates, 1, REPLICATE_LIMIT - 1)
    first = whole_number("first_replicate", first_replicate, 0, REPLICATE_LIMIT - replicates)
    return key_of(seed, first), range(first, first + replicates)


def _threads(number: int | None) -> int:
    return available_cores() if number is None else whole_number("threads", number, 1, 1024)


def _no_parameters(given: object) -> AllianceError:
    return AllianceError(
        f'parameters must be Parameters, such as preset("youth"), not {type(given).__name__}.'
    )


def _simulate_each(
    clinics: Clinics,
    which: tuple[Key, range],
    *,
    histories: bool,
    threads: int,
    network: nx.Graph[Any] | str | Path | None,
    session: SessionFunction | None,
) -> Result:
    """Run each replicate with the setting of its own clinic; `which` is as `_checked` gives it."""
    if not callable(getattr(clinics, "draw", None)):
        raise _no_parameters(clinics)
    key, replicates = which
    seed = key.seed
    settings = clinics.draw(replicates.stop, seed)[replicates.start :]

    def run(number: int, setting: Parameters) -> Result:
        one = prepared(setting, seed, 1, number, 1, network, session)
        return _recorded(one, histories=histories)

    with ThreadPoolExecutor(threads) as pool:
        return joined(list(pool.map(run, replicates, settings)), clinics.parameters)


def simulate_spaced(
    parameters: Parameters,
    *,
    seed: int = 1,
    replicates: int = 1,
    threads: int | None = None,
) -> tuple[Result, SpacedSessions]:
    """Run clinics with histories, faster than `simulate` and in more memory; arguments are as there.

    Instead of counting sessions in a first pass, it leaves room for as many of each client as the setting allows.

    Returns
    -------
    result, sessions
        A result without sessions, and the sessions.
    """
    run = prepared(parameters, seed, replicates, 0, threads)
    limit = parameters.session_limit
    rows = rows_for(run.clients.size * limit)
    if rows is None:
        sessions = run.hold_counted()
        return run.result(None), sessions
    begins = np.arange(run.clients.size, dtype=np.int64) * limit
    run.hold(rows, begins)
    held = run.clients["sessions"].astype(np.int64)
    return run.result(None), SpacedSessions(rows, begins, held)


def simulate_together(
    settings: Sequence[Parameters],
    *,
    seed: int = 1,
    replicates: int = 1,
    first_replicate: int = 0,
    histories: bool = False,
    session: SessionFunction | None = None,
) -> Result:
    """Run settings of one size in this thread, each with the same replicates, and put their rows into one result.

    Statistics of hundreds of small runs are computed faster on one table than on hundreds.

    Parameters
    ----------
    settings
        With the same numbers of clients and therapists.
    seed, replicates, first_replicate, histories, session
        As for `simulate`, of each.

    Returns
    -------
    Result
        In which the replicates of the first setting have the numbers from 0, those of the next follow, and so on;
        `parameters` are those of the first.
    """
    clients, therapists = settings[0].clients * replicates, settings[0].therapists * replicates
    rows = np.zeros(len(settings) * clients, dtype=CLIENT_ROW)
    team_rows = np.zeros(len(settings) * therapists, dtype=THERAPIST_ROW)
    held = []
    for place, parameters in enumerate(settings):
        run = replace(
            prepared(parameters, seed, replicates, first_replicate, 1, session=session),
            clients=rows[place * clients : (place + 1) * clients],
            therapists=team_rows[place * therapists : (place + 1) * therapists],
        )
        if histories:
            held.append(run.hold_counted().rows)
            held[-1]["replicate"] += place * replicates - first_replicate
        else:
            run.hold_unrecorded()
    return Result(
        parameters=settings[0],
        seed=seed,
        first_replicate=0,
        replicates=len(settings) * replicates,
        client_rows=rows,
        therapist_rows=team_rows,
        session_rows=np.concatenate(held) if histories else None,
    )


@dataclass(frozen=True, slots=True, eq=False)
class PreparedRun:
    """Clinics that are ready to be run, and the rows of their clients and therapists."""

    parameters: Parameters
    key: Key
    replicates: int
    threads: int
    engine: Callable[..., None]
    numbers: Array
    tied: Ties
    clients: Array
    therapists: Array
    allotted: Array
    assessment_weeks: Array
    assessed: Array
    """See `simulation.engine.records.Rows`."""

    def hold(self, sessions: Array, begins: Array) -> None:
        """Run them; each session is written down after as many as its number says, from where its client's begin."""
        chunks = _chunks(self.replicates, self.parameters.clients, self.threads)

        def run(chunk: tuple[int, int]) -> None:
            self.hold_some(*chunk, sessions, begins, self.numbers)

        in_threads(run, chunks, self.threads)

    def hold_some(
        self, first: int, last: int, sessions: Array, begins: Array, numbers: Array
    ) -> None:
        """Run the clinics from number `first` to before `last`, with these coefficients."""
        parameters = self.parameters
        of_clients = slice(first * parameters.clients, last * parameters.clients)
        of_therapists = slice(first * parameters.therapists, last * parameters.therapists)
        self.engine(
            self.key._replace(replicate=self.key.replicate + first),
            last - first,
            self.tied,
            workspace(parameters, last - first),
            Rows(
                self.clients[of_clients],
                self.therapists[of_therapists],
                sessions,
                begins[of_clients],
                self.allotted[of_clients],
                self.assessment_weeks,
                self.assessed[of_clients],
            ),
            numbers,
        )

    def hold_each(self, numbers: Array) -> None:
        """Run each clinic with its own coefficients, shape (replicates, numbers), without writing down any session.

        Neighbours with the same ones run together.
        """
        sessions, begins = np.zeros(0, dtype=SESSION_ROW), np.zeros(0, dtype=np.int64)
        others = np.flatnonzero((numbers[1:] != numbers[:-1]).any(axis=1)) + 1
        edges = [0, *others.tolist(), self.replicates]

        def run(span: tuple[int, int]) -> None:
            self.hold_some(*span, sessions, begins, numbers[span[0]])

        in_threads(run, list(pairwise(edges)), self.threads)

    def hold_unrecorded(self) -> None:
        """Run them without writing down any session."""
        self.hold(np.zeros(0, dtype=SESSION_ROW), np.zeros(0, dtype=np.int64))

    def hold_counted(self) -> SpacedSessions:
        """Run them twice: once to count the sessions of each client, then to write each row in its place."""
        self.hold_unrecorded()
        held = self.clients["sessions"].astype(np.int64)
        ends = np.cumsum(held)
        rows = np.zeros(int(ends[-1]), dtype=SESSION_ROW)
        begins = ends - held
        self.hold(rows, begins)
        return SpacedSessions(rows, begins, held)

    def result(self, sessions: Array | None) -> Result:
        """Return what became of clients, therapists and sessions."""
        return Result(
            parameters=self.parameters,
            seed=self.key.seed,
            first_replicate=self.key.replicate,
            replicates=self.replicates,
            client_rows=self.clients,
            therapist_rows=self.therapists,
            session_rows=sessions,
        )


def prepared(
    parameters: Parameters | None,
    seed: int,
    replicates: int,
    first_replicate: int,
    threads: int | None,
    network: nx.Graph[Any] | str | Path | None = None,
    session: SessionFunction | None = None,
) -> PreparedRun:
    """Return clinics that are ready to be run; arguments are as for `simulate`."""
    parameters = parameters if parameters is not None else Parameters()
    if not isinstance(parameters, Parameters):
        raise _no_parameters(parameters)
    key, which = _checked(seed, replicates, first_replicate)
    engine: Callable[..., None] = run_clinics
    if parameters.dyad is not None:
        engine = engine_of(type(parameters), session)
    elif session is not None:
        engine = engine_with(session)
    if engine is not run_clinics:
        rehearse(type(parameters), session)
    warm_up(own=engine is not run_clinics)
    return PreparedRun(
        parameters=parameters,
        key=key,
        replicates=len(which),
        threads=_threads(threads),
        engine=engine,
        numbers=coefficients(parameters),
        tied=ties_of(parameters, key.seed, network),
        clients=np.zeros(len(which) * parameters.clients, dtype=CLIENT_ROW),
        therapists=np.zeros(len(which) * parameters.therapists, dtype=THERAPIST_ROW),
        allotted=np.zeros(0, dtype=np.int64),
        assessment_weeks=np.zeros(0, dtype=np.int64),
        assessed=np.zeros((0, 0)),
    )


def _chunks(replicates: int, clients: int, threads: int) -> list[tuple[int, int]]:
    """Return the first replicate of each chunk and the one after its last."""
    most = min(replicates, replicates * clients // LEAST_CHUNK, threads * CHUNKS_PER_THREAD)
    count = 1 if threads == 1 else max(1, most)
    edges = [replicates * i // count for i in range(count + 1)]
    return list(pairwise(edges))
