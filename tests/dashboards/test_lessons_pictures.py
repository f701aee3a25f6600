"""Bands of a lesson's charts stay where a questionnaire or a share can be."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dashboards.charts.figures import Bars, Figure, Lines, numbers
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.findings import computed
from dashboards.lessons.measures import MEASURES
from dashboards.lessons.pictures import picture
from dashboards.lessons.running import result_of
from dashboards.lessons.wanted import FigureWanted, FindingWanted

if TYPE_CHECKING:
    from dashboards.lessons.lesson import Lesson
    from experiments.quantities.estimate import Estimate

LESSON = find_lesson("who_is_still_there")


def arm(panel: np.ndarray, dropped_out: np.ndarray) -> SimpleNamespace:
    """Return a finished arm of a few clients with these ratings."""
    started = np.ones(len(panel), dtype=bool)
    tables = SimpleNamespace(
        panel=lambda _: panel,
        started=started,
        dropped_out=dropped_out,
        study=np.arange(len(panel)) % 3,
        studies=3,
    )
    return SimpleNamespace(title="few", tables=tables)


def few_clients() -> SimpleNamespace:
    """Return nine clients, of whom none of the strongest third by first rating left."""
    first = np.array([20.0, 20, 20, 40, 40, 40, 50, 50, 50])
    left = np.array([1, 1, 0, 1, 0, 0, 0, 0, 0], dtype=bool)
    return arm(first[:, None], left)


def test_a_band_of_ratings_ends_where_the_questionnaire_does() -> None:
    low, high = 12, 60
    middle = (low + high) / 2
    panel = np.array(
        [[high, low, high], [high, low, middle], [middle, middle, middle]], dtype=float
    )
    wanted = FigureWanted(kind="curve", title="A curve", arms=("few",))
    few = arm(panel, np.zeros(3, dtype=bool))
    figure = picture(wanted, LESSON, {"few": few}, {})
    assert isinstance(figure, Lines)
    band = figure.series[0]
    assert max(band.high) == high
    assert min(band.low) == low
    for below, value, above in zip(band.low, band.values, band.high, strict=True):
        assert below <= value <= above


def test_an_interval_of_a_share_ends_at_none_and_at_all() -> None:
    wanted = FigureWanted(kind="leaving", title="Who leaves", arms=("few",))
    for value, low, high in drawn(picture(wanted, LESSON, {"few": few_clients()}, {})):
        assert 0.0 <= low <= value <= high <= 1.0


@pytest.mark.parametrize("lesson", lessons(), ids=lambda one: one.key)
def test_a_chart_and_the_text_of_a_lesson_show_the_same_interval(lesson: Lesson) -> None:
    result = result_of(lesson.key)
    values = {
        (one.measure, one.arm): result.found[one.name].estimate
        for one in lesson.findings
        if one.measure and not one.baseline
    }
    for wanted, figure in zip(lesson.figures, result.figures, strict=True):
        arms = wanted.arms or tuple(one.name for one in lesson.arms)
        if wanted.kind == "findings":
            said = [result.found[name].estimate for name in wanted.findings]
            assert drawn(figure) == [rounded(one) for one in said]
        if wanted.kind == "levels":
            for place, arm_name in enumerate(arms):
                said = values.get((wanted.measure, arm_name))
                assert said is None or drawn(figure)[place] == rounded(said)


def test_the_thirds_of_the_chart_are_the_measures_of_the_text() -> None:
    """What parted them once: a normal interval in the chart, Student's in the text."""
    arms = {"few": few_clients()}
    wanted = FigureWanted(kind="leaving", title="Who leaves", arms=("few",))
    shown = drawn(picture(wanted, LESSON, arms, {}))
    for third, measure in ((0, "dropped_out_weak"), (2, "dropped_out_strong")):
        asked = FindingWanted(name="x", label="A third", measure=measure, arm="few")
        said = computed(asked, MEASURES[measure].compute(arms["few"]), None).estimate
        assert shown[third] == pytest.approx(rounded(said.times(0.01)))


def test_nobody_of_a_few_who_left_is_no_certainty() -> None:
    wanted = FigureWanted(kind="leaving", title="Who leaves", arms=("few",))
    strongest = drawn(picture(wanted, LESSON, {"few": few_clients()}, {}))[2]
    assert strongest[0] == strongest[1] == 0.0
    assert strongest[2] > 0.3


def rounded(one: Estimate) -> tuple[float | None, ...]:
    return numbers((one.value, one.low, one.high))


def drawn(figure: Figure, place: int = 0) -> list[tuple[float | None, ...]]:
    assert isinstance(figure, Bars)
    one = figure.series[place]
    return list(zip(one.values, one.low, one.high, strict=True))
