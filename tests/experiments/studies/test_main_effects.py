"""Main effects and two-way means of a report: factors cut into levels, outcomes averaged over their points."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from experiments.analysis.main_effects import LevelMean, levels_of, main_effect, two_way


def test_a_factor_of_few_numbers_has_their_levels_in_order() -> None:
    found = levels_of([0.5, 0.1, 0.5, 0.9])
    assert (found.places, found.names, found.ordered) == (
        (0.1, 0.5, 0.9),
        ("0.1", "0.5", "0.9"),
        True,
    )
    assert [mask.tolist() for mask in found.masks] == [
        [False, True, False, False],
        [True, False, True, False],
        [False, False, False, True],
    ]


def test_words_and_switches_are_levels_in_the_order_of_their_first_point() -> None:
    words = levels_of(["hub", None, "ring", "hub"])
    assert (words.names, words.places, words.ordered) == (
        ("hub", "–", "ring"),
        (0.0, 1.0, 2.0),
        False,
    )
    assert words.masks[0].tolist() == [True, False, False, True]
    assert levels_of([True, False]).names == ("True", "False")


def test_many_numbers_are_put_into_six_bins_of_equal_width() -> None:
    """From 10 to 22 each is two wide; a value between two bins is in the upper one, the highest in the last."""
    values = [*np.linspace(10, 22, 25)]
    found = levels_of(values)
    assert found.places == pytest.approx((11, 13, 15, 17, 19, 21))
    assert [[values[i] for i in np.flatnonzero(mask)] for mask in found.masks] == [
        [10, 10.5, 11, 11.5],
        [12, 12.5, 13, 13.5],
        [14, 14.5, 15, 15.5],
        [16, 16.5, 17, 17.5],
        [18, 18.5, 19, 19.5],
        [20, 20.5, 21, 21.5, 22],
    ]


POINTS = pl.DataFrame(
    {
        "y": [1.0, 3.0, math.nan, 8.0],
        "y_low": [0.0, 1.0, math.nan, 6.0],
        "y_high": [2.0, 5.0, math.nan, 10.0],
    }
)


def test_an_effect_is_the_mean_over_the_points_of_a_level_that_have_a_value() -> None:
    found = main_effect(POINTS, levels_of([0.2, 0.2, 0.2, 0.7]), "y")
    assert found == [LevelMean(0.2, 2.0, 0.5, 3.5), LevelMean(0.7, 8.0, 6.0, 10.0)]
    (nothing, _) = main_effect(POINTS, levels_of([0.7, 0.7, 0.2, 0.7]), "y")
    assert math.isnan(nothing.value)


def test_two_factors_meet_in_the_points_that_have_both_levels() -> None:
    across, down = levels_of([0, 1, 1, 1]), levels_of(["a", "a", "b", "b"])
    assert two_way(POINTS, across, down, "y") == [
        [1.0, 3.0],
        [pytest.approx(math.nan, nan_ok=True), 8.0],
    ]
