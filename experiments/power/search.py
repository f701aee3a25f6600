"""The search for a size with a wanted power: a few trials at a time, each where they say most."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from experiments.power.power_curve import Batch, PowerCurve, Scale, fit_power, pooled
from experiments.quantities.estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["PRECISION", "WINDOW", "RunTrials", "SizeSearch", "Sizes", "find_size"]

SPREAD = 0.15
"""Trials are run this share of the current answer below and above it: enough for a slope, near enough for a line."""

WINDOW = 2.5
"""Sizes within this factor of the current answer count for the line."""

STRIDE = 3.0
"""The search goes no further at once: the line is not to be trusted far from where trials were run."""

FARTHEST = 100.0
"""Times the size it began with, beyond which a power that is still too small has a ceiling for all practical ends."""

PRECISION = 0.05
"""Half the width of the interval of the answer that is enough, as a share of the answer."""

NARROWER = 0.9
"""How narrow the interval must be to stop before all trials are used, as a share of what is asked: a search looks
after every round, and would else stop where chance made it look narrow."""


class RunTrials(Protocol):
    """Runs fresh trials of a size: none whose number was used before."""

    def __call__(self, size: float, first: int, trials: int) -> Batch:
        """Return what the trials ``first`` to before ``first + trials`` gave."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Which sizes can be asked for.

    Attributes
    ----------
    step
        They are multiples of it; above 0.
    lowest, highest
        Ends of what can be run.
    scale
        On which the probit of power is nearly a line.
    """

    step: float
    lowest: float
    highest: float
    scale: Scale = "root"

    def near(self, size: float) -> float:
        """Return the size that can be run nearest to one."""
        within = min(max(size, self.lowest), self.highest)
        nearest = self.step * round(within / self.step)
        return min(max(nearest, self.at_least(self.lowest)), self._at_most(self.highest))

    def at_least(self, size: float) -> float:
        """Return the smallest size that can be run and is not below one."""
        return self.step * math.ceil(size / self.step - 1e-9)

    def _at_most(self, size: float) -> float:
        return self.step * math.floor(size / self.step + 1e-9)


@dataclass(frozen=True, slots=True)
class SizeSearch:
    """What a search found.

    Attributes
    ----------
    size
        The size whose power is the wanted one by the fitted line, with its 95 % interval; nan where there is none.
    needed
        The smallest size that can be run with at least that power; nan where there is none.
    curve
        The line near the answer.
    batches
        Every trial that was run, by size.
    trials
        How many those are.
    settled
        Whether the interval became as narrow as was asked for.
    ceiling
        Power at the largest size that was tried, where it stays below the wanted one.
    at
        That size.
    """

    size: Estimate
    needed: float
    curve: PowerCurve
    batches: Sequence[Batch]
    trials: int
    settled: bool
    ceiling: Estimate | None = None
    at: float = math.nan


@dataclass
class _Search:
    run: RunTrials
    power: float
    sizes: Sizes
    batches: list[Batch] = field(default_factory=list)
    first: int = 0

    def add(self, size: float, trials: int) -> Batch:
        made = self.run(size, self.first, trials)
        self.first += trials
        self.batches.append(made)
        return made

    def near(self, size: float) -> list[Batch]:
        within = [one for one in self.batches if size / WINDOW <= one.size <= size * WINDOW]
        return within if len({one.size for one in within}) > 1 else self.batches

    def curve(self, around: float) -> PowerCurve:
        return fit_power(self.near(around), self.sizes.scale)


def find_size(
    run: RunTrials,
    power: float,
    sizes: Sizes,
    start: float,
    *,
    batch: int = 100,
    most: int = 2000,
    precision: float = PRECISION,
    on_round: Callable[[SizeSearch], None] | None = None,
) -> SizeSearch:
    """Find the size at which trials have a wanted power.

    The probit of power is nearly a line in the root of a sample size (and in an effect). Each round fits it to the
    trials so far and runs new ones 15 % below and above its answer, until the 95 % interval of the answer is within
    `precision` of it or the trials are used up. All is a function of what `run` gives.

    Parameters
    ----------
    run
        Runs trials.
    power
        Wanted, above the level of the test and below 1.
    sizes
        Which can be asked for.
    start
        Where to begin.
    batch
        Trials of a round.
    most
        Trials in all; a ceiling takes 1,000 more, to be known to ± 3 points.
    precision
        Half the width of the interval, as a share of the answer.
    on_round
        Is given what is known after every round.

    References
    ----------
    Search by a line in the probit: Wichmann & Hill 2001 (Perception & Psychophysics 63:1293) for its errors, and
    Kumle, Võ & Draschkow 2021 (Behavior Research Methods 53:2528) for what a simulated power is asked.
    """
    search = _Search(run, power, sizes)
    start = answer = sizes.near(start)
    search.add(answer, batch)
    farthest = sizes.near(start * FARTHEST)
    while True:
        curve = search.curve(answer)
        size = curve.size_for(power)
        found = _found(search, curve, size, precision)
        if on_round is not None:
            on_round(found)
        if _reach(size) <= NARROWER * precision * size.value or search.first + batch > most:
            return found
        wanted = size.value if math.isfinite(size.value) else math.inf
        moved = sizes.near(min(max(wanted, answer / STRIDE), answer * STRIDE, farthest))
        if moved >= farthest and wanted > farthest:
            if (ended := _ceiling(search, found, farthest)) is not None:
                return ended
            wanted = farthest
        answer = moved
        half = batch // 2
        lower, upper = (sizes.near(answer * (1 + side * SPREAD)) for side in (-1, 1))
        search.add(lower, half)
        search.add(upper, batch - half)


def _reach(size: Estimate) -> float:
    """Return half the width of an interval."""
    return size.width / 2 if size.bounded else math.inf


def _found(search: _Search, curve: PowerCurve, size: Estimate, precision: float) -> SizeSearch:
    sizes = search.sizes
    inside = sizes.lowest <= size.value <= sizes.highest
    needed = sizes.at_least(size.value) if inside else math.nan
    if size.value < sizes.lowest:
        needed = sizes.at_least(sizes.lowest)
    return SizeSearch(
        size,
        needed,
        curve,
        pooled(search.batches),
        search.first,
        settled=_reach(size) <= precision * size.value,
    )


def _ceiling(search: _Search, found: SizeSearch, farthest: float) -> SizeSearch | None:
    """Look at the farthest size; return the end of the search if its power is too small."""
    there = search.add(farthest, 1000)
    if not there.power.value < search.power:
        return None
    return replace(
        found,
        size=Estimate(math.nan),
        needed=math.nan,
        batches=pooled(search.batches),
        trials=search.first,
        settled=there.power.high < search.power,
        ceiling=there.power,
        at=farthest,
    )
