"""The true effect of an arm at any strength of its policy, and the strength that has the effect which is wanted."""

from __future__ import annotations

import math
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from experiments.trials.truth import truth_under, well

if TYPE_CHECKING:
    from experiments.trials.trial_design import TrialDesign

__all__ = ["EffectByStrength", "guessed"]

CLOSE = 0.0005
"""How near in d is near enough: a tenth of what the Monte Carlo error is."""

CURVE = 5
"""Strengths at which a few clients are simulated."""

GUESSES, STEPS = 4, 40


class EffectByStrength:
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


def guessed(few: EffectByStrength, effects: EffectByStrength, wanted: float) -> float | None:
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
