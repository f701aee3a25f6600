"""A lesson begins at its beginning, and a handout taken from it leads back to it with its figures drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.acting import downloaded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Dashboard, Visit


def test_a_handout_opens_its_lesson_and_shows_what_the_page_shows(
    visit: Callable[..., Visit], dashboard: Dashboard, tmp_path: Path
) -> None:
    opened = visit()
    page = opened.go("/lessons?v=1&lesson=too_rigid&answer=some")
    page.locator(".verdict").wait_for()
    # The sheet is everybody's: it has no prediction in it.
    figures = [
        one.partition(" Your prediction")[0]
        for one in page.locator("main figure.chart .summary").all_text_contents()
    ]
    file = downloaded(page, "Handout with results", tmp_path)
    page.goto(file.as_uri())
    assert page.locator("figure p").all_text_contents() == figures
    assert page.locator("figure svg circle").count() == 12
    code = page.locator(".link svg").bounding_box()
    assert code is not None
    assert code["width"] > 80
    link = page.get_by_role("link").get_attribute("href")
    assert link == f"{dashboard.address}/lessons?v=1&lesson=too_rigid"
    page.goto(link)
    page.get_by_role("group", name="Your prediction").wait_for()
    assert page.locator(".verdict").count() == 0
    opened.elsewhere.clear()  # the file itself was opened from the disk


def test_who_agrees_with_the_study_is_told_so_and_every_chart_of_it_is_marked(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go("/lessons?v=1&lesson=tired_team&answer=helps_less")
    verdict = page.locator(".verdict.published")
    verdict.wait_for()
    said = verdict.inner_text()
    assert "The published study agrees with you; this model does not." in said
    assert "\N{MINUS SIGN}2 to 2 clients in 100" in said
    improvement, dropout, repaired = page.locator("main figure.chart").all()
    for figure in (improvement, dropout):
        assert "your prediction" in figure.locator(".legend").inner_text()
        assert "Your prediction, a dashed frame: the exhausted team" in figure.inner_text()
        figure.get_by_role("button", name="Table").click()
        assert "Your prediction" in figure.locator("thead").inner_text()
    assert "prediction" not in repaired.inner_text()


def test_a_curve_that_does_not_begin_at_0_says_where_it_begins(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go("/lessons?v=1&lesson=who_is_still_there&answer=more")
    page.locator(".verdict").wait_for()
    curve, staying, shapes = page.locator("main figure.chart").all()
    assert "; the axis begins at 42" in curve.locator(".upright").first.inner_text()
    assert "session 16, above 48.4" in curve.inner_text()
    for figure in (staying, shapes):
        assert "begins" not in figure.locator(".upright").first.inner_text()


def test_a_lesson_begins_at_its_beginning_wherever_its_button_was(
    visit: Callable[..., Visit],
) -> None:
    page = visit(390).go("/lessons")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    at_top = "scrollY === 0 && document.activeElement === document.querySelector('main')"
    begin = page.get_by_role("button", name="Begin: Felt and reported")
    begin.scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 500
    begin.click()
    page.get_by_role("heading", name="What do you expect?").wait_for()
    page.wait_for_function(at_top)
    page.get_by_text("Instructor notes").scroll_into_view_if_needed()
    page.locator("footer").evaluate("one => one.scrollIntoView()")
    page.get_by_role("button", name="All lessons").evaluate("one => one.click()")
    begin.wait_for()
    page.wait_for_function(at_top)


def test_a_lesson_its_list_and_a_room_are_three_steps_back_and_forward(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go("/evidence?part=about")
    page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Lessons").click()
    page.get_by_role("button", name="Begin: Empathy without boundaries").click()
    page.get_by_role("group", name="Your prediction").wait_for()
    page.go_back()
    page.get_by_role("button", name="Begin: Empathy without boundaries").wait_for()
    page.go_back()
    page.get_by_role("heading", level=1, name="Evidence").wait_for()
    page.go_forward()
    page.go_forward()
    page.get_by_role("group", name="Your prediction").wait_for()
    page.wait_for_url("**lesson=empathy_without_boundaries*")


def test_what_was_predicted_stays_in_this_browser_and_in_no_address(
    visit: Callable[..., Visit],
) -> None:
    opened = visit()
    page = opened.go("/lessons?v=1&lesson=too_rigid&answer=some")
    page.locator(".verdict").wait_for()
    page.wait_for_function("!location.search.includes('answer')")
    page = opened.go("/lessons?v=1&lesson=tired_team")
    assert page.locator(".verdict").count() == 0
    page.get_by_role("group", name="Your prediction").get_by_role("button").first.click()
    page.get_by_role("button", name="Run it").click()
    page.locator(".verdict").wait_for()
    link = page.url
    assert "answer" not in link
    page = opened.go("/lessons?v=1")
    page.get_by_role("button", name="Look again: ").wait_for()
    page.get_by_role("button", name="Look again: ").click()
    page.locator(".verdict").wait_for()
    page.reload()
    page.locator(".verdict").wait_for()

    stranger = visit()
    stranger.page.goto(link)
    page = stranger.rest()
    page.get_by_role("group", name="Your prediction").wait_for()
    assert page.locator(".verdict").count() == 0
    page.evaluate(
        'localStorage.setItem(\'alliance:answers\', \'{"tired_team": "nonsense", "x": 3}\')'
    )
    page.reload()
    stranger.rest()
    assert page.locator(".verdict").count() == 0
