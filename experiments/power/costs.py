"""The cheapest trial with a wanted power: how many clients each therapist should see, when both cost something."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design.value import StudyError
from experiments.power.batches import Batches
from experiments.power.finding import find_power
from experiments.power.sizing import checked, sizes_of
from experiments.power.wanted import Wanted
from experiments.trials.analysing import analyses_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.execution.progress import Progress
    from experiments.power.answer import Power
    from experiments.power.cost import Cost
    from experiments.power.search import SizeSearch
    from experiments.quantities.estimate import Estimate
    from experiments.trials.trial import Trial

__all__ = ["Cheapest", "Priced", "find_cheapest"]

LOADS = (3, 5, 8, 12, 20, 32, 50)
"""Clients of each therapist that are looked at first: steps of about 1.6, over which costs change little."""

REFINEMENTS = 2
"""How often loads between the cheapest and those beside it are looked at."""

ROUGH, ROUGH_PRECISION = 600, 0.1
"""Trials and precision of each rough search."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A point of the contour of equal power.

    Attributes
    ----------
    clients_per_therapist
        Clients of each therapist.
    therapists
        How many are needed then, with the 95 % interval.
    cost
        Of the smallest trial that can be run with so many, nan where there is none.
    """

    clients_per_therapist: int
    therapists: Estimate
    cost: float


@dataclass(frozen=True, slots=True, eq=False)
class Cheapest:
    """The cheapest trial, and what others with the same power cost.

    Attributes
    ----------
    cost
        What was said to cost how much.
    contour
        By clients of each therapist.
    power
        The full search at the cheapest number of clients of each therapist, with its fresh trials.
    """

    cost: Cost
    contour: tuple[Priced, ...]
    power: Power

    @property
    def total(self) -> float:
        """What the trial that was found costs."""
        answer = self.power.answer
        return math.nan if answer is None else self.cost.of(answer)

    @property
    def sentence(self) -> str:
        """The answer in a sentence or two."""
        if math.isnan(self.total):
            return self.power.sentence
        return f"{self.power.sentence} It costs {self.total:,.0f}."

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            **self.power.to_dict(),
            "sentence": self.sentence,
            "cost": self.total,
            "contour": [
                {
                    "clients_per_therapist": one.clients_per_therapist,
                    "therapists": one.therapists.value,
                    "low": one.therapists.low,
                    "high": one.therapists.high,
                    "cost": one.cost,
                }
                for one in self.contour
            ],
        }


def find_cheapest(
    trial: Trial,
    folder: str | Path,
    cost: Cost,
    wanted: Wanted | None = None,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    on_round: Callable[[SizeSearch], None] | None = None,
) -> Cheapest:
    """Find the cheapest numbers of therapists and of clients of each that have a wanted power.

    A rough search finds the therapists needed for several numbers of clients of each; more numbers are tried beside
    the cheapest, twice, and the cheapest of all is searched in full. Parameters as for `find_power`.
    """
    wanted, folder = wanted or Wanted(), Path(folder)
    own = trial.design.design
    if own.clients % own.therapists:
        trial = trial.changed(clients=own.therapists * math.ceil(own.clients / own.therapists))
    checked("therapists", trial.design)
    made = analyses_of(trial.design, wanted.analyses)[:1]
    contrast = wanted.contrast(trial.design)
    found: dict[int, Priced] = {}
    start = float(own.therapists)

    def look(load: int) -> float:
        """Find roughly how many therapists are needed; return where to begin with other loads."""
        if load in found:
            return start
        design = trial.changed(clients=load * own.therapists).design
        run = Batches(folder / f"clients-{load:04d}", design, "therapists", made, contrast, threads)
        rough = run.find_size(
            wanted.power,
            sizes_of("therapists", design),
            start,
            most=ROUGH,
            precision=ROUGH_PRECISION,
            on_round=on_round,
        )
        price = rough.needed * (cost.client * load + cost.therapist)
        found[load] = Priced(load, rough.size, price)
        return start if math.isnan(rough.needed) else rough.needed

    for load in LOADS:
        start = look(load)
    for _ in range(REFINEMENTS):
        best, known = _best(found, wanted.power), sorted(found)
        place = known.index(best)
        for beside in known[max(place - 1, 0) : place + 2]:
            start = look(round(math.sqrt(best * beside)))
    final = find_power(
        trial.changed(clients=_best(found, wanted.power) * own.therapists),
        folder / "cheapest",
        wanted,
        find="therapists",
        threads=threads,
        progress=progress,
        on_round=on_round,
    )
    return Cheapest(cost, tuple(found[load] for load in sorted(found)), final)


def _best(found: dict[int, Priced], power: float) -> int:
    priced = {load: one.cost for load, one in found.items() if not math.isnan(one.cost)}
    if not priced:
        raise StudyError(
            f"No trial with a power of {power:g} was found, whatever the clients of each therapist: give a larger "
            "effect, or a smaller power."
        )
    return min(priced, key=lambda load: (priced[load], load))
