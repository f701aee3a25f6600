"""The story to begin with: dashboard and page tell the same, in words, drawings and numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.looking import without_violations
from tests.browser.page_in_a_file import LAPTOP, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCREENS = 8

TOLD = """story => ({
  words: story.innerText.split("\\n").map((line) => line.trim()).filter(Boolean),
  drawn: [...story.querySelectorAll(".pair .turns")].map((one) => one.style.transform),
  said: story.querySelector(".pair").getAttribute("aria-label"),
  dots: [...story.querySelectorAll(".cloud .dot")].map((one) => one.outerHTML),
})"""


def told(page: Page, number: int) -> dict[str, Any]:
    page.get_by_text(f"{number} of {SCREENS}", exact=True).wait_for()
    found: dict[str, Any] = page.locator(".story").evaluate(TOLD)
    return found


def walk(page: Page, which: str) -> list[dict[str, Any]]:
    """Go through the story, with the first or the last of what can be said at its turns."""
    screens = [told(page, 1)]
    for number in range(1, SCREENS):
        buttons = page.locator(".story .says button")
        (buttons.last if which == "last" else buttons.first).click()
        screens.append(told(page, number + 1))
    return screens


@pytest.mark.parametrize("which", ["first", "last"])
def test_both_tell_the_same_on_every_screen(opened, visit, which) -> None:
    file = opened(LAPTOP).go()
    file.get_by_role("link", name="Begin with a story").click()
    dashboard = visit().go("/")
    dashboard.locator("main").get_by_role("link").first.click()
    here, there = walk(dashboard, which), walk(file, which)
    for mine, theirs in zip(here, there, strict=True):
        assert mine == theirs
    assert len({str(one["drawn"]) for one in here}) > 3
    assert len(here[6]["dots"]) == 101
    dashboard.get_by_role("button", name="Go on with this client yourself").click()
    dashboard.locator(".log li").first.wait_for()
    file.get_by_role("button", name="Go on with this client yourself").click()
    summary = "figure.chart >> nth=0 >> .summary"
    assert dashboard.locator(summary).inner_text() == file.locator(summary).inner_text()


def test_the_address_of_the_story_restores_its_screen_and_back_leads_home(visit) -> None:
    opened = visit(PHONE[0])
    page = opened.go("/")
    page.get_by_role("link", name="Begin with a story").click()
    for number in range(1, 4):
        told(page, number)
        page.locator(".story .says button").first.click()
    screen = told(page, 4)
    page.wait_for_url("**/story?*at=4*frame=h*")
    again = opened.go("/story?" + page.url.partition("?")[2])
    assert told(again, 4) == screen
    again.go_back()
    again.get_by_role("link", name="Begin with a story").wait_for()


@pytest.mark.parametrize("wrong", ["at=9", "at=6", "frame=x&at=4", "tension=<b>&at=8&frame=b"])
def test_an_address_that_is_wrong_leads_to_a_screen_that_can_be_told(visit, wrong) -> None:
    page = visit().go(f"/story?v=1&{wrong}")
    page.locator(".story h1").wait_for()
    assert re.search(r"[35] of 8", page.locator(".story").inner_text())


def test_axe_finds_nothing_in_the_story_of_the_dashboard(visit) -> None:
    opened = visit()
    for at in ("at=1", "at=3", "at=7&frame=h&tension=a", "at=8&frame=h&tension=a"):
        page = opened.go(f"/story?v=1&{at}")
        page.locator(".story h1").wait_for()
        without_violations(page, at)
