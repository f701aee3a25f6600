"""What a class predicted: the first answer of a browser counts, every answer falls into one group."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

import pytest

from dashboards.addresses.visitor import Visitor
from dashboards.app.keys import Keys
from dashboards.classroom.entries import MOST, ClassEntries
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.class_answers import (
    answer_table,
    class_figure,
    groups,
    possible,
)
from dashboards.lessons.predictions import model_answer
from dashboards.lessons.running import result_of
from experiments.quantities.estimate import Estimate


def test_a_browsers_first_prediction_counts() -> None:
    entries = ClassEntries()
    entries.enter("feedback", "a", "3")
    entries.enter("feedback", "b", "5")
    entries.enter("feedback", "a", "9")
    entries.enter("too_rigid", "a", "some")
    assert entries.answers("feedback") == ("3", "5")
    entries.forget("feedback")
    assert entries.answers("feedback") == ()
    assert entries.answers("too_rigid") == ("some",)


def test_a_page_sees_by_the_version_that_there_is_something_new() -> None:
    entries = ClassEntries()
    before = entries.version
    entries.enter("feedback", "a", "3")
    entered = entries.version
    entries.enter("feedback", "a", "4")
    assert before < entered == entries.version
    entries.forget("feedback")
    assert entries.version > entered


def test_students_are_numbered_as_they_come_and_keep_their_number() -> None:
    entries = ClassEntries()
    browsers = [f"browser {one}" for one in range(40)]
    threads = [Thread(target=entries.number, args=(one,)) for one in browsers for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(map(entries.number, browsers)) == list(range(1, 41))
    assert entries.students == 40


def test_no_more_are_kept_than_there_is_room_for() -> None:
    entries = ClassEntries()
    for one in range(MOST + 5):
        entries.enter("feedback", str(one), "1")
        entries.number(str(one))
    assert len(entries.answers("feedback")) == entries.students == MOST
    assert entries.number("late") == 0


@pytest.mark.parametrize("lesson", lessons(), ids=lambda one: one.key)
def test_every_answer_falls_into_one_group(lesson) -> None:
    for answer in possible(lesson):
        assert sum(one.holds(answer) for one in groups(lesson)) == 1, answer


def test_the_class_is_counted_and_the_models_answer_stands_in_it() -> None:
    lesson = find_lesson("too_rigid")
    entered = (possible(lesson)[0], possible(lesson)[1], possible(lesson)[1])
    before = class_figure(lesson, entered)
    assert before.series[0].values[:3] == (1.0, 2.0, 0.0)
    assert before.summary == f"3 answers; most, 2, said {before.names[1]}."
    assert not any("the model" in name for name in before.names)
    after = class_figure(lesson, entered, result_of("too_rigid"))
    marked = [name for name in after.names if "the model" in name]
    assert len(marked) == 1
    assert not any("published" in name for name in after.names)


def test_a_number_is_counted_in_ten_stretches() -> None:
    lesson = find_lesson("why_people_leave")
    counted = groups(lesson)
    assert len(counted) == 10
    assert [one.name for one in counted if one.holds("40")] == ["40 to 49"]
    assert [one.name for one in counted if one.holds("100")] == ["90 to 100"]
    marked = {one.name: one.mark for one in groups(lesson, result_of("why_people_leave"))}
    assert marked["60 to 69"].endswith("the model, the published study")
    assert marked["80 to 89"].endswith("the published study")
    assert marked["0 to 9"] == ""


def test_a_run_that_cannot_tell_is_said_to() -> None:
    result = result_of("empathy_without_boundaries")
    name = result.lesson.predict.finding  # type: ignore[union-attr]
    wide = replace(result.found[name], estimate=Estimate(0.0, -5.0, 5.0))
    unclear = replace(result, found={**result.found, name: wide})
    assert "cannot tell" in model_answer(unclear).sentence
    assert not any(one.mark for one in groups(result.lesson, unclear))


def test_the_table_has_the_words_of_an_answer_and_no_names() -> None:
    lesson = find_lesson("too_rigid")
    head, first = answer_table(lesson, (possible(lesson)[1],)).splitlines()
    assert head == "lesson,answer,text"
    assert first.startswith(f"too_rigid,{possible(lesson)[1]},")


def test_only_who_runs_the_dashboard_owns_it() -> None:
    keys = Keys(b"a" * 32, "monday")
    own, of_class = keys.cookie_for(keys.token), keys.cookie_for(keys.class_token)
    assert keys.owns(str(own))
    assert not keys.owns(str(of_class))
    assert not keys.owns("")


@pytest.mark.parametrize("visitor", [Visitor("a", owns=True), Visitor("b", owns=False)])
def test_a_page_is_told_whose_browser_it_is_in(visitor) -> None:
    assert Visitor.in_headers(visitor.headers()) == visitor
