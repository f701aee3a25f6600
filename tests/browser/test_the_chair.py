"""The therapist's chair: person, choices and their effect side by side, every press counts, nothing is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dashboards.addresses.address import read
from dashboards.therapies.characters import CLIENTS, THERAPISTS
from dashboards.therapies.constant_stance import LONGEST
from dashboards.therapies.playing import play
from dashboards.therapies.therapy_state import FIELDS, TherapyState
from tests.browser.looking import is_seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Visit


def choice(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="What would you say?").get_by_role("button", name=name)


def test_person_choices_and_chart_are_seen_without_scrolling(visit: Callable[..., Visit]) -> None:
    opened = visit()
    for path in ("/session", "/session?v=1&stances=ll&at=2"):
        page = opened.go(path)
        buttons = page.get_by_role("group", name="What would you say?").get_by_role("button")
        assert buttons.count() in {4, 5}
        chart = page.locator("figure.chart .canvas").first
        for one in (page.get_by_role("heading", name="Holds on tightly"), chart, *buttons.all()):
            assert is_seen(one)
        assert page.evaluate("scrollY") == 0


def test_the_first_choice_is_reached_by_five_presses_of_tab(visit: Callable[..., Visit]) -> None:
    page = visit().go("/session")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
        if choice(page, "Listen").evaluate("one => one === document.activeElement"):
            return
    pytest.fail("not reached")


def test_six_fast_taps_are_six_sessions(visit: Callable[..., Visit]) -> None:
    page = visit().go("/session?v=1&seed=15&client=wary")
    choice(page, "Listen").evaluate("one => { for (let i = 0; i < 6; i += 1) one.click(); }")
    page.wait_for_url("**stances=llllll&at=6*")
    expect(page.locator(".log li")).to_have_count(6)


def test_six_taps_by_a_finger_are_six_sessions(visit: Callable[..., Visit]) -> None:
    page = visit(390).go("/session?v=1&seed=15&client=wary")
    box = choice(page, "Listen").bounding_box()
    assert box is not None
    for _ in range(6):
        page.mouse.click(box["x"] + 40, box["y"] + 12, delay=5)
    page.wait_for_url("**stances=llllll&at=6*")


def test_a_choice_is_undone_and_so_is_one_that_forgot_what_came_after_it(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go("/session?v=1&seed=15&client=wary&stances=lclc&at=4")
    undo = page.get_by_role("button", name="Undo the last choice")
    assert undo.count() == 0
    for _ in range(2):
        page.get_by_role("button", name="Back one session").click()
    said = page.get_by_text("a choice made here forgets sessions 3 to 4, unless you undo it")
    said.wait_for()
    choice(page, "Listen").click()
    page.wait_for_url("**stances=lcl&at=3*")
    said.wait_for(state="detached")
    undo.click()
    page.wait_for_url("**stances=lclc&at=2*")
    said.wait_for()
    undo.wait_for(state="detached")


def test_another_client_begins_again_and_can_be_undone(visit: Callable[..., Visit]) -> None:
    page = visit().go("/session?v=1&stances=ll&at=2")
    page.get_by_label("Client", exact=True).select_option("wary")
    page.wait_for_url(re.compile("client=wary$"))
    page.get_by_role("heading", name="They have not met yet").wait_for()
    page.get_by_role("button", name="Undo the last choice").click()
    page.wait_for_url("**stances=ll&at=2*")


def test_stances_that_do_not_fit_are_a_step_further_away(visit: Callable[..., Visit]) -> None:
    page = visit().go("/session?v=1&seed=15&client=wary")
    others = page.get_by_role("group", name="Other ways")
    assert not others.is_visible()
    page.get_by_text("Other ways, which fit less well here").click()
    others.get_by_role("button", name="Bend it").click()
    page.wait_for_url("**stances=b&at=1*")


def test_who_leaves_by_the_menu_and_returns_finds_the_therapy(visit: Callable[..., Visit]) -> None:
    page = visit().go("/session?v=1&seed=15&client=wary&stances=lcl&at=2")
    for room in ("Evidence", "Session"):
        page.get_by_role("navigation", name="Rooms").get_by_role("link", name=room).click()
        page.get_by_role("heading", level=1, name=room).wait_for()
    page.wait_for_url("**client=wary&stances=lcl&at=2*")
    page.get_by_role("button", name="Reset everything").click()
    page.get_by_role("heading", name="They have not met yet").wait_for()
    for room in ("Evidence", "Session"):
        page.get_by_role("navigation", name="Rooms").get_by_role("link", name=room).click()
        page.get_by_role("heading", level=1, name=room).wait_for()
    page.get_by_role("heading", name="They have not met yet").wait_for()


def test_one_can_predict_before_one_sees(visit: Callable[..., Visit]) -> None:
    page = visit().go("/session?v=1&seed=15&client=wary")
    page.get_by_role("button", name="Predict first").click()
    came = page.locator(".came")
    for number, words in enumerate(("It rises", "It falls"), 1):
        choice(page, "Listen").click()
        page.get_by_text("What will that do to trust?").wait_for()
        page.get_by_role("button", name=words).click()
        expect(page.locator(".log li")).to_have_count(number)
    expect(came).to_contain_text(
        re.compile(r"You expected trust to fall\. .* Right so far: 1 of 2\.")
    )
    page.get_by_role("button", name="Undo the last choice").click()
    expect(came).to_contain_text("You expected trust to rise.")
    expect(came).not_to_contain_text("Right so far")
    choice(page, "Listen").click()
    page.get_by_role("button", name="Choose again").click()
    page.get_by_role("button", name="Predict first").click()
    choice(page, "Listen").click()
    expect(page.locator(".log li")).to_have_count(2)
    expect(came).to_have_count(0)


def test_at_its_end_a_therapy_stands_among_the_same_hundred_as_in_the_file(visit, opened) -> None:
    query = "client=wary&therapist=clear&seed=5&number=7&empathy=0.5&stances=lllllllll"
    page, notices = read("session", query, FIELDS)
    assert notices == ()
    therapy = TherapyState.of(page).therapy()
    assert therapy.ending is not None
    setups = [replace(therapy.setup, number=7 + draw) for draw in range(1, 101)]
    others = [play(setup, "".join(therapy.stances), LONGEST) for setup in setups]
    left = sum(one.ending in {"dropped_out", "boundary_violation"} for one in others)
    worse = sum(one.state.distress > therapy.state.distress for one in others)
    longer = sum(len(one) > len(therapy) for one in others)
    said = (
        f"With your choices {left} of 100 clients left early. {worse} ended with more distress than yours, "
        f"and {longer} stayed longer."
    )
    dashboard = visit().go(f"/session?v=1&{query}")
    file = opened().go(f"#session?{query}")
    for shown in (dashboard, file):
        assert shown.locator("figure:has(.cloud) .summary").inner_text() == said
        assert shown.locator(".cloud .dot").count() == 101


def test_a_first_visit_feels_a_consequence_within_three_taps(visit) -> None:
    page = visit(390).go("/")
    page.get_by_role("link", name="Take the chair").click()
    buttons = page.get_by_role("group", name="What would you say?").get_by_role("button")
    buttons.first.click()
    page.wait_for_url("**stances=*")
    page.get_by_role("button", name="1", exact=True).click()
    chart = page.locator("figure.chart .summary").first
    expect(chart).to_contain_text("drawn as dashed grey lines")


def test_paper_names_the_choices_and_tells_the_sessions_in_order(visit, opened) -> None:
    query = "client=wary&therapist=clear&seed=5&stances=lch"
    for page in (visit().go(f"/session?v=1&{query}"), opened().go(f"#session?{query}")):
        page.emulate_media(media="print")
        said = page.get_by_text(
            "Chosen, session by session: 1 Listen; 2 Challenge; 3 Hold the limit."
        )
        assert said.is_visible()
        tops = [(one.bounding_box() or {})["y"] for one in page.locator(".log li").all()]
        words = page.locator(".log li").all_inner_texts()
        first = words[tops.index(min(tops))]
        assert first.startswith("Session 1.")
        assert len(words) == 3


def test_who_meets_is_described_once(visit: Callable[..., Visit]) -> None:
    page = visit().go("/session?v=1&client=wary&therapist=clear")
    described = [CLIENTS["wary"].description, THERAPISTS["clear"].description]

    def are_there_once() -> None:
        # The page may be drawn anew at this very moment: what counts is where it comes to rest.
        page.wait_for_function(
            """described => described.every(
                one => document.querySelector("main").innerText.split(one).length === 2
            )""",
            arg=described,
        )

    are_there_once()
    choice(page, "Listen").click()
    page.locator(".log li").first.wait_for()
    are_there_once()
