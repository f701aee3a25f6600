"""The session room of the page in one file: taps, undo, addresses, the end, the story."""

from __future__ import annotations

import re

import pytest

from dashboards.page.document import page
from dashboards.page.setting import read_setting
from tests.browser.page_in_a_file import LAPTOP, MEETING, PHONE, choices, choose, says, sessions

TOO_SMALL = """() => [...document.querySelectorAll("button, select, summary, nav a, .as-button, input")]
  .filter((one) => one.checkVisibility() && one.type !== "checkbox")
  .map((one) => [one.textContent || one.type, one.getBoundingClientRect().height])
  .filter(([, tall]) => tall < 43.5)"""


def test_a_first_visit_feels_a_consequence_within_three_taps(opened) -> None:
    page = opened(PHONE, has_touch=True).go()
    assert "never advises on a real client" in page.locator("main").inner_text()
    page.get_by_role("link", name="Take the chair").tap()
    assert choices(page).count() in {4, 5}
    before = page.locator(".situation").inner_text()
    choices(page).first.tap()
    happened = page.locator(".happened")
    assert happened.inner_text().startswith("Session 1.")
    assert page.locator(".situation").inner_text() != before
    page.get_by_role("button", name="What would another choice have done?").tap()
    table = page.locator("table.effects")
    gaps = [float(one) for one in re.findall(r"[+−](\.\d\d)", table.inner_text())]
    assert max(gaps) > 0.1
    page.wait_for_function(
        "() => document.querySelector('.happened').getBoundingClientRect().top >= 0"
    )


def test_the_story_is_told_in_eight_screens_with_one_thing_to_do_on_each(opened) -> None:
    page = opened(PHONE).go()
    page.get_by_role("link", name="Begin with a story").click()
    buttons = page.locator(".story .says button")
    place = page.locator(".pair .turns").first.evaluate
    far = place("one => one.style.transform")
    for number in range(1, 9):
        page.get_by_text(f"{number} of 8", exact=True).wait_for()
        assert page.locator(".story h1").inner_text()
        if number == 7:
            assert page.locator(".cloud .dot").count() == 101
        if number == 8:
            break
        assert buttons.count() == (2 if number in {3, 5} else 1)
        told = page.locator(".story .told").inner_text()
        buttons.first.click()
        assert page.locator(".story .told").inner_text() != told
        if number in {3, 5}:
            after = page.locator(".story .told").inner_text()
            now, other = re.findall(r"(\.\d\d) now.*trust would be (\.\d\d)", after, re.DOTALL)[0]
            assert float(now) > float(other)
    assert page.locator(".pair .turns").first.evaluate("one => one.style.transform") != far
    page.get_by_role("button", name="Back").click()
    page.get_by_text("7 of 8", exact=True).wait_for()
    page.get_by_role("button", name="Change one thing").click()
    page.get_by_role("button", name="Go on with this client yourself").click()
    assert page.locator(".log li").count() > 3


def test_person_choices_and_chart_are_seen_at_once_on_a_laptop(opened) -> None:
    page = opened(LAPTOP).go(MEETING)
    choose(page, "Listen")
    page.wait_for_function(
        "() => Math.round(document.querySelector('.sitting').getBoundingClientRect().top) >= 0"
    )
    for part in (".pair", ".person h1", ".says >> nth=0", ".looking figure"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert round(box["y"]) >= 0
        assert box["y"] + box["height"] <= LAPTOP[1], part


def test_on_a_phone_the_person_is_above_the_buttons_and_nothing_is_too_small_to_tap(opened) -> None:
    page = opened(PHONE).go(MEETING)
    person = page.locator(".person").bounding_box()
    first = choices(page).first.bounding_box()
    assert person is not None
    assert first is not None
    assert person["y"] + person["height"] <= first["y"]
    choose(page, "Listen")
    page.get_by_text("Other ways").click()
    page.get_by_text("Choose who meets").click()
    assert page.evaluate(TOO_SMALL) == []
    page.get_by_role("link", name="Lessons").click()
    assert page.evaluate(TOO_SMALL) == []


def test_six_quick_taps_are_six_sessions(opened) -> None:
    page = opened(PHONE).go(MEETING)
    page.evaluate("for (let i = 0; i < 6; i += 1) document.querySelector('.says > button').click()")
    assert sessions(page) == 6


def test_undo_takes_back_the_last_session_and_going_back_says_what_it_forgets(opened) -> None:
    page = opened().go(MEETING)
    for _ in range(4):
        choose(page, "Listen")
    page.get_by_role("button", name="Undo session 4").click()
    assert sessions(page) == 3
    page.get_by_role("button", name="Choose again in session 2; forgets sessions 2 to 3").click()
    assert sessions(page) == 1
    page.get_by_role("button", name="Undo: bring back 3 sessions").click()
    assert sessions(page) == 3


def test_the_end_shows_the_own_therapy_among_a_hundred(opened) -> None:
    page = opened().go(MEETING)
    choose(page, "Listen")
    page.get_by_role("button", name="To the end").click()
    page.get_by_role("heading", name="The therapy is over").wait_for()
    assert page.locator(".cloud .dot").count() == 101
    assert page.locator(".cloud .mine").count() == 1
    assert re.search(r"\d+ of 100 clients left early", page.locator(".looking").inner_text())


def test_the_address_restores_a_therapy_and_its_seed_is_never_a_number_of_the_browser(
    opened,
) -> None:
    visit = opened()
    page = visit.go("#session?client=wary&therapist=tired&seed=18446744073709551615&stances=lach")
    told = page.locator(".log").inner_text()
    assert sessions(page) == 4
    says(page, "seed=18446744073709551615")
    assert visit.go("#session?client=wary&therapist=tired&seed=18446744073709551614&stances=lach")
    assert page.locator(".log").inner_text() != told


@pytest.mark.parametrize(
    "wrong", ["client=nobody", "stances=xyz", "seed=-1", "client.motivation=7", "preset=none"]
)
def test_an_address_that_is_wrong_says_so_and_begins_anew(opened, wrong) -> None:
    page = opened().go(f"#session?client=wary&therapist=warm&{wrong}")
    assert "new therapy instead" in page.get_by_role("alert").inner_text()
    choose(page, "Listen")
    assert sessions(page) == 1


def test_leaving_and_coming_back_keeps_the_therapy_and_another_client_begins_anew(opened) -> None:
    page = opened().go(MEETING)
    choose(page, "Listen")
    choose(page, "Challenge")
    page.get_by_role("link", name="Evidence").click()
    page.get_by_role("link", name="Session", exact=True).click()
    assert sessions(page) == 2
    page.get_by_text("Choose who meets").click()
    page.get_by_label("Client", exact=True).select_option("ready")
    assert sessions(page) == 0
    assert page.locator(".person h1").inner_text() == "Ready to work"
    assert page.get_by_label("Client", exact=True).is_visible()


def test_a_trait_can_be_set_and_the_same_choices_are_played_again(opened) -> None:
    page = opened().go(f"{MEETING}&stances=lll")
    told = page.locator(".looking .summary").inner_text()
    page.get_by_text("Choose who meets").click()
    page.get_by_text("The client’s traits").click()
    page.get_by_label("Propensity to trust, as a number").fill("0.9")
    page.keyboard.press("Tab")
    assert sessions(page) == 3
    assert page.locator(".looking .summary").inner_text() != told
    says(page, "client.propensity_to_trust=0.9")


def test_a_teachers_own_character_is_met(opened, tmp_path) -> None:
    text = (
        'title = "Seminar 3"\nopens = "session"\nlessons = ["feedback"]\n'
        'session = { client = "late", seed = 9 }\n'
        '[clients.late]\ntitle = "Always late"\ndescription = "Half of the hour is over."\nmotivation = 0.1\n'
    )
    file = tmp_path / "own.html"
    file.write_text(page(read_setting(text, "own.toml")), "utf-8")
    shown = opened(file=file).go()
    assert shown.locator(".person h1").inner_text() == "Always late"
    choose(shown, "Listen")
    assert sessions(shown) == 1
    says(shown, "seed=9")


def test_one_can_predict_before_one_sees(opened) -> None:
    page = opened(PHONE).go("#session?client=wary&seed=15")
    page.get_by_role("button", name="Predict first").click()
    came = page.locator(".came")
    for words in ("It rises", "It falls"):
        choices(page).first.click()
        assert page.get_by_text("What will that do to trust?").is_visible()
        page.get_by_role("button", name=words).click()
    assert "You expected trust to fall." in came.inner_text()
    assert "Right so far: 1 of 2." in came.inner_text()
    page.get_by_role("button", name=re.compile("Undo session 2")).click()
    assert "You expected trust to rise." in came.inner_text()
    choices(page).first.click()
    page.get_by_role("button", name="Choose again", exact=True).click()
    page.get_by_role("button", name="Predict first").click()
    choices(page).first.click()
    assert not came.is_visible()
    assert page.evaluate(TOO_SMALL) == []


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_six_quick_taps_on_one_place_are_six_sessions_of_one_choice(opened, size) -> None:
    page = opened(size).go("#session?client=wary&therapist=clear&seed=5")
    box = choices(page).first.bounding_box()
    for _ in range(6):
        page.mouse.click(box["x"] + 60, box["y"] + 14, delay=5)
    says(page, "stances=llllll")
