"""From worlds to data: what a trial would see of them, what it should estimate, and why a score is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.trials.table import TrialTable
from experiments.trials.worlds import simulate_worlds
from simulation import allotment
from simulation.allotment import trial_draws
from simulation.clinic import STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.trials.trial_design import TrialDesign
    from simulation.assessing import Assessed

__all__ = ["WHY_MISSING", "SimulatedTrials", "simulate_trials", "true_scores"]

WHY_MISSING = (
    "",
    "lost after dropping out",
    "missing at random",
    "after what the estimand asks to have not happened",
)
"""Why a score is missing, by number; 0 where it is there."""

LOST, AT_RANDOM, SET_ASIDE = 1, 2, 3

DROPPED_OUT = STATUSES.index("dropped_out")
BY_DROPOUT = (DROPPED_OUT, STATUSES.index("never_started"))
AS_PLANNED = (STATUSES.index("completed"), STATUSES.index("session_limit"))


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedTrials:
    """Data of some trials, and the truth beside them.

    Attributes
    ----------
    trials
        Their numbers.
    table
        What is seen, trial after trial, as many clients in each.
    why
        Why a score is missing, shape (rows, weeks): a place in `WHY_MISSING`.
    status
        How each client stands at the last assessment: a place in `simulation.clinic.STATUSES`.
    truth
        The primary score that the estimand asks for under each arm, shape (rows, arms).
    """

    trials: range
    table: TrialTable
    why: Integers
    status: Integers
    truth: Floats

    @property
    def offsets(self) -> Integers:
        """Where each trial begins, and the number of rows."""
        return np.arange(len(self.trials) + 1) * (len(self.table.client) // len(self.trials))


def simulate_trials(
    design: TrialDesign,
    trials: range,
    *,
    strengths: Mapping[str, Mapping[str, float]] | None = None,
    null: bool = False,
    advantages: Mapping[str, Floats] | None = None,
) -> SimulatedTrials:
    """Simulate some trials.

    Parameters
    ----------
    design, trials, strengths, null
        As for `experiments.trials.worlds.simulate_worlds`.
    advantages
        Arm to what is taken from its scores of each week: see `experiments.trials.effect.null_advantages`.
    """
    worlds = simulate_worlds(design, trials, strengths=strengths, null=null)
    arm = worlds.allotted.arm
    truth = true_scores(design, trials, strengths=strengths, null=null, known=worlds.arms)[
        ..., design.outcome.place, :
    ]

    def seen(columns: list[Any]) -> Any:
        chosen = columns[0]
        for number, column in enumerate(columns[1:], 1):
            here = arm == number
            chosen = np.where(here[..., None] if column.ndim == 3 else here, column, chosen)
        return chosen

    valued = [_valued(design, world) for world in worlds.arms]
    scores, aside = (seen([one[place] for one in valued]) for place in range(2))
    if advantages:
        less = np.array([advantages[name] for name in design.arms])
        scores = scores - less[arm]
        truth = truth - less[:, design.outcome.place]
    status = seen([world.status for world in worlds.arms])
    ended = seen([world.ended for world in worlds.arms])
    why = _missing(design, trials, status, ended)
    why = np.where(aside, SET_ASIDE, why)
    scores = np.where(why > 0, np.nan, scores)
    people = arm.shape[1]
    rows = arm.size
    client = np.broadcast_to(np.arange(people), arm.shape)
    table = TrialTable(
        client=client.reshape(-1),
        therapist=worlds.allotted.therapist.reshape(-1),
        clinic=(client % design.design.clinics).reshape(-1),
        arm=arm.reshape(-1),
        base=worlds.arms[0].base.reshape(-1),
        scores=scores.reshape(rows, -1),
        score=np.ascontiguousarray(scores[..., design.outcome.place]).reshape(-1),
        session=seen([world.session for world in worlds.arms]).reshape(-1),
        event=(status == DROPPED_OUT).astype(np.int64).reshape(-1),
    )
    return SimulatedTrials(
        trials, table, why.reshape(rows, -1), status.reshape(-1), truth.reshape(rows, -1)
    )


def _ended_before(world_ended: Integers, weeks: tuple[int, ...]) -> Booleans:
    """Tell in which weeks a therapy, or the waiting for it, had ended; shape (trials, clients, weeks)."""
    ended = world_ended[..., None]
    before: Booleans = (ended >= 0) & (np.array(weeks) > ended)
    return before


def _valued(design: TrialDesign, world: Assessed) -> tuple[Floats, Booleans]:
    """Return the scores that the estimand looks at, and which of them it sets aside."""
    over = _ended_before(world.ended, design.outcome.after_intake)
    scores, aside = world.scores, np.zeros_like(over)
    for statuses, strategy in (
        (BY_DROPOUT, design.estimand.dropout),
        (AS_PLANNED, design.estimand.planned_ending),
    ):
        there = over & np.isin(world.status, statuses)[..., None]
        if strategy == "while_on_treatment":
            scores = np.where(there, world.on_treatment, scores)
        elif strategy == "hypothetical":
            aside = aside | there
    return scores, aside


def true_scores(
    design: TrialDesign,
    trials: range,
    *,
    strengths: Mapping[str, Mapping[str, float]] | None = None,
    null: bool = False,
    arms: Collection[str] | None = None,
    known: tuple[Assessed, ...] | None = None,
) -> Floats:
    """Return the scores that the estimand asks for, shape (trials, clients, weeks, arms).

    Parameters
    ----------
    design, trials, strengths, null, arms
        As for `experiments.trials.worlds.simulate_worlds`.
    known
        Worlds with dropout and planned endings, if they are there already.
    """
    asks = design.estimand
    hypothetical = asks.dropout == "hypothetical", asks.planned_ending == "hypothetical"
    if known is None or any(hypothetical):
        known = simulate_worlds(
            design,
            trials,
            strengths=strengths,
            null=null,
            arms=arms,
            dropout=not hypothetical[0],
            planned_endings=not hypothetical[1],
        ).arms
    return np.stack([_valued(design, world)[0] for world in known], axis=-1)


def _missing(design: TrialDesign, trials: range, status: Integers, ended: Integers) -> Integers:
    """Return why scores are missing, shape (trials, clients, weeks)."""
    weeks, people = design.outcome.after_intake, status.shape[1]
    why = np.zeros((*status.shape, len(weeks)), dtype=np.int64)
    share = design.missing
    if share.at_random:
        for place, week in enumerate(weeks):
            draws = trial_draws(design.seed, trials, people, allotment.OCCASION, when=week)[..., 0]
            why[..., place] = np.where(draws < share.at_random, AT_RANDOM, 0)
    if share.after_dropout and design.estimand.dropout == "treatment_policy":
        draws = trial_draws(design.seed, trials, people, allotment.CLIENT, draws=2)[..., 1]
        gone = (draws < share.after_dropout) & np.isin(status, BY_DROPOUT)
        why = np.where(gone[..., None] & _ended_before(ended, weeks), LOST, why)
    return why
