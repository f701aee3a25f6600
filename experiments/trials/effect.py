"""How strong a policy must be for its true effect to be the one that is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.design.value import StudyError
from experiments.quantities.writing import fixed, significant
from experiments.trials.observing import true_scores
from experiments.trials.strength import EffectByStrength, guessed
from experiments.trials.truth import CLIENTS_AT_ONCE

if TYPE_CHECKING:
    from experiments.tables.columns import Floats
    from experiments.trials.trial_design import TrialDesign
    from experiments.trials.worlds import Strengths

__all__ = ["enough_trials", "null_advantages", "strengths_for"]

CLIENTS = 40_000
"""Clients whose mean effect is made the one that is wanted, at least."""

LEAST_TRIALS = 20
TIMES_FEWER = 8
"""How many times fewer are enough to tell how the effect rises with the strength."""


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
    trials = enough_trials(design, CLIENTS)
    effects = EffectByStrength(design, arm, trials)
    few = EffectByStrength(design, arm, max(1, trials // TIMES_FEWER))
    found = guessed(few, effects, wanted.d)
    if found is None:
        found = effects.strength_for(wanted.d)
    if found is None:
        low, high = effects.ends
        reached = sorted((effects.at(low), effects.at(high)))
        raise StudyError(
            f"arms.{arm}: effect d = {significant(wanted.d)} cannot be reached by {wanted.by}: from "
            f"{significant(low)} to {significant(high)} it gives a true d from "
            f"{fixed(reached[0], 2)} to {fixed(reached[1], 2)}."
        )
    return found
