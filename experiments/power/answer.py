"""`Power`: what a search for the size of a trial found, as one value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.power.power_curve import fit_power
from experiments.power.sizing import designed, words_of
from experiments.quantities.intervals import share_of
from experiments.quantities.monte_carlo import MOST_FAILED
from experiments.quantities.writing import count, fixed, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.power.power_curve import Batch, PowerCurve
    from experiments.power.search import SizeSearch
    from experiments.power.sizing import LookedFor
    from experiments.quantities.estimate import Estimate
    from experiments.trials.characteristics import Characteristics
    from experiments.trials.result import TrialResult
    from experiments.trials.trial_design import TrialDesign

__all__ = ["Power"]


@dataclass(frozen=True, slots=True, eq=False)
class Power:
    """What a search for power found.

    Attributes
    ----------
    design
        What it began with.
    find, arm, wanted
        What was looked for, of which arm, and with which power.
    found
        The search; see `experiments.power.search.SizeSearch`.
    analyses
        Their names; the first decides.
    batches
        What each analysis gave at every size, in their order.
    confirmed
        Fresh trials at the answer, with and without the effect; None where there is no answer.
    """

    design: TrialDesign
    find: LookedFor
    arm: str
    wanted: float
    found: SizeSearch
    analyses: tuple[str, ...]
    batches: tuple[Sequence[Batch], ...]
    confirmed: TrialResult | None

    @property
    def answer(self) -> TrialDesign | None:
        """The design that was found, or None."""
        if math.isnan(self.found.needed):
            return None
        return designed(self.find, self.design, self.found.needed)

    @property
    def primary(self) -> Characteristics | None:
        """How the deciding analysis does in the fresh trials of the answer."""
        return None if self.confirmed is None else self.of(self.analyses[0])

    def of(self, analysis: str) -> Characteristics:
        """Return how an analysis does in the fresh trials of the answer."""
        assert self.confirmed is not None
        return next(
            one
            for one in self.confirmed.characteristics
            if one.analysis == analysis and one.arm == self.arm
        )

    def curve(self, analysis: int) -> PowerCurve:
        """Return the line through what an analysis gave at all sizes."""
        return fit_power(self.batches[analysis], self.found.curve.scale)

    @property
    def withheld(self) -> bool:
        """Whether too many trials could not be analysed for their power to be said."""
        tried = sum(one.trials + one.failed for one in self.found.batches)
        failed = sum(one.failed for one in self.found.batches)
        return failed > MOST_FAILED * tried or (self.primary is not None and self.primary.withheld)

    @property
    def sentence(self) -> str:
        """The answer in a sentence or two."""
        return " ".join(_in_words(self))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        size = self.found.size
        return {
            "find": self.find,
            "arm": self.arm,
            "power": self.wanted,
            "answer": self.found.needed,
            "size": {"value": size.value, "low": size.low, "high": size.high},
            "settled": self.found.settled,
            "trials": self.found.trials,
            "ceiling": None
            if self.found.ceiling is None
            else {
                "at": self.found.at,
                "power": self.found.ceiling.value,
                "low": self.found.ceiling.low,
                "high": self.found.ceiling.high,
            },
            "sentence": self.sentence,
            "curve": {
                name: [one._asdict() for one in batches]
                for name, batches in zip(self.analyses, self.batches, strict=True)
            },
            "confirmed": None if self.confirmed is None else self.confirmed.to_dict(),
        }


def _in_words(power: Power) -> list[str]:
    if power.withheld:
        return [_withheld(power)]
    answer = power.answer
    if answer is None:
        return [_unreachable(power)]
    said = [_sized(power, answer)]
    primary = power.primary
    if primary is not None:
        there = primary.trials - primary.failed
        said[0] += f"; power {_with_interval(share_of(round(primary.power.value * there), there))}."
    else:
        said[0] += "."
    size = power.found.size
    if not power.found.settled:
        reach = f" ({fixed(size.low, 1)} to {fixed(size.high, 1)})" if size.bounded else ""
        said.append(
            f"{power.found.trials:,} trials did not settle the number to 5 %{reach}: take it as near."
        )
    return said


def _with_interval(share: Estimate) -> str:
    low, high = (percent(end).removesuffix(" %") for end in (share.low, share.high))
    return f"{percent(share.value)} [{low}, {high}]"


def _sized(power: Power, answer: TrialDesign) -> str:
    own = answer.design
    therapists = count(own.therapists, "therapist")
    where = _in_clinics(own.clinics)
    if power.find == "effect":
        return (
            f"The smallest true effect that {own.clients:,} clients of {therapists}{where} would show: d = "
            f"{fixed(power.found.needed, 2)}"
        )
    even = own.clients % own.therapists == 0
    of_each = f"with {count(own.clients // own.therapists, 'client')} each"
    if power.find == "clinics":
        clients = of_each if even else f"and {own.clients // own.clinics:,} clients"
        return f"{own.clinics:,} clinics of {count(own.therapists // own.clinics, 'therapist')} {clients}"
    if not even:
        return f"{own.clients:,} clients of {therapists}{where}"
    return f"{therapists} {of_each}{where and f',{where}'}"


def _in_clinics(clinics: int) -> str:
    return f" in {clinics:,} clinics" if clinics > 1 else ""


def _unreachable(power: Power) -> str:
    found = power.found
    own = power.design.design
    if found.ceiling is None:
        what = "effect" if power.find == "effect" else f"number of {words_of(power.find)}"
        return (
            f"No {what} that can be run was found for a power of {percent(power.wanted)}: {found.trials:,} trials "
            "leave it open."
        )
    ceiling = found.ceiling
    numbers = (
        f"{percent(ceiling.value)} [{percent(ceiling.low)[:-2]}, {percent(ceiling.high)[:-2]}]"
    )
    if power.find in ("clients", "clients_per_therapist"):
        nested = own.therapists_in_arms if own.randomise == "client" else "nested"
        return (
            f"A power of {percent(power.wanted)} is unreachable with {own.therapists} {nested} "
            f"therapists{_in_clinics(own.clinics)}, however many clients: the ceiling is {numbers}."
        )
    what = words_of(power.find)
    where = f"{what} = {found.at:g}" if power.find == "effect" else f"{found.at:,g} {what}"
    if power.find != "clinics":
        where += _in_clinics(own.clinics)
    return f"A power of {percent(power.wanted)} is unreachable: at {where} it is {numbers}."


def _withheld(power: Power) -> str:
    primary = power.primary
    why = "" if primary is None or not primary.why else f" ({primary.why})"
    return (
        f"{power.analyses[0]} could not be made of more than 1 % of the trials{why}, so no power is said: what "
        "failed may be just what would have been significant."
    )
