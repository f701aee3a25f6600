"""`simulate`: many clinics at once, as a pure function of parameters, seed and replicate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.coefficients import coefficients
from simulation.cores import available_cores
from simulation.engine.custom_session import engine_with
from simulation.engine.records import CLIENT_ROW, SESSION_ROW, THERAPIST_ROW, Rows
from simulation.engine.warmup import warm_up
from simulation.engine.weeks import run_clinics
from simulation.engine.workspace import make_workspace
from simulation.errors import AllianceError, whole_number
from simulation.network import colleagues_of, ties
from simulation.parameters import Parameters
from simulation.randomness import REPLICATE_LIMIT, key_of
from simulation.results.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import networkx as nx
    from numpy.typing import NDArray

    from simulation.session import SessionFunction

    Array = NDArray[Any]

__all__ = ["simulate"]

LEAST_CHUNK = 800
"""Fewest clients worth a separate chunk: the pool of dyads fills and empties once for each chunk."""

CHUNKS_PER_THREAD = 3


def simulate(
    parameters: Parameters | None = None,
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
        A setting; the default clinic if left out.
    seed
        A whole number from 0 to 2^64 - 1. Two settings run with the same seed share their random numbers.
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
        and results; it is compiled when first used.

    Raises
    ------
    AllianceError
        If an argument is not allowed.
    """
    parameters = parameters if parameters is not None else Parameters()
    if not isinstance(parameters, Parameters):
        raise AllianceError(
            f'parameters must be Parameters, such as preset("youth"), not {type(parameters).__name__}.'
        )
    replicates = whole_number("replicates", replicates, 1, REPLICATE_LIMIT - 1)
    first_replicate = whole_number(
        "first_replicate", first_replicate, 0, REPLICATE_LIMIT - replicates
    )
    threads = available_cores() if threads is None else whole_number("threads", threads, 1, 1024)
    key = key_of(seed, first_replicate)
    seed = key.seed_low + (key.seed_high << 32)
    engine: Callable[..., None] = run_clinics
    if session is not None:
        engine = engine_with(session)
    warm_up()
    numbers = coefficients(parameters)
    tied = ties(colleagues_of(parameters, seed, network))
    clients = np.zeros(replicates * parameters.clients, dtype=CLIENT_ROW)
    therapists = np.zeros(replicates * parameters.therapists, dtype=THERAPIST_ROW)
    chunks = _chunks(replicates, parameters.clients, threads)

    def run_all(sessions: Array, begins: Array) -> None:
        def run(chunk: tuple[int, int]) -> None:
            first, last = chunk
            of_clients = slice(first * parameters.clients, last * parameters.clients)
            of_therapists = slice(first * parameters.therapists, last * parameters.therapists)
            engine(
                key._replace(replicate=first_replicate + first),
                last - first,
                tied,
                make_workspace(parameters, last - first),
                Rows(clients[of_clients], therapists[of_therapists], sessions, begins[of_clients]),
                numbers,
            )

        if len(chunks) == 1:
            run(chunks[0])
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(run, chunks))

    run_all(np.zeros(0, dtype=SESSION_ROW), np.zeros(0, dtype=np.int64))
    sessions = None
    if histories:
        # The first pass counted the sessions of each client; the second writes each row in its place.
        ends = np.cumsum(clients["sessions"], dtype=np.int64)
        sessions = np.zeros(int(ends[-1]), dtype=SESSION_ROW)
        run_all(sessions, ends - clients["sessions"])
    return Result(
        parameters=parameters,
        seed=seed,
        first_replicate=first_replicate,
        replicates=replicates,
        client_rows=clients,
        therapist_rows=therapists,
        session_rows=sessions,
    )


def _chunks(replicates: int, clients: int, threads: int) -> list[tuple[int, int]]:
    """Return the first replicate of each chunk and the one after its last."""
    most = min(replicates, replicates * clients // LEAST_CHUNK, threads * CHUNKS_PER_THREAD)
    count = 1 if threads == 1 else max(1, most)
    edges = [replicates * i // count for i in range(count + 1)]
    return list(pairwise(edges))
