"""Lessons, wall and handouts of the page in one file, with a class and on a learning platform."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from dashboards.classroom.samples import CONTRASTS, long_run, own_words, pooled_words, run_pair
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.page.document import Contents, page
from tests.browser.looking import without_violations
from tests.browser.page_in_a_file import PHONE

PLATFORM = """
window.told = {};
window.API = {
  LMSInitialize: () => "true", LMSFinish: () => "true", LMSCommit: () => "true",
  LMSGetValue: (name) => window.told[name] ?? "",
  LMSSetValue: (name, value) => { window.told[name] = value; return "true"; },
};
"""


def test_a_lesson_asks_before_it_tells_and_its_link_gives_nothing_away(opened) -> None:
    visit = opened()
    page = visit.go("#lessons/empathy_without_boundaries")
    assert page.locator(".verdict").count() == 0
    page.get_by_role("button", name="Hand in").click()
    assert "Choose first" in page.locator("main").inner_text()
    page.locator(".choices button").first.click()
    page.get_by_role("button", name="Hand in").click()
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


def test_what_is_handed_in_is_a_code_and_the_models_answer_a_step_of_its_own(opened) -> None:
    visit = opened(PHONE)
    phone = visit.go("#lessons/too_rigid")
    see = phone.get_by_role("button", name="See what the model gives")
    assert see.count() == 0
    phone.locator(".choices button").first.click()
    phone.get_by_role("button", name="Hand in").click()
    code = phone.locator(".handed strong").inner_text()
    assert re.fullmatch("A[B-Z]", code)
    assert phone.locator(".short-code").is_visible()
    phone.reload()
    assert phone.locator(".handed strong").inner_text() == code
    assert phone.locator(".verdict, figure.chart, .known").count() == 0
    without_violations(phone, "handed in")
    phone.locator(".choices button").last.click()
    assert phone.locator(".handed").count() == 0
    phone.get_by_role("button", name="Hand in").click()
    assert phone.locator(".handed strong").inner_text() != code
    see.click()
    assert phone.locator(".verdict").count() == 1
    assert see.count() == 0
    phone.get_by_text("Show it to a camera").click()
    assert phone.locator(".short-code").is_visible()
    phone.reload()
    assert phone.locator(".verdict").count() == 1


def test_a_class_predicts_on_phones_and_the_wall_shows_it_with_the_models_answer(opened) -> None:
    codes = []
    for place in (0, 1, 1):
        phone = opened(PHONE).go("#lessons/too_rigid")
        phone.locator(".choices button").nth(place).click()
        phone.get_by_role("button", name="Hand in").click()
        assert phone.locator(".verdict").count() == 0
        codes.append(phone.locator(".handed strong").inner_text())
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
    assert "◀" not in page.locator(".wall figure").inner_html()
    page.get_by_role("button", name="Show the model’s answer").click()
    assert "◀&nbsp;the model" in page.locator(".wall figure").inner_html()
    assert page.locator(".wall .situation").inner_text().startswith("The model shows: “")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Answers of the class as CSV").click()
    assert saved.value.path().read_text("utf-8").count("too_rigid") == 3
    page.reload()
    assert page.locator(".counted").inner_text() == "3 answers"


def test_who_agrees_with_the_study_is_told_so_and_every_chart_of_it_is_marked(opened) -> None:
    page = opened().go("#lessons/tired_team")
    page.locator(".choices button").first.click()
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("button", name="See what the model gives").click()
    verdict = page.locator(".verdict.published")
    assert "The published study agrees with you; this model does not." in verdict.inner_text()
    assert "−2 to 2 clients in 100" in verdict.inner_text()
    improvement, dropout, repaired = page.locator("figure.chart").all()
    for figure in (improvement, dropout):
        assert figure.locator("svg path.prediction").count() == 1
        assert "your prediction" in figure.locator(".legend").inner_text()
        assert "Your prediction, a dashed frame: the exhausted team" in figure.inner_text()
        dash = figure.locator("svg path.prediction").get_attribute("stroke-dasharray")
        assert dash == "5 3"
    assert repaired.locator("path.prediction").count() == 0
    page.get_by_role("button", name="Handout with results").click()
    sheet = page.locator("dialog .sheet").inner_text()
    assert "The model’s answer" in sheet
    assert "The model contradicts it." in sheet
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Handout to print").click()
    assert "The model contradicts it." not in page.locator("dialog .sheet").inner_text()


def test_in_a_file_for_students_there_is_nothing_for_teachers(opened, tmp_path) -> None:
    file = tmp_path / "students.html"
    file.write_text(page(Contents(lessons=("feedback",), students=True)), "utf-8")
    visit = opened(PHONE, file=file)
    shown = visit.go("#lessons/feedback")
    shown.get_by_label("Your prediction, as a number").fill("4")
    shown.get_by_role("button", name="Hand in").click()
    shown.get_by_role("button", name="See what the model gives").click()
    assert shown.locator(".verdict").count() == 1
    for words in ("For teachers", "Instructor notes", "Handout", "Teach with it"):
        assert shown.get_by_text(words).count() == 0
    for room in ("#teach", "#teach/feedback", "#wall/feedback"):
        assert visit.go(room).locator(".plan, .wall").count() == 0


def test_a_handout_of_a_page_whose_place_is_known_leads_there(opened, tmp_path) -> None:
    file = tmp_path / "placed.html"
    url = "https://uni.example/class.html"
    file.write_text(page(Contents(lessons=("feedback",), url=url)), "utf-8")
    shown = opened(file=file).go("#lessons/feedback")
    shown.get_by_role("button", name="Handout to print").click()
    way = shown.locator("dialog .way")
    assert way.locator("svg").is_visible()
    assert way.inner_text() == f"Open this lesson: {url}#lessons/feedback"


def test_the_wall_of_a_number_counts_in_ten_stretches(opened) -> None:
    phone = opened(PHONE).go("#lessons/why_people_leave")
    phone.get_by_label("Your prediction, as a number").fill("40")
    phone.get_by_role("button", name="Hand in").click()
    code = phone.locator(".handed strong").inner_text()
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
        page.get_by_role("button", name="Hand in").click()
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


def test_a_learning_platform_is_told_what_was_done(opened, tmp_path) -> None:
    file = tmp_path / "one.html"
    file.write_text(page(Contents(lessons=("too_rigid",))), "utf-8")
    visit = opened(file=file)
    visit.page.add_init_script(PLATFORM)
    shown = visit.go("#lessons/too_rigid")
    assert shown.evaluate("window.told['cmi.core.lesson_status']") == "incomplete"
    shown.locator(".choices button").first.click()
    shown.get_by_role("button", name="Hand in").click()
    assert shown.evaluate("window.told['cmi.core.lesson_status']") == "incomplete"
    shown.get_by_role("button", name="See what the model gives").click()
    assert shown.evaluate("window.told['cmi.core.lesson_status']") == "completed"
    assert "too_rigid" in shown.evaluate("window.told['cmi.suspend_data']")


@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_a_student_runs_clinics_of_their_own_and_sees_everybodys(opened, size) -> None:
    page = (opened(size) if size else opened()).go("#chance")
    page.get_by_label("Your number in the class").fill("17")
    page.get_by_label("Students").fill("12")
    page.get_by_label("Students").blur()
    page.get_by_role("button", name="Run my clinics").click()
    expected = own_words(CONTRASTS[0], run_pair("feedback", 17))
    assert page.locator(".verdict h2").inner_text() == expected
    page.get_by_role("button", name="See everybody’s").click()
    page.locator("figure").nth(1).wait_for()
    pairs = [run_pair("feedback", number) for number in range(1, 13)]
    words = pooled_words(CONTRASTS[0], pairs, long_run("feedback"))
    assert words in page.locator("main").inner_text()
    without_violations(page, "twelve clinics pooled")
    page.get_by_label("What is compared").select_option("repair")
    assert page.locator(".verdict").count() == 0
    page.reload()
    assert page.get_by_label("Your number in the class").input_value() == "17"


READER = """
window.seen = [];
window.BarcodeDetector = class { async detect() { return window.seen.map((rawValue) => ({ rawValue })); } };
const canvas = document.createElement("canvas");
canvas.getContext("2d");
if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => {
  if (window.refused) throw new DOMException("no", "NotAllowedError");
  setInterval(() => canvas.getContext("2d").fillRect(0, 0, 9, 9), 50);
  return canvas.captureStream();
};
"""


def test_codes_are_read_by_a_camera_each_phone_once(opened) -> None:
    texts = []
    for place in (0, 1):
        phone = opened(PHONE).go("#lessons/too_rigid")
        phone.locator(".choices button").nth(place).click()
        phone.get_by_role("button", name="Hand in").click()
        assert phone.locator(".short-code").is_visible()
        code = phone.locator(".handed strong").inner_text()
        texts.append(f"{code} {phone.evaluate(KEPT)['phone']}   ")
    visit = opened()
    visit.page.add_init_script(READER)
    page = visit.go("#wall/too_rigid")
    page.get_by_role("button", name="Scan codes").click()
    page.get_by_text("Hold one phone after the other").wait_for()
    for number, text in enumerate(texts, 1):
        page.evaluate("text => { window.seen = [text]; }", text)
        page.get_by_text(f"{number} answer").wait_for()
    page.wait_for_timeout(800)
    assert page.locator(".counted").inner_text() == "2 answers"
    page.evaluate("window.seen = ['https://example.org']")
    page.get_by_text("That is no code of this lesson.").wait_for()
    page.get_by_role("button", name="Stop scanning").click()
    page.evaluate("window.refused = true")
    page.get_by_role("button", name="Scan codes").click()
    page.get_by_text("Type the codes instead.").wait_for()


def test_without_a_reader_of_codes_none_is_offered(opened) -> None:
    page = opened().go("#wall/too_rigid")
    assert page.evaluate("'BarcodeDetector' in window") == bool(
        page.get_by_role("button", name="Scan codes").count()
    )


KEPT = "JSON.parse(localStorage.getItem('alliance:page'))"


def test_a_sheet_is_printed_whole_from_its_title_on(opened, tmp_path) -> None:
    page = opened().go("#teach/why_people_leave")
    page.get_by_role("button", name="Handout to print").click()
    page.emulate_media(media="print")
    printed = page.locator(".only-print .sheet")
    assert printed.is_visible()
    assert not page.locator("dialog").is_visible()
    assert printed.locator("h1").evaluate("one => one.getBoundingClientRect().top") >= 0
    assert page.locator("header").is_hidden()
    page.emulate_media(media="screen")
    assert not printed.is_visible()
    page.get_by_role("button", name="Close").click()
    expect(printed).to_have_count(0)
