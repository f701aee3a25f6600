"""Elementary functions: as accurate as they say, and the same bits from Python and from the compiler."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from simulation.engine.compilation import compiled
from simulation.numerics import (
    above,
    below,
    clip,
    exp,
    exponent,
    in_tails,
    inverse_normal,
    inverse_normal_inside,
    log,
    logistic,
    logit,
    mantissa,
    where,
)

COLUMNS = 9


@compiled
def all_at_once(x: Any, positive: Any, share: Any, out: Any) -> None:
    """Every function of `numerics` in loops that the compiler may vectorise."""
    for i in range(len(x)):
        out[0, i] = exp(x[i])
        out[1, i] = logistic(x[i])
        out[2, i] = clip(x[i], -1.5, 2.5)
        out[3, i] = above(x[i], 0.25) - below(x[i], 0.25)
        out[4, i] = where(x[i] > 0.0, positive[i], share[i])
        out[5, i] = log(positive[i])
        out[6, i] = exponent(positive[i])
        out[7, i] = mantissa(positive[i])
        out[8, i] = inverse_normal(share[i]) + logit(share[i])


def in_python(x: float, positive: float, share: float) -> tuple[float, ...]:
    """The same, called from Python."""
    return (
        exp(x),
        logistic(x),
        clip(x, -1.5, 2.5),
        above(x, 0.25) - below(x, 0.25),
        where(x > 0.0, positive, share),
        log(positive),
        exponent(positive),
        mantissa(positive),
        inverse_normal(share) + logit(share),
    )


def test_plain_python_and_compiled_code_give_the_same_bits() -> None:
    chance = np.random.default_rng(3)
    count = 20_000
    x = np.concatenate([chance.uniform(-35, 35, count - 4), [0.0, -0.0, 30.0, -30.0]])
    positive = np.exp(chance.uniform(-300, 300, count))
    positive[:3] = 1.0, 2.0, np.nextafter(2.0, 0.0)
    share = (chance.integers(0, 2**32, count) + 0.5) / 2**32
    share[:4] = 2.0**-33, 1.0 - 2.0**-33, 0.5, np.nextafter(0.5, 1.0)
    machine = np.empty((COLUMNS, count))
    all_at_once(x, positive, share, machine)
    plain = np.array(
        [in_python(*values) for values in zip(x.tolist(), positive.tolist(), share.tolist(), strict=True)]
    ).T  # fmt: skip
    for column in range(COLUMNS):
        assert machine[column].tobytes() == plain[column].tobytes(), column


@given(st.floats(-10, 10))
def test_exp_is_as_accurate_as_it_says(x: float) -> None:
    assert exp(x) == pytest.approx(math.exp(x), rel=1e-12, abs=0)


@given(st.floats(-30, 30))
def test_exp_is_as_accurate_as_it_says_up_to_its_limit(x: float) -> None:
    assert exp(x) == pytest.approx(math.exp(x), rel=2e-8, abs=0)


@given(st.floats(allow_nan=False))
def test_exp_stays_finite_beyond_its_limit(x: float) -> None:
    assert exp(-30.0) <= exp(x) <= exp(30.0)


@given(st.floats(1e-300, 1e300))
def test_log_is_as_accurate_as_it_says(x: float) -> None:
    assert log(x) == pytest.approx(math.log(x), rel=0, abs=5e-11 + 1e-15 * abs(math.log(x)))


@given(st.floats(1e-300, 1e300))
def test_a_number_is_its_mantissa_times_two_to_its_exponent(x: float) -> None:
    assert 1.0 <= mantissa(x) < 2.0
    assert mantissa(x) * 2.0 ** exponent(x) == x


@given(st.integers(0, 2**32 - 1))
def test_normal_quantiles_are_as_accurate_as_they_say(draw: int) -> None:
    p = (draw + 0.5) / 2**32
    exact = float(norm.ppf(p))
    assert inverse_normal(p) == pytest.approx(exact, rel=0, abs=1e-6 if abs(exact) < 5 else 3e-3)


@given(st.integers(0, 2**32 - 1))
def test_outside_the_tails_the_short_quantile_has_the_same_bits(draw: int) -> None:
    p = (draw + 0.5) / 2**32
    assert in_tails(p) or inverse_normal_inside(p) == inverse_normal(p)


@pytest.mark.parametrize("p", [0.002, 0.998, 0.5])
def test_tails_begin_before_the_short_quantile_goes_wrong(p: float) -> None:
    assert not in_tails(p)
    assert inverse_normal_inside(p) == inverse_normal(p)


@pytest.mark.parametrize("p", [2.0**-33, 3e-10, 2.8e-7, 3e-7, 0.5, 1 - 3e-7, 1 - 2.0**-33])
def test_normal_quantiles_hold_in_the_tails_of_what_can_be_drawn(p: float) -> None:
    exact = float(norm.ppf(p))
    assert inverse_normal(p) == pytest.approx(exact, rel=0, abs=1e-6 if abs(exact) < 5 else 3e-3)


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_the_logistic_function_rises_and_stays_inside_0_and_1(x: float, y: float) -> None:
    # The square in the sixth digit of the sixth squaring may turn a last bit, no more.
    low, high = min(x, y), max(x, y)
    assert 0.0 < logistic(low) <= logistic(high) * (1 + 1e-15)
    assert logistic(high) < 1.0


@given(st.floats(1e-6, 1 - 1e-6))
def test_the_logistic_function_undoes_the_logit(p: float) -> None:
    assert logistic(logit(p)) == pytest.approx(p, rel=1e-7)


@given(st.floats(allow_nan=False), st.floats(-5, 5), st.floats(0, 5))
def test_clipping_keeps_what_is_inside_and_limits_what_is_not(
    x: float, low: float, width: float
) -> None:
    high = low + width
    assert clip(x, low, high) == min(max(x, low), high)


@given(st.floats(-9, 9), st.floats(-9, 9))
def test_above_and_below_part_a_difference(x: float, threshold: float) -> None:
    assert above(x, threshold) - below(x, threshold) == x - threshold
    assert min(above(x, threshold), below(x, threshold)) == 0.0
