"""Simulated studies of the size that real ones have: clinics of some sixty clients each.

A published correlation is a mean over studies of ordinary size. So a finding is compared with a
mean over simulated studies of ordinary size, and not with one huge clinic.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments.tables.columns import StackedRows
from experiments.tables.run_tables import RunTables
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.parameters import Parameters

__all__ = ["LEAST_THERAPISTS", "run_studies", "study_clinic"]

LEAST_THERAPISTS = 2
"""Fewest therapists a study has; with one, nothing can be said about therapists."""


def study_clinic(parameters: Parameters, clients_per_study: int = 60) -> Parameters:
    """Return a setting shrunk or grown to the size of a study, with the same work for therapists.

    Clients per therapist and arrivals per therapist stay what they are in the setting; only the
    size changes. Where a study of this size would have fewer than two therapists, it has two and
    so many more clients.

    Raises
    ------
    AllianceError
        For fewer than 10 clients: nothing can be correlated.
    """
    if clients_per_study < 10:
        raise AllianceError(
            f"clients_per_study = {clients_per_study} is not allowed: a study has at least 10."
        )
    ratio = parameters.clients / parameters.therapists
    therapists = max(LEAST_THERAPISTS, round(clients_per_study / ratio))
    share = therapists / parameters.therapists
    return parameters.replace(
        clients=max(round(therapists * ratio), 1),
        therapists=therapists,
        arrivals_per_week=min(max(parameters.arrivals_per_week * share, 0.01), 1e6),
    )


def run_studies(
    clinic: Parameters,
    *,
    seed: int,
    studies: int,
    designs: Sequence[Mapping[str, Any]] = ({},),
    threads: int | None = None,
) -> RunTables:
    """Simulate studies and return their tables.

    Parameters
    ----------
    clinic
        A clinic of the size of one study.
    seed, threads
        As for `simulation.simulate`. Clinics run with one seed share their random numbers.
    studies
        How many; a design with larger studies is run fewer times, so that it has as many clients.
    designs
        Parameters to change, one set for each kind of study; the studies of all are put together,
        each kind with its own number in the column ``run``.
    """
    results = []
    for number, changes in enumerate(designs):
        parameters = clinic.replace(**changes) if changes else clinic
        replicates = max(1, round(studies * clinic.clients / parameters.clients))
        results.append(simulated_tables(parameters, seed, replicates, threads, run=number))
    if len(results) == 1:
        return RunTables(*results[0])
    clients, sessions, therapists = zip(*results, strict=True)
    return RunTables(StackedRows(clients), StackedRows(sessions), StackedRows(therapists))


def simulated_tables(
    parameters: Parameters, seed: int, replicates: int, threads: int | None, *, run: int = 0
) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
    """Simulate clinics and return the columns of clients, sessions and therapists.

    Parameters
    ----------
    parameters, seed, replicates, threads
        As for `simulation.simulate`.
    run
        Number of the run, in the column of that name.
    """
    from simulation.running import simulate_spaced

    result, sessions = simulate_spaced(
        parameters, seed=seed, replicates=replicates, threads=threads
    )
    result, sessions = replace(result, run=run), replace(sessions, run=run)
    return result.columns("clients"), sessions, result.columns("therapists")
