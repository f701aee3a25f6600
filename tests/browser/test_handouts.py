"""A handout taken from a lesson leads back to it, with its figures drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.test_journeys import keep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Dashboard, Visit


def test_a_handout_opens_its_lesson_and_shows_what_the_page_shows(
    visit: Callable[..., Visit], dashboard: Dashboard, tmp_path: Path
) -> None:
    opened = visit()
    page = opened.go("/lessons?v=1&lesson=too_rigid&answer=some")
    page.locator(".verdict").wait_for()
    figures = page.locator("main figure.chart .summary").all_text_contents()
    kept = keep(page, "Handout with results", tmp_path)
    page.goto(kept.as_uri())
    assert page.locator("figure p").all_text_contents() == figures
    assert page.locator("figure svg circle").count() == 9
    code = page.locator(".link svg").bounding_box()
    assert code is not None
    assert code["width"] > 80
    link = page.get_by_role("link").get_attribute("href")
    assert link == f"{dashboard.address}/lessons?v=1&lesson=too_rigid"
    page.goto(link)
    page.get_by_role("group", name="Your prediction").wait_for()
    assert page.locator(".verdict").count() == 0
    opened.elsewhere.clear()  # the file itself was opened from the disk
