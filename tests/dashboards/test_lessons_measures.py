"""Lessons measure what the catalogue has, with intervals that a share of nobody has, too."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dashboards.charts.figures import Bars
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.findings import computed
from dashboards.lessons.measures import MEASURES
from dashboards.lessons.measures.measure import CLIENTS, Measured, from_outcome
from dashboards.lessons.pictures import picture
from dashboards.lessons.running import result_of
from dashboards.lessons.wanted import FigureWanted, FindingWanted
from dashboards.lessons.wording import amount, in_words
from experiments.catalogue import OUTCOMES, outcome
from experiments.outcomes.estimating import estimated
from experiments.quantities.estimate import Estimate
from experiments.quantities.intervals import difference_of_shares, share_of
from experiments.tables.run_tables import RunTables
from simulation.clinic import STATUSES

if TYPE_CHECKING:
    from dashboards.lessons.lesson import Lesson

DROPPED_OUT = MEASURES["dropped_out"]


def arm(*dropped_out: int, clients: int = 20) -> SimpleNamespace:
    """Return a finished arm with clinics in which so many clients dropped out."""
    status = [
        STATUSES.index("dropped_out" if place < left else "completed")
        for left in dropped_out
        for place in range(clients)
    ]
    tables = RunTables(
        {
            "replicate": np.repeat(np.arange(len(dropped_out)), clients),
            "client": np.tile(np.arange(clients), len(dropped_out)),
            "status": np.array(status, dtype=np.int8),
            "sessions": np.full(len(status), 4),
        }
    )
    return SimpleNamespace(title="an arm", tables=tables)


def finding(one: SimpleNamespace, other: SimpleNamespace | None = None):
    wanted = FindingWanted(name="left", label="Dropout", measure="dropped_out", arm="a")
    against = None if other is None else DROPPED_OUT.compute(other)
    return computed(wanted, DROPPED_OUT.compute(one), against)


def test_a_lesson_can_measure_every_outcome() -> None:
    assert set(OUTCOMES) < set(MEASURES)
    run = arm(3, 5, 4)
    for name in ("dropout_rate", "mean_sessions"):
        in_lesson = MEASURES[name].compute(run)
        factor = 100.0 if OUTCOMES[name].unit.percent else 1.0
        assert in_lesson.estimate == estimated(OUTCOMES[name], run.tables).times(factor)
        assert in_lesson.parts.tolist() == (OUTCOMES[name](run.tables) * factor).tolist()


def test_a_measure_for_students_is_the_outcome_in_another_unit() -> None:
    mine = from_outcome("mine", "dropout_rate", "Clients who leave.", CLIENTS, factor=100.0)
    assert mine.label == outcome("dropout_rate").label
    assert amount(mine.compute(arm(3, 5, 4)).estimate.value, mine.unit) == "20.0 clients in 100"


def test_nobody_who_left_is_said_and_drawn_with_the_same_interval() -> None:
    nobody = arm(0, 0, 0)
    wilson = share_of(0, 60).times(100.0)
    found = finding(nobody)
    assert (found.estimate.low, found.estimate.high) == (0.0, wilson.high)
    assert in_words(found) == f"0.0 clients in 100 (0.0 to {wilson.high:.1f})"
    wanted = FigureWanted(kind="levels", title="Who leaves", measure="dropped_out", arms=("a",))
    figure = picture(wanted, find_lesson("why_people_leave"), {"a": nobody}, {})
    assert isinstance(figure, Bars)
    (one,) = figure.series
    assert one.high == (round(wilson.high, 4),)


def test_nobody_in_either_arm_is_no_certain_equality() -> None:
    found = finding(arm(0, 0), arm(0, 0)).estimate
    assert found.low < 0.0 == found.value < found.high


def test_equal_luck_in_both_arms_is_an_equality() -> None:
    assert finding(arm(3, 5), arm(3, 5)).estimate == Estimate(0.0, 0.0, 0.0)


def test_a_difference_of_shares_has_newcombes_interval() -> None:
    """The example of Newcombe 1998: 56 of 70 and 48 of 80."""
    found = difference_of_shares(share_of(56, 70), share_of(48, 80))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_parts_that_differ_speak_for_themselves() -> None:
    one, other = arm(3, 5, 4), arm(2, 2, 3)
    found = DROPPED_OUT.compute(one).less(DROPPED_OUT.compute(other))
    assert isinstance(found, Measured)
    assert found.parts == pytest.approx([5.0, 15.0, 5.0])
    assert found.estimate.value == pytest.approx(25 / 3)


@pytest.mark.parametrize("lesson", lessons(), ids=lambda one: one.key)
def test_the_words_under_a_chart_say_the_numbers_that_are_drawn(lesson: Lesson) -> None:
    result = result_of(lesson.key)
    for wanted, figure in zip(lesson.figures, result.figures, strict=True):
        if wanted.kind == "findings":
            for name in wanted.findings:
                assert in_words(result.found[name]) in figure.summary
        if wanted.kind == "levels":
            unit = MEASURES[wanted.measure].unit
            assert isinstance(figure, Bars)
            for value in figure.series[0].values:
                assert amount(value, unit) in figure.summary
