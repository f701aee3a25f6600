"""A prediction is marked, without colour, in every chart that shows what it is about: on dashboard and page alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.charts.figures import Axis, Bars, Lines, Predicted, Series, as_json
from dashboards.lessons.catalogue import find_lesson, lessons, parse_lesson
from dashboards.lessons.class_answers import possible
from dashboards.lessons.marks import marks, with_prediction
from dashboards.lessons.predictions import right_answer
from dashboards.lessons.questions import DirectionQuestion
from dashboards.lessons.running import result_of
from experiments.quantities.writing import fixed
from simulation.errors import AllianceError
from tests.dashboards.node import ASSETS, evaluate
from tests.dashboards.own_lesson import BASE

if TYPE_CHECKING:
    from dashboards.lessons.running import LessonResult

KEYS = [lesson.key for lesson in lessons()]

SHOWN = f"""
import {{ valueAxisOf }} from "{ASSETS}/axes.js";
import {{ legendOf }} from "{ASSETS}/marks.js";
import {{ isValue, pathOfMark, saidOf }} from "{ASSETS}/predicted.js";
import {{ csv }} from "{ASSETS}/rows.js";
const along = ({{ low, high }}) => [low, high].map((value) => (value === null ? null : 10 * value));
export const main = (figures) => figures.map((figure) => {{
  const {{ low, high }} = valueAxisOf(figure);
  return {{
    axis: [low, high], said: saidOf(figure), legend: legendOf(figure).map(({{ name }}) => name), csv: csv(figure),
    paths: figure.predicted.map((mark) => pathOfMark(
      mark, {{ along: along(mark), ends: [0, 500], across: 50, half: 8 }}
    )),
    values: figure.predicted.map(isValue),
  }};
}});
"""


def first_and_last(key: str) -> tuple[str, str]:
    found = possible(find_lesson(key))
    return found[0], found[-1]


def marked(result: LessonResult, answer: str) -> list[tuple[str, Predicted]]:
    return [
        (wanted.title, one)
        for wanted, found in zip(result.lesson.figures, marks(result, answer), strict=True)
        for one in found
    ]


@pytest.mark.parametrize("key", KEYS)
def test_every_answer_of_every_lesson_is_marked_in_a_chart(key: str) -> None:
    result = result_of(key)
    for answer in possible(result.lesson):
        assert marked(result, answer), answer


@pytest.mark.parametrize("key", KEYS)
def test_charts_of_what_is_asked_are_all_marked(key: str) -> None:
    """A chart of the finding, or of its measure in the arms it compares, shows what is predicted."""
    result = result_of(key)
    question = result.lesson.predict
    names = (
        {check.finding for option in question.options for check in option.checks}
        if question.kind == "choice"
        else {question.finding}
    )
    asked = [one for one in result.lesson.findings if one.name in names]
    answer = possible(result.lesson)[0]
    for wanted, found in zip(result.lesson.figures, marks(result, answer), strict=True):
        arms = set(wanted.arms or [arm.name for arm in result.lesson.arms])
        shows = bool(names & set(wanted.findings)) or any(
            wanted.kind == "levels"
            and wanted.measure == one.measure
            and {one.arm, one.baseline or one.arm} <= arms
            for one in asked
        )
        assert bool(found) == (shows or wanted.kind == "curve"), wanted.title


@pytest.mark.parametrize("key", KEYS)
def test_the_answer_that_the_run_bears_out_is_marked_where_the_model_is(key: str) -> None:
    result = result_of(key)
    right = right_answer(result)
    for figure, found in zip(
        result.figures, marks(result, right or first_and_last(key)[0]), strict=True
    ):
        for one in found:
            if isinstance(figure, Lines):
                value = figure.series[2].values[figure.xs.index(one.at)]
            else:
                assert isinstance(figure, Bars)
                value = figure.series[0].values[int(one.at)]
            assert value is not None
            low = -1e9 if one.low is None else one.low
            high = 1e9 if one.high is None else one.high
            assert (low <= value <= high) or right is None, figure.title


def test_a_difference_is_marked_in_the_arm_that_the_question_is_about() -> None:
    result = result_of("rupture_and_repair")
    found = result.found["dropout"]
    ((title, one),) = marked(result, "10")
    assert title == "Clients who drop out"
    assert one.at == [arm.name for arm in result.lesson.arms].index("none")
    assert one.low == one.high == pytest.approx(found.of_other + 10, abs=1e-3)
    feedback = result_of("feedback")
    ((_, one),) = marked(feedback, "3")
    assert feedback.lesson.arms[int(one.at)].name == "feedback"
    assert one.low == pytest.approx(feedback.found["dropout"].of_arm - 3, abs=1e-3)


def test_a_mark_where_no_clinic_can_be_says_what_it_comes_from() -> None:
    result = result_of("feedback")
    ours = result.found["dropout"].of_arm
    assert 20 < ours < 30
    ((_, beyond),) = marked(result, "30")
    assert beyond.low == pytest.approx(ours - 30, abs=1e-3)
    low = fixed(ours - 30, 1)
    assert beyond.words == f"{low}, which cannot be (the other clinic has {fixed(ours, 1)})"
    ((_, possible),) = marked(result, "20")
    assert possible.words == fixed(ours - 20, 1)


def test_a_direction_of_a_difference_is_marked_in_the_arm_that_it_is_subtracted_from() -> None:
    result = result_of("rupture_and_repair")
    finding = next(one for one in result.lesson.findings if one.name == "dropout")
    question = DirectionQuestion(
        kind="direction",
        text="Do more clients drop out there?",
        finding="dropout",
        more="More",
        less="Less",
        same="Same",
        margin=2.0,
        about=finding.baseline,
        unpublished="No study has asked this.",
    )
    asked = replace(result, lesson=result.lesson.model_copy(update={"predict": question}))
    ours = result.found["dropout"].of_arm
    found = {}
    for answer in ("more", "less", "same"):
        ((_, one),) = marked(asked, answer)
        assert [arm.name for arm in result.lesson.arms][int(one.at)] == finding.baseline
        found[answer] = (one.low, one.high)
    near = [pytest.approx(ours + away, abs=1e-3) for away in (-2.0, 2.0)]
    assert found["more"] == (None, near[0])
    assert found["less"] == (near[1], None)
    assert found["same"] == (near[0], near[1])


def test_an_answer_with_two_bounds_on_one_arm_is_marked_between_them() -> None:
    result = result_of("too_rigid")
    arms = [arm.name for arm in result.lesson.arms]
    some = {arms[int(one.at)]: one for _, one in marked(result, "some")}
    assert set(some) == {"rigid", "mending"}
    mending = some["mending"]
    assert mending.low == pytest.approx(result.found["regained"].of_other + 0.15, abs=1e-3)
    assert mending.high == pytest.approx(result.found["left"].of_other - 0.15, abs=1e-3)
    assert mending.words == f"{mending.low:.1f} to {mending.high:.1f}"
    assert some["rigid"].low is None


def test_a_number_of_worlds_is_marked_as_that_number() -> None:
    ((title, one),) = marked(result_of("correlation_is_not_cause"), "two")
    assert title == "In how many of the four worlds"
    assert (one.low, one.high, one.words) == (2.0, 2.0, "2")


@pytest.mark.parametrize("key", KEYS)
def test_the_page_has_the_marks_of_the_dashboard(key: str) -> None:
    from dashboards.page.lessons import finished

    result = result_of(key)
    for answer in finished(result.lesson)["predict"]["answers"]:
        figures = with_prediction(result, answer["key"])
        assert answer["marks"] == [as_json(figure)["predicted"] for figure in figures]


def shown(*figures: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = evaluate(SHOWN, [as_json(figure) for figure in figures])
    return found


def test_a_marked_chart_has_room_for_the_mark_and_says_it_in_words_legend_and_table() -> None:
    figures = [
        figure
        for key in KEYS
        for answer in first_and_last(key)
        for figure in with_prediction(result_of(key), answer)
        if isinstance(figure, Bars | Lines) and figure.predicted
    ]
    assert len(figures) > 20
    for figure, found in zip(figures, shown(*figures), strict=True):
        low, high = found["axis"]
        for one in figure.predicted:
            bounds = [bound for bound in (one.low, one.high) if bound is not None]
            assert all(low <= bound <= high for bound in bounds), figure.title
            # A range that is open has somewhere to go.
            assert one.low is not None or bounds[0] > low
            assert one.high is not None or bounds[-1] < high
            assert one.words in found["said"]
            assert one.words in found["csv"]
        assert found["legend"][-1] == "your prediction"
        assert len(found["legend"]) > 1
        assert "Your prediction" in found["csv"].splitlines()[0]


def test_one_value_is_a_diamond_and_a_range_a_frame_open_on_the_side_without_a_bound() -> None:
    plain = Bars("N", "S.", Axis("X"), ("a", "b"), (Series("s", (10.0, 20.0)),), points=True)
    cases = (
        (Predicted(0.0, 15.0, 15.0, "15"), 1),
        (Predicted(1.0, 10.0, 20.0, "10 to 20"), 4),
        (Predicted(1.0, None, 20.0, "below 20"), 4),
        (Predicted(1.0, 10.0, None, "above 10"), 4),
    )
    found = shown(*(replace(plain, predicted=(one,)) for one, _ in cases))
    for (_, strokes), one in zip(cases, found, strict=True):
        assert one["paths"][0].count("M") == strokes
    assert [one["values"][0] for one in found] == [True, False, False, False]
    assert found[0]["paths"][0].endswith("Z")
    assert "a diamond: a, 15." in found[0]["said"]
    assert "a dashed frame: b, below 20." in found[2]["said"]
    # An open side has an arrow at the end of the axis in place of a bound.
    assert "0.0 50.0" in found[2]["paths"][0]
    assert "500.0 50.0" in found[3]["paths"][0]


def test_a_chart_without_a_prediction_says_nothing_of_one() -> None:
    (found,) = shown(result_of("feedback").figures[0])
    assert found["said"] == ""
    assert found["legend"] == []
    assert "prediction" not in found["csv"]


def test_an_arm_that_a_question_is_about_must_exist() -> None:
    with pytest.raises(AllianceError, match="names the arm cold"):
        parse_lesson(BASE.replace("close = 3", 'close = 3\nabout = "cold"'), "own.toml")
