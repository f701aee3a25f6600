"""What a study will cost is what its runs cost, shared out among workers as far as there are chunks."""

from __future__ import annotations

import math

import pytest

from experiments.execution.cost_estimate import CostEstimate, estimate_cost
from experiments.execution.plan import plan
from tests.experiments.studies.clinic_of_paper import SPACE, PaperClinic, small_study


def test_more_workers_than_chunks_are_no_quicker() -> None:
    cost = CostEstimate(points=6, runs=1000, chunks=4, microseconds=2000.0, bytes_a_run=50.0)
    assert [cost.seconds(workers) for workers in (0, 1, 2, 4, 8)] == [2.0, 2.0, 1.0, 0.5, 0.5]
    assert cost.megabytes == 0.05


def test_runs_are_counted_and_timed_and_those_that_fail_are_left_out() -> None:
    planned = plan(small_study(), SPACE)
    cost = estimate_cost(planned, PaperClinic(pause=0.01, fail_below_empathy=0.3))
    assert (cost.points, cost.runs, cost.chunks) == (12, 96, 7)
    assert cost.microseconds >= 10_000
    assert 0 < cost.bytes_a_run < 1_000
    nothing = estimate_cost(planned, PaperClinic(fail_below_empathy=2.0))
    assert math.isnan(nothing.microseconds)
    assert nothing.bytes_a_run == pytest.approx(cost.bytes_a_run)
