"""Who presses a button is not left nowhere: its place, or the beginning of what took its place, has the focus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Visit

AT_THE_BEGINNING = "document.activeElement === document.querySelector('main')"


@pytest.mark.parametrize("name", ["To the end", "Step: hold the next session", "Listen"])
def test_the_last_session_does_not_take_the_focus_with_it(
    visit: Callable[..., Visit], name: str
) -> None:
    page = visit().go("/session?v=1&stances=hlacblhlacblhlo&at=15")
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The therapy is over").wait_for()
    page.wait_for_function(AT_THE_BEGINNING)


def test_a_prediction_that_is_run_keeps_its_button_and_another_may_follow(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go("/lessons?v=1&lesson=empathy_without_boundaries")
    group = page.get_by_role("group", name="Your prediction")
    group.get_by_role("button").nth(1).click()
    run = page.get_by_role("button", name="Run it")
    run.focus()
    page.keyboard.press("Enter")
    page.locator(".verdict").wait_for()
    assert run.evaluate("one => one === document.activeElement")
    group.get_by_role("button").nth(0).click()
    run.click()
    page.wait_for_function("location.search.includes('answer=more')")
    page.locator(".verdict.wrong").wait_for()


def test_a_room_reached_from_the_foot_of_another_begins_at_its_beginning(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go("/lessons?v=1&lesson=empathy_without_boundaries&answer=less")
    page.locator(".verdict").wait_for()
    onward = page.get_by_role("button", name=re.compile("^Go on in the room"))
    onward.scroll_into_view_if_needed()
    onward.click()
    page.get_by_role("heading", level=1, name="Sweep").wait_for()
    page.wait_for_function(f"scrollY === 0 && {AT_THE_BEGINNING}")
