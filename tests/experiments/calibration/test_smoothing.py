"""Ensembles are moved to where Bayes' rule has them: exactly for a clinic that is linear."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.calibration.smoothing import moved
from experiments.calibration.targets import Target, Targets

SLOPES = np.array([[1.0, 0.5], [-0.3, 0.8], [0.2, 0.1]])
STEPS = 4


def targets(values: list[float], sd: float) -> Targets:
    return Targets(
        tuple(Target(str(n), "", (), one - 2 * sd, one + 2 * sd) for n, one in enumerate(values))
    )


@pytest.mark.parametrize("sd", [0.5, 1.5])
def test_a_linear_clinic_is_found_as_surely_as_bayes_rule_finds_it(sd: float) -> None:
    aimed = targets([1.2, -0.4, 0.3], sd)
    assert aimed.sds == pytest.approx(sd)
    random = np.random.default_rng(1)
    places = random.standard_normal((20_000, 2))
    for _ in range(STEPS):
        places = moved(places, places @ SLOPES.T, aimed, STEPS, random)
    spread = np.linalg.inv(np.eye(2) + SLOPES.T @ SLOPES / sd**2)
    assert places.mean(axis=0) == pytest.approx(spread @ SLOPES.T @ aimed.values / sd**2, abs=0.03)
    assert np.cov(places.T) == pytest.approx(spread, abs=0.03)


@pytest.mark.parametrize("members", [24, 400])
def test_few_members_follow_a_weak_correlation_less_far(members: int) -> None:
    """By the weight of Furrer & Bengtsson (2007), here with one statistic whose regression is known."""
    random = np.random.default_rng(1)
    places = random.standard_normal((members, 1))
    given = 0.3 * places + random.standard_normal((members, 1))
    there, further = (
        moved(places, given, targets([value], 0.5), STEPS, np.random.default_rng(2))
        for value in (0.5, 1.5)
    )
    r2 = np.corrcoef(places[:, 0], given[:, 0])[0, 1] ** 2
    (_, together), (_, own) = np.cov(places[:, 0], given[:, 0])
    weight = r2 / (r2 + (1 + r2) / (members - 1))
    undamped = together / (own + STEPS * 0.5**2)
    assert further - there == pytest.approx(weight * undamped, rel=1e-9)
