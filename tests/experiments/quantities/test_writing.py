"""Numbers are written one way, and as a browser writes them."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import experiments
from experiments.quantities.estimate import Estimate
from experiments.quantities.writing import (
    count,
    estimate,
    fixed,
    percent,
    plus_minus,
    published,
    significant,
    span,
)


@pytest.mark.parametrize(
    ("number", "digits", "written"),
    [
        (31.25, 1, "31.3"),  # Python's own formatting gives 31.2
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (1.005, 2, "1.00"),  # in binary a little less than a half
        (-0.04, 1, "0.0"),
        (0.0, 2, "0.00"),
        (31.0, 1, "31.0"),
    ],
)
def test_halves_are_rounded_away_from_zero_as_a_browser_does(
    number: float, digits: int, written: str
) -> None:
    assert fixed(number, digits) == written


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_a_number_written_is_the_number_rounded(number: float, digits: int) -> None:
    text = fixed(number, digits).replace("\N{MINUS SIGN}", "-")
    assert abs(float(text) - number) <= 0.5 * 10**-digits * (1 + 1e-9)
    assert len(text.partition(".")[2]) == digits
    assert not re.fullmatch(r"-[0.]+", text)


@given(st.floats(-1e9, 1e9), st.integers(1, 6))
def test_significant_figures_are_as_many_as_asked_for(number: float, figures: int) -> None:
    text = significant(number, figures).replace("\N{MINUS SIGN}", "-")
    assert float(text) == pytest.approx(number, rel=0.51 * 10 ** (1 - figures), abs=1e-300)
    digits = text.partition("e")[0].replace(".", "").lstrip("-0")
    assert len(digits) <= max(figures, len(str(int(abs(number) + 0.5))))


@pytest.mark.parametrize(
    ("number", "figures", "written"),
    [
        (0.2784, 3, "0.278"),
        (12345.6, 3, "12346"),
        (12.0, 6, "12"),
        (-0.5, 4, "−0.5"),
        (9.99996e-6, 4, "1e−5"),
        (1e20, 4, "1e20"),
        (0.0, 4, "0"),
        (math.nan, 4, "–"),
        (None, 4, "–"),
    ],
)
def test_a_number_is_as_brief_as_it_can_be(
    number: float | None, figures: int, written: str
) -> None:
    assert significant(number, figures) == written


def test_a_percentage_says_none_and_all_of_none_and_all_only() -> None:
    shares = (0.0, 1e-9, 0.004, 0.314, 0.995, 0.9999, 1.0, math.nan)
    assert [percent(one) for one in shares] == [
        "0 %",
        "under 0.01 %",
        "0.4 %",
        "31 %",
        "99.5 %",
        "99.99 %",
        "100 %",
        "–",
    ]
    assert percent(0.3125, 1) == "31.3 %"


def test_a_finding_has_three_places_whatever_its_unit() -> None:
    written = [published(one) for one in (0.278, 0.0312, 6.21, 42.13, 156.4, -0.5, 0.0)]
    assert written == ["0.28", "0.031", "6.21", "42.1", "156", "−0.50", "0.00"]
    assert [published(one) for one in (None, math.nan, math.inf)] == ["–", "–", "never"]


@pytest.mark.parametrize(
    ("found", "written"),
    [
        (Estimate(0.00648, 0.00394, 0.00902), "0.0065 (0.0039 to 0.0090)"),
        (Estimate(0.00933, -0.0227, 0.0413), "0.009 (−0.023 to 0.041)"),
        (Estimate(0.2834, 0.251, 0.316), "0.283 (0.251 to 0.316)"),
        # Half the interval is 1.15: two figures of it are one decimal.
        (Estimate(6.21, 5.1, 7.4), "6.2 (5.1 to 7.4)"),
        (Estimate(0.5), "0.50"),
        (Estimate(math.nan, 0.0, 1.0), "–"),
    ],
)
def test_an_estimate_has_the_digits_that_its_interval_leaves_certain(
    found: Estimate, written: str
) -> None:
    assert estimate(found) == written


def test_half_an_interval_has_two_figures() -> None:
    assert plus_minus(Estimate(0.28127, 0.2483, 0.3141)) == "0.281 ± 0.033"
    assert plus_minus(Estimate(27.3, 24.1, 30.5)) == "27.3 ± 3.2"
    assert plus_minus(Estimate(3.14159)) == "3.142"


def test_one_is_no_plural() -> None:
    assert [count(n, "client") for n in (0, 1, 1204)] == ["0 clients", "1 client", "1,204 clients"]
    assert count(2, "body", "bodies") == "2 bodies"


def test_from_where_to_where() -> None:
    assert span(-48.0, 48.0) == "−48 to 48"


def test_no_other_module_rounds_halves_or_puts_in_the_minus_sign() -> None:
    house = Path(experiments.__file__).parents[1]
    by_hand = re.compile(r"ROUND_HALF|\.quantize\(|replace\(\"-\", \"(?:\\N\{MINUS SIGN\}|−)\"")
    modules = [*house.glob("experiments/**/*.py"), *house.glob("dashboards/**/*.py")]
    found = [one.name for one in modules if by_hand.search(one.read_text("utf-8"))]
    assert found == ["writing.py"]
