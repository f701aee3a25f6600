"""Running small clinics in plain Python, and how small they must be for it to be the quicker way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.engine.shipped import is_usable
from simulation.network import colleagues_of
from simulation.plain.clinic import PlainClinic
from simulation.results.result import joined

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx

    from simulation.parameters import Parameters
    from simulation.results.result import Result
    from simulation.session import SessionFunction

__all__ = ["is_quicker", "most_work", "simulate_plainly"]

MOST_TO_COMPILE = 100_000
"""Sessions' worth of work up to which plain Python has done before Numba has compiled the engine; 10 s at most."""

MOST_TO_OPTIMISE = 40_000
"""And before machine code is made of the engine that is shipped; about 4 s at most, a fifth of that as a rule."""

MOST_TO_LOAD = 2_000
"""And before an engine compiled earlier is loaded; about a tenth of a second at most."""


def most_work(parameters: Parameters, replicates: int) -> float:
    """Return how much work a run can be at most, in sessions held by plain Python.

    To wait for a week, or to be a therapist for one, is an eighth of a session; to choose among a thousand
    therapists is one.
    """
    clients, therapists, weeks = parameters.clients, parameters.therapists, parameters.weeks
    each = min(parameters.session_limit, -(-weeks // parameters.session_interval))
    choosing = therapists / 1000
    return replicates * (clients * (each + choosing) + (clients + therapists) * weeks / 8)


def is_quicker(parameters: Parameters, replicates: int, *, compiled_before: bool) -> bool:
    """Tell whether plain Python has the tables of a run before compiled code does."""
    work = most_work(parameters, replicates)
    if compiled_before or work > MOST_TO_COMPILE:
        return work <= MOST_TO_LOAD
    return work <= MOST_TO_OPTIMISE or not is_usable()


def simulate_plainly(
    parameters: Parameters,
    *,
    seed: int = 1,
    replicates: int = 1,
    first_replicate: int = 0,
    histories: bool = False,
    network: nx.Graph[Any] | str | Path | None = None,
    session: SessionFunction | None = None,
) -> Result:
    """Run clinics one after the other; the same bits as `simulation.simulate`, whose arguments these are."""
    colleagues = colleagues_of(parameters, seed, network)
    clinics = (
        PlainClinic(
            parameters,
            colleagues,
            seed=seed,
            replicate=replicate,
            session=session,
            histories=histories,
        )
        for replicate in range(first_replicate, first_replicate + replicates)
    )
    return joined([clinic.run().result() for clinic in clinics])
