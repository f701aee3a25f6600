"""How strong a policy must be for its true effect to be the one that is wanted."""

from __future__ import annotations

import math
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

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
TIMES_FEWER = 8
"""How many times fewer are enough to tell how the effect rises with the strength."""

CURVE, GUESSES, STEPS = 5, 4, 40
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
    trials = enough_trials(design, CLIENTS)
    effects = _EffectByStrength(design, arm, trials)
    few = _EffectByStrength(design, arm, max(1, trials // TIMES_FEWER))
    found = _guessed(few, effects, wanted.d)
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


def _guessed(few: _EffectByStrength, effects: _EffectByStrength, wanted: float) -> float | None:
    """Return a strength with the effect that is wanted, or None if no guess hits it.

    A few of the clients tell where to begin and how steeply the effect rises there, all of them how far off that is.
    """
    strengths = np.linspace(*few.ends, CURVE)
    curve = np.array([few.at(_rounded(one)) for one in strengths])
    if curve[0] > curve[-1]:
        strengths, curve = strengths[::-1], curve[::-1]
    if (np.diff(curve) <= 0).any() or not curve[0] < wanted < curve[-1]:
        return None
    guess, before = _rounded(np.interp(wanted, curve, strengths)), None
    for _ in range(GUESSES):
        gap = wanted - effects.at(guess)
        if abs(gap) <= CLOSE:
            return guess
        if before is None:
            better = float(np.interp(wanted + gap, curve, strengths))
        elif gap != before[1]:
            better = guess + gap * (guess - before[0]) / (before[1] - gap)
        else:
            return None
        before = guess, gap
        guess = _rounded(min(max(better, few.ends[0]), few.ends[1]))
    return None


def _rounded(strength: float) -> float:
    """Return a strength as it is written."""
    return float(f"{strength:.6g}")


class _EffectByStrength:
    """The true effect of an arm, in d, at any strength of its policy: of the same clients, under the same luck.

    Parameters
    ----------
    design, arm
        The arm is one of which an effect is wanted.
    trials
        How many trials' clients, from the first trial on.
    """

    def __init__(self, design: TrialDesign, arm: str, trials: int) -> None:
        wanted = design.arms[arm].effect
        assert wanted is not None
        row = type(design.parameters_of(arm)).rows[wanted.by]
        assert row.low is not None
        assert row.high is not None
        self.design, self.arm, self.by, self.trials = design, arm, wanted.by, trials
        self.ends = float(row.low), float(row.high)
        self._known: dict[float, float] = {}

    @cached_property
    def _usual(self) -> tuple[float, float]:
        """Mean and standard deviation of the first arm's primary score."""
        usual = truth_under(self.design, self.trials, arms=(next(iter(self.design.arms)),))
        mean = float(usual.means.mean())
        return mean, math.sqrt(usual.squares.mean() - mean**2)

    def at(self, strength: float) -> float:
        """Return the effect at a strength."""
        if strength not in self._known:
            strengths = {self.arm: {self.by: strength}}
            treated = truth_under(self.design, self.trials, strengths, arms=(self.arm,))
            mean, sd = self._usual
            better = well(self.design.outcome.instrument) * (float(treated.means.mean()) - mean)
            self._known[strength] = better / sd
        return self._known[strength]

    def strength_for(self, wanted: float) -> float | None:
        """Return a strength whose effect is the one wanted, or None if the least and the most do not enclose it.

        False position in the form called Illinois: where one end stays, what is known of it counts half.
        """
        if self._enclosing(wanted) is None:
            for end in self.ends:
                if abs(self.at(end) - wanted) <= CLOSE:
                    return end
        near = self._enclosing(wanted)
        if near is None:
            return None
        (old, last), (old_gap, gap) = near, [self.at(one) - wanted for one in near]
        for _ in range(STEPS):
            value = _rounded(last - gap * (last - old) / (gap - old_gap))
            now = self.at(value) - wanted
            if abs(now) <= CLOSE or value in {old, last}:
                return value
            if (now < 0) == (gap < 0):
                old_gap /= 2
            else:
                old, old_gap = last, gap
            last, gap = value, now
        return last

    def _enclosing(self, wanted: float) -> tuple[float, float] | None:
        """Return neighbours among the strengths that are known, between whose effects lies the one wanted."""
        for pair in pairwise(sorted(self._known)):
            below = [self._known[one] < wanted for one in pair]
            if below[0] != below[1]:
                return pair
        return None
