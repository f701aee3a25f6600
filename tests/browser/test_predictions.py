"""A prediction that is not allowed is not taken: the page says what is, to everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

ALLOWED = "999 is not allowed: enter a number from -50 to 50."


def enabled(page: Page, *, able: bool) -> None:
    """Wait until the lesson can, or cannot, be run."""
    page.wait_for_function(
        "able => [...document.querySelectorAll('.predict button')].some((one) => one.textContent === 'Run it'"
        " && (one.ariaDisabled !== 'true') === able)",
        arg=able,
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_a_number_out_of_range_is_refused_in_words_and_run_only_when_mended(
    visit: Callable[..., Visit], width: int
) -> None:
    page = visit(width).go("/lessons?v=1&lesson=rupture_and_repair")
    field = page.get_by_role("spinbutton", name="Your prediction, as a number")
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    enabled(page, able=True)

    page.keyboard.press("Control+a")
    page.keyboard.type("999")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text(ALLOWED).wait_for()
    enabled(page, able=False)
    assert field.input_value() == "999"
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby")
    assert page.locator(f"[id='{described}']").text_content() == ALLOWED

    page.keyboard.press("Control+a")
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    enabled(page, able=True)
    expect(page.get_by_text(ALLOWED)).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".verdict").wait_for()
    assert "answer" not in page.url


def test_a_seed_out_of_range_changes_nothing_and_says_what_is_allowed(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go("/session?v=1&seed=7")
    field = page.get_by_role("spinbutton", name="Seed, as a number")
    for typed in ("1000000", "2.5"):
        field.fill(typed)
        field.press("Enter")
        page.get_by_text(f"{typed} is not allowed: enter a whole number from 0 to 9999.").wait_for()
        assert page.get_by_role("slider", name="Seed").input_value() == "7"
    assert "seed=7" in page.url


def test_a_number_has_no_value_until_it_is_touched_on_the_dashboard_and_in_the_file(
    visit: Callable[..., Visit], opened: Callable[..., Any]
) -> None:
    dashboard = visit().go("/lessons?v=1&lesson=rupture_and_repair")
    file = opened().go("#lessons/rupture_and_repair")
    enabled(dashboard, able=False)
    for page in (dashboard, file):
        field = page.get_by_role("spinbutton", name="Your prediction, as a number")
        slider = page.locator(".predict input[type=range]")
        expect(field).to_have_value("")
        expect(slider).to_have_value("0")  # in the middle of -50 to 50
        expect(slider).to_have_attribute("aria-valuetext", "no value yet")
        slider.click()  # who means the middle says so
        expect(field).to_have_value("0")
        expect(slider).not_to_have_attribute("aria-valuetext", "no value yet")
        slider.press("ArrowRight")
        expect(field).to_have_value("1")
    enabled(dashboard, able=True)
