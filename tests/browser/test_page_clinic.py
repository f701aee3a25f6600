"""The clinic of the page in one file, run in a worker while one watches."""

from __future__ import annotations

import re

from tests.browser.page_in_a_file import clinic_is_run, says


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


def test_a_chart_over_sessions_names_session_1(opened) -> None:
    page = opened().go("#clinic")
    clinic_is_run(page)
    over = page.locator(
        "figure.chart", has=page.locator("svg text", has_text=re.compile("^Session$"))
    )
    assert over.count() >= 2
    for chart in over.all():
        assert "1" in chart.locator("svg text[text-anchor=middle]").all_text_contents()
