"""Every lesson of the package: complete, repeatable, quick, and shown by the model as it stands."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from html import escape
from types import SimpleNamespace

import pytest

from dashboards.charts.figures import STILL_THERE, Lines, as_json
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.handout import handout, instructor_notes
from dashboards.lessons.predictions import answers, assess, right_answer
from dashboards.lessons.questions import ChoiceQuestion
from dashboards.lessons.running import explained, result_of, run_lesson
from dashboards.lessons.wording import bears_out
from dashboards.rooms.lesson_results import sources
from experiments.evidence.reading import fact
from experiments.quantities.estimate import Estimate
from simulation.parameters import PARAMETERS
from tests.dashboards.outline import Outline

KEYS = [lesson.key for lesson in lessons()]


def test_there_is_a_lesson_on_every_subject_a_course_asks_for():
    assert {
        "empathy_without_boundaries",
        "too_rigid",
        "rupture_and_repair",
        "why_people_leave",
        "correlation_is_not_cause",
        "therapist_effects",
        "two_therapists",
        "who_is_still_there",
        "tired_team",
        "feedback",
        "felt_and_reported",
    } <= set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_the_model_shows_what_the_lesson_was_written_for(key):
    """Each claim's interval lies wholly on its side. A recalibration that changes a finding is told here."""
    result = result_of(key)
    unsure = [paragraph.text for paragraph in result.explanation if paragraph.shown is not True]
    assert not unsure, f"{key} no longer shows: {unsure}"


@pytest.mark.parametrize("key", KEYS)
def test_the_question_of_the_lesson_has_an_answer_the_run_is_sure_of(key):
    result = result_of(key)
    if answers(result.lesson):
        assert right_answer(result) is not None
        return
    found = result.found[result.lesson.predict.finding]
    assert found.estimate.width <= 2 * result.lesson.predict.close
    assert assess(result, found.estimate.value).verdict == "right"


@pytest.mark.parametrize("key", KEYS)
def test_no_two_answers_of_a_choice_can_both_be_right(key):
    result = result_of(key)
    question = result.lesson.predict
    if isinstance(question, ChoiceQuestion):
        right = [
            option.key
            for option in question.options
            if all(bears_out(check, result.found[check.finding]) for check in option.checks)
        ]
        assert len(right) == 1


@pytest.mark.parametrize("key", KEYS)
def test_a_finding_turned_around_changes_the_words_of_the_claim_that_rests_on_it(key):
    """A claim resting on numbers below and above a bound alike is turned by what is far off."""
    result = result_of(key)
    for place, claim in enumerate(result.lesson.explanation):
        for check in claim.checks:
            found = dict(result.found)
            one = found[check.finding]
            off = {"above": -1e3, "below": 1e3, "within": 1e3}[check.side] + check.bound
            found[check.finding] = replace(one, estimate=Estimate(off, off - 1, off + 1))
            paragraph = explained(result.lesson, found)[place]
            assert paragraph.shown is False
            assert paragraph.text != result.explanation[place].text


@pytest.mark.parametrize("key", KEYS)
def test_nothing_a_student_reads_holds_a_gap_or_a_number_that_is_none(key):
    result = result_of(key)
    texts = [paragraph.text for paragraph in result.explanation]
    texts += [row.sentence for row in result.published]
    texts += [figure.summary for figure in result.figures]
    for text in texts:
        assert not re.search(r"[{}]|\bnan\b|None\b(?! of)|–\)", text), text
        assert "!" not in text


@pytest.mark.parametrize("key", KEYS)
def test_no_text_of_a_lesson_states_a_result_of_the_model(key):
    """Claims take their numbers from the run: digits stand only in the names of findings and instruments."""
    for claim in find_lesson(key).explanation:
        for text in (claim.text, claim.contradicted, claim.unclear):
            plain = re.sub(
                r"\{[^}]*\}|[FC]\d+|sessions? \d+( (and|to) \d+)?|of 100 clients", "", text
            )
            assert not re.search(r"\d", plain), plain


@pytest.mark.parametrize("key", KEYS)
def test_a_curve_over_sessions_comes_with_the_number_still_in_treatment(key):
    result = result_of(key)
    kinds = [figure.kind for figure in result.lesson.figures]
    assert "curve" not in kinds or "staying" in kinds
    for figure in result.figures:
        assert as_json(figure)["title"] == figure.title
        assert len(figure.summary) > 30
        if isinstance(figure, Lines):
            assert all(len(series.values) == len(figure.xs) for series in figure.series)
            there = figure.series[0].number
            assert figure.counted == STILL_THERE
            assert list(there) == sorted(there, reverse=True)
            assert 0 < there[-1] < there[0]
        for series in figure.series:
            assert any(value is not None for value in series.values)


@pytest.mark.parametrize("key", KEYS)
def test_arms_differ_in_parameters_only_and_every_one_is_a_clinic(key):
    lesson = find_lesson(key)
    for arm in lesson.arms:
        assert set(arm.settings().model_dump()) == set(PARAMETERS)
    assert len({repr(arm.settings()) for arm in lesson.arms}) == len(lesson.arms)


@pytest.mark.parametrize("key", KEYS)
def test_a_published_finding_comes_with_its_source_and_its_doubts(key):
    for row in result_of(key).published:
        assert row.fact.id in row.sentence
        assert row.fact.citation
        assert (row.fact.status == "M") == ("from memory" in row.sentence)
        assert (row.inside is None) == math.isnan(row.model.value)


def test_raising_the_alliance_does_exactly_nothing_where_it_is_no_cause():
    found = result_of("correlation_is_not_cause").found
    for mechanism in ("relief", "trait", "halo"):
        one = found[f"effect_{mechanism}"]
        assert one.estimate == Estimate(0.0, 0.0, 0.0)
    assert found["effect_causal"].estimate.low > 0.3


def test_a_lesson_run_twice_gives_the_same_result():
    lesson = find_lesson("too_rigid")
    one, other = run_lesson(lesson), run_lesson(lesson, threads=2)
    assert one.found == other.found
    assert one.figures == other.figures
    assert one.explanation == other.explanation


@pytest.mark.parametrize("key", KEYS)
def test_a_lesson_asks_for_no_more_clients_than_a_class_will_wait_for(key):
    lesson = find_lesson(key)
    assert lesson.run.replicates * lesson.run.clients * len(lesson.arms) <= 70_000


@pytest.mark.parametrize("key", KEYS)
def test_a_handout_is_whole_loads_nothing_and_keeps_the_result_to_itself(key):
    lesson, result = find_lesson(key), result_of(key)
    before, after = handout(lesson), handout(lesson, result)
    for page in (before, after):
        outline = Outline(page)
        assert outline.levels[0] == 1
        assert outline.levels.count(1) == 1
        assert outline.links == []
        assert "@page" in page
        assert "<script" not in page
    assert result.explanation[0].text[:40] not in before
    assert len(before) < 16_000


@pytest.mark.parametrize("key", KEYS)
def test_the_notes_for_the_teacher_say_what_students_can_do_afterwards(key):
    notes = instructor_notes(find_lesson(key))
    assert Outline(notes).levels
    assert all(escape(goal) in notes for goal in find_lesson(key).instructor.goals)


@pytest.mark.parametrize("key", KEYS)
def test_the_sources_of_a_lesson_have_authors_year_and_a_link_each_once(key):
    facts = [fact(one.fact) for one in find_lesson(key).published]
    drawn = sources(SimpleNamespace(published=[SimpleNamespace(fact=one) for one in facts]))
    for one in facts:
        assert drawn.count(f"<li>{escape(one.citation)}") == 1
        assert re.search(r"(19|20)\d\d", one.citation)
        assert not one.doi or f'href="https://doi.org/{escape(one.doi)}"' in drawn
