"""A therapy on a phone: whoever steps sees what has just happened, the controls and the first chart's head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import is_seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Visit


def test_who_steps_sees_what_happened_the_controls_and_a_chart(visit: Callable[..., Visit]) -> None:
    opened = visit(390)
    page = opened.go("/session?v=1&stances=oo&at=2")
    step = page.get_by_role("button", name="Step: hold the next session")
    narration = page.locator(".narration")
    head = page.locator("figure.chart h2").first
    # However far the page is scrolled: at its top, and with the chart at the top of the screen.
    for place, seen in (
        ("main h1", (narration, step)),
        ("figure.chart h2", (narration, step, head)),
    ):
        page.locator(place).first.evaluate("one => one.scrollIntoView()")
        top = "one => Math.round(one.getBoundingClientRect().top)"
        before = page.locator(place).first.evaluate(top)
        session = int(page.url.partition("&at=")[2].partition("&")[0]) + 1
        step.click()
        page.locator(".narration", has_text=f"Session {session}.").wait_for()
        page.wait_for_url(f"**&at={session}*")
        opened.rest()
        assert page.locator(place).first.evaluate(top) == pytest.approx(before, abs=1)
        for one in seen:
            assert is_seen(one)
    page.locator("main h1").evaluate("one => one.scrollIntoView()")
    person = page.get_by_role("heading", name="Holds on tightly")
    for one in (person, page.get_by_role("button", name="Listen")):
        assert is_seen(one)


def test_every_choice_stands_below_the_person_with_what_it_means(
    visit: Callable[..., Visit],
) -> None:
    page = visit(390).go("/session")
    person = page.get_by_role("heading", name="Holds on tightly")
    choices = page.get_by_role("group", name="What would you say?").get_by_role("button")
    assert choices.count() in {4, 5}
    for choice in choices.all():
        assert is_seen(choice)
        assert choice.evaluate("one => one.getBoundingClientRect().height") >= 44
        assert choice.bounding_box()["y"] > person.bounding_box()["y"]
        assert choice.locator("xpath=following-sibling::span").is_visible()


def test_what_stays_at_the_foot_covers_nothing_for_good(visit: Callable[..., Visit]) -> None:
    page = visit(390).go("/session?v=1&stances=oooo&at=4")
    last = page.locator(".alliance > footer p")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert last.evaluate("one => one.getBoundingClientRect().bottom") < page.locator(
        ".player"
    ).evaluate("one => one.getBoundingClientRect().top")


def test_a_wide_screen_tells_sessions_in_the_log_alone(visit: Callable[..., Visit]) -> None:
    page = visit(1440).go("/session?v=1&stances=oo&at=2")
    assert page.locator(".narration").evaluate("one => one.getBoundingClientRect().width") <= 1
    assert page.locator(".log li").count() == 2


def test_at_the_end_the_choices_stand_beside_other_ways_and_not_before(
    visit: Callable[..., Visit],
) -> None:
    opened = visit(390)
    page = opened.go("/session?v=1&client=clinging&stances=lh&at=2")
    assert page.get_by_role("heading", name="What the choices add up to").count() == 0
    page.get_by_role("button", name="To the end").click()
    page.get_by_role("heading", name="The therapy is over").wait_for()
    page.locator(".headlines dt", has_text="Ended").wait_for()
    assert page.locator(".headlines dt", has_text="Chance").count() == 0
    page.get_by_role("button", name="Repeat under 100 other draws of luck").click()
    page.get_by_text("Over 100 draws, at the end").wait_for()
    rows = page.get_by_role("region", name="100 other draws of luck").get_by_role("row")
    assert rows.count() == 9


@pytest.mark.parametrize(
    ("room", "words", "control"),
    [
        ("clinic", "Change this clinic", "Start from"),
        ("compare", "Choose what is compared", "Compare with"),
        ("sweep", "Choose what is varied", "Vary"),
        ("trial", "Change this trial", "Treatment"),
    ],
)
def test_what_can_be_set_is_led_to_from_the_top_of_a_room(
    visit: Callable[..., Visit], room: str, words: str, control: str
) -> None:
    page = visit(390).go(f"/{room}?v=1&clients=40" if room != "trial" else "/trial?v=1")
    chosen = page.get_by_role("combobox", name=control)
    assert not is_seen(chosen)
    page.get_by_role("link", name=words).click()
    page.wait_for_function("scrollY > 0")
    assert is_seen(chosen)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert not page.get_by_role("link", name=words).is_visible()


def test_who_meets_can_be_chosen_without_scrolling_through_everything(
    visit: Callable[..., Visit],
) -> None:
    page = visit(390).go("/session")
    client = page.get_by_role("combobox", name="Client")
    assert not is_seen(client)
    page.get_by_role("link", name="Choose another client or therapist").click()
    page.wait_for_function("scrollY > 0")
    assert is_seen(client)
    assert not page.url.endswith("#setting"), "the address names a page"
    rows = {
        box["y"]
        for box in (one.bounding_box() for one in page.locator(".player button").all())
        if box
    }
    assert len(rows) == 1, "the buttons below a therapy take one row"
