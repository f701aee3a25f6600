"""Who is allotted to what is fixed at intake: a pure function of seed, trial and client."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.trials.allotting import allot, team_of_clinic
from tests.experiments.trials.small_trials import ARMS, design

TRIALS = range(40)
THREE = {**ARMS, "feedback": {"policies": ["progress_feedback"]}}

DESIGNS = [
    {},
    {"stratify": ["therapist"]},
    {"therapists_in_arms": "crossed"},
    {"therapists_in_arms": "crossed", "stratify": ["therapist"]},
    {"randomise": "therapist"},
    {"randomise": "clinic", "clinics": 4},
    {"clinics": 2, "stratify": ["clinic"]},
    {"allocation": [1, 3], "therapists": 8},
]


@pytest.mark.parametrize("own", DESIGNS)
def test_more_clients_allot_the_first_ones_as_before(own: dict) -> None:
    few, many = (allot(design(design=own), TRIALS, people) for people in (48, 240))
    for name in ("arm", "therapist", "chair"):
        assert np.array_equal(getattr(few, name), getattr(many, name)[:, :48])


@pytest.mark.parametrize("own", DESIGNS)
def test_a_trial_is_allotted_the_same_alone(own: dict) -> None:
    together, alone = (allot(design(design=own), trials, 48) for trials in (TRIALS, range(7, 8)))
    assert np.array_equal(together.therapist[7:8], alone.therapist)
    assert np.array_equal(together.arm[7:8], alone.arm)


def test_another_seed_is_another_allotment() -> None:
    one, other = (allot(design(seed=seed), TRIALS, 48) for seed in (1, 2))
    assert not np.array_equal(one.arm, other.arm)
    assert not np.array_equal(one.therapist, other.therapist)


def test_every_block_has_as_many_of_each_arm_as_the_allocation_says() -> None:
    arm = allot(design(design={"allocation": [1, 3], "therapists": 8}), TRIALS, 48).arm
    blocks = arm.reshape(len(TRIALS), -1, 8)
    assert ((blocks == 0).sum(axis=-1) == 2).all()
    assert len(np.unique(blocks.reshape(-1, 8), axis=0)) > 20, "blocks are drawn, not repeated"


def arms_of_therapists(therapist: np.ndarray, arm: np.ndarray) -> list[set[int]]:
    pairs = {(t, j): set() for t, row in enumerate(therapist) for j in row}
    for t, row in enumerate(therapist):
        for j, a in zip(row, arm[t], strict=True):
            pairs[t, j].add(int(a))
    return list(pairs.values())


@pytest.mark.parametrize("own", DESIGNS)
def test_a_nested_therapist_has_one_arm_and_a_crossed_one_all(own: dict) -> None:
    made = design(design=own)
    allotted = allot(made, TRIALS, 240)
    nested = made.design.therapists_in_arms == "nested"
    for arms in arms_of_therapists(allotted.therapist, allotted.arm):
        assert len(arms) == (1 if nested else 2)


def test_a_client_stays_in_the_clinic_of_the_therapist() -> None:
    made = design(design={"clinics": 2, "therapists": 8})
    allotted = allot(made, TRIALS, 48)
    assert np.array_equal(allotted.therapist // 4, np.broadcast_to(np.arange(48) % 2, (40, 48)))
    assert np.array_equal(allotted.therapist % 4, allotted.chair)


def test_clinics_have_one_arm_where_they_are_randomised() -> None:
    allotted = allot(design(design={"randomise": "clinic", "clinics": 4}), TRIALS, 48)
    by_clinic = allotted.arm.reshape(len(TRIALS), -1, 4)
    assert (by_clinic == by_clinic[:, :1]).all()
    assert (by_clinic[:, 0].sum(axis=1) == 2).all()
    assert len(np.unique(by_clinic[:, 0], axis=0)) == 6


def test_clients_are_dealt_evenly_only_where_that_is_asked_for() -> None:
    dealt, drawn = (
        allot(design(design=own), TRIALS, 40).therapist for own in ({"stratify": ["therapist"]}, {})
    )
    sizes = np.array([np.bincount(row, minlength=4) for row in dealt])
    assert sizes.min() >= 9
    assert sizes.max() <= 11
    assert np.array([np.bincount(row, minlength=4) for row in drawn]).max() > 13


def test_crossed_therapists_with_blocks_of_their_own_have_balanced_arms() -> None:
    own = {"therapists_in_arms": "crossed", "stratify": ["therapist"], "blocks": 2}
    allotted = allot(design(design=own), TRIALS, 48)
    for therapist in range(4):
        here = allotted.therapist == therapist
        difference = (here & (allotted.arm == 1)).sum(1) - (here & (allotted.arm == 0)).sum(1)
        assert np.abs(difference).max() <= 1


def test_clients_of_an_arm_without_therapists_have_none_and_take_nobodys_time() -> None:
    made = design(arms={"waiting": {"therapists": 0}, **THREE}, design={"therapists": 9})
    allotted = allot(made, TRIALS, 48)
    without = allotted.arm == 0
    assert np.array_equal(allotted.therapist < 0, without)
    team, more = team_of_clinic(made)
    assert (team, more) == (9, 3)
    assert (allotted.chair[without] >= team).all()
    assert (allotted.chair[~without] < team).all()
