"""An answer that agrees with the published study is not called wrong where the model errs, and its error is said."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.lessons.catalogue import find_lesson, lessons, parse_lesson
from dashboards.lessons.class_answers import groups, possible
from dashboards.lessons.handout import handout
from dashboards.lessons.predictions import HEADINGS, answers, assess, model_answer
from dashboards.lessons.published_answers import published_range, studies_agree
from dashboards.lessons.running import LessonResult, explained, result_of
from experiments.evidence.reading import fact
from experiments.quantities.estimate import Estimate
from simulation.errors import AllianceError
from tests.dashboards.own_lesson import BASE

KEYS = [lesson.key for lesson in lessons()]
WITH_STUDY = [lesson.key for lesson in lessons() if lesson.predict.published]
SIZES = st.floats(-60, 160).map(lambda x: round(x, 3))


def erring(key: str, **values: float) -> LessonResult:
    """Return a lesson whose run gave other values than it does."""
    result = result_of(key)
    found = dict(result.found)
    for name, value in values.items():
        estimate = Estimate(value, value - 0.01, value + 0.01)
        found[name] = replace(found[name], estimate=estimate, of_arm=max(found[name].of_arm, 1.0))
    return replace(
        result, found=MappingProxyType(found), explanation=explained(result.lesson, found)
    )


@pytest.mark.parametrize("key", KEYS)
def test_a_lesson_says_what_studies_answer_or_that_none_does(key: str) -> None:
    result = result_of(key)
    question = result.lesson.predict
    assert bool(question.published) != bool(question.unpublished)
    said = model_answer(result).published
    if question.published:
        assert said.startswith("Published")
        assert all(f"({name})" in said for name in question.published.facts)
    else:
        assert said.startswith("No study")
    for answer in possible(result.lesson):
        assert said.removesuffix(" The model contradicts it.") in assess(result, answer).published


def test_half_of_the_lessons_ask_what_a_study_has_asked() -> None:
    assert set(WITH_STUDY) == {
        "why_people_leave",
        "tired_team",
        "therapist_effects",
        "feedback",
        "felt_and_reported",
    }


@pytest.mark.parametrize("key", WITH_STUDY)
@given(value=SIZES, other=SIZES)
def test_no_answer_that_agrees_with_the_study_is_wrong_whatever_the_model_says(
    key: str, value: float, other: float
) -> None:
    question = find_lesson(key).predict
    names = ("gain", "dropout") if key == "tired_team" else (question.finding,)
    result = erring(key, **dict(zip(names, (value, other), strict=False)))
    agreeing = 0
    for answer in possible(result.lesson):
        assessment = assess(result, answer)
        agreeing += assessment.studies is True
        assert not (assessment.studies and assessment.verdict == "wrong")
        assert assessment.heading == HEADINGS[assessment.verdict, assessment.studies]
        if assessment.verdict == "published":
            assert assessment.heading.startswith("The published study agrees with you")
    assert agreeing


def test_a_number_that_agrees_with_the_study_against_a_model_that_errs() -> None:
    result = erring("why_people_leave", early=30.0)
    assessment = assess(result, "72")
    assert assessment.verdict == "published"
    assert assessment.heading == "The published study agrees with you; this model does not."
    assert assessment.published == (
        "Published (F28): 70 dropouts in 100 (60 to 85: the range that counts as reproduced)."
        " This agrees with you. The model contradicts it."
    )
    assert assess(result, "30").heading == (
        "This model agrees with you; the published study does not."
    )
    assert assess(result, "10").heading == (
        "The model says otherwise, and so does the published study."
    )
    assert assess(result_of("why_people_leave"), "72").verdict == "close"
    assert "contradicts" not in assess(result_of("why_people_leave"), "72").published


def test_a_choice_that_agrees_with_the_study_against_the_model_as_it_is() -> None:
    """The model lets fatigue reach dropout, which the best study did not find."""
    result = result_of("tired_team")
    assert assess(result, "helps_less").verdict == "published"
    assert assess(result, "both").studies is False
    assert "The model contradicts it." in model_answer(result).published
    agreeing = erring("tired_team", gain=-1.4, dropout=0.3)
    assert assess(agreeing, "helps_less").heading == (
        "The model and the published study agree with you."
    )
    assert "contradicts" not in model_answer(agreeing).published


def test_what_is_said_of_the_study_of_a_tired_team_is_what_its_numbers_say() -> None:
    improved, dropped_out = fact("F100"), fact("F100d")
    assert improved.ci_high is not None
    assert improved.ci_high < 1
    assert dropped_out.ci_low is not None
    assert dropped_out.ci_high is not None
    assert dropped_out.ci_low < 1 < dropped_out.ci_high
    known = find_lesson("tired_team").predict.published
    assert known is not None
    assert known.answers == ("helps_less",)


def test_an_odds_ratio_becomes_a_difference_at_the_rate_of_the_model() -> None:
    result = result_of("feedback")
    question = result.lesson.predict
    found = result.found["dropout"]
    one = fact("F91o")
    within = published_range(question, replace(found, of_arm=20.0))
    assert within is not None
    # 20 in 100 are odds of 1 to 4; divided by 1.19 they are the odds of 17.4 in 100.
    assert within.value == pytest.approx(20 - 100 * (0.25 / 1.19) / (1 + 0.25 / 1.19))
    assert within.value == pytest.approx(2.6, abs=0.05)
    assert one.ci_low is not None
    assert within.low == pytest.approx(20 - 100 * (0.25 / one.ci_low) / (1 + 0.25 / one.ci_low))
    assert within.low < within.value < within.high
    assert studies_agree(question, within.value, replace(found, of_arm=20.0))
    (belief,) = result.lesson.instructor.misconceptions
    assert f"a dropout of 20 in 100 to about {20 - within.value:.0f} (F91o)." in belief.reply


def test_a_claim_says_whether_studies_show_what_the_model_does_not() -> None:
    shown = result_of("why_people_leave").explanation[0]
    assert shown.published == "as published (F28)"
    not_shown = erring("why_people_leave", early=30.0).explanation[0]
    assert not_shown.shown is False
    assert not_shown.published == "published (F28), but not shown by this model"
    fatigue = result_of("tired_team").explanation[2]
    assert fatigue.published == "the published study says otherwise (F100d)"
    assert erring("tired_team", dropout=-1.0).explanation[2].published == "as published (F100d)"


@pytest.mark.parametrize("key", KEYS)
def test_a_claim_says_which_numbers_it_was_checked_by(key: str) -> None:
    result = result_of(key)
    for claim, paragraph in zip(result.lesson.explanation, result.explanation, strict=True):
        notes = " ".join(paragraph.notes)
        assert notes.startswith("Checked against the run") == bool(claim.checks)
        for check in claim.checks:
            assert result.found[check.finding].label in notes
            bound = check.bound if check.margin <= 0.5 else check.bound + check.margin
            assert f"{bound:g}".replace("-", "\N{MINUS SIGN}") in notes
        assert all(name in notes for name in (*claim.agrees, *claim.contradicts))


def test_a_handout_with_results_has_both_answers_and_one_to_print_has_neither() -> None:
    for key in KEYS:
        result = result_of(key)
        answer = model_answer(result)
        text = re.sub(r"<[^>]+>", "", handout(result.lesson, result)).replace("&#39;", "'")
        for words in (answer.sentence, answer.published, answer.measured):
            assert words in text
        assert answer.sentence not in handout(result.lesson)
        assert "model contradicts" not in handout(result.lesson)


def test_the_wall_marks_the_answer_of_the_study_beside_the_models() -> None:
    marks = {
        one.key: one.mark for one in groups(find_lesson("tired_team"), result_of("tired_team"))
    }
    assert marks["both"].endswith("the model")
    assert marks["helps_less"].endswith("the published study")
    assert marks["loses"] == marks["nothing"] == ""
    assert set(marks) == {key for key, _ in answers(find_lesson("tired_team"))}


@pytest.mark.parametrize(
    ("added", "says"),
    [
        ('facts = ["F999"]', "F999"),
        ('facts = ["F11", "F12"]', "names one fact"),
        ('facts = ["F11"]\nanswers = ["more"]', "names one fact"),
        ("facts = []", "facts"),
        ('facts = ["F11"]\nscale = 0', "scale"),
    ],
)
def test_a_faulty_published_answer_is_refused(added: str, says: str) -> None:
    text = BASE.replace("close = 3", f"close = 3\n\n[predict.published]\n{added}")
    with pytest.raises(AllianceError, match=says):
        parse_lesson(text, "own.toml")


def test_published_and_unpublished_are_not_both_given() -> None:
    text = BASE.replace(
        "close = 3", 'close = 3\nunpublished = "No study."\n\n[predict.published]\nfacts = ["F11"]'
    )
    with pytest.raises(AllianceError, match="either published or unpublished"):
        parse_lesson(text, "own.toml")
    unknown = BASE.replace('It does not: {stay}."', 'It does not: {stay}."\nagrees = ["F998"]')
    with pytest.raises(AllianceError, match="F998"):
        parse_lesson(unknown, "own.toml")
