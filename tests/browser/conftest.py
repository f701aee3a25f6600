"""A dashboard of its own, Debian's Chromium, and pages that notice whatever should not happen."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from dashboards.tools import dashboard_process
from dashboards.tools.screenshots import QUIET
from tests.browser.page_in_a_file import PATIENCE, opened, written  # noqa: F401  fixtures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Page,
        Request,
        Response,
        WebSocket,
    )

ROOT = Path(__file__).resolve().parents[2]

# A room says that it waits (role status in an empty box) or works (aria-busy), and gives a button that stops it.
AT_REST = """() => {
  const main = document.querySelector("main");
  if (!main || !main.querySelector("h1")) return false;
  const waits = /being|about to/;
  if ([...main.querySelectorAll(".empty[role=status]")].some((one) => waits.test(one.textContent))) return false;
  if (main.querySelector("[aria-busy=true]")) return false;
  if ([...main.querySelectorAll(".lm-Widget")].some((one) => !one.childElementCount)) return false;
  const buttons = [...main.querySelectorAll("button")];
  if (buttons.some((one) => one.textContent === "Stop" && !one.ariaDisabled)) return false;
  const near = (one) => { const box = one.getBoundingClientRect(); return box.top < innerHeight && box.bottom > 0; };
  return [...main.querySelectorAll("figure.chart")].every((one) => !near(one) || one.dataset.drawn);
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


class Dashboard:
    """A server in a process of its own that can be stopped and started again, on the port it had."""

    def __init__(self, *options: str) -> None:
        self.options = options
        self.port = 0
        self.address = ""
        self.entrance = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        started = dashboard_process.Dashboard(*self.options, "--port", str(self.port))
        self.address, self.entrance = started.address, started.entrance
        self.port = urlsplit(started.address).port or 0
        self.process = started.process

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:  # an open page may hold it
                self.process.kill()
                self.process.wait(20)
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None

    def seconds_worked(self) -> float:
        """Processor seconds that the server has used so far."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="session")
def dashboard() -> Iterator[Dashboard]:
    server = Dashboard()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
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
        page.set_default_timeout(PATIENCE)
        page.on("request", self._note_request)
        page.on("websocket", self._note_request)
        page.on("console", self._note_refusal)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", self._note_response)

    def _note_request(self, request: Request | WebSocket) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != urlsplit(self.address).netloc:
            self.elsewhere.append(request.url)

    def _note_refusal(self, message: ConsoleMessage) -> None:
        """Note what the page asked for elsewhere and the browser refused: it need not appear as a request."""
        if "Content Security Policy" in message.text:
            self.elsewhere.append(message.text)

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"{response.status} {response.url}")

    def go(self, path: str) -> Page:
        """Open a path of the dashboard and wait until its room is there and at rest."""
        self.page.goto(self.address + path)
        return self.rest()

    def rest(self) -> Page:
        """Wait until the room is there, nothing is being computed, and charts near the screen are drawn."""
        self.page.wait_for_function(AT_REST)
        return self.page


@pytest.fixture
def visit(dashboard: Dashboard, chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open pages, each in a context of its own; after the test none may have reached out or failed."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_page(width: int = 1440, server: Dashboard = dashboard) -> Visit:
        context = chromium.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        context.request.get(server.entrance)
        made = Visit(context.new_page(), server.address)
        visits.append(made)
        return made

    yield open_page
    for context in contexts:
        context.close()
    for made in visits:
        assert made.elsewhere == []
        assert made.errors == []
