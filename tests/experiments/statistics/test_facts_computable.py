"""Every published fact with a statistic can be computed from tables, and in time that grows as they do."""

from __future__ import annotations

import math
import re
import time

import pytest

from experiments.catalogue import CONTRASTS, STATISTICS, statistic
from experiments.evidence import load_facts
from experiments.statistics.pooling import batch_estimate
from simulation.errors import AllianceError

COMPUTED = [one for one in load_facts() if one.computed]


@pytest.fixture(scope="module")
def many(make_synthetic):
    return make_synthetic(studies=30, clients=80, width=26)


@pytest.mark.parametrize("one", COMPUTED, ids=lambda one: one.id)
def test_the_statistic_of_a_fact_runs(one, many):
    arms = (many, many) if one.policy else (many,)
    value = statistic(one.statistic_function)(*arms, **dict(one.arguments))
    assert isinstance(value, float)
    # The made-up therapists all have the same number of clients for each of them in a study.
    if one.statistic_function != "patient_therapist_ratio_slope":
        assert not math.isnan(value)


@pytest.mark.parametrize("one", COMPUTED, ids=lambda one: one.id)
def test_a_fact_with_a_policy_is_a_contrast_and_only_such_a_fact(one):
    known = CONTRASTS if one.policy else STATISTICS
    assert one.statistic_function in known


def test_an_unknown_statistic_names_the_nearest():
    with pytest.raises(AllianceError, match="Did you mean dropout_rate"):
        statistic("dropout_rates")


def test_every_statistic_names_the_finding_it_is_for():
    for one in [*STATISTICS.values(), *CONTRASTS.values()]:
        assert re.search(r"\b(F\d+|A9)\b", one.compute.__doc__ or ""), one.name


def test_ten_times_the_studies_take_about_ten_times_as_long(make_synthetic):
    def seconds(studies: int) -> float:
        tables = make_synthetic(studies=studies, clients=100, width=20)
        began = time.process_time()
        for one in COMPUTED:
            arms = (tables, tables) if one.policy else (tables,)
            statistic(one.statistic_function)(*arms, **dict(one.arguments))
        return time.process_time() - began

    few = min(seconds(20) for _ in range(2))
    assert seconds(200) < 20 * few


def test_a_fact_comes_with_the_uncertainty_of_its_simulation(many):
    estimate = batch_estimate(statistic("process_outcome_r"), many)
    assert estimate.low < estimate.value < estimate.high
    assert estimate.high - estimate.low < 0.2
