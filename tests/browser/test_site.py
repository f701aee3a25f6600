"""The documentation site, built as its readers build it and read from the disk, with the network off."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

LOOKED_AT = (
    "index",
    "start",
    "try",
    "search",
    "tutorials/first_sweep",
    "lessons/feedback",
    "studies",
    "commands",
    "class/handouts/rupture_and_repair",
    "class/handouts/rupture_and_repair-results",
)
"""A page of each kind; the longest have a look of their own."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built by the one command; a warning or a dead link would have failed it."""
    pytest.importorskip("sphinx", reason="pip install '.[docs]' brings it")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "docs/build.py", "--out", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder


@pytest.fixture
def page(chromium: Browser, site: Path) -> Iterator[Page]:
    """A page of a browser without a network, which may ask for nothing but what lies on the disk."""
    context = chromium.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()


def violations(page: Page, width: int, scheme: str) -> list[str]:
    """Return what axe objects to, and whether the page is wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    result = Axe().run(page)
    found = [result.generate_report()] if result.violations_count else []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*found, *([f"{wide} px wider than the screen"] if wide > 0 else [])]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_can_be_read_by_everybody_on_every_screen(page: Page, site: Path, name: str) -> None:
    page.goto((site / f"{name}.html").as_uri())
    for width, scheme in ((1440, "light"), (390, "dark")):
        assert violations(page, width, scheme) == [], f"{width} px, {scheme}"


@pytest.mark.parametrize("name", ["model", "api"])
def test_the_longest_pages_can_be_read_on_a_phone(page: Page, site: Path, name: str) -> None:
    page.goto((site / f"{name}.html").as_uri())
    assert violations(page, 390, "light") == []


def test_no_page_is_wider_than_a_phone_or_asks_for_anything_from_elsewhere(
    page: Page, site: Path
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    pages = sorted(one for one in site.rglob("*.html") if "class" not in one.parent.parts[-2:])
    assert len(pages) > 40
    for one in pages:
        page.goto(one.as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{one.relative_to(site)} is {wide} px wider than a phone"


def test_what_is_searched_for_is_found_without_a_network(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    field = page.locator("input.sidebar-search")
    field.fill("rupture")
    field.press("Enter")
    page.wait_for_function("document.querySelectorAll('#search-results li a').length > 3")
    found = page.locator("#search-results li a").all_text_contents()
    assert "Rupture and repair" in found
    page.get_by_role("link", name="Rupture and repair", exact=True).first.click()
    assert page.locator("h1").inner_text().startswith("Rupture and repair")


def test_the_small_page_can_be_played_on_the_site_itself(page: Page, site: Path) -> None:
    page.goto((site / "try.html").as_uri())
    inside = page.frame_locator("iframe.class")
    inside.get_by_role("link", name="Take the chair").or_(
        inside.get_by_role("button", name="Take the chair")
    ).first.click()
    inside.get_by_role("heading", level=1).wait_for()
    assert inside.locator("main").inner_text()


def test_a_lesson_plan_leads_to_its_lesson_and_handouts(page: Page, site: Path) -> None:
    page.goto((site / "lessons/feedback.html").as_uri())
    for heading in ("Afterwards students can", "Timing", "The answer", "What to ask"):
        assert page.get_by_role("heading", name=heading, exact=False).count() >= 1
    page.get_by_role("link", name="handout with results", exact=True).click()
    assert page.locator("h1").inner_text() == "What feedback can do"
    page.go_back()
    page.get_by_role("link", name="Open the lesson").click()
    page.get_by_text("How many fewer clients drop out?").first.wait_for()


@pytest.mark.parametrize("name", ["limits", "facts", "dyads", "scaling", "trials"])
def test_tables_wider_than_a_phone_stand_row_by_row(page: Page, site: Path, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site.as_uri()}/{name}.html")
    wide = "all => all.filter((one) => one.scrollWidth > one.clientWidth).length"
    assert page.locator(".table-wrapper:has(.stacks)").evaluate_all(wide) == 0
    names = "all => all.filter((one) => [...one.rows[0].cells].slice(1).every((head) => head.textContent.trim()))"
    scrolls = f"{names}.filter((one) => one.parentElement.scrollWidth > one.parentElement.clientWidth).length"
    assert page.locator(".table-wrapper > table").evaluate_all(scrolls) == 0
    labels = """all => all.filter((one) => one.cellIndex).map((one) => [
      one.dataset.label, one.closest("table").tHead.rows[0].cells[one.cellIndex].textContent.trim()])"""
    found = page.locator("table.stacks tbody td").evaluate_all(labels)
    assert found
    assert all(label == head for label, head in found)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.locator("table.stacks").count() == 0, "on a wide screen they are tables again"


def test_blocks_wider_than_their_place_are_reached_by_keyboard(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": 700, "height": 800})
    page.goto((site / "facts.html").as_uri())
    assert page.locator(".table-wrapper[tabindex='0']").count() >= 1
    page.set_viewport_size({"width": 3000, "height": 800})
    page.wait_for_function("!document.querySelector('pre[tabindex]')")
