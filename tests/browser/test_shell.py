"""What surrounds every room: the first page, sharing, the way back from a change, links that are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_journeys import press, reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.browser.conftest import Visit


def is_seen(one: Locator) -> bool:
    """Tell whether an element stands on the screen, in full."""
    return bool(
        one.evaluate(
            """one => { const box = one.getBoundingClientRect();
              const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
              return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth
                && one.contains(top); }"""
        )
    )


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
    assert button.get_attribute("aria-pressed") == "false"
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
    assert back.is_hidden()
    page.get_by_text("All parameters").click()
    page.get_by_role("searchbox", name="Find a parameter").fill("assignment")
    page.get_by_role("button", name="Reset Assignment to Least loaded").click()
    page.wait_for_function("!location.search.includes('assignment')")
