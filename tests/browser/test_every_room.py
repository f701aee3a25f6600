"""What holds in every room: everyone can use it, nothing leaves the machine, how it looks is one's own choice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from dashboards.addresses.pages import rooms
from dashboards.rooms.evidence import PARTS
from dashboards.shell.welcome import DISCLAIMER
from tests.browser.looking import charts, controls, without_violations
from tests.programs import finished

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Dashboard, Visit

RECORDS = Path(__file__).parents[1] / "experiments/records/programs/records.csv"
SMALL_CLINIC = "v=1&clients=60&therapists=6"


def test_axe_finds_nothing_in_a_therapy(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/session?v=1&empathy=7")
    page.get_by_role("button", name="Share what you see").click()
    page.get_by_label("Link to exactly this").wait_for()
    without_violations(page, "before the first session, a notice and the link shown")
    page.get_by_role("button", name="Understood").click()
    page.get_by_text("All parameters").click()
    page.get_by_role("searchbox", name="Find a parameter").fill("rupture")
    page.get_by_role("button", name="What is Rupture base").click()
    page.get_by_role("button", name="To the end").click()
    page.get_by_role("heading", name="The therapy is over").wait_for()
    page.get_by_role("button", name="Table: Alliance").click()
    group = page.get_by_role("group", name="Session of the other choices")
    group.get_by_role("button", name="1", exact=True).click()
    page.get_by_text(
        re.compile("Of six other choices .* drawn as dashed grey lines")
    ).first.wait_for()
    without_violations(opened.rest(), "a therapy over, other choices drawn, its parameters open")


def test_axe_finds_nothing_in_a_clinic(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go(f"/clinic?{SMALL_CLINIC}&measure=latent&colour=alliance")
    page.get_by_role("button", name="Table: Who supervises whom").click()
    without_violations(page, "a clinic as it is felt, coloured by alliance")
    page.get_by_role("button", name="Projector").click()
    without_violations(opened.rest(), "a clinic on a projector")


def test_axe_finds_nothing_in_a_comparison(visit: Callable[..., Visit]) -> None:
    page = visit().go(f"/compare?{SMALL_CLINIC}&replicates=4")
    page.get_by_text("4 of 4 replicates").wait_for()
    without_violations(page, "a finished comparison")


def test_axe_finds_nothing_in_a_sweep(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/sweep?v=1")
    without_violations(page, "before a sweep")
    page = opened.go("/sweep?v=1&x_count=3&y=boundary&y_count=3&repeats=2&size=20&go=1&point=4")
    page.get_by_role("button", name="Open this clinic").wait_for()
    page.get_by_role("button", name="Table: ").click()
    without_violations(page, "a finished map with a point chosen and its table")


def test_axe_finds_nothing_in_a_trial_that_is_run_and_opened(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/trial?v=1&differ=empathy&people=1000&without=1")
    page.get_by_role("button", name="Run the trials").press("Enter")
    page.get_by_role("heading", name="Power by number of clients").wait_for()
    page.get_by_role("button", name="Stop").press("Enter")
    expect(page.get_by_text(re.compile(r"Stopped after [\d,]+ of 3,600 trials"))).to_be_visible()
    page.get_by_text("Power holds chance, for the one set of parameters").wait_for()
    page.get_by_text("Trial 1, in which both arms are treated alike.").wait_for()
    page.get_by_role("button", name="Next trial").press("Enter")
    page.get_by_text("Trial 2, in which both arms are treated alike.").wait_for()
    page.wait_for_url("**opened=2*")
    page.get_by_text("Means of therapists as a table").click()
    without_violations(page, "a trial run and opened")


def test_clinics_and_parameter_sets_of_a_trial_are_chosen_and_kept_in_the_link(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go("/trial?v=1&differ=empathy&people=40&team=4")
    differ = page.get_by_role("spinbutton", name="How much clinics differ, as a number")
    expect(differ).to_have_count(0)
    page.get_by_role("combobox", name="Parameters").select_option(
        label="every set that fits the findings"
    )
    differ.fill("2.5")
    differ.press("Enter")
    page.get_by_role("spinbutton", name="Clinics, as a number").fill("3")
    page.get_by_role("spinbutton", name="Clinics, as a number").press("Enter")
    page.get_by_role("alert").get_by_text("set Therapists in all to 6 or more.").wait_for()
    page.get_by_role("spinbutton", name="Therapists in all, as a number").fill("6")
    page.get_by_role("spinbutton", name="Therapists in all, as a number").press("Enter")
    page.wait_for_url("**team=6*clinics=3*")
    page.get_by_role("heading", name="One trial opened").wait_for()
    again = visit().go(page.url.removeprefix(page.url.split("/trial")[0]))
    assert controls(again) == controls(page)
    assert controls(again)["How much clinics differ"] == "2.5"
    assert controls(again)["Parameters"] == "all"


def test_axe_finds_nothing_where_sixty_clinics_are_pooled(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/chance?v=1&number=17")
    page.get_by_role("button", name="Run my clinics").click()
    expect(page.locator(".verdict h2")).to_contain_text("Clinic 17: ")
    page.get_by_role("button", name="See everybody's").click()
    page.get_by_text(re.compile(r"In \d+ of 60 clinics more clients")).wait_for()
    without_violations(opened.rest(), "sixty clinics pooled")


def test_axe_finds_nothing_in_a_lesson(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/lessons")
    without_violations(page, "all lessons")
    page.get_by_role("button", name="Begin: Empathy without boundaries").click()
    page.get_by_role("group", name="Your prediction").get_by_role("button").first.click()
    page.get_by_text("Instructor notes").click()
    without_violations(page, "a lesson before it is run")
    page.get_by_role("button", name="Run it").click()
    page.get_by_role("heading", name="A next question").wait_for()
    without_violations(opened.rest(), "a lesson after it is run")


def test_axe_finds_nothing_in_the_evidence(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/evidence")
    for _, words in PARTS:
        part = page.get_by_role("group", name="Part").get_by_role("button", name=words)
        part.click()
        page.locator("button[aria-pressed=true]", has_text=words).wait_for()
        without_violations(opened.rest(), words)


def test_axe_finds_nothing_in_records(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/records")
    page.get_by_role("button", name="Read this file").click()
    expect(page.get_by_role("alert")).to_have_text("Choose a file first.")
    page.get_by_text("How it is read").click()
    page.get_by_label("Session records").set_input_files(RECORDS)
    page.get_by_label("Range of the alliance").fill("12:60")
    without_violations(page, "before a file is read, its options open")
    page.get_by_role("button", name="Read this file").click()
    expect(page.get_by_role("status")).to_have_text("Read and described.")
    expect(page.get_by_role("heading", name="records.csv: 12 clients, 51 sessions")).to_be_visible()
    expect(page.locator(".described code")).to_contain_text("--alliance-range 12:60")
    page.get_by_text("Not supported by these records").click()
    without_violations(opened.rest(), "a file described")
    page.get_by_label("Column for the client").fill("nobody")
    page.get_by_role("button", name="Read this file").click()
    expect(page.get_by_role("alert")).to_contain_text("nobody (for client) is not a column")


@pytest.mark.parametrize("width", [1440, 390])
def test_what_the_model_misses_can_be_read(visit: Callable[..., Visit], width: int) -> None:
    page = visit(width).go("/evidence")
    misses = page.locator(".misses dt")
    misses.first.wait_for()
    assert misses.count() > 3
    for one in misses.all():
        box = one.bounding_box()
        assert box is not None
        assert box["width"] > 100
        assert box["height"] > 10


def test_axe_objects_to_a_control_without_a_name(visit: Callable[..., Visit]) -> None:
    page = visit().go("/session")
    page.locator("main").evaluate("one => one.append(document.createElement('select'))")
    with pytest.raises(AssertionError, match="select-name"):
        without_violations(page, "spoilt")


def test_what_a_page_asks_for_elsewhere_is_refused_by_the_browser_and_noticed(
    visit: Callable[..., Visit],
) -> None:
    opened = visit()
    page = opened.go("/evidence?part=about")
    refused = page.evaluate(
        """() => new Promise((done) => {
          document.addEventListener("securitypolicyviolation", (event) => done(event.blockedURI));
          fetch("http://203.0.113.1/").catch(() => null);
        })"""
    )
    assert refused.startswith("http://203.0.113.1")
    assert any("http://203.0.113.1/" in one for one in opened.elsewhere)
    opened.elsewhere.clear()


def test_a_request_that_leaves_the_machine_is_noticed(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.page
    page.goto("about:blank")
    page.evaluate("fetch('http://203.0.113.1/').catch(() => null), null")
    page.wait_for_function("performance.getEntriesByType('resource').length > 0")
    assert opened.elsewhere == ["http://203.0.113.1/"]
    opened.elsewhere.clear()


def test_a_page_says_its_language_and_can_be_zoomed(visit: Callable[..., Visit]) -> None:
    page = visit().go("/session")
    assert page.evaluate("document.documentElement.lang") == "en"
    zoom = page.get_attribute("meta[name=viewport]", "content")
    assert zoom == "width=device-width, initial-scale=1"
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.title() == "Session · Alliance"


def test_the_rooms_are_led_to_and_take_what_was_set_along(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/session?v=1&seed=7&empathy=0.4")
    for room in rooms():
        page.get_by_role("navigation", name="Rooms").get_by_role("link", name=room.title).click()
        page.get_by_role("heading", level=1, name=room.title).wait_for()
        page.wait_for_url(f"**/{room.name}?*seed=7*empathy=0.4*")
        expect(page).to_have_title(f"{room.title} · Alliance")
        expect(page.locator("nav [aria-current=page]")).to_have_text(room.title)
        assert DISCLAIMER in page.locator("footer").inner_text()


def test_the_way_back_of_the_browser_leads_to_the_room_before(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/session?v=1&stances=lc&at=2")
    page.get_by_role("link", name="Evidence").click()
    page.get_by_role("heading", level=1, name="Evidence").wait_for()
    page.go_back()
    page.get_by_role("heading", level=1, name="Session").wait_for()
    page.get_by_text("Session 2.", exact=False).first.wait_for()


def test_a_bad_link_gives_a_notice_and_a_working_page(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go(f"/clinic?{SMALL_CLINIC}&empathy=7&nonsense=1&seed=x&preset=nowhere&week=x")
    notice = page.get_by_role("status").filter(has=page.get_by_role("button", name="Understood"))
    said = notice.inner_text()
    for part in ("empathy takes a number", "nonsense", "seed", "nowhere", "week = x"):
        assert part in said
    page.get_by_role("button", name="Understood").click()
    notice.wait_for(state="detached")
    expect(page).to_have_url(re.compile(r"/clinic\?v=1&clients=60&therapists=6$"))
    assert len(charts(opened.rest())) >= 9


def test_a_room_that_does_not_exist_is_told(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.page
    page.goto(f"{opened.address}/<b>nowhere")
    assert (
        page.get_by_role("heading", level=1).text_content() == "There is no room called <b>nowhere"
    )
    page.get_by_role("link", name="Clinic").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Clinic")
    opened.rest()
    assert len(opened.errors) == 1
    assert opened.errors[0].startswith("404 ")
    opened.errors.clear()


def test_dark_and_projector_stay_chosen(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/session")
    small = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Projector").click()
    page.reload()
    opened.rest()
    for name in ("Dark", "Projector"):
        assert page.get_by_role("button", name=name).get_attribute("aria-pressed") == "true"
    assert (
        page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
        > small
    )
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    brand, tools = (page.locator(f"header {one}").bounding_box() for one in (".brand", ".tools"))
    assert brand is not None
    assert tools is not None
    assert tools["y"] < brand["y"] + brand["height"]  # the menu has one row
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Projector").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light
    assert (
        page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
        == small
    )


def test_paper_gets_what_is_found_and_no_controls(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go(f"/clinic?{SMALL_CLINIC}")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(
        "[...document.querySelectorAll('figure.chart')].every((one) => one.dataset.drawn)"
    )
    assert page.get_by_role("button").count() == 0
    assert page.get_by_role("slider").count() == 0
    assert page.get_by_role("navigation").count() == 0
    assert page.locator("figure.chart:visible").count() == len(charts(page))
    assert DISCLAIMER in page.locator("footer").inner_text()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


PAPER = """() => {
  const page = getComputedStyle(document.documentElement);
  const read = (name) => page.getPropertyValue(name).trim();
  return [read("--paper"), read("--ink"), read("--series-1"), read("--text"), page.colorScheme];
}"""
WHITE = ["#fff", "#000", "#0b6a8a", "12px", "light"]


def test_paper_is_white_whatever_the_look(visit: Callable[..., Visit], opened: Any) -> None:
    page = visit().go(f"/clinic?{SMALL_CLINIC}")
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Projector").click()
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(PAPER) == WHITE
    page.emulate_media(media="screen")
    page.evaluate(
        "addEventListener('beforeprint', () => { window.printed = document.documentElement.dataset.theme; })"
    )
    page.pdf()
    assert page.evaluate("window.printed") == "light"  # charts are drawn by script, and anew
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    file = opened(color_scheme="dark").go("#clinic")
    assert file.evaluate(PAPER) != WHITE
    file.emulate_media(media="print", color_scheme="dark")
    assert file.evaluate(PAPER) == WHITE


def test_the_command_says_in_one_sentence_that_a_port_is_taken(dashboard: Dashboard) -> None:
    told = finished("dashboard", "--no-open", "--port", dashboard.port)
    assert told.returncode == 2
    assert f"port {dashboard.port}" in told.stderr
    assert "Traceback" not in told.stderr
