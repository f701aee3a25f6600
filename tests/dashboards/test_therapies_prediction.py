"""Predict, then see: what came is what the chart writes, and a page says the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboards.portable.model import model_script
from dashboards.therapies.prediction import EXPECTATIONS, came, expected
from tests.dashboards.javascript import run

UNIT = st.floats(0, 1)
IN_A_PAGE = (
    "return given.map((one) => [Alliance.came(...one.slice(1)), Alliance.expected(...one)]);"
)


def test_what_came_is_what_is_written() -> None:
    assert came(0.451, 0.454) == "stay"
    assert came(0.451, 0.456) == "rise"
    assert came(0.456, 0.451) == "fall"
    assert expected("rise", 0.42, 0.47) == (
        "You expected trust to rise. It rose from .42 to .47, as you expected."
    )
    assert expected("fall", 0.42, 0.42) == (
        "You expected trust to fall. It stayed at .42, other than you expected."
    )


@given(UNIT, UNIT)
def test_just_one_expectation_comes_true(before: float, after: float) -> None:
    said = [expected(key, before, after) for key, _ in EXPECTATIONS]
    assert sum(", as you expected." in one for one in said) == 1
    assert came(after, before) == {"rise": "fall", "fall": "rise"}.get(came(before, after), "stay")


def test_a_page_says_the_same() -> None:
    cases = [
        (key, before / 60, after / 70)
        for key, _ in EXPECTATIONS
        for before in range(0, 61, 3)
        for after in range(0, 71, 5)
    ]
    found = run(model_script(), IN_A_PAGE, cases)
    assert found == [[came(*one[1:]), expected(*one)] for one in cases]
