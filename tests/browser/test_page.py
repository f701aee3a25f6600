"""The page in one file as a whole: in frames, under policies, for everybody, on a slow phone."""

from __future__ import annotations

import re

import pytest

from dashboards.lessons.catalogue import lessons
from dashboards.page.document import POLICY
from tests.browser.looking import without_violations
from tests.browser.page_in_a_file import MEETING, PHONE, choices, choose, clinic_is_run, sessions

# From a press to the end of the frame that shows what came of it.
PRESSED = """(button) => new Promise((done) => {
  button.click();
  requestAnimationFrame(() => (window.later ?? setTimeout)(done));
})"""

# What the page puts after a frame waits until it is asked for.
LATER = """() => {
  window.later = setTimeout.bind(window);
  window.held = [];
  window.setTimeout = (act) => { held.push(act); };
}"""


@pytest.mark.parametrize("sandbox", ["allow-scripts", "allow-scripts allow-same-origin"])
def test_in_the_frame_of_another_page_everything_works(opened, written, tmp_path, sandbox) -> None:
    frame = tmp_path / "outer.html"
    frame.write_text(
        f'<!doctype html><title>Outer</title><iframe sandbox="{sandbox}" width="1200" height="850" '
        f'src="{written.as_uri()}"></iframe>'
    )
    visit = opened(file=frame)
    visit.page.goto(frame.as_uri())
    inside = visit.page.frame_locator("iframe")
    inside.get_by_role("link", name="Take the chair").click()
    inside.locator(".says > button").first.click()
    assert inside.locator(".log li").count() == 1
    inside.get_by_role("link", name="Lessons").click()
    inside.get_by_role("link", name=re.compile("^Begin: ")).first.click()
    inside.get_by_role("button", name="Hand in").wait_for()
    visit.asked.clear()


@pytest.mark.parametrize(
    "allowed", ["", "'wasm-unsafe-eval'", "blob:"], ids=["neither", "no worker", "no WebAssembly"]
)
def test_under_a_strict_policy_session_room_and_lessons_work(
    opened, written, tmp_path, allowed
) -> None:
    worker = "blob:" if allowed == "blob:" else "'none'"
    strict = (
        f"default-src 'none'; script-src 'unsafe-inline' {allowed}; worker-src {worker}; "
        "style-src 'unsafe-inline'; img-src data:"
    )
    text = written.read_text("utf-8")
    quoted = POLICY.replace("'", "&#39;")
    assert quoted in text
    copy = tmp_path / "strict.html"
    copy.write_text(text.replace(quoted, strict), "utf-8")
    visit = opened(file=copy)
    page = visit.go()
    page.get_by_role("link", name="Take the chair").click()
    choices(page).first.click()
    assert sessions(page) == 1
    page.get_by_role("link", name="Lessons").click()
    assert page.locator("article.lesson").count() == len(lessons())
    page.get_by_role("link", name="Clinic").click()
    if "wasm" in allowed:
        page.get_by_text("Clinics run on the page itself").wait_for()
        clinic_is_run(page)
    else:
        page.get_by_text("Clinics cannot be run here").wait_for()
    assert visit.refusals() or allowed == "blob:"  # then it is the worker that is refused


def test_a_browser_that_keeps_nothing_shows_everything(opened) -> None:
    visit = opened()
    visit.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } });"
    )
    page = visit.go(MEETING)
    choose(page, "Listen")
    assert sessions(page) == 1


@pytest.mark.parametrize(
    "state",
    [
        "#",
        MEETING,
        f"{MEETING}&stances=lc",
        "#lessons",
        "#lessons/feedback",
        "#clinic",
        "#chance",
        "#story",
        "#story?at=5&frame=b",
        "#story?at=7&frame=h&tension=a",
        "#teach",
        "#teach/feedback",
        "#wall/feedback",
        "#evidence",
        "#limits",
    ],
)
def test_axe_finds_nothing_at_both_widths_light_and_dark(opened, state) -> None:
    without_violations(opened().go(state), state)


def test_axe_finds_nothing_in_what_is_opened(opened) -> None:
    page = opened().go(MEETING)
    choose(page, "Listen")
    page.get_by_role("button", name="What would another choice have done?").click()
    page.get_by_text("Other ways").click()
    page.get_by_text("Choose who meets").click()
    page.get_by_text("The client’s traits").click()
    page.get_by_role("button", name="Table: Trust and distress").click()
    without_violations(page, "session room, all opened")
    page.get_by_role("button", name="To the end").click()
    without_violations(page, "the end")
    page.evaluate("location.hash = '#lessons/why_people_leave'")
    page.get_by_label("Your prediction, as a number").fill("40")
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("button", name="See what the model gives").click()
    without_violations(page, "results of a lesson")
    page.get_by_role("button", name="Handout with results").click()
    without_violations(page, "handout")


def test_motion_is_left_out_where_it_is_not_wanted(opened) -> None:
    page = opened(reduced_motion="reduce").go(MEETING)
    assert (
        page.locator(".pair .turns").first.evaluate(
            "one => getComputedStyle(one).transitionDuration"
        )
        == "0s"
    )


def test_the_skip_link_leads_to_the_first_choice_in_two_presses(opened) -> None:
    page = opened().go(MEETING)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "say"


def test_a_slow_phone_is_ready_in_time_and_answers_at_once(opened) -> None:
    """A processor four times as slow: the page's own processor time, whatever else this machine is busy with."""
    slower = 4.0
    visit = opened(PHONE)
    devtools = visit.page.context.new_cdp_session(visit.page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked() -> float:
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return (
            slower * 1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")
        )

    page = visit.go(MEETING)
    begun = worked()
    assert 0 < begun < 1500
    over = page.get_by_role("heading", name="The therapy is over")
    for _ in range(8):
        choices(page).first.evaluate(PRESSED)
    assert (worked() - begun) / 8 < 100
    page.evaluate(LATER)
    while not over.is_visible():
        begun = worked()
        choices(page).first.evaluate(PRESSED)
    assert 0 < worked() - begun < 100, "the choice that ends a therapy"
    assert page.locator(".cloud").count() == 0
    page.evaluate("held.forEach((act) => act())")
    assert page.locator(".cloud .dot").count() == 101
