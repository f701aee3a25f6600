"""Fifty minutes with a class: the steps fill them, and the clock says which is under way."""

from __future__ import annotations

import pytest

from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.class_plan import MINUTES, now, steps


@pytest.mark.parametrize("lesson", lessons(), ids=lambda one: one.key)
def test_the_steps_of_every_lesson_fill_the_time(lesson) -> None:
    plan = steps(lesson)
    assert plan[0][0] == 0
    assert all(takes > 0 for _, takes, _ in plan)
    assert [begin + takes for begin, takes, _ in plan] == [
        *(begin for begin, _, _ in plan[1:]),
        MINUTES,
    ]


def test_the_clock_names_the_step_and_the_minutes_it_has_left() -> None:
    plan = steps(find_lesson("feedback"))
    assert now(plan, 0.0) == (0, f"{plan[0][2]}: 3 minutes left")
    assert now(plan, 2.5) == (0, f"{plan[0][2]}: 1 minute left")
    assert now(plan, 3.0)[0] == 1
    assert now(plan, MINUTES - 0.1) == (len(plan) - 1, f"{plan[-1][2]}: 1 minute left")
    assert now(plan, MINUTES + 5.0)[1] == "The time is over."
