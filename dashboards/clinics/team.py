"""The therapists week by week, and who is tied to whom in supervision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import STATUSES, STRAIN_UNIT, presence
from simulation.coefficients import coefficients, unpack
from simulation.equations.therapist import carried, fatigue_after_week
from simulation.network import supervision_network
from simulation.population import draw_therapist
from simulation.randomness import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulation.parameters import Parameters

    Numbers = NDArray[np.float64]
    Counts = NDArray[np.int64]

__all__ = ["Team", "layout", "team_of"]

MOST_THERAPIST_WEEKS = 20_000
"""Weeks of all therapists together up to which fatigue is shown week by week; beyond, only at the end."""

MARGIN = 0.04
"""Room left around a drawn network."""


@dataclass(frozen=True, slots=True, eq=False)
class Team:
    """The therapists of one clinic.

    Attributes
    ----------
    weeks
        Weeks of the columns below.
    caseload
        Clients in treatment in each week, shape (therapists, weeks).
    alliance
        Mean latent alliance of that caseload as of each client's latest session, same shape; not a number
        where there was nobody.
    fatigue
        At the end of each week, [0, 1], same shape; where there are too many therapist-weeks, the value at the
        end of follow-up in all of them (`weekly_fatigue` is False then).
    clients_seen, dropped_out
        Of each therapist, in all.
    fatigue_last, fatigue_mean, empathy, boundary
        Of each therapist.
    edges
        Pairs of therapists tied in supervision, shape (ties, 2).
    places
        Where each is drawn, shape (therapists, 2), on [0, 1].
    """

    weeks: Counts
    caseload: Counts
    alliance: Numbers
    fatigue: Numbers
    weekly_fatigue: bool
    clients_seen: Counts
    dropped_out: Counts
    fatigue_last: Numbers
    fatigue_mean: Numbers
    empathy: Numbers
    boundary: Numbers
    edges: Counts
    places: Numbers


def team_of(
    parameters: Parameters,
    seed: int,
    clients: Mapping[str, NDArray[Any]],
    therapists: Mapping[str, NDArray[Any]],
    sessions: Mapping[str, NDArray[Any]],
    last_week: int,
) -> Team:
    """Return the therapists of one clinic, week by week.

    Parameters
    ----------
    parameters, seed
        What was run.
    clients, therapists, sessions
        Columns of the tables of replicate 0.
    last_week
        Number of the last week shown.
    """
    team, weeks = parameters.therapists, last_week + 1
    therapist, began = clients["therapist"], clients["sessions"] > 0
    dropped = began & (clients["status"] == STATUSES.index("dropped_out"))
    cells = _Cells(parameters, sessions, clients, weeks)
    caseload = cells.total(np.ones(len(cells.week)))
    with np.errstate(invalid="ignore", divide="ignore"):
        alliance = cells.total(cells.of(sessions["alliance"])) / caseload
    weekly = team * weeks <= MOST_THERAPIST_WEEKS
    last = np.asarray(therapists["fatigue_last"], dtype=np.float64)
    edges = np.array(sorted(supervision_network(parameters, seed).edges), dtype=np.int64).reshape(
        -1, 2
    )
    return Team(
        weeks=np.arange(weeks),
        caseload=caseload.astype(np.int64),
        alliance=alliance,
        fatigue=_fatigue(parameters, seed, caseload, cells, sessions, therapists)
        if weekly
        else np.repeat(last[:, None], weeks, axis=1),
        weekly_fatigue=weekly,
        clients_seen=np.asarray(therapists["clients_seen"], dtype=np.int64),
        dropped_out=np.bincount(therapist[dropped], minlength=team),
        fatigue_last=last,
        fatigue_mean=np.asarray(therapists["fatigue_mean"], dtype=np.float64),
        empathy=np.asarray(therapists["empathy"], dtype=np.float64),
        boundary=np.asarray(therapists["boundary"], dtype=np.float64),
        edges=edges,
        places=layout(parameters.supervision_network, team),
    )


class _Cells:
    """Which therapist and week each session counts for: the week it was held, and those up to the next."""

    def __init__(
        self,
        parameters: Parameters,
        sessions: Mapping[str, NDArray[Any]],
        clients: Mapping[str, NDArray[Any]],
        weeks: int,
    ) -> None:
        client = sessions["client"]
        week = np.asarray(sessions["week"], dtype=np.int64)
        stays = week != clients["week_ended"][client]
        rows, when = [np.arange(len(week))], [week]
        for later in range(1, parameters.session_interval):
            goes_on = np.flatnonzero(stays & (week + later < weeks))
            rows.append(goes_on)
            when.append(week[goes_on] + later)
        self.rows, self.week = np.concatenate(rows), np.concatenate(when)
        self.shape = (parameters.therapists, weeks)
        self.place = sessions["therapist"][self.rows].astype(np.int64) * weeks + self.week

    def of(self, values: NDArray[Any]) -> Numbers:
        return np.asarray(values, dtype=np.float64)[self.rows]

    def total(self, values: Numbers) -> Numbers:
        size = self.shape[0] * self.shape[1]
        total = np.bincount(self.place, values, minlength=size).reshape(self.shape)
        return np.asarray(total, dtype=np.float64)


def _fatigue(
    parameters: Parameters,
    seed: int,
    caseload: Numbers,
    cells: _Cells,
    sessions: Mapping[str, NDArray[Any]],
    therapists: Mapping[str, NDArray[Any]],
) -> Numbers:
    """Return fatigue at the end of each week, by the model's own equations from what each week brought."""
    p = unpack(coefficients(parameters).tolist())
    key = key_of(seed, 0)
    tied = np.asarray(therapists["ties"]) > 0
    team = [draw_therapist(key, therapist, p) for therapist in range(len(caseload))]
    porosity = np.array([presence(*one, p).present_porosity for one in team])
    strain: Any = np.asarray(sessions["strain"], dtype=np.float64)
    dependency: Any = np.asarray(sessions["dependency"], dtype=np.float64)
    weight: Any = carried(strain, dependency, porosity[sessions["therapist"]], p)
    units = cells.total(cells.of(np.floor(weight * STRAIN_UNIT)))
    found = np.empty(caseload.shape)
    for therapist, (loads, weights) in enumerate(
        zip(caseload.tolist(), units.tolist(), strict=True)
    ):
        fatigue = team[therapist][1].fatigue
        supervised = 1.0 if tied[therapist] else 0.0
        row = []
        for load, carries in zip(loads, weights, strict=True):
            mean = carries / STRAIN_UNIT / load if load > 0 else 0.0
            fatigue = fatigue_after_week(fatigue, load, mean, supervised, p)
            row.append(fatigue)
        found[therapist] = row
    return found


def layout(kind: str, team: int) -> Numbers:
    """Return where therapists are drawn, on [0, 1]: in a circle, a hub in its middle; always the same.

    A circle shows what these networks are: pairs and neighbours lie side by side, the shortcuts of a small world
    are its chords.
    """
    import networkx as nx

    graph = nx.empty_graph(team)
    if kind == "hub" and team > 1:
        # The outer of two shells has half the scale for its radius.
        placed = nx.shell_layout(graph, [[0], list(range(1, team))], scale=2.0)
    elif team == 1:
        placed = {0: np.zeros(2)}
    else:
        placed = nx.circular_layout(graph)
    places = np.array([placed[number] for number in range(team)], dtype=np.float64)
    return np.asarray(0.5 + (0.5 - MARGIN) * places, dtype=np.float64)
