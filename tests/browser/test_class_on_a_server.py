"""A class let in by its link: phones predict, the teacher's wall counts while they do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Dashboard
from tests.browser.looking import without_violations
from tests.browser.page_in_a_file import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Visit

WALL = "/lessons?v=1&lesson=too_rigid&wall=open"


@pytest.fixture(scope="module")
def with_class() -> Iterator[Dashboard]:
    server = Dashboard("--class", "monday", "--host", "127.0.0.1")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def class_token(with_class: Dashboard) -> str:
    assert with_class.process is not None
    assert with_class.process.stdout is not None
    found = re.search(r"token=(\S+)", with_class.process.stdout.readline())
    assert found
    return found[1]


@pytest.fixture
def phone(
    with_class: Dashboard, class_token: str, chromium: Browser
) -> Iterator[Callable[[str], Page]]:
    contexts = []

    def open_page(path: str) -> Page:
        context = chromium.new_context(viewport={"width": 390, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{with_class.address}{path}&token={class_token}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def predict(page: Page, place: int) -> None:
    page.locator(".choices button").nth(place).click()
    page.get_by_role("button", name="Run it").click()
    page.locator(".verdict").wait_for()


def test_the_wall_counts_first_predictions_of_phones_while_they_come_in(
    with_class: Dashboard, phone: Callable[[str], Page], visit: Callable[..., Visit]
) -> None:
    wall = visit(server=with_class).go(WALL)
    counted = wall.locator(".counted")
    expect(counted).to_have_text("0 answers")
    assert wall.locator(".qr svg").count() == 1
    first = phone("/lessons?v=1&lesson=too_rigid")
    predict(first, 0)
    expect(counted).to_have_text("1 answer")
    predict(first, 2)
    second = phone("/lessons?v=1&lesson=too_rigid")
    predict(second, 1)
    expect(counted).to_have_text("2 answers")

    assert wall.locator(".wall figure").count() == 0
    wall.get_by_role("button", name="Show the class's answers").click()
    summary = wall.locator(".wall figure").get_by_text("2 answers; most, 1, said")
    expect(summary).to_be_visible()
    assert wall.get_by_text("The model shows").count() == 0
    wall.get_by_role("button", name="Show the model's answer").click()
    expect(wall.locator(".wall .situation")).to_contain_text("The model shows: “")
    with wall.expect_download() as saved:
        wall.get_by_role("button", name="Answers as CSV").click()
    assert saved.value.path().read_text("utf-8").count("too_rigid") == 2
    wall.get_by_role("button", name="Start again").click()
    expect(counted).to_have_text("0 answers")


def test_only_who_runs_the_dashboard_sees_the_wall(phone: Callable[[str], Page]) -> None:
    page = phone(WALL)
    page.locator(".choices button").first.wait_for()
    assert page.locator(".wall").count() == 0
    assert page.get_by_role("button", name="Class wall").count() == 0


def test_the_class_sees_nothing_that_is_for_teachers(
    with_class: Dashboard, phone: Callable[[str], Page], visit: Callable[..., Visit]
) -> None:
    student = phone("/lessons?v=1&lesson=too_rigid")
    predict(student, 0)
    teacher = visit(server=with_class).go("/lessons?v=1&lesson=too_rigid")
    teacher.get_by_role("button", name="Handout with results").wait_for()
    for words in ("For teachers", "Instructor notes", "Handout with results"):
        assert student.get_by_text(words).count() == 0
        assert teacher.get_by_text(words).count() == 1
    assert student.get_by_role("link", name="Records").count() == 0


def test_without_a_class_the_wall_says_how_one_is_let_in(visit: Callable[..., Visit]) -> None:
    page = visit().go("/lessons?v=1&lesson=too_rigid")
    page.get_by_role("button", name="Class wall").click()
    page.get_by_text("alliance dashboard --class NAME").wait_for()
    page.go_back()
    page.locator(".choices button").first.wait_for()


def test_everyone_in_a_class_has_clinics_of_their_own_and_the_wall_pools_them(
    with_class: Dashboard, phone: Callable[[str], Page], visit: Callable[..., Visit]
) -> None:
    wall = visit(server=with_class).go("/chance?v=1&run=all")
    said = []
    for number in (1, 2, 3):
        page = phone("/chance?v=1")
        page.get_by_text(f"You are number {number}.").wait_for()
        page.get_by_role("button", name="Run my clinics").click()
        result = page.locator(".verdict h2")
        expect(result).to_contain_text(f"Clinic {number}: ")
        said.append(result.inner_text())
    assert len(set(said)) == 3
    wall.get_by_text("3 of the class have a number").wait_for()
    wall.get_by_text(re.compile(r"In \d of 3 clinics more clients dropped out")).wait_for()
    page.get_by_role("button", name="See everybody's").click()
    page.get_by_role("heading", name="What each clinic alone would say").wait_for()
    page.reload()
    page.get_by_text("You are number 3.").wait_for()


def test_a_teacher_has_a_plan_with_a_clock(visit: Callable[..., Visit]) -> None:
    page = visit().go("/lessons?v=1&lesson=feedback")
    page.get_by_text("46 minutes with a class").click()
    page.get_by_role("button", name="Start the clock").click()
    expect(page.get_by_role("timer")).to_contain_text("3 minutes left")
    assert page.locator(".plan tr[aria-current=step] th").inner_text() == "0 to 3"
    without_violations(page, "a plan, its clock started")
