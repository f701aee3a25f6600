"""The search for the variance of one random intercept, held against the criterion computed from whole matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.inference import analysis

Floats = NDArray[np.float64]

RATIOS = np.concatenate([[0.0], np.geomspace(1e-3, 1e4, 100)])


def trial_with_a_covariate_of_therapists(seed: int) -> dict[str, Any]:
    """Return a small trial whose covariate says one thing within therapists and another between them.

    So the criterion often has two minima. Every other trial has clusters of one size, every third clients without a
    therapist.
    """
    random = np.random.default_rng(seed)
    therapists, size = int(random.integers(4, 9)), int(random.integers(3, 6))
    sizes = np.full(therapists, size) if seed % 2 else random.integers(1, 12, therapists)
    therapist = np.repeat(np.arange(therapists), sizes)
    if seed % 3 == 0:
        therapist = np.append(therapist, [-1] * 5)
    n = len(therapist)
    of_therapist = np.append(3 * random.standard_normal(therapists), 0.0)
    base = of_therapist[therapist] + 0.3 * random.standard_normal(n)
    score = 0.5 * base - 2 * of_therapist[therapist] * random.uniform()
    score += random.standard_normal(n)
    score += random.uniform() * np.append(random.standard_normal(therapists), 0.0)[therapist]
    return {"therapist": therapist, "arm": therapist % 2, "base": base, "score": score}


def criteria(trial: dict[str, Any], ratios: Floats) -> Floats:
    """Return the REML criterion, the residual variance profiled out, at ratios of the variances."""
    therapist, score = trial["therapist"], trial["score"]
    n = len(score)
    design = np.column_stack([np.ones(n), trial["base"], trial["arm"]])
    together = (therapist[:, None] == therapist) & (therapist >= 0)[:, None]
    v = np.eye(n) + ratios[:, None, None] * together
    columns = np.column_stack([design, score])
    solved = columns.T @ np.linalg.solve(v, np.broadcast_to(columns, (len(ratios), *columns.shape)))
    log_v = np.linalg.slogdet(v)[1]
    log_x = np.linalg.slogdet(solved[:, :-1, :-1])[1]
    squares = np.exp(np.linalg.slogdet(solved)[1] - log_x)
    left = n - design.shape[1]
    result: Floats = log_v + log_x + left * (np.log(2 * np.pi * squares / left) + 1)
    return result


@pytest.mark.parametrize("equal", [False, True])
def test_the_lowest_of_several_minima_is_found(equal: bool) -> None:
    taken = set()
    for seed in range(int(equal), 400, 2):
        trial = trial_with_a_covariate_of_therapists(seed)
        fit = analysis("lmm")(trial)
        assert fit.failed is None
        heights = criteria(trial, RATIOS)
        ratio = fit.variances["therapist"] / fit.variances["residual"]
        assert fit.reml <= heights.min() + 1e-9
        assert fit.reml == pytest.approx(criteria(trial, np.array([ratio]))[0], abs=1e-8)
        falls = np.concatenate([[True], np.diff(heights) < 0])
        minima = np.flatnonzero(falls[:-1] & ~falls[1:])
        if len(minima) > 1:
            taken.add((bool(minima[0] == 0), int(np.argmin(heights[minima]))))
    # Whether 0 is a minimum, and which of two is the lowest: the first one, or one farther up the grid.
    assert taken >= {(False, 0), (False, 1), (True, 1)}


@pytest.mark.parametrize("df", ["kenward_roger", "satterthwaite", "between_within"])
@pytest.mark.parametrize("seed", [1, 2, 3, 6])
def test_order_gaps_and_a_distant_origin_change_nothing(df: str, seed: int) -> None:
    trial = trial_with_a_covariate_of_therapists(seed)
    expected = analysis("lmm", df=df)(trial)
    n = len(trial["arm"])
    order = np.random.default_rng(seed).permutation(n)
    # Rows with a gap in the score or in the covariate stand between the others, one of them first.
    place = np.sort(np.random.default_rng(seed + 1).choice(np.arange(1, n + 4), n, replace=False))
    gaps = np.setdiff1d(np.arange(n + 4), place)
    other: dict[str, Any] = {}
    for name, values in trial.items():
        other[name] = np.zeros(n + 4, dtype=values.dtype)
        other[name][place] = values[order]
    other["score"] += 1e5
    other["base"] -= 1e4
    other["score"][gaps[::2]] = np.nan
    other["base"][gaps[1::2]] = np.inf
    fit = analysis("lmm", df=df)(other)
    assert fit.reml == pytest.approx(expected.reml, abs=1e-6)
    assert fit.estimate == pytest.approx(expected.estimate, rel=1e-7)
    assert fit.se == pytest.approx(expected.se, rel=1e-7)
    assert fit.df == pytest.approx(expected.df, rel=1e-6)


def test_a_trial_among_others_is_as_it_is_alone() -> None:
    trials = [trial_with_a_covariate_of_therapists(seed) for seed in range(12)]
    rows = {name: np.concatenate([trial[name] for trial in trials]) for name in trials[0]}
    offsets = np.cumsum([0, *(len(trial["arm"]) for trial in trials)])
    many = analysis("lmm").many(rows, offsets)
    for number, trial in enumerate(trials):
        assert many.contrasts(number)[0] == analysis("lmm")(trial)


def test_numbers_of_therapists_may_be_large_or_of_any_type() -> None:
    trial = trial_with_a_covariate_of_therapists(5)
    expected = analysis("lmm")(trial)
    distant = {**trial, "therapist": trial["therapist"] * 1_000_003}
    assert analysis("lmm")(distant) == expected
    small = {**trial, "therapist": trial["therapist"].astype(np.int8), "arm": trial["arm"] == 1}
    assert analysis("lmm")(small) == expected
