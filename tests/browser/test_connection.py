"""When the server is away, or a part of the page does not come: told in words, and mended where it can be."""

from __future__ import annotations

import os
import re
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Dashboard
from tests.browser.looking import seen, without_violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.browser.conftest import Visit

SMALL = "v=1&clients=60&therapists=6&empathy=0.4&week=5"
LOST = "The connection to the dashboard is lost."


@pytest.fixture
def own_server() -> Iterator[Dashboard]:
    """A server that a test may stop."""
    server = Dashboard()
    server.start()
    yield server
    server.stop()


def test_a_stopped_server_is_told_and_the_page_comes_back_with_it(
    visit: Callable[..., Visit], own_server: Dashboard
) -> None:
    opened = visit(server=own_server)
    page = opened.go(f"/clinic?{SMALL}")
    shown = seen(page)
    page.evaluate("window.beforeRestart = true")
    own_server.stop()
    page.get_by_text(LOST).wait_for()
    assert page.get_by_text("alliance dashboard").is_visible()
    assert page.locator(".v-overlay--active:visible").count() == 0, "a curtain hides what was there"
    assert seen(page) == shown
    at_rest = page.locator("main input[type=range]").first.evaluate(
        "one => !!one.closest('[inert]')"
    )
    assert at_rest, "controls that nobody answers"
    assert page.get_by_role("heading", level=1, name="Clinic").is_visible()
    without_violations(page, "a lost connection")
    own_server.start()
    page.wait_for_function("!window.beforeRestart")
    opened.rest()
    assert page.get_by_text(LOST).count() == 0
    assert seen(page) == shown
    opened.errors.clear()  # what failed while the server was away is no fault of the page


WATCH = """new MutationObserver(() => {
  if (document.querySelector(".connection:not([hidden])")) window.calledLost = true;
}).observe(document, { subtree: true, childList: true, attributes: true });"""


def test_a_page_that_waits_for_its_first_connection_is_not_called_lost(
    visit: Callable[..., Visit],
) -> None:
    opened = visit()
    opened.page.add_init_script(WATCH)
    opened.page.route_web_socket(
        re.compile("/channels"), lambda socket: (time.sleep(2), socket.connect_to_server())
    )
    page = opened.go("/evidence?part=about")
    assert not page.evaluate("window.calledLost ?? false")


def test_a_connection_that_is_merely_interrupted_goes_on_where_it_was(
    visit: Callable[..., Visit],
) -> None:
    opened = visit()
    page = opened.go(f"/clinic?{SMALL}")
    page.evaluate("window.beforeLoss = true")
    empathy = page.get_by_role("slider", name="Empathy")
    empathy.focus()
    page.context.set_offline(True)
    page.get_by_text(LOST).wait_for()
    page.evaluate("solara.debug.dropConnection()")
    page.context.set_offline(False)
    page.get_by_text(LOST).wait_for(state="hidden")
    assert page.evaluate("window.beforeLoss"), "the page was loaded anew"
    assert empathy.evaluate("one => one === document.activeElement"), "the focus is gone"
    page.keyboard.press("ArrowRight")
    page.wait_for_function("!location.search.includes('empathy=0.4&')")


def test_a_server_that_does_not_answer_is_told_although_nothing_was_closed(
    visit: Callable[..., Visit], own_server: Dashboard
) -> None:
    opened = visit(server=own_server)
    page = opened.go("/evidence?v=1&part=about")
    assert own_server.process is not None
    os.kill(own_server.process.pid, signal.SIGSTOP)
    try:
        page.get_by_text("No answer from the dashboard's server yet").wait_for()
        page.get_by_text(LOST).wait_for()
    finally:
        os.kill(own_server.process.pid, signal.SIGCONT)
    page.locator(".connection").wait_for(state="hidden")
    opened.rest()  # if it loads again, to the end


@pytest.mark.parametrize("what", ["**/static/assets/chart.js*", "**/nbextensions/anywidget/*"])
def test_a_part_that_does_not_come_is_told_in_a_sentence_with_a_way_out(
    visit: Callable[..., Visit], what: str
) -> None:
    opened = visit()
    page = opened.page
    page.route(what, lambda route: route.abort())
    page.goto(f"{opened.address}/session?v=1&stances=ll&at=2")
    told = page.get_by_text("This part of the page could not be loaded.").first
    told.wait_for()
    assert page.locator(".jupyter-widgets-error-widget:visible").count() == 0
    without_violations(page, "parts missing")
    page.unroute(what)
    page.get_by_role("button", name="Reload the page").first.click()
    opened.rest()
    assert told.count() == 0
    assert page.locator("main figure.chart").count() > 0
    opened.elsewhere.clear()  # asked for by a widget's loader, and refused by the browser: see below
    opened.errors.clear()
