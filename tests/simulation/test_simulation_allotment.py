"""Draws of a trial: pure functions of seed, trial and who; values of clinics that differ, within their bounds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import norm

from simulation.allotment import (
    ARM,
    CLIENT,
    CLINIC,
    OCCASION,
    THERAPIST,
    clinic_places,
    moved_values,
    trial_draws,
)

STREAMS = (CLIENT, ARM, THERAPIST, CLINIC, OCCASION)


def test_more_people_and_other_trials_leave_the_first_ones_draws_as_they_were() -> None:
    few = trial_draws(5, range(3, 6), 4, CLIENT, draws=4)
    many = trial_draws(5, range(2, 9), 9, CLIENT, draws=4)
    assert few.shape == (3, 4, 4)
    assert (many[1:4, :4] == few).all()
    assert (trial_draws(5, range(3, 6), 4, CLIENT) == few[..., :1]).all()
    assert ((few > 0.0) & (few < 1.0)).all()


def test_every_seed_trial_purpose_and_week_has_draws_of_its_own() -> None:
    drawn = [
        trial_draws(seed, range(trial, trial + 1), 3, stream, when=when).tobytes()
        for seed in (1, 2)
        for trial in (0, 1)
        for stream in STREAMS
        for when in (0, 1)
    ]
    assert len(set(drawn)) == len(drawn)


def test_clinics_are_placed_in_a_trait_by_a_normal_draw_of_their_own() -> None:
    places = clinic_places(5, range(2, 4), 3, 2)
    for trait in range(2):
        draws = trial_draws(5, range(2, 4), 3, CLINIC, when=trait + 1)[..., 0]
        assert places[..., trait] == pytest.approx(norm.ppf(draws), abs=1e-5)
    assert (clinic_places(5, range(2, 4), 5, 3)[:, :3, :2] == places).all()


@pytest.mark.parametrize("scale", ["plain", "logit", "log"])
def test_clinics_differ_on_a_scale_and_within_the_bounds_of_a_parameter(scale: str) -> None:
    values, by = np.full(5, 0.4), np.array([-9.0, -0.1, 0.0, 0.1, 9.0])
    moved = {
        "plain": values + by,
        "logit": expit(logit(values) + by),
        "log": values * np.exp(by),
    }[scale]
    found = moved_values(values, by, (0.02, 0.98), scale)
    assert found == pytest.approx(np.clip(moved, 0.02, 0.98), abs=1e-6)
    assert (found[0], found[-1]) == (0.02, 0.98)
    assert (values == 0.4).all(), "what is given is left alone"
