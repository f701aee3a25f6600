"""Whole journeys: by keyboard alone, side by side undisturbed, through interruptions, into files."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from dashboards.addresses.address import PageState
from dashboards.addresses.pages import address
from dashboards.therapies.stances import STANCES
from tests.browser.acting import downloaded, press, reach
from tests.browser.conftest import Dashboard
from tests.browser.looking import charts, seen
from tests.programs import finished

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Visit

SMALL = "clients=60&therapists=6"


def test_a_therapy_is_played_and_looked_back_on_by_keyboard(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/session")
    for session, stance in enumerate(("Listen", "Challenge", "Listen"), 1):
        press(page, page.get_by_role("button", name=stance))
        page.get_by_text(f"Session {session}. ").first.wait_for()
    press(page, page.get_by_role("button", name="Back one session"))
    page.locator(".situation", has_text="Session 3.").wait_for()
    group = page.get_by_role("group", name="Session of the other choices")
    press(page, group.get_by_role("button", name="1", exact=True), "Space")
    page.get_by_text("The other choices in session 1, under the same luck.").wait_for()
    expect(page).to_have_url(re.compile("counterfactual=1"))


def test_a_clinic_is_changed_and_its_weeks_are_stepped_by_keyboard(
    visit: Callable[..., Visit],
) -> None:
    opened = visit()
    page = opened.go(f"/clinic?v=1&{SMALL}")
    before = charts(page)
    reach(page, page.get_by_role("slider", name="Empathy"))
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("location.search.includes('empathy=')")
    page.wait_for_function(
        "before => [...document.querySelectorAll('main figure.chart .summary')].some("
        "(one, index) => one.textContent !== before[index])",
        arg=before,
    )
    press(page, page.get_by_role("button", name="Step one week on"))
    page.wait_for_function("location.search.includes('week=')")
    press(page, page.get_by_role("button", name="To the end"), "Space")
    week = page.get_by_role("slider", name="Week")
    last = week.get_attribute("max")
    page.wait_for_function(f"location.search.includes('week={last}')")
    opened.rest()
    expect(week).to_have_value(last or "")


@pytest.mark.parametrize("control", ["Start from", "Empathy", "Seed"])
def test_weeks_stop_playing_when_another_clinic_takes_their_place(
    visit: Callable[..., Visit], control: str
) -> None:
    page = visit().go(f"/clinic?v=1&{SMALL}&week=2")
    page.get_by_role("button", name="Play the weeks").click()
    page.wait_for_function("!location.search.includes('week=2')")
    page.get_by_role("button", name="Pause").wait_for()
    if control == "Start from":
        page.get_by_label(control, exact=True).select_option("youth")
    else:
        page.get_by_role("slider", name=control).press("ArrowRight")
    expect(page).to_have_url(re.compile("preset=|empathy=|seed="))
    page.get_by_role("button", name="Play the weeks").wait_for()
    before = page.url
    page.wait_for_timeout(1500)
    assert page.url == before
    page.get_by_role("button", name="Play the weeks").click()
    page.wait_for_function("before => location.href !== before", arg=before)


def test_a_link_to_a_week_after_the_end_shows_the_last_one_and_says_so(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go(f"/clinic?v=1&{SMALL}&week=400")
    last = page.get_by_role("slider", name="Week").get_attribute("max")
    page.get_by_text(f"Week 400 is after the end of this run: its last week, {last}").wait_for()
    page.wait_for_function(f"location.search.endsWith('week={last}')")


def test_a_shorter_run_brings_the_week_in_the_address_to_its_end(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go(f"/clinic?v=1&{SMALL}")
    page.get_by_role("button", name="To the end").click()
    week = page.get_by_role("slider", name="Week")
    longest = int(week.get_attribute("max") or "")
    page.wait_for_function(f"location.search.endsWith('week={longest}')")
    limit = page.get_by_role("spinbutton", name="Session limit, as a number")
    limit.fill("2")
    limit.press("Enter")
    page.wait_for_function("longest => !location.search.includes(`week=${longest}`)", arg=longest)
    expect(week).not_to_have_attribute("max", str(longest))
    shorter = int(week.get_attribute("max") or "")
    assert shorter < longest
    expect(page).to_have_url(re.compile(f"week={shorter}$"))
    assert page.locator(".notice").count() == 0


def test_a_sweep_is_run_and_a_clinic_opened_from_it_by_keyboard(
    visit: Callable[..., Visit],
) -> None:
    opened = visit()
    page = opened.go("/sweep?v=1&x_count=3&repeats=2&size=20")
    press(page, page.get_by_role("button", name="Run the sweep"))
    page.get_by_text("6 of 6 clinics").wait_for()
    press(page, page.get_by_role("button", name=re.compile("^Table: ")))
    press(page, page.get_by_role("button", name=re.compile("^Open ")).nth(1))
    press(page, page.get_by_role("button", name="Open this clinic"))
    page.get_by_role("heading", level=1, name="Clinic").wait_for()
    expect(page).to_have_url(re.compile("clients=20"))
    expect(page).to_have_url(re.compile("empathy=0.55"))


def test_another_arm_is_chosen_by_keyboard_and_what_was_unfolded_stays(
    visit: Callable[..., Visit],
) -> None:
    opened = visit()
    page = opened.go(f"/compare?v=1&{SMALL}&replicates=3")
    page.get_by_text("3 of 3 replicates").wait_for()
    page.get_by_text("Every outcome, with intervals").press("Enter")
    page.get_by_role("columnheader", name="Progress feedback").wait_for()
    reach(page, page.get_by_role("combobox", name="Compare with"))
    page.keyboard.type("Small")
    page.locator("main .lead", has_text="Small caseloads").wait_for()
    page.get_by_text("3 of 3 replicates").wait_for()
    page.get_by_role("columnheader", name="Small caseloads").wait_for()


def test_a_lesson_is_done_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = visit().go("/lessons")
    press(page, page.get_by_role("button", name="Begin: Empathy without boundaries"))
    group = page.get_by_role("group", name="Your prediction")
    assert page.get_by_role("heading", name="Why", exact=True).count() == 0
    press(page, group.get_by_role("button").nth(1))
    press(page, page.get_by_role("button", name="Run it"))
    page.locator(".verdict").wait_for()
    press(page, page.get_by_role("button", name=re.compile("^Go on in the room")))
    page.wait_for_function("!location.pathname.includes('lessons')")


def test_the_evidence_is_searched_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = visit().go("/evidence?v=1&part=equations")
    press(page, page.get_by_role("button", name="Parameters"))
    reach(page, page.get_by_role("searchbox", name="Find a parameter"))
    page.keyboard.type("caseload_cap")
    page.wait_for_function(
        "[...document.querySelectorAll('#parameters tbody tr')].filter((row) => !row.hidden).length < 5"
    )
    assert page.get_by_role("rowheader", name="caseload_cap").is_visible()


def test_a_formula_leads_to_the_parameter_it_names(visit: Callable[..., Visit]) -> None:
    page = visit().go("/evidence?v=1&part=equations")
    page.locator('a[href="#parameter-bond_rate"], a[href^="#parameter-"]').first.click()
    page.locator("tr.found").wait_for()


def test_two_browsers_never_see_each_others_therapies(visit: Callable[..., Visit]) -> None:
    one, other = visit(), visit()
    first = one.go("/session?v=1&client=clinging&stances=lll&at=3")
    second = other.go("/session?v=1&client=worn_down&stances=cccc&at=4&seed=5")
    untouched = seen(second)
    first.get_by_role("button", name="Bend it").click()
    first.get_by_text("Session 4. ").first.wait_for()
    first.get_by_role("slider", name="Session limit").press("ArrowRight")
    assert seen(second) == untouched
    second.get_by_role("button", name="Step: hold the next session").click()
    second.get_by_text("Session 5. ").first.wait_for()
    assert "stances=lllb" in first.url
    assert "client=worn_down" in second.url


links = st.one_of(
    st.builds(
        lambda client, stances, show, seed: PageState(
            room="session",
            seed=seed,
            view={"client": client, "stances": stances, "at": len(stances), "show": show},
        ),
        st.sampled_from(["distant", "ready"]),
        st.text("".join(STANCES), min_size=1, max_size=6),
        st.sampled_from(["felt", "reported"]),
        st.integers(0, 99),
    ),
    st.builds(
        lambda preset, empathy, week, colour: PageState(
            room="clinic",
            preset=preset,
            changes={"empathy": empathy, "clients": 40},
            view={"week": week, "colour": colour},
        ),
        st.sampled_from(["private_practice", "warm_but_porous"]),
        st.integers(10, 90).map(lambda percent: percent / 100),
        st.integers(1, 20),
        st.sampled_from(["fatigue", "alliance"]),
    ),
)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(links)
def test_a_link_restores_what_was_seen(visit: Callable[..., Visit], page: PageState) -> None:
    one, other = visit(), visit()
    first = one.go(address(page))
    shown = seen(first)
    second = other.go(first.url.removeprefix(other.address))
    assert seen(second) == shown
    assert second.url == first.url
    first.close()
    second.close()


def test_a_sweep_stops_when_it_is_told_to_and_the_page_answers_all_the_while(
    visit: Callable[..., Visit], dashboard: Dashboard
) -> None:
    page = visit().go("/session")
    page.goto(f"{dashboard.address}/sweep?v=1&x_count=40&y=boundary&y_count=40&repeats=80&go=1")
    page.locator("figure.chart[data-drawn]").wait_for()
    # The page answers while the sweep goes on.
    page.get_by_text("All parameters").click()
    page.get_by_role("button", name="Share what you see").click()
    page.get_by_label("Link to exactly this").wait_for()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text("Stopped after").wait_for()
    page.wait_for_timeout(1000)  # the step under way ends
    told = page.get_by_text("Stopped after").text_content()
    before = dashboard.seconds_worked()
    time.sleep(2.0)
    assert page.get_by_text("Stopped after").text_content() == told
    assert dashboard.seconds_worked() - before < 1.0, "the server goes on computing"


def test_a_page_comes_back_by_itself_after_a_restart_of_the_server(
    visit: Callable[..., Visit],
) -> None:
    server = Dashboard()
    server.start()
    try:
        opened = visit(server=server)
        page = opened.go(f"/clinic?v=1&{SMALL}&empathy=0.4&week=5")
        shown = seen(page)
        page.evaluate("window.beforeRestart = true")
        server.stop()
        server.start()
        page.wait_for_function("!window.beforeRestart", timeout=90_000)
        opened.rest()
        assert seen(page) == shown
    finally:
        opened.errors.clear()  # what failed while the server was away is no fault of the page
        server.stop()


def alliance(*words: str, folder: Path) -> str:
    done = finished(*words, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_therapy_kept_as_a_file_plays_again_to_the_same_words(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    page = visit().go("/session?v=1&client=clinging&stances=lcahb&at=5&seed=3")
    file = downloaded(page, "Download this run", tmp_path)
    told = alliance("play", file.name, folder=tmp_path)
    for words in page.locator(".log li").all_text_contents():
        assert words in told


def test_a_clinic_runs_again_from_its_file_to_the_same_numbers(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    page = visit().go(f"/clinic?v=1&{SMALL}&empathy=0.4&seed=4")
    downloaded(page, "Download this clinic", tmp_path)
    summary = json.loads(
        alliance("run", "--preset", "clinic.toml", "--seed", "4", "--json", folder=tmp_path)
    )
    shown = page.locator(".headlines").first.text_content() or ""
    staying = summary["staying"]
    assert f"Dropout{100 * staying['dropped_out'] / staying['started']:.1f} %" in shown


def test_a_sweep_that_was_stopped_says_that_its_study_file_runs_all_of_it(
    visit: Callable[..., Visit], dashboard: Dashboard
) -> None:
    page = visit().page
    page.goto(f"{dashboard.address}/sweep?v=1&x_count=40&y=boundary&y_count=40&repeats=80&go=1")
    page.locator("main figure.chart .summary", has_text="lowest").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("all 128,000 clinics of this sweep, not only those run so far").wait_for()


@pytest.mark.parametrize(("query", "offered"), [("", 1), ("&clients=50", 0), ("&x=clients", 0)])
def test_a_size_that_a_sweep_would_not_use_is_not_offered(
    visit: Callable[..., Visit], query: str, offered: int
) -> None:
    page = visit().go(f"/sweep?v=1{query}")
    assert (
        page.locator(".people").get_by_role("slider", name="Clients", exact=True).count() == offered
    )


def test_a_sweep_runs_again_from_its_study_file_to_the_same_numbers(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    page = visit().go("/sweep?v=1&x_count=3&repeats=3&size=20&go=1")
    page.get_by_text("9 of 9 clinics").wait_for()
    table = downloaded(page, "Numbers (CSV)", tmp_path).read_text("utf-8").splitlines()
    downloaded(page, "Study file", tmp_path)
    alliance("sweep", "study.toml", "--out", "found", folder=tmp_path)
    alliance("results", "found", "--csv", "runs.csv", folder=tmp_path)
    import polars as pl

    runs = pl.read_csv(tmp_path / "runs.csv")
    means = runs.group_by("point").agg(pl.col("dropout_rate").mean()).sort("point")
    column = table[0].split(",").index("dropout_rate")
    shown = [float(row.split(",")[column]) for row in table[1:]]
    assert shown == pytest.approx(means["dropout_rate"].to_list(), abs=1e-12)


def test_a_comparison_runs_again_from_its_study_file_to_the_same_numbers(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    import polars as pl

    page = visit().go(f"/compare?v=1&{SMALL}&empathy=0.5&replicates=4&seed=6")
    page.get_by_text("4 of 4 replicates").wait_for()
    differences = pl.read_csv(downloaded(page, "Differences (CSV)", tmp_path))
    table = pl.read_parquet(downloaded(page, "Every clinic (Parquet)", tmp_path))
    downloaded(page, "Study file", tmp_path)
    alliance("sweep", "comparison.toml", "--out", "found", folder=tmp_path)
    alliance("results", "found", "--csv", "runs.csv", folder=tmp_path)
    runs = pl.read_csv(tmp_path / "runs.csv")
    assert runs["arm"].to_list() == table["arm"].to_list()
    for name in ("dropout_rate", "core_10_change", "mean_alliance"):
        assert runs[name].to_list() == table[name].to_list(), name
        means = runs.group_by("point").agg(pl.col(name).mean()).sort("point")[name]
        row = differences.row(by_predicate=pl.col("outcome") == name, named=True)
        assert [row["a"], row["b"]] == pytest.approx(means.to_list(), abs=1e-12)


def test_a_comparison_that_was_stopped_goes_on(
    visit: Callable[..., Visit], dashboard: Dashboard
) -> None:
    page = visit().go("/evidence")
    address = f"{dashboard.address}/compare?v=1&clients=2000&therapists=50&replicates=90"
    page.goto(address)
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text("Stopped after").wait_for()
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("90 of 90 replicates").wait_for()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_disabled()


def test_a_chart_is_kept_as_numbers_and_as_a_picture(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    page = visit().go("/session?v=1&stances=oooo&at=4")
    numbers = downloaded(page, "CSV: Trust", tmp_path).read_text("utf-8").splitlines()
    assert numbers[0] == "Session,Trust,Distress"
    assert len(numbers) == 6
    picture = downloaded(page, "Picture: Trust", tmp_path).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 5_000
