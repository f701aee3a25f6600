"""Who is allotted to which arm and therapist, fixed at intake: a pure function of seed, trial and client.

Client number ``i`` of a trial comes to clinic ``i mod clinics``. Arms are drawn in permuted blocks, each block from
draws of its own, so that a trial with more clients allots the first ones as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.trials.trial_design import shares
from simulation import allotment
from simulation.allotment import trial_draws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Integers
    from experiments.trials.trial_design import TrialDesign

__all__ = ["Allotted", "allot", "team_of_clinic"]


@dataclass(frozen=True, slots=True, eq=False)
class Allotted:
    """Where the clients of several trials are allotted, each of shape (trials, clients).

    Attributes
    ----------
    arm
        From 0.
    therapist
        Number within the trial; -1 in an arm without therapists.
    chair
        Number within the clinic of who would see the client in an arm that has therapists. In an arm without, it is
        somebody who sees no client of the trial's other arms: nobody's caseload is larger than in the trial.
    """

    arm: Integers
    therapist: Integers
    chair: Integers


def team_of_clinic(design: TrialDesign) -> tuple[int, int]:
    """Return the therapists of a clinic, and how many more stand by for clients of arms without therapists."""
    team = design.design.therapists // design.design.clinics
    without = [arm.therapists == 0 for arm in design.arms.values()]
    waiting = sum(share for share, none in zip(design.allocation, without, strict=True) if none)
    if not waiting:
        return team, 0
    return team, max(1, round(team * waiting / (sum(design.allocation) - waiting)))


def allot(design: TrialDesign, trials: range, people: int) -> Allotted:
    """Allot the first `people` clients of each trial, a multiple of the number of clinics."""
    own = design.design
    shape = (len(trials), people)
    draw = trial_draws(design.seed, trials, people, allotment.CLIENT)[..., 0]
    clinic = np.broadcast_to(np.arange(people) % own.clinics, shape)
    team, _ = team_of_clinic(design)
    if own.randomise != "client" or own.therapists_in_arms == "crossed":
        chair = (draw * team).astype(np.int64)
        therapist = clinic * team + chair
        if own.randomise == "client":
            arm = _arms_in_blocks(design, trials, therapist, clinic)
            return _standing_by(design, Allotted(arm, therapist, chair), draw)
        arm_of = _arms_of_therapists(design, trials)
        return Allotted(np.take_along_axis(arm_of, therapist, axis=1), therapist, chair)
    arm = _arms_in_blocks(design, trials, None, clinic)
    count = np.array(design.therapists_of_arms)
    first = np.cumsum(count) - count
    if "therapist" in own.stratify:
        chair = _dealt(design, trials, arm, clinic, count)
    else:
        chair = (draw * count[arm]).astype(np.int64)
    chair += first[arm]
    return _standing_by(design, Allotted(arm, clinic * team + chair, chair), draw)


def _standing_by(design: TrialDesign, allotted: Allotted, draw: Any) -> Allotted:
    """Give the clients of arms without therapists nobody, and somebody who would see them elsewhere."""
    team, more = team_of_clinic(design)
    if not more:
        return allotted
    without = np.array([arm.therapists == 0 for arm in design.arms.values()])[allotted.arm]
    return Allotted(
        allotted.arm,
        np.where(without, -1, allotted.therapist),
        np.where(without, team + (draw * more).astype(np.int64), allotted.chair),
    )


def _arms_in_blocks(
    design: TrialDesign, trials: range, therapist: Integers | None, clinic: Integers
) -> Integers:
    """Draw arms for clients in permuted blocks of their strata."""
    own = design.design
    pattern = np.repeat(np.arange(len(design.arms)), design.allocation)
    pattern = np.tile(pattern, design.block // len(pattern))
    stratum, strata = np.zeros_like(clinic), 1
    if therapist is not None and "therapist" in own.stratify:
        stratum, strata = therapist, own.therapists
    elif "clinic" in own.stratify:
        stratum, strata = clinic, own.clinics
    place = _place_within(stratum)
    stood = _ranks_in_blocks(design.seed, trials, strata, int(place.max()) + 1, design.block)
    arms: Integers = pattern[stood[np.arange(len(place))[:, None], stratum, place]]
    return arms


def _dealt(
    design: TrialDesign, trials: range, arm: Integers, clinic: Integers, count: Integers
) -> Integers:
    """Deal the clients of each arm and clinic to its therapists, each as often as the others."""
    arms = len(count)
    stratum = clinic * arms + arm
    place = _place_within(stratum)
    most = int(place.max()) + 1
    # Strata of dealing follow those of the blocks of arms, which are fewer than one a therapist.
    first = design.design.therapists
    chair = np.zeros_like(place)
    rows = np.arange(len(place))[:, None]
    for size in np.unique(count[count > 0]):
        stood = _ranks_in_blocks(
            design.seed, trials, arms * design.design.clinics, most, int(size), first
        )
        chair = np.where(count[arm] == size, stood[rows, stratum, place], chair)
    return chair


def _place_within(stratum: Integers) -> Integers:
    """Return how many clients of the same stratum came before each, shape (trials, clients)."""
    order = np.argsort(stratum, axis=1, kind="stable")
    ordered = np.take_along_axis(stratum, order, axis=1)
    count = np.arange(stratum.shape[1])
    begins = np.ones_like(ordered, dtype=bool)
    begins[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = np.maximum.accumulate(np.where(begins, count, 0), axis=1)
    place = np.empty_like(order)
    np.put_along_axis(place, order, count - first, axis=1)
    return place


def _ranks_in_blocks(
    seed: int, trials: range, strata: int, places: int, block: int, first: int = 0
) -> Integers:
    """Return where each place of a stratum stands in its permuted block, shape (trials, strata, places)."""
    blocks = -(-places // block)
    ranks = np.empty((len(trials), strata, blocks * block), dtype=np.int64)
    for stratum in range(strata):
        draws = trial_draws(seed, trials, blocks * block, allotment.ARM, when=first + stratum)
        of_blocks = draws.reshape(len(trials), blocks, block)
        ranks[:, stratum] = of_blocks.argsort(-1).argsort(-1).reshape(len(trials), -1)
    return ranks


def _arms_of_therapists(design: TrialDesign, trials: range) -> Integers:
    """Draw the arm of each therapist, or of each clinic and so of its therapists, shape (trials, therapists)."""
    own = design.design
    team = own.therapists // own.clinics
    if own.randomise == "clinic":
        arms = _permuted(
            trial_draws(design.seed, trials, own.clinics, allotment.CLINIC)[..., 0],
            shares(own.clinics, design.allocation),
        )
        return np.repeat(arms, team, axis=1)
    draws = trial_draws(design.seed, trials, own.therapists, allotment.THERAPIST)[..., 0]
    of_clinics = draws.reshape(len(trials), own.clinics, team)
    return _permuted(of_clinics, design.therapists_of_arms).reshape(len(trials), -1)


def _permuted(draws: Any, counts: Sequence[int]) -> Integers:
    """Put so many units into each arm, in the order of their draws along the last axis."""
    pattern = np.repeat(np.arange(len(counts)), counts)
    arms: Integers = pattern[draws.argsort(-1).argsort(-1)]
    return arms
