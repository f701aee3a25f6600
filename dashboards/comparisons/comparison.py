"""Two settings side by side under the same random numbers: what differs, and how sure that is.

Replicate r of both arms meets the same clients and the same luck, so a difference between the arms is a difference
between their parameters. Intervals are over replicates: they tell how well the model's difference is known, not
how well the model is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboards.clinics.outcomes import amount_text
from experiments.quantities.estimate import Estimate
from experiments.quantities.writing import fixed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from experiments.quantities.estimate import Estimates
    from experiments.quantities.measure import Measure
    from simulation.parameters import Parameters

    Numbers = NDArray[np.float64]
    Counts = NDArray[np.int64]

__all__ = ["CURVES", "Arm", "Comparison", "Difference", "sentence"]

CURVES: Final = ("staying", "alliance", "wai_sr_client", "distress", "core_10")
"""What is drawn of both arms over sessions: the share of starters who held the session, and means of those."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One side: what it is called, and its setting."""

    label: str
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Difference:
    """One outcome in both arms.

    Attributes
    ----------
    outcome
        Which.
    a, b
        Means of replicates.
    estimate
        Mean of b - a over paired replicates, with 95 % t interval; not a number where it is not defined.
    saved
        Share of the variance of the difference that common random numbers saved; None where not defined.
    sentence
        What it says, in words.
    """

    outcome: Measure[Numbers]
    a: float
    b: float
    estimate: Estimate
    saved: float | None
    sentence: str

    @property
    def clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.estimate.clear

    @property
    def possible(self) -> Estimate:
        """The estimate with its interval as far as that is possible: what is drawn and written."""
        return self.estimate.within(*self.outcome.unit.range_of_differences)

    @property
    def same(self) -> bool:
        """Whether every replicate gave the same in both arms."""
        return self.estimate == Estimate(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two settings side by side, as far as is known.

    Attributes
    ----------
    a, b
        The arms; differences are b - a.
    seed, replicates, done
        Replicates wanted, and replicates run so far.
    outcomes
        Outcome to its difference, in the order of `OUTCOMES`.
    curves_a, curves_b
        Name in `CURVES` to the mean of replicates at each session, from session 1, of each arm.
    number_a, number_b
        Clients of all replicates who held each session, from session 1.
    per_replicate_a, per_replicate_b
        Outcome to values, shape (done,).
    """

    a: Arm
    b: Arm
    seed: int
    replicates: int
    done: int
    outcomes: Mapping[str, Difference]
    curves_a: Mapping[str, Estimates]
    curves_b: Mapping[str, Estimates]
    number_a: Counts
    number_b: Counts
    per_replicate_a: Mapping[str, Numbers]
    per_replicate_b: Mapping[str, Numbers]

    @property
    def finished(self) -> bool:
        """Whether every replicate is there."""
        return self.done == self.replicates

    @property
    def summary(self) -> str:
        """Say how many outcomes differ clearly, and what to make of that."""
        if self.done < 2:
            return "One replicate tells nothing about chance yet."
        if all(one.same for one in self.outcomes.values()):
            return f"{self.a.label} and {self.b.label} are the same in everything."
        clear = sum(one.clear for one in self.outcomes.values())
        expected = 0.05 * len(self.outcomes)
        differ = "differs" if clear == 1 else "differ"
        return (
            f"{clear} of {len(self.outcomes)} outcomes {differ} clearly after {self.done} replicates; "
            f"if nothing differed, about {fixed(expected, 0)} would seem to by chance."
        )


def sentence(outcome: Measure[Numbers], arm: str, difference: Estimate) -> str:
    """Say a difference in words.

    Examples
    --------
    >>> sentence(outcome("dropout_rate"), "Feedback", Estimate(-0.021, -0.036, -0.006))
    'Feedback lowers dropout by 2.1 percentage points (0.6 to 3.6).'
    """
    step = f" {outcome.unit.step}" if outcome.unit.step else ""
    possible = difference.within(*outcome.unit.range_of_differences)
    mean, low, high = possible.value, possible.low, possible.high
    if not math.isfinite(mean):
        return f"{outcome.title}: not defined in one of the two."
    if not math.isfinite(low):
        return f"{outcome.title}: one replicate tells nothing about chance yet."
    if mean == low == high == 0:
        return f"{outcome.title}: the same in both."
    if low <= 0 <= high:
        ends = f"{amount_text(outcome.unit, low)} to {amount_text(outcome.unit, high)}"
        return f"{outcome.title}: no clear difference ({ends}{step})."
    verb = "raises" if mean > 0 else "lowers"
    amount, near, far = (
        amount_text(outcome.unit, size) for size in (abs(mean), *sorted((abs(low), abs(high))))
    )
    return f"{arm} {verb} {outcome.label} by {amount}{step} ({near} to {far})."
