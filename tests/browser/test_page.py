"""The class in one file, as a student meets it: opened from a file, on a phone, in a frame of a learning platform."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.page.document import POLICY, Contents, page
from dashboards.page.setting import read_setting
from tests.browser.looking import without_violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

PHONE, LAPTOP = (390, 844), (1440, 900)
PATIENCE = 30_000
MEETING = "#session?client=wary&therapist=clear&seed=5"

# From a press to the end of the frame that shows what came of it.
PRESSED = """(button) => new Promise((done) => {
  button.click();
  requestAnimationFrame(() => setTimeout(done));
})"""

TOO_SMALL = """() => [...document.querySelectorAll("button, select, summary, nav a, .as-button, input")]
  .filter((one) => one.checkVisibility() && one.type !== "checkbox")
  .map((one) => [one.textContent || one.type, one.getBoundingClientRect().height])
  .filter(([, tall]) => tall < 43.5)"""

PLATFORM = """
window.told = {};
window.API = {
  LMSInitialize: () => "true", LMSFinish: () => "true", LMSCommit: () => "true",
  LMSGetValue: (name) => window.told[name] ?? "",
  LMSSetValue: (name, value) => { window.told[name] = value; return "true"; },
};
"""


class Opened:
    """A page opened from a file, with all that it asked for and all that went wrong."""

    def __init__(self, page: Page, place: str) -> None:
        self.page = page
        self.place = place
        self.asked: list[str] = []
        self.wrong: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self._note(request.url))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.wrong.append(said.text) if said.type in {"error", "warning"} else None
            ),
        )

    def _note(self, address: str) -> None:
        """Note what is asked for; a worker that the page has made is fetched from its own memory."""
        if not address.startswith("blob:"):
            self.asked.append(address)

    def refusals(self) -> list[str]:
        """Return what the page's policy refused, and forget it."""
        found = [said for said in self.wrong if "Content Security Policy" in said]
        self.wrong = [said for said in self.wrong if said not in found]
        return found

    def go(self, fragment: str = "") -> Page:
        self.page.goto("about:blank")
        self.asked.clear()
        self.page.goto(self.place + fragment)
        self.page.locator("main h1").first.wait_for()
        return self.page


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "class.html"
    file.write_text(page(Contents()), "utf-8")
    return file


@pytest.fixture
def opened(chromium: Browser, written: Path) -> Iterator[Callable[..., Opened]]:
    contexts = []
    visits: list[Opened] = []

    def begin(size: tuple[int, int] = LAPTOP, file: Path = written, **options: Any) -> Opened:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, offline=True, **options
        )
        contexts.append(context)
        visits.append(Opened(context.new_page(), file.as_uri()))
        return visits[-1]

    yield begin
    for visit in visits:
        assert not visit.wrong, visit.wrong
        assert all(one.split("#")[0] == visit.place for one in visit.asked), visit.asked
    for context in contexts:
        context.close()


def choices(page: Page) -> Locator:
    return page.locator(".says > button").filter(visible=True)


def choose(page: Page, title: str) -> None:
    choices(page).filter(has_text=re.compile(rf"{title}$")).click()


def says(page: Page, words: str) -> None:
    """Wait until the address says so, which it does after the screen."""
    page.wait_for_function("words => location.hash.includes(words)", arg=words)


def sessions(page: Page) -> int:
    return page.locator(".log li").count()


def test_a_first_visit_feels_a_consequence_within_three_taps_and_a_minute(opened) -> None:
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
    assert page.evaluate("performance.now()") < 60_000
    assert happened.evaluate("one => one.getBoundingClientRect().top >= 0")


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
    for part in (".pair", ".person h1", ".says >> nth=0", ".looking figure"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] >= 0
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
    page = visit.go("#session?client=sent&therapist=tired&seed=18446744073709551615&stances=lach")
    told = page.locator(".log").inner_text()
    assert sessions(page) == 4
    says(page, "seed=18446744073709551615")
    assert visit.go("#session?client=sent&therapist=tired&seed=18446744073709551614&stances=lach")
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


def test_a_lesson_asks_before_it_tells_and_its_link_gives_nothing_away(opened) -> None:
    visit = opened()
    page = visit.go("#lessons/empathy_without_boundaries")
    assert page.locator(".verdict").count() == 0
    page.get_by_role("button", name="See what the model gives").click()
    assert "Choose first" in page.locator("main").inner_text()
    page.locator(".choices button").first.click()
    page.get_by_role("button", name="See what the model gives").click()
    assert page.locator(".verdict").count() == 1
    shown = find_lesson("empathy_without_boundaries").figures
    assert page.locator("figure.chart svg[role=img]").count() == len(shown)
    assert page.locator(".known a[href^='https://doi.org/']").count() > 0
    assert page.evaluate("location.hash") == "#lessons/empathy_without_boundaries"
    page.get_by_role("link", name="All lessons").click()
    assert page.get_by_role("link", name="Look again: Empathy without boundaries").count() == 1
    stranger = opened().go("#lessons/empathy_without_boundaries")
    assert stranger.locator(".verdict").count() == 0


def test_a_class_predicts_on_phones_and_the_wall_shows_it_with_the_models_answer(opened) -> None:
    codes = []
    for place in (0, 1, 1):
        phone = opened(PHONE).go("#lessons/too_rigid")
        phone.locator(".choices button").nth(place).click()
        phone.get_by_role("button", name="See what the model gives").click()
        codes.append(phone.locator(".verdict strong").inner_text())
    page = opened().go("#teach")
    page.get_by_role("link", name="Plan and material: Too rigid").click()
    page.get_by_role("button", name="Start the clock").click()
    assert "3 minutes left" in page.get_by_role("timer").inner_text()
    page.get_by_role("link", name="Class wall").click()
    page.get_by_label("Codes from phones").fill(" ".join([*codes, "A1", codes[0].lower()]))
    page.get_by_role("button", name="Add").click()
    assert "A1: no code of this lesson." in page.get_by_role("alert").inner_text()
    assert page.locator(".counted").inner_text() == "4 answers"
    page.get_by_role("button", name="Take back the last").click()
    assert page.locator(".wall figure").count() == 0
    page.get_by_role("button", name="Show the class’s answers").click()
    assert "3 answers; most, 2" in page.locator(".wall .summary").inner_text()
    assert "◀ the model" not in page.locator(".wall figure").inner_html()
    page.get_by_role("button", name="Show the model’s answer").click()
    assert "◀ the model" in page.locator(".wall figure").inner_html()
    assert page.locator(".wall .situation").inner_text().startswith("The model shows: “")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Answers of the class as CSV").click()
    assert saved.value.path().read_text("utf-8").count("too_rigid") == 3
    page.reload()
    assert page.locator(".counted").inner_text() == "3 answers"


def test_the_wall_of_a_number_counts_in_ten_stretches(opened) -> None:
    phone = opened(PHONE).go("#lessons/why_people_leave")
    phone.get_by_label("Your prediction, as a number").fill("40")
    phone.get_by_role("button", name="See what the model gives").click()
    code = phone.locator(".verdict strong").inner_text()
    page = opened().go("#wall/why_people_leave")
    page.get_by_label("Codes from phones").fill(code)
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Show the class’s answers").click()
    assert "most, 1, said 40 to 49" in page.locator(".wall .summary").inner_text()
    page.get_by_role("button", name="Show the model’s answer").click()
    assert page.locator(".wall .situation").inner_text().startswith("The model says ")


def test_a_lesson_its_list_and_a_room_are_three_steps_of_history(opened) -> None:
    page = opened().go("#lessons")
    page.get_by_role("link", name="Begin: Too rigid").click()
    page.get_by_role("link", name="Session", exact=True).click()
    page.go_back()
    assert page.locator("main h1").inner_text() == "Too rigid"
    page.go_back()
    assert page.locator("main h1").inner_text() == "Lessons"
    page.go_forward()
    assert page.locator("main h1").inner_text() == "Too rigid"


def test_every_lesson_shows_results_for_an_answer(opened) -> None:
    page = opened().go("#lessons")
    for lesson in lessons():
        page.evaluate("key => { location.hash = `#lessons/${key}`; }", lesson.key)
        page.get_by_role("heading", name=lesson.title, exact=True).wait_for()
        if page.locator(".choices button").count():
            page.locator(".choices button").last.click()
        else:
            page.get_by_label("Your prediction, as a number").fill("1")
        page.get_by_role("button", name="See what the model gives").click()
        assert page.locator(".verdict").count() == 1, lesson.key
        assert page.locator("figure.chart svg[role=img]").count() == len(lesson.figures)


def test_a_handout_has_axes_to_draw_upon_and_eight_lines(opened) -> None:
    page = opened().go("#lessons/feedback")
    page.get_by_role("button", name="Handout to print").click()
    sheet = page.locator("dialog .sheet")
    assert sheet.locator(".ruled div").count() == 8
    assert sheet.locator("svg").count() == 3
    assert sheet.locator("svg text").count() > 6
    page.emulate_media(media="print")
    assert not page.locator("header").is_visible()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Close").click()
    assert page.locator("dialog").count() == 0


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
    inside.get_by_role("button", name="See what the model gives").wait_for()
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


def clinic_is_run(page: Page) -> list[str]:
    """Wait for the clinics and return the headline figures."""
    page.get_by_text("30 clinics of").wait_for()
    return page.locator(".headlines dd").all_inner_texts()


def test_a_clinic_is_run_while_one_watches_and_again_when_something_is_set(opened) -> None:
    page = opened().go("#clinic")
    usual = clinic_is_run(page)
    assert len(usual) == 6
    assert all(re.match(r"[\d.]+( %)?\n[\d.]+( %)? to [\d.]+", one) for one in usual), usual
    page.get_by_label("Empathy, as a number").fill("0.3")
    page.keyboard.press("Tab")
    page.wait_for_function(
        "usual => document.querySelector('.headlines dd').innerText !== usual", arg=usual[0]
    )
    says(page, "empathy=0.3")
    assert clinic_is_run(page) != usual
    page.get_by_role("button", name="Reset Empathy to 0.65").click()
    page.wait_for_function(
        "usual => document.querySelector('.headlines dd').innerText === usual", arg=usual[0]
    )


def test_a_clinic_has_the_numbers_of_python(opened) -> None:
    """The mean share of dropouts, under a seed and a setting that the page was not made with."""
    from simulation.presets import layered
    from simulation.running import simulate

    seed, empathy = 981_276, 0.41
    parameters = layered(["stepped_care"], {"empathy": empathy})
    clients = simulate(parameters, seed=seed, replicates=30).clients
    began = clients.filter(clients["sessions"] > 0)
    rates = [(one["status"] == "dropped_out").mean() for _, one in began.group_by("replicate")]
    page = opened().go(f"#clinic?preset=stepped_care&empathy={empathy}&seed={seed}")
    shown = clinic_is_run(page)[0]
    assert shown.startswith(f"{100 * sum(rates) / len(rates):.1f} %")


def test_a_parameter_is_varied_from_low_to_high(opened) -> None:
    page = opened().go("#clinic")
    page.get_by_text("Vary one parameter, low to high").click()
    page.get_by_text("40 clinics at each of 17 levels").wait_for()
    assert "is lowest" in page.locator(".sweep .summary").inner_text()
    page.get_by_label("Outcome").select_option("recovery_rate")
    assert page.locator(".sweep h2").inner_text() == "Recovery over empathy"
    page.get_by_label("From low to high").select_option("boundary")
    page.locator(".sweep h2", has_text="Recovery over boundary").wait_for()


def test_a_browser_that_keeps_nothing_shows_everything(opened) -> None:
    visit = opened()
    visit.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } });"
    )
    page = visit.go(MEETING)
    choose(page, "Listen")
    assert sessions(page) == 1


def test_a_learning_platform_is_told_what_was_done(opened, tmp_path) -> None:
    file = tmp_path / "one.html"
    file.write_text(page(Contents(lessons=("too_rigid",))), "utf-8")
    visit = opened(file=file)
    visit.page.add_init_script(PLATFORM)
    shown = visit.go("#lessons/too_rigid")
    assert shown.evaluate("window.told['cmi.core.lesson_status']") == "incomplete"
    shown.locator(".choices button").first.click()
    shown.get_by_role("button", name="See what the model gives").click()
    assert shown.evaluate("window.told['cmi.core.lesson_status']") == "completed"
    assert "too_rigid" in shown.evaluate("window.told['cmi.suspend_data']")


def test_a_lecturers_own_character_is_met(opened, tmp_path) -> None:
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


@pytest.mark.parametrize(
    "state",
    [
        "#",
        MEETING,
        f"{MEETING}&stances=lc",
        "#lessons",
        "#lessons/feedback",
        "#clinic",
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
    for _ in range(9):
        choices(page).first.evaluate(PRESSED)
    assert (worked() - begun) / 9 < 100
