"""A picture of a clinic: everything the clinic room shows of one setting, as small arrays."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from dashboards.clinics.courses import (
    MEASURES,
    Curve,
    Survival,
    carried_forward,
    curves,
    survival,
)
from dashboards.clinics.leaving import Thirds, who_drops_out
from dashboards.clinics.team import Team, team_of
from dashboards.clinics.weeks import Weeks, weeks_of
from dashboards.computing.cache import FINISHED, Shared
from experiments.catalogue import OUTCOMES
from experiments.tables.run_tables import RunTables
from simulation.clinic import STATUSES
from simulation.errors import AllianceError
from simulation.running import simulate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulation.parameters import Parameters

    Numbers = NDArray[np.float64]

__all__ = ["HEADLINES", "MOST_CLIENTS", "Picture", "clinic_picture"]

MOST_CLIENTS = 20_000
"""Clients of all replicates that a picture is made of at most: about a fifth of a second."""

HEADLINES = (
    "dropout_rate",
    "completion_rate",
    "core_10_change",
    "effect_size",
    "recovery_rate",
    "ruptures_per_session",
    "crossings_per_session",
)
"""The outcomes a clinic is introduced by."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What became of a clinic: small read-only arrays, shared by all who look at the same clinic.

    Attributes
    ----------
    parameters, seed, replicates
        What was run; several replicates are looked at together.
    began, dropped_out
        Numbers of clients.
    dropped_out_by
        Session by which at least half of those who drop out have done so; 0 where nobody did.
    headlines
        Outcome to its value (mean of replicates), for the outcomes in `HEADLINES`.
    survival
        Who is still in treatment after each session.
    courses
        Measure (`courses.MEASURES`) to group (everybody, or an ending) to its curve over sessions. A curve of
        everybody is one of survivors: those who held that session.
    all_who_began
        Measure to its mean over everybody who began, the last value carried forward for who has left.
    weeks
        Where the clients are week by week.
    who_drops_out
        Trait to dropout by its thirds.
    team
        The therapists of the first replicate: other replicates have other therapists.
    """

    parameters: Parameters
    seed: int
    replicates: int
    began: int
    dropped_out: int
    dropped_out_by: int
    headlines: Mapping[str, float]
    survival: Survival
    courses: Mapping[str, Mapping[str, Curve]]
    all_who_began: Mapping[str, Numbers]
    weeks: Weeks
    who_drops_out: Mapping[str, Thirds]
    team: Team


def clinic_picture(
    parameters: Parameters, seed: int = 1, replicates: int = 1, *, shared: Shared = FINISHED
) -> Picture:
    """Run a clinic, once for all who ask, and return the picture of it.

    Parameters
    ----------
    parameters, seed, replicates
        As for `simulation.simulate`.
    shared
        The cache of finished pictures.

    Raises
    ------
    AllianceError
        If it cannot be run, or is too large for a picture.
    """
    if parameters.clients * replicates > MOST_CLIENTS:
        raise AllianceError(
            f"{parameters.clients * replicates:,} clients are too many to look at one by one: "
            f"choose at most {MOST_CLIENTS:,}, or study them with alliance sweep."
        )
    key = ("clinic picture", parameters, seed, replicates)
    return shared.get(key, lambda: _picture(parameters, seed, replicates))


def _picture(parameters: Parameters, seed: int, replicates: int) -> Picture:
    result = simulate(parameters, seed=seed, replicates=replicates, histories=True, threads=1)
    clients, sessions = result.columns("clients"), result.columns("sessions")
    sessions = {name: np.ascontiguousarray(sessions[name]) for name in SESSION_COLUMNS}
    status, attended = clients["status"], np.asarray(clients["sessions"], dtype=np.int64)
    row = sessions["replicate"] * parameters.clients + sessions["client"]
    session = sessions["session"].astype(np.int64)
    began = attended > 0
    last = int(attended.max(initial=0))
    is_last = session == attended[row]
    early = np.full(len(attended), np.nan)
    third = session == 3
    early[row[third]] = sessions["wai_sr_client"][third]
    dropped = attended[began & (status == STATUSES.index("dropped_out"))]
    measures = {name: sessions[name] for name in MEASURES}
    weeks = weeks_of(clients, parameters.weeks)
    first = sessions["replicate"] == 0
    own = slice(0, parameters.clients)
    return Picture(
        parameters=parameters,
        seed=seed,
        replicates=replicates,
        began=int(began.sum()),
        dropped_out=len(dropped),
        dropped_out_by=int(np.sort(dropped)[(len(dropped) - 1) // 2]) if len(dropped) else 0,
        headlines=MappingProxyType(_headlines(clients)),
        survival=survival(attended[began], status[began]),
        courses=MappingProxyType(curves(session, status[row], measures, last)),
        all_who_began=MappingProxyType(
            {
                name: carried_forward(session, is_last, values, last)
                for name, values in measures.items()
            }
        ),
        weeks=weeks,
        who_drops_out=MappingProxyType(who_drops_out(clients, early)),
        team=team_of(
            parameters,
            seed,
            {name: values[own] for name, values in clients.items()},
            {
                name: values[: parameters.therapists]
                for name, values in result.columns("therapists").items()
            },
            {name: values[first] for name, values in sessions.items()},
            int(weeks.weeks[-1]),
        ),
    )


SESSION_COLUMNS = (
    "replicate",
    "client",
    "therapist",
    "week",
    "session",
    "strain",
    "dependency",
    *MEASURES,
)


def _headlines(clients: Mapping[str, NDArray[Any]]) -> dict[str, float]:
    tables = RunTables(clients)
    found = {}
    for name in HEADLINES:
        values = OUTCOMES[name].compute(tables)
        known = values[~np.isnan(values)]
        found[name] = float(known.mean()) if len(known) else float("nan")
    return found
