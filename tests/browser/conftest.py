"""A dashboard of its own, Debian's Chromium, and pages that notice whatever should not happen."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
)

START = "from experiments.cli import main; main()"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


class Dashboard:
    """A server of its own process, on a port of its own."""

    def __init__(self) -> None:
        self.port = 0
        self.address = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, "-c", START, "dashboard", "--no-open", "--port", str(self.port)]
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path},
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        assert found, said
        self.port = int(found[1])
        self.address = found[0]

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            if self.process.stdout is not None:
                self.process.stdout.close()


@pytest.fixture(scope="session")
def dashboard() -> Iterator[Dashboard]:
    server = Dashboard()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


class Visit:
    """A page in a context of its own, with what went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._note_request)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", self._note_response)

    def _note_request(self, request: object) -> None:
        url = str(request.url)  # type: ignore[attr-defined]
        if urlsplit(url).scheme in {"data", "blob"}:
            return
        if urlsplit(url).netloc != urlsplit(self.address).netloc:
            self.elsewhere.append(url)

    def _note_response(self, response: object) -> None:
        if response.status >= 400:  # type: ignore[attr-defined]
            self.errors.append(f"{response.status} {response.url}")  # type: ignore[attr-defined]

    def go(self, path: str) -> Page:
        """Open a path of the dashboard and wait until its room is there."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector("main h1", state="attached", timeout=30_000)
        return self.page

    def charts(self, at_least: int = 1) -> Page:
        """Wait until charts are drawn."""
        self.page.wait_for_function(
            f"document.querySelectorAll('figure.chart[data-drawn]').length >= {at_least}",
            timeout=30_000,
        )
        return self.page


@pytest.fixture
def visit(dashboard: Dashboard, chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open pages, each in a context of its own; after the test none may have reached out or failed."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_page(width: int = 1440, scheme: str = "light") -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        contexts.append(context)
        made = Visit(context.new_page(), dashboard.address)
        visits.append(made)
        return made

    yield open_page
    for context in contexts:
        context.close()
    for made in visits:
        assert made.elsewhere == []
        assert made.errors == []
