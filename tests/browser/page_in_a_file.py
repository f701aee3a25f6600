"""A class in one file, opened from a file as students meet it, and what they do there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.page.document import Contents, page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

PHONE, LAPTOP = (390, 844), (1440, 900)

PATIENCE = 30_000
"""Milliseconds that a page is given: the machine may be busy with other things."""

MEETING = "#session?client=wary&therapist=clear&seed=5"


class Opened:
    """A page opened from a file, with all that it asked for and all that went wrong."""

    def __init__(self, page: Page, place: str) -> None:
        self.page = page
        self.place = place
        self.asked: list[str] = []
        self.wrong: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self._note(request.url))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.wrong.append(said.text) if said.type in {"error", "warning"} else None
            ),
        )

    def _note(self, address: str) -> None:
        """Note what is asked for; a worker that the page has made is fetched from its own memory."""
        if not address.startswith("blob:"):
            self.asked.append(address)

    def refusals(self) -> list[str]:
        """Return what the page's policy refused, and forget it."""
        found = [said for said in self.wrong if "Content Security Policy" in said]
        self.wrong = [said for said in self.wrong if said not in found]
        return found

    def go(self, fragment: str = "") -> Page:
        self.page.goto("about:blank")
        self.asked.clear()
        self.page.goto(self.place + fragment)
        self.page.locator("main h1").first.wait_for()
        return self.page


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "class.html"
    file.write_text(page(Contents()), "utf-8")
    return file


@pytest.fixture
def opened(chromium: Browser, written: Path) -> Iterator[Callable[..., Opened]]:
    contexts = []
    visits: list[Opened] = []

    def begin(size: tuple[int, int] = LAPTOP, file: Path = written, **options: Any) -> Opened:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, offline=True, **options
        )
        contexts.append(context)
        visits.append(Opened(context.new_page(), file.as_uri()))
        return visits[-1]

    yield begin
    for visit in visits:
        assert not visit.wrong, visit.wrong
        assert all(one.split("#")[0] == visit.place for one in visit.asked), visit.asked
    for context in contexts:
        context.close()


def choices(page: Page) -> Locator:
    return page.locator(".says > button").filter(visible=True)


def choose(page: Page, title: str) -> None:
    choices(page).filter(has_text=re.compile(rf"{title}(\.|$)")).click()


def says(page: Page, words: str) -> None:
    """Wait until the address says so, which it does after the screen."""
    page.wait_for_function("words => location.hash.includes(words)", arg=words)


def sessions(page: Page) -> int:
    return page.locator(".log li").count()


def clinic_is_run(page: Page) -> list[str]:
    """Wait for the clinics and return the headline figures."""
    page.get_by_text("30 clinics of").wait_for()
    return page.locator(".headlines dd").all_inner_texts()
