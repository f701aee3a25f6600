"""What surrounds every room: the first page, sharing, the way back from a change, links that are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.acting import press, reach
from tests.browser.conftest import Dashboard
from tests.browser.looking import is_seen, without_violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from tests.browser.conftest import Visit


@pytest.fixture
def class_server() -> Iterator[Dashboard]:
    """A server that lets a class in."""
    server = Dashboard("--class", "monday", "--host", "127.0.0.1")
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_link_is_shared_where_it_is_seen_and_escape_returns_to_where_one_was(
    visit: Callable[..., Visit], width: int
) -> None:
    page = visit(width).go("/session?v=1&stances=ll&at=2")
    button = page.get_by_role("button", name="Share what you see")
    press(page, button)
    link = page.get_by_label("Link to exactly this")
    page.get_by_role("button", name="Close").wait_for()
    assert is_seen(page.get_by_role("dialog", name="Share what you see"))
    assert link.evaluate("one => one === document.activeElement")
    assert link.input_value() == page.url
    page.keyboard.press("Escape")
    link.wait_for(state="detached")
    assert button.evaluate("one => one === document.activeElement")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Enter")
    press(page, page.get_by_role("button", name="Close"))
    link.wait_for(state="detached")
    assert button.evaluate("one => one === document.activeElement")


def test_a_change_can_be_reset_and_says_to_what(visit: Callable[..., Visit]) -> None:
    page = visit().go("/clinic?v=1&clients=60&therapists=6&empathy=0.3&assignment=random")
    back = page.get_by_role("button", name="Reset Empathy to 0.65")
    assert back.text_content() == "Reset"
    assert back.get_attribute("title") == "Reset to 0.65"
    reach(page, back)
    page.keyboard.press("Enter")
    page.wait_for_function("!location.search.includes('empathy')")
    expect(back).to_be_hidden()
    page.get_by_text("All parameters").click()
    page.get_by_role("searchbox", name="Find a parameter").fill("assignment")
    page.get_by_role("button", name="Reset Assignment to Least loaded").click()
    page.wait_for_function("!location.search.includes('assignment')")


def test_a_newcomer_finds_a_door_by_keyboard_and_the_way_back(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/")
    assert page.title().startswith("Alliance")
    assert "never advises on a real client" in page.locator("main").inner_text()
    for act, room, button in (
        ("Take the chair", "Session", "Predict first"),
        ("Choose a lesson", "Lessons", "Begin: Empathy without boundaries"),
        ("Set up a sweep", "Sweep", "Run the sweep"),
    ):
        press(page, page.get_by_role("link", name=act))
        page.get_by_role("heading", level=1, name=room).wait_for()
        page.get_by_role("button", name=button).wait_for()
        opened.rest()
        page.get_by_role("link", name="Alliance", exact=True).click()
        page.get_by_role("heading", level=1, name="What passes between two people").wait_for()
    without_violations(opened.rest(), "the first page")


@pytest.mark.parametrize("width", [1440, 390])
def test_what_this_is_and_where_to_begin_is_seen_without_scrolling(
    visit: Callable[..., Visit], width: int
) -> None:
    page = visit(width).go("/")
    assert is_seen(page.get_by_text("never advises on a real client").first)
    assert is_seen(page.get_by_role("heading", level=1))
    if width > 900:
        assert is_seen(page.get_by_role("link", name="Set up a sweep"))


def test_a_room_that_does_not_exist_leads_to_those_that_do(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.page
    page.goto(f"{opened.address}/sesion?v=1&<b>")
    page.get_by_role("heading", level=1, name="There is no room called sesion").wait_for()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="Session", exact=True).first.click()
    page.get_by_role("heading", level=1, name="Session").wait_for()
    opened.rest()
    opened.errors.clear()  # that it does not exist is said with a 404


def test_a_class_is_let_in_by_the_link_that_is_shared_and_nobody_without(
    chromium: Browser, class_server: Dashboard
) -> None:
    teacher = chromium.new_page()
    teacher.goto(class_server.entrance)
    teacher.get_by_role("heading", level=1).first.wait_for()
    assert "token" not in teacher.url
    teacher.goto(f"{class_server.address}/session?v=1&stances=ll&at=2")
    press(teacher, teacher.get_by_role("button", name="Share what you see"))
    link = teacher.get_by_label("Link to exactly this").input_value()
    assert class_server.entrance.rpartition("=")[2] not in teacher.content()
    assert "as the class monday" in teacher.get_by_role("dialog").inner_text()

    student = chromium.new_page()
    student.goto(link.rpartition("&token=")[0])
    student.get_by_role("heading", level=1, name="This dashboard is opened by a link").wait_for()
    assert Axe().run(student).violations_count == 0
    student.goto(link)
    student.get_by_role("heading", level=1, name="Session").wait_for()
    expect(student).to_have_url(teacher.url)
    for page in (teacher, student):
        page.close()
