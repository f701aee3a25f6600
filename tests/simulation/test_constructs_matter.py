"""Trust, empathy and boundaries do what clinicians mean by them, over the whole table of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import qmc

from simulation import simulate
from simulation.errors import AllianceError
from simulation.instruments import INSTRUMENTS
from simulation.parameters import PARAMETERS, Parameters
from simulation.results.sessions import LATENT_COLUMNS
from tests.simulation.clinics import SIZES, UNCOUPLED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.results.result import Result

CLINGING = {"attachment_anxiety": 0.8, "attachment_avoidance": 0.35, "boundary_spread": 0.0}
GUARDED = {
    "attachment_anxiety": 0.4,
    "attachment_avoidance": 0.8,
    "propensity_to_trust": 0.35,
    "boundary_spread": 0.0,
}
NEITHER_SIDE = dict.fromkeys(
    [
        "bond_porosity",
        "task_porosity",
        "agency_porosity",
        "dependency_porosity",
        "fatigue_porosity",
        "safety_rigidity",
        "empathy_rigidity",
    ],
    0.0,
)
"""What porous and rigid limits do beside being less clear, turned off; answers to tests of the frame stay."""


def clinic(**settings: Any) -> Result:
    return simulate(Parameters(clients=200, **settings), seed=5, replicates=40, histories=True)


def late(column: str, first: int, last: int = 99) -> Any:
    """Return the function that gives the mean of a column over some sessions, a number for each replicate."""

    def means(result: Result) -> np.ndarray:
        held = result.sessions.filter(pl.col("session").is_between(first, last))
        return (
            held.group_by("replicate")
            .agg(pl.col(column).mean())
            .sort("replicate")[column]
            .to_numpy()
        )

    return means


def left_early(result: Result) -> np.ndarray:
    """Return who dropped out before session 4, as a share of those who began, for each replicate."""
    began = result.clients.filter(pl.col("sessions") > 0)
    early = (pl.col("status") == "dropped_out") & (pl.col("sessions") < 4)
    return (
        began.group_by("replicate").agg(early.mean().alias("x")).sort("replicate")["x"].to_numpy()
    )


def interval(one: Result, other: Result, measure: Any) -> tuple[float, float]:
    """Return the 95 % interval of a difference over replicates with the same draws."""
    difference = measure(one) - measure(other)
    half = 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))
    return float(difference.mean() - half), float(difference.mean() + half)


def test_porous_limits_are_warm_at_first_and_cost_those_who_cling() -> None:
    porous, clear = (clinic(boundary=boundary, **CLINGING) for boundary in (0.2, 0.55))
    assert interval(porous, clear, late("dependency", 6))[0] >= 0.15
    assert interval(porous, clear, late("agency", 6))[1] < -0.05
    assert interval(porous, clear, late("distress", 6))[0] > 0.0
    assert interval(porous, clear, late("bond", 1, 3))[0] > 0.0


def test_rigid_limits_lose_the_guarded_early() -> None:
    rigid, clear = (clinic(boundary=boundary, **GUARDED) for boundary in (0.9, 0.55))
    assert interval(rigid, clear, left_early)[0] >= 0.06
    assert interval(rigid, clear, late("disclosure", 1, 3))[1] < -0.05
    assert interval(rigid, clear, late("perceived_empathy", 1, 3))[1] < -0.02


def test_what_is_assumed_of_both_sides_makes_the_difference() -> None:
    porous, clear = (clinic(boundary=b, **CLINGING, **NEITHER_SIDE) for b in (0.2, 0.55))
    assert interval(porous, clear, late("dependency", 6))[1] < 0.15 / 2
    rigid, clear = (clinic(boundary=b, **GUARDED, **NEITHER_SIDE) for b in (0.9, 0.55))
    assert interval(rigid, clear, left_early)[1] < 0.03


# -- over the whole table ---------------------------------------------------------------------


def points(count: int, seed: int, **fixed: Any) -> Iterator[Parameters]:
    """Yield points of a Sobol sequence over the ranges of all numbers; impossible correlations are left out."""
    names = [
        name
        for name, row in PARAMETERS.items()
        if row.kind in {"number", "integer"} and name not in fixed
    ]
    ranges = np.array([SIZES.get(n, (PARAMETERS[n].low, PARAMETERS[n].high)) for n in names], float)
    places = qmc.Sobol(len(names), seed=seed)
    found = 0
    while found < count:
        for place in qmc.scale(places.random(256), ranges[:, 0], ranges[:, 1]):
            values = {
                name: round(value) if PARAMETERS[name].kind == "integer" else float(value)
                for name, value in zip(names, place, strict=True)
            }
            try:
                yield Parameters(**values, **fixed)
            except AllianceError:
                continue
            found += 1
            if found == count:
                return


NO_CORRELATIONS = {name: 0.0 for name, row in PARAMETERS.items() if row.unit == "correlation"}


@pytest.mark.slow
def test_nothing_is_missing_or_out_of_range_anywhere() -> None:
    for p in points(2000, 1, **NO_CORRELATIONS):
        sessions = simulate(p, seed=3, histories=True, threads=1).sessions
        if not sessions.height:
            continue
        reported = {
            name: one.range for name, one in INSTRUMENTS.items() if name in sessions.columns
        }
        assert reported
        for name, (low, high) in {**dict.fromkeys(LATENT_COLUMNS, (0.0, 1.0)), **reported}.items():
            values = sessions[name].to_numpy()
            assert np.isfinite(values).all(), (name, p)
            assert low <= values.min() <= values.max() <= high, (name, p)


RISES = (
    ("empathy", 0.2, 0.8, "perceived_empathy", 1),
    ("boundary", 0.55, 0.95, "perceived_empathy", -1),
    ("boundary", 0.55, 0.95, "disclosure", -1),
    ("acceptance", 0.2, 0.8, "disclosure", 1),
    ("propensity_to_trust", 0.2, 0.8, "disclosure", 1),
    ("attachment_avoidance", 0.2, 0.8, "disclosure", -1),
)
"""What must move which way in the first session, before anything has happened in it that chance decides."""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "low", "high", "column", "sign"), RISES)
def test_under_the_same_draws_the_first_session_obeys_the_law(
    name, low, high, column, sign
) -> None:
    moved = 0
    for p in points(64, 2, boundary_optimum=0.55, **UNCOUPLED, **NO_CORRELATIONS):
        first = [
            simulate(p.replace(**{name: value}), seed=4, histories=True, threads=1)
            .sessions.filter(pl.col("session") == 1)[column]
            .mean()
            for value in (low, high)
        ]
        if None in first:
            continue
        assert sign * (first[1] - first[0]) >= -1e-9, (p, first)
        moved += sign * (first[1] - first[0]) > 1e-6
    assert moved >= 32
