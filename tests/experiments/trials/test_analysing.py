"""What analyses are given of a trial, and what is made of their p values."""

from __future__ import annotations

import numpy as np
import polars as pl

from experiments.inference.significance import holm
from experiments.trials.analysing import analyses_of, fits_frame
from experiments.trials.observing import simulate_trials
from tests.experiments.trials.small_trials import ARMS, design

THREE = {**ARMS, "feedback": {"policies": ["progress_feedback"]}}
NUMBERS = ("estimate", "se", "df", "p", "low", "high")


def fits(analysis: list[dict[str, object]], **changes: object) -> pl.DataFrame:
    made = design(analysis=analysis, **changes)
    return fits_frame(made, analyses_of(made), simulate_trials(made, range(3)))


def test_arms_are_compared_in_the_primary_week_if_no_other_is_named() -> None:
    kind = {"kind": "lmm3"}
    found = fits([kind, {**kind, "primary": 6}, {**kind, "primary": 12}])
    usual, primary, last = (
        found.filter(pl.col("analysis") == number).select(NUMBERS) for number in range(3)
    )
    assert np.isfinite(usual.to_numpy()).all()
    assert usual.equals(primary)
    assert (usual["estimate"] != last["estimate"]).all()


def test_p_values_of_several_arms_are_adjusted_trial_by_trial() -> None:
    found = fits([{"kind": "t"}], arms=THREE, design={"therapists": 6})
    p, adjusted = (found[name].to_numpy().reshape(3, 2) for name in ("p", "p_holm"))
    assert found["contrast"].to_list() == [1, 2] * 3
    assert np.array_equal(adjusted, holm(p))
    assert (adjusted > p).any()
