"""How strong a policy must be for its true effect to be the one that is wanted."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from experiments.design.value import StudyError
from experiments.quantities.writing import fixed, significant
from experiments.trials.observing import true_scores
from experiments.trials.truth import CLIENTS_AT_ONCE, truth_under, well

if TYPE_CHECKING:
    from experiments.tables.columns import Floats
    from experiments.trials.trial_design import TrialDesign
    from experiments.trials.worlds import Strengths

__all__ = ["enough_trials", "null_advantages", "strengths_for"]

CLIENTS = 40_000
"""Clients whose mean effect is made the one that is wanted, at least."""

LEAST_TRIALS = 20
STEPS = 40
CLOSE = 0.0005
"""How near in d is near enough: a tenth of what the Monte Carlo error is."""


def strengths_for(design: TrialDesign) -> Strengths:
    """Find the strengths that make the true effects of all arms those that are wanted.

    The same clients are simulated at each strength, under the same luck, so the effect rises smoothly with it.

    Raises
    ------
    StudyError
        If no strength does; names the effects that can be reached.
    """
    return {
        name: {arm.effect.by: _strength(design, name)}
        for name, arm in design.arms.items()
        if arm.effect is not None
    }


def null_advantages(design: TrialDesign) -> dict[str, Floats]:
    """Return what to take from the scores of each arm and week so that no arm is better than the first.

    Needed where an arm has no therapists, for which no policy makes up; empty where every arm has some. Each is the
    true effect in that week, of shape (weeks,), from the clients whose effects strengths are found from.
    """
    if all(arm.therapists != 0 for arm in design.arms.values()):
        return {}
    trials = enough_trials(design, CLIENTS)
    step = max(1, CLIENTS_AT_ONCE // design.design.clients)
    parts = [range(begin, min(begin + step, trials)) for begin in range(0, trials, step)]
    totals = sum(true_scores(design, part, null=True).sum(axis=(0, 1)) for part in parts)
    means = totals / (trials * design.design.clients)
    return {name: means[:, place] - means[:, 0] for place, name in enumerate(design.arms)}


def enough_trials(design: TrialDesign, clients: int) -> int:
    """Return how many trials have so many clients; with an ensemble, each of its sets as often as another."""
    trials = max(LEAST_TRIALS, -(-clients // design.design.clients))
    known = design.parameter_sets
    return trials if known is None else -(-trials // len(known)) * len(known)


def _strength(design: TrialDesign, arm: str) -> float:
    wanted = design.arms[arm].effect
    assert wanted is not None
    row = type(design.parameters_of(arm)).rows[wanted.by]
    assert row.low is not None
    assert row.high is not None
    trials = enough_trials(design, CLIENTS)

    first = next(iter(design.arms))
    usual = truth_under(design, trials, arms=(first,))
    middle_score = usual.means.mean()
    sd = math.sqrt(usual.squares.mean() - middle_score**2)

    @cache
    def reached(value: float) -> float:
        treated = truth_under(design, trials, {arm: {wanted.by: value}}, arms=(arm,))
        return float(well(design.outcome.instrument) * (treated.means.mean() - middle_score) / sd)

    low, high = float(row.low), float(row.high)
    ends = reached(low), reached(high)
    if not min(ends) - CLOSE <= wanted.d <= max(ends) + CLOSE:
        raise StudyError(
            f"arms.{arm}: effect d = {significant(wanted.d)} cannot be reached by {wanted.by}: from "
            f"{significant(low)} to {significant(high)} it gives a true d from "
            f"{fixed(min(ends), 2)} to {fixed(max(ends), 2)}."
        )
    rises = ends[1] > ends[0]
    for _ in range(STEPS):
        middle = float(f"{(low + high) / 2:.6g}")
        gap = reached(middle) - wanted.d
        if abs(gap) <= CLOSE or middle in {low, high}:
            break
        if (gap < 0) == rises:
            low = middle
        else:
            high = middle
    return middle
