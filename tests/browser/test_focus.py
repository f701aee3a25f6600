"""Who presses a button is not left nowhere: its place, or the beginning of what took its place, has the focus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import WebSocketRoute

    from tests.browser.conftest import Visit

AT_THE_BEGINNING = "document.activeElement === document.querySelector('main')"


@pytest.mark.parametrize("name", ["To the end", "Step: hold the next session", "Listen"])
def test_the_last_session_does_not_take_the_focus_with_it(
    visit: Callable[..., Visit], name: str
) -> None:
    page = visit().go("/session?v=1&client=clinging&session_limit=3&stances=oo&at=2")
    button = page.get_by_role("button", name=name)
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
    page.locator(".verdict.wrong").wait_for()
    assert "answer" not in page.url


class Slow:
    """A server whose answers are kept back for a while."""

    def __init__(self) -> None:
        self.keeps = False
        self.kept: list[tuple[WebSocketRoute, str | bytes]] = []

    def stand_between(self, socket: WebSocketRoute) -> None:
        def pass_on(answer: str | bytes) -> None:
            if self.keeps:
                self.kept.append((socket, answer))
            else:
                socket.send(answer)

        socket.connect_to_server().on_message(pass_on)

    def give(self) -> None:
        self.keeps = False
        for socket, answer in self.kept:
            socket.send(answer)
        self.kept.clear()


def test_who_is_quicker_than_the_server_is_understood(visit: Callable[..., Visit]) -> None:
    opened, server = visit(), Slow()
    opened.page.route_web_socket(re.compile("/jupyter/"), server.stand_between)
    page = opened.go("/lessons?v=1&lesson=empathy_without_boundaries")
    server.keeps = True
    page.get_by_role("group", name="Your prediction").get_by_role("button").last.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    run = page.get_by_role("button", name="Run it")
    assert run.evaluate("one => one === document.activeElement && one.ariaDisabled === 'true'")
    page.keyboard.press("Enter")
    assert server.kept
    server.give()
    page.locator(".verdict").wait_for()


def test_what_cannot_be_pressed_is_said_and_does_nothing(visit: Callable[..., Visit]) -> None:
    page = visit().go("/lessons?v=1&lesson=empathy_without_boundaries")
    run = page.get_by_role("button", name="Run it")
    assert run.is_disabled()
    run.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert "answer" not in page.url


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
