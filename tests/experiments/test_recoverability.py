"""Empathy, trust and boundary can be read off what is reported, so they act and are not only asked about.

Five parameters vary at once over their whole ranges in 1,024 clinics of 400 clients (a Sobol sequence). A clinic is
described by what is reported of it, without the log of events: means of every questionnaire over the first, second,
third to fifth, sixth to tenth and later sessions, spreads and changes within clients, ratings of ruptures with what
comes after them, and how therapies end. Kernel ridge regression (polynomials of degree 2) predicts each parameter;
R² is over ten folds, each left out once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from scipy.stats import qmc

from simulation import Parameters, simulate
from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulation.results.result import Result

NAMES = ("empathy", "propensity_to_trust", "boundary", "trust_rate", "trust_loss_ratio")
SCORES = (
    "wai_sr_client", "wai_sr_client_bond", "wai_sr_client_task", "wai_sr_client_goal", "wai_sr_therapist",
    "blri_empathy", "core_10", "csq_8", "srs", "ors", "trust_trs", "frame_too_close", "frame_too_distant",
    "rupture_client", "rupture_therapist", "rupture_observer",
)  # fmt: skip
FOLLOWED = ("wai_sr_client_bond", "wai_sr_client_goal", "blri_empathy", "trust_trs")
WINDOWS = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 20))
ASKED = ("trust_", "frame_")
FOLDS, RIDGE, DEGREE = 10, 0.01, 2


def described(result: Result) -> dict[str, float]:
    """Return what is reported of a clinic, by name."""
    sessions = result.sessions.select("client", "session", *SCORES).sort("client", "session")
    before = {f"before {name}": pl.col(name).shift(1).over("client") for name in SCORES}
    after = {f"after {name}": pl.col(name).shift(-1).over("client") for name in FOLLOWED}
    sessions = sessions.with_columns(**before, **after)
    asked: dict[str, pl.Expr] = {}
    for name in SCORES:
        score, change = pl.col(name), pl.col(name) - pl.col(f"before {name}")
        for first, last in WINDOWS:
            within = score.filter(pl.col("session").is_between(first, last))
            asked[f"{name} {first}"] = within.mean()
            asked[f"{name} spread {first}"] = within.std()
        asked[f"{name} change spread"] = change.std()
        asked[f"{name} change skew"] = change.skew()
    deep, calm = pl.col("rupture_observer") >= 3, pl.col("rupture_observer") <= 1
    noticed = pl.col("rupture_therapist") >= 2
    when = {"calm": calm, "noticed": deep & noticed, "unnoticed": deep & ~noticed}
    for name in FOLLOWED:
        for which, flag in when.items():
            asked[f"{name} {which}"] = pl.col(name).filter(flag).mean()
            asked[f"{name} after {which}"] = (
                (pl.col(f"after {name}") - pl.col(name)).filter(flag).mean()
            )
        asked[f"{name} again"] = pl.corr(name, f"before {name}")
    found = sessions.select(**asked).row(0, named=True)
    began = result.clients.filter(pl.col("sessions") > 0)
    left = began["status"] == "dropped_out"
    for session in (1, 2, 3, 5, 20):
        found[f"left by {session}"] = float((left & (began["sessions"] <= session)).mean())
    found["ended as planned"] = float((began["status"] == "completed").mean())
    return {name: math.nan if value is None else value for name, value in found.items()}


def standardised(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a table with its gaps at the mean, each column in standard deviations, far ones drawn in."""
    table = table[:, np.isfinite(table).any(axis=0)]
    table = np.where(
        np.isfinite(table), table, np.nanmean(np.where(np.isfinite(table), table, np.nan), axis=0)
    )
    spread = table.std(axis=0)
    kept = spread > 1e-9
    return np.clip((table[:, kept] - table[:, kept].mean(axis=0)) / spread[kept], -5.0, 5.0)


def explained(table: NDArray[np.float64], value: NDArray[np.float64]) -> float:
    """Return R² out of sample."""
    x = standardised(table)
    y = (value - value.mean()) / value.std()
    kernel = (1.0 + x @ x.T / x.shape[1]) ** DEGREE
    fold = np.arange(len(y)) % FOLDS
    predicted = np.empty_like(y)
    for one in range(FOLDS):
        out, rest = fold == one, fold != one
        weights = np.linalg.solve(kernel[np.ix_(rest, rest)] + RIDGE * np.eye(rest.sum()), y[rest])
        predicted[out] = kernel[np.ix_(out, rest)] @ weights
    return float(1.0 - ((y - predicted) ** 2).mean())


@pytest.mark.slow
def test_trust_empathy_and_boundary_are_recovered_from_what_is_reported() -> None:
    ranges = np.array([(PARAMETERS[name].low, PARAMETERS[name].high) for name in NAMES])
    points = qmc.scale(qmc.Sobol(len(NAMES), seed=1).random(1024), ranges[:, 0], ranges[:, 1])
    rows = []
    for seed, point in enumerate(points):
        values = dict(zip(NAMES, map(float, point), strict=True))
        clinic = Parameters(clients=400, therapists=40, arrivals_per_week=80.0, **values)
        rows.append(described(simulate(clinic, seed=seed, histories=True, threads=1)))
    table = pl.DataFrame(rows)
    unasked = table.select(pl.exclude([c for c in table.columns if c.startswith(ASKED)]))
    for place, name in enumerate(NAMES):
        everything = explained(table.to_numpy(), points[:, place])
        without = explained(unasked.to_numpy(), points[:, place])
        assert everything >= 0.8, name
        assert without >= 0.5, name
