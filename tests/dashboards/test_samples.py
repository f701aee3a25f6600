"""A clinic for each student: independent clients, the same numbers again, the same words and figures in a page."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dashboards.charts.figures import as_json
from dashboards.classroom.samples import (
    CONTRASTS,
    FEW,
    Arm,
    ClinicPair,
    every_clinic,
    long_run,
    own_words,
    pooled_clinics,
    pooled_words,
    run_pair,
)
from simulation import simulate
from simulation.presets import layered
from tests.dashboards.node import SCRIPTS, evaluate

IN_A_PAGE = f"""
import {{ everyClinic, ownWords, pooledClinics, pooledWords }} from "{SCRIPTS}/samples.js";
export const main = (cases) => cases.map(({{ of, pairs, model, own }}) => [
  ownWords(of, pairs[0]), pooledWords(of, pairs, model), pooledClinics(pairs, model), everyClinic(pairs, own),
]);
"""

FEEDBACK, REPAIR = CONTRASTS


def pair(number: int, without: tuple[int, int], with_: tuple[int, int]) -> ClinicPair:
    return ClinicPair(number, Arm(*without), Arm(*with_))


def test_a_students_clinics_are_those_of_two_seeds() -> None:
    found = run_pair("feedback", 17)
    for names, seed, arm in (
        (FEEDBACK.without, 33, found.without),
        (FEEDBACK.with_, 34, found.with_),
    ):
        clients = simulate(layered(names), seed=seed).clients
        began = clients.filter(clients["sessions"] > 0)
        assert arm.began == began.height
        assert arm.dropped == (began["status"] == "dropped_out").sum()


def test_a_large_effect_is_seen_by_nearly_every_clinic_and_a_small_one_by_no_means() -> None:
    against = {}
    for of in CONTRASTS:
        pairs = [run_pair(of.key, number) for number in range(1, 61)]
        model = long_run(of.key)
        assert model < 0
        assert abs(np.mean([one.difference for one in pairs]) - model) < 0.04
        against[of.key] = sum(one.difference > 0 for one in pairs)
    assert against["repair"] <= 3
    assert 12 <= against["feedback"] <= 30


def test_clinics_are_said_in_words() -> None:
    pairs = [
        pair(1, (100, 30), (90, 18)),
        pair(2, (100, 20), (100, 30)),
        pair(3, (100, 30), (100, 30)),
    ]
    assert own_words(FEEDBACK, pairs[0]) == (
        "Clinic 1: 30 of 100 clients dropped out without feedback, "
        "18 of 90 with feedback: 10 percentage points fewer."
    )
    assert own_words(FEEDBACK, pairs[2]).endswith("30 of 100 with feedback: no difference.")
    said = pooled_words(FEEDBACK, pairs, -0.02)
    assert said == (
        "In 1 of 3 clinics more clients dropped out with feedback. All together: no difference (95 % interval: "
        "24.8 fewer to 24.8 more). In the long run the model gives 2.0 percentage points fewer."
    )


def test_every_clinic_stands_in_one_stretch_and_ones_own_is_marked() -> None:
    pairs = [pair(one + 13, (100, 30), (100, 30 + one)) for one in range(-12, 13)]
    figure = every_clinic(pairs, own=20)
    assert sum(value or 0 for value in figure.series[0].values) == len(pairs)
    assert [name for name in figure.names if "yours" in name] == ["about 5 points more  ◀\xa0yours"]
    assert not any("yours" in name for name in every_clinic(pairs).names)


def test_intervals_are_drawn_once_there_are_enough_clinics() -> None:
    pairs = [pair(one, (100, 30), (100, 30 + one)) for one in range(1, 9)]
    band = pooled_clinics(pairs, -0.02).series[0]
    assert [low is None for low in band.low] == [True] * (FEW - 1) + [False] * (8 - FEW + 1)
    assert band.values[-1] == pytest.approx(0.045)


ARMS = st.integers(1, 100).flatmap(lambda began: st.tuples(st.just(began), st.integers(0, began)))
PAIRS = st.lists(st.tuples(ARMS, ARMS), min_size=1, max_size=30)


def as_given(one: ClinicPair) -> dict:
    made = as_json(one)
    return {"number": made["number"], "without": made["without"], "with": made["with_"]}


@settings(max_examples=8, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(st.tuples(PAIRS, st.sampled_from([-0.19, -0.015, 0.004])), min_size=20, max_size=20)
)
def test_a_page_says_and_draws_the_same(cases) -> None:
    given_, expected = [], []
    for arms, model in cases:
        pairs = [pair(number, *both) for number, both in enumerate(arms, 1)]
        of = CONTRASTS[len(pairs) % 2]
        own = len(pairs) // 2
        given_.append(
            {"of": as_json(of), "pairs": list(map(as_given, pairs)), "model": model, "own": own}
        )
        expected.append(
            [
                own_words(of, pairs[0]),
                pooled_words(of, pairs, model),
                as_json(pooled_clinics(pairs, model)),
                as_json(every_clinic(pairs, own)),
            ]
        )
    assert close(evaluate(IN_A_PAGE, given_), expected)


def close(found, expected) -> bool:
    """Compare figures: their numbers to four digits, everything else as it is."""
    match expected:
        case dict():
            assert found.keys() == expected.keys()
            return all(close(found[key], expected[key]) for key in expected)
        case list() | tuple():
            assert len(found) == len(expected), (found, expected)
            return all(map(close, found, expected))
        case float():
            assert math.isclose(found, expected, abs_tol=1.01e-4), (found, expected)
            return True
        case _:
            assert found == expected
            return True
