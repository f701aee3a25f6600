"""The answer of a search for power, in a sentence or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.power.sizing import words_of
from experiments.quantities.intervals import share_of
from experiments.quantities.writing import count, fixed, percent

if TYPE_CHECKING:
    from experiments.power.finding import Power
    from experiments.quantities.estimate import Estimate
    from experiments.trials.trial_design import TrialDesign

__all__ = ["answer_in_words"]


def answer_in_words(power: Power) -> list[str]:
    """Return the answer of a search in a sentence or two."""
    if power.withheld:
        return [_withheld(power)]
    answer = power.answer
    if answer is None:
        return [_unreachable(power)]
    said = [f"{_sized(power, answer)}"]
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
    if power.find == "effect":
        return (
            f"The smallest true effect that {own.clients:,} clients of {therapists} would show: d = "
            f"{fixed(power.found.needed, 2)}"
        )
    if own.clients % own.therapists:
        return f"{own.clients:,} clients of {therapists}"
    return f"{therapists} with {count(own.clients // own.therapists, 'client')} each"


def _unreachable(power: Power) -> str:
    found = power.found
    own = power.design.design
    if found.ceiling is None:
        return (
            f"No number of {words_of(power.find)} that can be run was found for a power of {percent(power.wanted)}: "
            f"{found.trials:,} trials leave it open."
        )
    ceiling = found.ceiling
    numbers = (
        f"{percent(ceiling.value)} [{percent(ceiling.low)[:-2]}, {percent(ceiling.high)[:-2]}]"
    )
    if power.find in ("clients", "clients_per_therapist"):
        nested = own.therapists_in_arms if own.randomise == "client" else "nested"
        return (
            f"A power of {percent(power.wanted)} is unreachable with {own.therapists} {nested} therapists, however "
            f"many clients: the ceiling is {numbers}."
        )
    where = f"{found.at:g} {words_of(power.find)}"
    return f"A power of {percent(power.wanted)} is unreachable: at {where} it is {numbers}."


def _withheld(power: Power) -> str:
    primary = power.primary
    why = "" if primary is None or not primary.why else f" ({primary.why})"
    return (
        f"{power.analyses[0]} could not be made of more than 1 % of the trials{why}, so no power is said: what "
        "failed may be just what would have been significant."
    )
