"""A lesson in class: the steps take as long as is said, and the clock says which is under way."""

from __future__ import annotations

import pytest

from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.class_plan import MOST, in_class, length, now, steps, tight
from dashboards.lessons.length import stages


@pytest.mark.parametrize("lesson", lessons(), ids=lambda one: one.key)
def test_the_minutes_of_every_lesson_add_up_to_what_is_said(lesson) -> None:
    plan = steps(lesson)
    said = int(length(lesson).split(", ")[1].removesuffix(" in class"))
    assert sum(takes for _, takes, _ in plan) == said == in_class(lesson) <= MOST
    assert plan[0][0] == 0
    assert all(takes > 0 for _, takes, _ in plan)
    assert [begin + takes for begin, takes, _ in plan] == [
        *(begin for begin, _, _ in plan[1:]),
        said,
    ]


@pytest.mark.parametrize("lesson", lessons(), ids=lambda one: one.key)
def test_a_step_takes_what_it_is_counted_to_take_or_the_plan_says_that_it_is_shortened(
    lesson,
) -> None:
    counted = [minutes for _, minutes in stages(lesson)]
    lost = sum(counted) - sum(takes for _, takes, _ in steps(lesson)[1:-1])
    assert lost >= 0
    assert (lost > 5) == bool(tight(lesson))
    if lost:
        assert in_class(lesson) == MOST
    else:
        assert counted == [takes for _, takes, _ in steps(lesson)[1:-1]]


def test_the_clock_names_the_step_and_the_minutes_it_has_left() -> None:
    plan = steps(find_lesson("feedback"))
    assert now(plan, 0.0) == (0, f"{plan[0][2]}: 3 minutes left")
    assert now(plan, 2.5) == (0, f"{plan[0][2]}: 1 minute left")
    assert now(plan, 3.0)[0] == 1
    assert now(plan, in_class(find_lesson("feedback")) - 0.1) == (
        len(plan) - 1,
        f"{plan[-1][2]}: 1 minute left",
    )
    assert now(plan, MOST + 5.0)[1] == "The time is over."
