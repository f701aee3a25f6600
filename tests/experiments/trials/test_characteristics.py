"""Operating characteristics of analyses whose results are made up, so that the answer is known."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from experiments.trials.characteristics import characteristics_of
from experiments.trials.clusters import Clusters
from experiments.trials.observing import SimulatedTrials, simulate_trials
from experiments.trials.table import TrialTable, long_table
from experiments.trials.truth import TrueEffect, true_effects, truth_of
from tests.experiments.trials.small_trials import design

TRIALS = 4000


def effect(value: float) -> TrueEffect:
    return TrueEffect("arm", "usual", value, 0.01, 8.0, -value / 8, 0.01, 10 + value, 10, TRIALS)


def fits(centre: float, spread: float, claimed: float) -> pl.DataFrame:
    draw = np.random.default_rng(1)
    estimate = draw.normal(centre, spread, TRIALS)
    z = np.abs(estimate) / claimed
    p = np.array([math.erfc(one / math.sqrt(2)) for one in z])
    return pl.DataFrame(
        {
            "trial": np.arange(TRIALS, dtype=np.uint32),
            "estimate": estimate,
            "se": np.full(TRIALS, claimed),
            "low": estimate - 1.96 * claimed,
            "high": estimate + 1.96 * claimed,
            "p_holm": p,
            "boundary": np.arange(TRIALS) % 4 == 0,
            "failed": [""] * TRIALS,
        }
    )


def test_an_honest_analysis_is_known_to_be_one() -> None:
    own = np.zeros(TRIALS)
    one = characteristics_of(("a", "arm"), fits(-2, 1, 1), own - 2, effect(-2.0), fits(0, 1, 1))
    assert one.bias.value == pytest.approx(0, abs=3 / math.sqrt(TRIALS))
    assert one.bias.error == pytest.approx(1 / math.sqrt(TRIALS), rel=0.05)
    assert one.empirical_se.value == pytest.approx(1, abs=3 * one.empirical_se.error)
    assert one.empirical_se.error == pytest.approx(1 / math.sqrt(2 * TRIALS), rel=0.05)
    assert one.model_se.value == pytest.approx(1)
    assert one.coverage.value == pytest.approx(0.95, abs=3 * one.coverage.error)
    assert one.power.value == pytest.approx(0.516, abs=3 * one.power.error)
    assert one.type_1.value == pytest.approx(0.05, abs=3 * one.type_1.error)
    assert one.sign_error.value == 0
    assert one.boundary == 0.25
    assert not one.withheld


def test_an_analysis_that_believes_itself_too_sure_is_shown_to_be_wrong() -> None:
    one = characteristics_of(
        ("a", "arm"), fits(-0.3, 1, 0.5), np.full(TRIALS, -0.1), effect(-0.1), None
    )
    assert one.bias.value == pytest.approx(-0.2, abs=0.05)
    assert one.model_se.value / one.empirical_se.value == pytest.approx(0.5, abs=0.02)
    assert one.coverage.value < 0.7
    assert one.sign_error.value > 0.2
    assert math.isnan(one.type_1.value), "there are no trials without an effect"


def test_intervals_of_honest_width_around_the_wrong_place_hold_the_truth_less_often() -> None:
    one = characteristics_of(
        ("a", "arm"), fits(-1, 1, 1), np.full(TRIALS, -3.0), effect(-3.0), None
    )
    # A normal estimate two standard errors off: 1.96 - 2 and -1.96 - 2.
    assert one.coverage.value == pytest.approx(0.484, abs=3 * one.coverage.error)


def test_standard_errors_are_averaged_by_their_squares() -> None:
    """Half of the trials claim 1 and half 7: variances of 1 and 49, 25 on average."""
    claimed = np.where(np.arange(TRIALS) % 2, 1.0, 7.0)
    made = fits(-2, 1, 1).with_columns(se=pl.Series(claimed))
    one = characteristics_of(("a", "arm"), made, np.full(TRIALS, -2.0), effect(-2.0), None)
    assert one.model_se.value == pytest.approx(5.0)
    # The error of the root is that of the mean square, divided by twice the root.
    assert one.model_se.error == pytest.approx(24 / (2 * 5 * math.sqrt(TRIALS)), rel=1e-3)


def test_bias_is_known_as_well_as_the_difference_from_each_trials_own_effect() -> None:
    own = np.random.default_rng(2).normal(-2, 1, TRIALS)
    near = own + np.random.default_rng(3).normal(0, 0.1, TRIALS)
    made = fits(-2, 1, 1).with_columns(estimate=pl.Series(near))
    one = characteristics_of(("a", "arm"), made, own, effect(-2.0), None)
    assert one.bias.error == pytest.approx(0.1 / math.sqrt(TRIALS), rel=0.05)


@pytest.mark.parametrize(("failed", "withheld"), [(40, False), (41, True)])
def test_type_1_error_is_withheld_where_too_many_trials_without_an_effect_failed(
    failed: int, withheld: bool
) -> None:
    null = fits(0, 1, 1).with_columns(
        failed=pl.Series(["It came to no end."] * failed + [""] * (TRIALS - failed))
    )
    own = np.full(TRIALS, -2.0)
    one = characteristics_of(("a", "arm"), fits(-2, 1, 1), own, effect(-2.0), null)
    assert (one.withheld, one.null_failed) == (withheld, failed)
    assert math.isnan(one.type_1.value) is withheld
    assert one.power.value > 0.4


def test_where_there_is_no_effect_what_is_significant_is_the_type_1_error() -> None:
    one = characteristics_of(("a", "arm"), fits(0, 1, 1), np.zeros(TRIALS), effect(0.0), None)
    assert one.type_1 == one.power
    assert math.isnan(one.sign_error.value)


@pytest.mark.parametrize(("failed", "withheld"), [(40, False), (41, True)])
def test_power_is_withheld_above_one_failure_in_a_hundred(failed: int, withheld: bool) -> None:
    made = fits(-2, 1, 1).with_columns(
        failed=pl.Series(["It came to no end."] * failed + [""] * (TRIALS - failed))
    )
    one = characteristics_of(("a", "arm"), made, np.full(TRIALS, -2.0), effect(-2.0), None)
    assert one.withheld is withheld
    assert math.isnan(one.power.value) is withheld
    assert (one.failed, one.first_failed) == (failed, 0)


def test_a_true_effect_is_that_of_the_same_clients_and_better_means_above_zero() -> None:
    truth = np.column_stack([np.array([10.0, 20, 30, 40]), np.array([8.0, 20, 24, 36])])
    (one,) = true_effects(design(), [truth_of(truth, 2)])
    assert one.effect == -3
    assert one.error == pytest.approx(2)  # the two trials' own are -1 and -5
    assert one.sd == pytest.approx(np.std([10, 20, 30, 40]))
    assert one.d == pytest.approx(3 / one.sd)
    (other,) = true_effects(design(outcome={"instrument": "ors"}), [truth_of(truth, 2)])
    assert other.d == -one.d


def made_up(
    therapist: np.ndarray, arm: np.ndarray, score: np.ndarray, clinic: np.ndarray | None = None
) -> SimulatedTrials:
    clients = len(therapist)
    zeros = np.zeros(clients)
    table = TrialTable(
        np.arange(clients), therapist, zeros.astype(int) if clinic is None else clinic, arm, zeros,
        score[:, None], score, zeros.astype(int), zeros.astype(int),
    )  # fmt: skip
    return SimulatedTrials(range(1), table, zeros[:, None], zeros, np.column_stack([score, score]))


def clusters(simulated: SimulatedTrials) -> Clusters:
    trial = np.zeros(len(simulated.table.client), dtype=np.int64)
    return Clusters(trial, simulated, 2)


def share_of_therapists(simulated: SimulatedTrials) -> float:
    known = clusters(simulated)
    return float(known.contrast(1, known.cluster)[0])


def test_the_share_of_therapists_in_a_contrast_is_what_theory_says() -> None:
    therapist = np.repeat(np.arange(8), 5)
    nested = made_up(therapist, therapist // 4, np.zeros(40))
    assert share_of_therapists(nested) == pytest.approx(5), "clients a therapist"
    crossed = made_up(np.repeat(np.arange(10), 4), np.tile([0, 1], 20), np.zeros(40))
    assert share_of_therapists(crossed) == pytest.approx(0)
    partial = made_up(
        np.r_[np.full(20, -1), np.repeat(np.arange(4), 5)], np.repeat([0, 1], 20), np.zeros(40)
    )
    assert share_of_therapists(partial) == pytest.approx((1 + 5) / 2)


def test_the_variance_of_therapists_is_found_without_bias() -> None:
    draw = np.random.default_rng(3)
    found = []
    for _ in range(400):
        therapist = np.repeat(np.arange(10), [4, 17, 9, 12, 7, 20, 5, 11, 14, 6])
        own = draw.normal(0, 2, 10)
        score = own[therapist] + draw.normal(0, 5, len(therapist))
        apart, between, within = clusters(made_up(therapist, therapist // 5, score)).variances()
        assert apart[0] == 0, "there is one clinic"
        found.append((between[0], within[0]))
    between, within = np.mean(found, axis=0)
    error = np.std(found, axis=0) / 20
    assert between == pytest.approx(4, abs=3 * error[0])
    assert within == pytest.approx(25, abs=3 * error[1])


@pytest.mark.parametrize("randomised", ["client", "therapist", "clinic"])
def test_variances_of_clinics_and_of_their_therapists_are_told_apart(randomised: str) -> None:
    draw = np.random.default_rng(4)
    therapist = np.repeat(np.arange(24), np.tile([4, 17, 9, 12, 7, 11], 4))
    clinic = therapist // 2 if randomised == "therapist" else therapist // 3
    found = []
    arms = {"therapist": therapist % 2, "clinic": clinic // 4}
    for _ in range(400):
        arm = arms.get(randomised, draw.integers(0, 2, len(therapist)))
        own = draw.normal(0, 1.5, 12)[clinic] + draw.normal(0, 2, 24)[therapist]
        score = own + draw.normal(0, 5, len(therapist))
        found.append(
            [one[0] for one in clusters(made_up(therapist, arm, score, clinic)).variances()]
        )
    error = np.std(found, axis=0) / 20
    for place, expected in enumerate((2.25, 4, 25)):
        assert np.mean(found, axis=0)[place] == pytest.approx(expected, abs=3 * error[place])


def test_the_share_of_clinics_in_a_contrast_is_clients_a_clinic_where_they_are_nested() -> None:
    clinic = np.repeat(np.arange(8), 30)
    known = clusters(made_up(clinic, clinic // 4, np.zeros(240), clinic))
    assert known.contrast(1, known.clinic)[0] == pytest.approx(30)
    known = clusters(made_up(clinic, np.tile([0, 1], 120), np.zeros(240), clinic))
    assert known.contrast(1, known.clinic)[0] == pytest.approx(0)


def test_a_long_table_has_a_row_for_each_client_and_week() -> None:
    made = design()
    table = simulate_trials(made, range(2)).table
    long = long_table(table, made.outcome.after_intake)
    assert len(long.score) == 2 * 40 * 3
    assert long.time[:4].tolist() == [2, 6, 12, 2]
    assert np.array_equal(long.score.reshape(-1, 3), table.scores)
    assert np.array_equal(long.client[::3], table.client)
