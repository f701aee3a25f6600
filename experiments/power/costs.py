"""The cheapest trial with a wanted power: how many clients each therapist should see, when both cost something."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design.value import StudyError
from experiments.power.batches import Batches
from experiments.power.finding import checked_arm, checked_power, find_power
from experiments.power.sizing import checked, sizes_of
from experiments.trials.analysing import analyses_of
from experiments.trials.trial import TRIALS, Trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.execution.progress import Progress
    from experiments.power.finding import Power
    from experiments.power.search import SizeSearch
    from experiments.quantities.estimate import Estimate
    from experiments.trials.analysing import GivenAnalyses
    from experiments.trials.trial_design import TrialDesign

__all__ = ["Cheapest", "Cost", "Priced", "find_cheapest"]

LOADS = (3, 5, 8, 12, 20, 32, 50)
"""Clients of each therapist that are looked at first: steps of about 1.6, over which costs change little."""

ROUGH, ROUGH_PRECISION = 600, 0.1
"""Trials and precision of each rough search."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a trial costs, in any currency.

    Attributes
    ----------
    client, therapist
        Of one client, and of one therapist (training, supervision, rent), beside its clients.
    """

    client: float
    therapist: float

    @classmethod
    def read(cls, text: str) -> Cost:
        """Read ``client=400, therapist=3000``.

        Raises
        ------
        StudyError
            If it says something else.
        """
        parts: dict[str, float] = {}
        for part in text.split(","):
            name, _, value = (piece.strip() for piece in part.partition("="))
            try:
                amount = float(value)
            except ValueError:
                amount = math.nan
            if name not in ("client", "therapist") or name in parts or not 0 <= amount < math.inf:
                raise StudyError(
                    f"cost = {text} cannot be read: write what a client and a therapist cost, as in "
                    '"client=400, therapist=3000".'
                )
            parts[name] = amount
        cost = cls(parts.get("client", 0.0), parts.get("therapist", 0.0))
        if not cost.client + cost.therapist > 0:
            raise StudyError(
                "A trial that costs nothing has no cheapest form: give client or therapist a cost."
            )
        return cost

    def of(self, design: TrialDesign) -> float:
        """Return what a trial costs."""
        return self.client * design.design.clients + self.therapist * design.design.therapists


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
    *,
    power: float = 0.8,
    arm: str | None = None,
    analyses: GivenAnalyses | None = None,
    confirm: int = TRIALS,
    threads: int | None = None,
    progress: Progress | None = None,
    on_round: Callable[[SizeSearch], None] | None = None,
) -> Cheapest:
    """Find the cheapest numbers of therapists and of clients of each that have a wanted power.

    A rough search finds the therapists needed for several numbers of clients of each; two more numbers are tried
    beside the cheapest, and the cheapest of all is searched in full. Parameters as for `find_power`.
    """
    design = trial.design
    own = design.design
    if own.clients % own.therapists:
        trial = trial.changed(clients=own.therapists * math.ceil(own.clients / own.therapists))
    checked("therapists", trial.design)
    checked_power(power)
    found: dict[int, Priced] = {}
    start: dict[str, float] = {"therapists": float(own.therapists)}

    def look(load: int) -> None:
        if load in found or load < 1:
            return
        here = trial.changed(clients=load * own.therapists)
        rough = _rough(
            here,
            Path(folder) / f"clients-{load:04d}",
            power,
            arm,
            analyses,
            start,
            threads,
            on_round,
        )
        if not math.isnan(rough.needed):
            start["therapists"] = rough.needed
        need = rough.needed * (cost.client * load + cost.therapist)
        found[load] = Priced(load, rough.size, need)

    for load in LOADS:
        look(load)
    for _ in range(2):
        best = _best(found, power)
        known = sorted(found)
        place = known.index(best)
        for beside in known[max(place - 1, 0) : place + 2]:
            if beside != best:
                look(round(math.sqrt(best * beside)))
    best = _best(found, power)
    final = find_power(
        trial.changed(clients=best * own.therapists),
        Path(folder) / "cheapest",
        find="therapists",
        power=power,
        arm=arm,
        analyses=analyses,
        confirm=confirm,
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


def _rough(
    trial: Trial,
    folder: Path,
    power: float,
    arm: str | None,
    analyses: GivenAnalyses | None,
    start: dict[str, float],
    threads: int | None,
    on_round: Callable[[SizeSearch], None] | None,
) -> SizeSearch:
    """Search with few trials how many therapists are needed."""
    design = trial.design
    made = analyses_of(design, analyses)[:1]
    run = Batches(folder, design, "therapists", made, checked_arm(design, arm), threads)
    return run.find_size(
        power,
        sizes_of("therapists", design),
        start["therapists"],
        most=ROUGH,
        precision=ROUGH_PRECISION,
        on_round=on_round,
    )
