"""Predictions are judged rightly, claims are worded by what the interval bears out, files are checked."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboards.lessons.catalogue import find_lesson, lessons, parse_lesson
from dashboards.lessons.findings import Finding
from dashboards.lessons.lesson import Claim
from dashboards.lessons.measures.measure import CLIENTS
from dashboards.lessons.predictions import (
    answers,
    assess,
    model_answer,
    right_answer,
    understood,
)
from dashboards.lessons.questions import Check
from dashboards.lessons.running import LessonResult, result_of
from dashboards.lessons.wording import (
    bears_out,
    claim_in_words,
    filled,
    in_words,
)
from experiments.quantities.estimate import Estimate
from experiments.quantities.writing import fixed
from simulation.errors import AllianceError
from tests.dashboards.own_lesson import BASE

SIZES = st.floats(-40, 40).map(lambda x: round(x, 3))
HALVES = st.floats(0.01, 5).map(lambda x: round(x, 3))


def found(name, value=0.0, half=0.1, **changes):
    plain = Finding(
        name, name, Estimate(value, value - half, value + half), 10.0, 10.0 - value, CLIENTS, True,
    )  # fmt: skip
    return replace(plain, **changes)


def finished(key, **values):
    """A result of a lesson with findings as given, as (value, half width)."""
    lesson = find_lesson(key)
    every = {
        one.name: found(one.name, *values.get(one.name, (0.0, 0.1))) for one in lesson.findings
    }
    return LessonResult(lesson, MappingProxyType(every), MappingProxyType({}), (), (), ())


@given(SIZES, HALVES)
def test_a_direction_is_right_only_on_the_side_of_the_whole_interval(value, half):
    result = finished("empathy_without_boundaries", gain=(value, half))
    margin = result.lesson.predict.margin
    right = right_answer(result)
    assert (right == "same") == (abs(value) + half <= margin + 1e-12)
    # Nothing that counts as no difference is called one.
    assert (right == "more") == (value - half > margin)
    assert (right == "less") == (value + half < -margin)
    for key, _ in answers(result.lesson):
        verdict = assess(result, key).verdict
        assert verdict == ("open" if right is None else "right" if key == right else "wrong")


@given(SIZES, HALVES, st.integers(-20, 50))
def test_a_number_is_right_inside_the_interval_close_nearby_and_wrong_far_off(value, half, guess):
    result = finished("rupture_and_repair", dropout=(value, half))
    close = result.lesson.predict.close
    assessment = assess(result, float(guess))
    if value - half <= guess <= value + half:
        assert assessment.verdict == "right"
    elif abs(guess - value) > max(close, 0.1):
        assert assessment.verdict == "wrong"
        assert ("too high" if guess > value else "too low") in assessment.sentence
    else:
        assert assessment.verdict in {"close", "right"}


@given(st.tuples(SIZES, HALVES), st.tuples(SIZES, HALVES))
@example((-5.0, 1.0), (10.0, 1.0))  # both
@example((-5.0, 1.0), (0.0, 1.0))  # the gain alone
def test_a_choice_is_right_when_all_its_checks_hold(gain, dropout):
    result = finished("tired_team", gain=gain, dropout=dropout)
    right = right_answer(result)
    less = gain[0] + gain[1] < -0.5
    more_leave = dropout[0] - dropout[1] > 2
    same_leave = dropout[0] - dropout[1] >= -2 and dropout[0] + dropout[1] <= 2
    assert (right == "both") == (less and more_leave)
    assert (right == "helps_less") == (less and same_leave)
    if gain[0] - gain[1] > 0.5:
        assert right is None
    for key, _ in answers(result.lesson):
        # Studies agree with this one.
        wrong = "published" if key == "helps_less" else "wrong"
        assert assess(result, key).verdict == (
            "open" if right is None else "right" if key == right else wrong
        )


def test_prediction_and_result_are_told_and_what_counts_as_close():
    result = finished("rupture_and_repair", dropout=(4.2, 1.1))
    assessment = assess(result, 10)
    assert assessment.sentence == (
        "You said 10.0 clients in 100; the model says 4.2 clients in 100 (3.1 to 5.3). You were 5.8 too high."
    )
    assert (
        assessment.measured == "Inside the interval counts as right, up to 4 off counts as close."
    )
    fewer = finished("empathy_without_boundaries", gain=(-2.0, 0.5))
    assert (
        "the model says: 2.0 clients in 100 fewer (1.5 to 2.5)"
        in assess(fewer, "more").sentence.lower()
    )


@pytest.mark.parametrize("entered", ["twelve", "", "nan", "1e9", "-51"])
def test_what_is_no_number_in_range_is_refused_with_what_is_allowed(entered):
    with pytest.raises(AllianceError, match="from −50 to 50"):
        understood(find_lesson("rupture_and_repair"), entered)


def test_a_decimal_comma_and_a_real_minus_sign_are_understood():
    assert understood(find_lesson("rupture_and_repair"), "\N{MINUS SIGN}3,5") == -3.5


def test_an_answer_that_is_not_offered_is_refused():
    with pytest.raises(AllianceError, match="more, less, same"):
        understood(find_lesson("empathy_without_boundaries"), "perhaps")


@given(SIZES, HALVES, SIZES)
def test_a_check_is_borne_out_contradicted_or_open_and_never_two_of_them(value, half, bound):
    one = found("x", value, half)
    above = bears_out(Check(finding="x", side="above", bound=bound), one)
    below = bears_out(Check(finding="x", side="below", bound=bound), one)
    if above is None:
        assert below is None
        assert one.estimate.low <= bound <= one.estimate.high
    else:
        assert below is (not above)


@given(SIZES, HALVES)
def test_a_claim_turned_around_is_told_in_its_other_words(value, half):
    claim = Claim(
        text="It helps, by {x}.",
        checks=({"finding": "x", "side": "above"},),
        contradicted="It does not help ({x}).",
    )
    one = found("x", value, half)
    words, shown = claim_in_words(claim, {"x": one})
    turned, shown_turned = claim_in_words(claim, {"x": found("x", -value, half)})
    if shown is None:
        assert shown_turned is None
        assert "leaves this open" in words
    else:
        assert shown_turned is (not shown)
        assert words.startswith("It helps") is shown
        assert turned.startswith("It helps") is not shown


def test_a_claim_with_checks_must_have_other_words():
    with pytest.raises(ValueError, match="contradicted"):
        Claim(text="It helps a lot.", checks=({"finding": "x", "side": "above"},))


def test_differences_are_told_as_sizes_only_where_the_sign_is_sure():
    assert in_words(found("x", -4.2, 1.0)) == "4.2 clients in 100 fewer (3.2 to 5.2)"
    assert (
        in_words(found("x", -0.2, 1.0))
        == "\N{MINUS SIGN}0.2 clients in 100 (\N{MINUS SIGN}1.2 to 0.8)"
    )
    assert filled("by {x}", {"x": found("x", -4.2, 1.0)}) == "by 4.2 clients in 100 (3.2 to 5.2)"
    assert fixed(-0.04, 1) == "0.0"
    two = {"x": found("x", -4.2, 1.0)}
    assert filled("{x.arm} against {x.baseline}", two) == "10.0 clients in 100 against 14.2"


def test_a_lesson_is_called_by_its_file():
    assert parse_lesson(BASE, "own.toml").key == "own"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('fact = "F11"', 'fact = "F999"', "F999 is not the id of a fact"),
        ("empathy = 0.8", "empaty = 0.8", "Did you mean empathy"),
        ("empathy = 0.8", "empathy = 8.0", "empathy"),
        ('measure = "dropped_out"', 'measure = "droped_out"', "Did you mean dropped_out"),
        ('baseline = "kind"', 'baseline = "cold"', "names the arm cold"),
        ('It keeps {stay}.', 'It keeps {stays}.', "names the finding stays"),
        ('It keeps {stay}.', 'It keeps {stay.wrong}.', "stay.wrong"),
        ('level = "introductory"', 'level = "introductory"\nminutes = 30', "minutes is not an entry of a lesson"),
        ('discuss = "Close"', "", "instructor.stages.discuss"),
        ('discuss = "Close"', 'discus = "Close"', "instructor.stages.discuss"),
        ('kind = "number"', 'kind = "essay"', "predict"),
        ("low = 0", "low = 60", "low must be less than high"),
        ('side = "above"', 'side = "over"', "side"),
        ('contradicted = "It does not: {stay}."', "", "needs contradicted"),
        ('title = "A lesson', 'title = A lesson', "not valid TOML"),
    ],
)  # fmt: skip
def test_a_faulty_lesson_is_refused_with_its_file_and_the_entry(old, new, says):
    assert old in BASE
    with pytest.raises(AllianceError, match=says) as refused:
        parse_lesson(BASE.replace(old, new, 1), "own.toml")
    assert "own.toml" in str(refused.value)


def test_an_unknown_lesson_names_the_nearest():
    with pytest.raises(AllianceError, match="Did you mean too_rigid"):
        find_lesson("to_rigid")


def bounds(checks):
    for check in checks:
        yield from (
            {check.bound - check.margin, check.bound + check.margin}
            if check.margin > 0.5
            else {check.bound}
        )


@pytest.mark.parametrize("key", [lesson.key for lesson in lessons()])
def test_the_margins_that_a_prediction_is_assessed_by_are_said(key):
    result = result_of(key)
    question = result.lesson.predict
    if question.kind == "number":
        for answer in (question.low, question.high, result.found[question.finding].estimate.value):
            measured = assess(result, answer).measured
            assert f"up to {question.close:g} off counts as close" in measured
        assert model_answer(result).measured == measured
        return
    right = right_answer(result)
    for answer, _ in answers(result.lesson):
        measured = assess(result, answer).measured
        assert measured.endswith("The whole 95 % interval decides, which holds chance alone.")
        if question.kind == "direction":
            assert f"Up to {question.margin:g} " in measured
            continue
        for option in question.options:
            if option.key not in {answer, right}:
                continue
            for bound in bounds(option.checks):
                written = f"{bound:g}".replace("-", "\N{MINUS SIGN}")
                assert re.search(rf"(^| ){re.escape(written)}( |\.|;|$)", measured)


@pytest.mark.parametrize("key", ["tired_team", "too_rigid"])
@given(st.data())
def test_answers_do_not_overlap_whatever_the_run_gives(key, data):
    names = [one.name for one in find_lesson(key).findings]
    values = {name: data.draw(st.tuples(SIZES, HALVES)) for name in names}
    result = finished(key, **values)
    holding = [
        option.key
        for option in result.lesson.predict.options
        if all(bears_out(check, result.found[check.finding]) for check in option.checks)
    ]
    assert len(holding) <= 1


def test_a_run_that_fits_no_answer_says_so_and_gives_its_numbers():
    none = finished("tired_team", gain=(3.0, 0.1), dropout=(9.0, 0.1))
    assert "The model shows none of the answers." in assess(none, "both").sentence
    unsure = finished("tired_team", gain=(-0.5, 0.2), dropout=(9.0, 0.1))
    said = assess(unsure, "both").sentence
    assert "the model cannot tell" in said
    assert "0.5 clients in 100 fewer (0.3 to 0.7)" in said
