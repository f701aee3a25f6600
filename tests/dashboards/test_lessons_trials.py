"""A trial that ignores therapists, as a lesson counts it, is Student's t test of every clinic."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from dashboards.lessons.measures import MEASURES
from dashboards.lessons.measures.measure import ArmRun
from simulation.presets import layered
from simulation.running import simulate


def test_false_alarms_are_counted_by_the_t_test_of_the_halves_of_a_team() -> None:
    clinics = 30
    settings = layered((), {"therapists": 4, "clients": 40})
    run = ArmRun("a", "an arm", simulate(settings, seed=3, replicates=clinics, threads=1))
    tables = run.tables
    change = tables.client("core_10_intake") - tables.client("core_10_last")
    therapist = tables.client("therapist").astype(int)
    known = tables.started & np.isfinite(change) & (therapist >= 0)
    p = [
        ttest_ind(
            change[known & (tables.study == clinic) & (therapist < 2)],
            change[known & (tables.study == clinic) & (therapist >= 2)],
        ).pvalue
        for clinic in range(clinics)
    ]
    found = MEASURES["false_alarms"].compute(run)
    assert found.estimate.value == pytest.approx(100 * np.mean(np.array(p) < 0.05))
    assert 0 < found.estimate.value < 100
    np.testing.assert_array_equal(found.parts > 0, np.array(p) < 0.05)
