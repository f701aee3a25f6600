"""What holds in every room: nothing leaves the machine, everyone can use it, links restore it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.layout import ROOMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Visit

NAMES = [room.name for room in ROOMS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("room", NAMES)
def test_axe_finds_nothing(visit: Callable[..., Visit], room: str, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(width, scheme).go(f"/{room}")
    page.wait_for_timeout(2500)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "the page is wider than the screen"


def test_a_page_says_its_language_and_can_be_zoomed(visit: Callable[..., Visit]) -> None:
    page = visit().go("/session")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "user-scalable=no" not in page.get_attribute("meta[name=viewport]", "content")
    assert page.locator("h1").count() == 1


def test_a_bad_link_gives_a_notice_and_a_working_page(visit: Callable[..., Visit]) -> None:
    page = visit().go("/clinic?v=1&empathy=7&nonsense=1&seed=x&preset=nowhere")
    page.wait_for_selector(".notice >> text=empathy takes a number")
    page.get_by_role("button", name="Understood").click()
    page.wait_for_selector(".notice", state="detached")
    assert page.url.endswith("/clinic?v=1")


def test_a_room_that_does_not_exist_is_told(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/session")
    page.goto(opened.address + "/nowhere")
    page.wait_for_timeout(1500)
    opened.errors.clear()  # the server may answer 404 for a path that is none


def test_dark_and_projector_stay_chosen(visit: Callable[..., Visit]) -> None:
    page = visit().go("/session")
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Projector").click()
    page.reload()
    page.wait_for_selector("main h1")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("document.documentElement.dataset.projector") == "on"
