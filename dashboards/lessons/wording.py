"""Numbers and claims in words: what the run gave, never what somebody expected of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.charts.figures import DIGITS
from dashboards.lessons.lesson import PLACEHOLDER

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping

    from dashboards.lessons.findings import Finding
    from dashboards.lessons.lesson import Claim
    from dashboards.lessons.questions import Check
    from experiments.quantities.estimate import Estimate
    from experiments.quantities.unit import Unit

__all__ = [
    "WHOLE_INTERVAL",
    "amount",
    "bears_out",
    "begun",
    "bound_in_words",
    "claim_in_words",
    "criteria",
    "filled",
    "in_words",
    "number",
    "with_interval",
]


WHOLE_INTERVAL = "The whole 95 % interval decides, which holds chance alone."
"""How a check decides; it is said beside every judgement that rests on one."""

ONE_WHOLE_NUMBER = 0.5
"""Margin around a count in which there is no other."""


def begun(text: str) -> str:
    """Return a text as a sentence begins."""
    return text[:1].upper() + text[1:]


def number(value: float, unit: Unit) -> str:
    """Write a number without its unit, rounded as its chart is sent it."""
    return unit.number(round(value, DIGITS))


def amount(value: float, unit: Unit) -> str:
    """Write a number with its unit."""
    return f"{number(value, unit)} {unit.name}".rstrip()


def with_interval(found: Finding, *, size: bool = False) -> str:
    """Write a finding with its unit and 95 % interval; as a size, without its sign, if asked and the sign is sure."""
    one = found.estimate
    if size and one.high < 0.0:
        one = one.times(-1.0)
    text = amount(one.value, found.unit)
    if not one.bounded or one.low == one.high:
        return text
    return f"{text} ({_interval(one, found.unit)})"


def _interval(one: Estimate, unit: Unit) -> str:
    return f"{number(one.low, unit)} to {number(one.high, unit)}"


def in_words(found: Finding) -> str:
    """Say a finding in a phrase: ``4.2 clients in 100 more (3.1 to 5.3)`` for a difference, else the value."""
    one = found.estimate
    if not (found.difference and one.bounded and one.clear):
        return with_interval(found)
    unit = found.unit
    word, size = (unit.more, one) if one.value > 0 else (unit.less, one.times(-1.0))
    return f"{amount(size.value, unit)} {word} ({_interval(size, unit)})"


def bears_out(check: Check, found: Finding) -> bool | None:
    """Return whether the finding's interval bears a check out, contradicts it, or leaves it open (None)."""
    low, high = found.estimate.low, found.estimate.high
    if not found.estimate.bounded:
        return None
    match check.side:
        case "above":
            holds, fails = low > check.bound, high < check.bound
        case "below":
            holds, fails = high < check.bound, low > check.bound
        case "within":
            floor, ceiling = check.bound - check.margin, check.bound + check.margin
            holds = low >= floor and high <= ceiling
            fails = low > ceiling or high < floor
    return True if holds else False if fails else None


def bound_in_words(value: float, unit: Unit, *, named: bool = True) -> str:
    """Write a bound or a margin with all its digits, whatever its unit rounds to."""
    digits = len(f"{value:g}".partition(".")[2])
    exact = unit.rounded(digits)
    return amount(value, exact) if named else number(value, exact)


def criteria(checks: Iterable[Check], found: Mapping[str, Finding]) -> str:
    """Say what checks ask of a run: ``dropout, exhausted against rested: above 2 clients in 100``.

    A margin in which there is one whole number, where whole numbers are counted, is that number.
    """
    sides: dict[str, list[str]] = {}
    for check in checks:
        unit = found[check.finding].unit
        bound = bound_in_words(check.bound, unit)
        if check.side == "within":
            low, high = check.bound - check.margin, check.bound + check.margin
            if unit.digits or check.margin > ONE_WHOLE_NUMBER:
                bound = f"{bound_in_words(low, unit, named=False)} to {bound_in_words(high, unit)}"
        said = bound if check.side == "within" else f"{check.side} {bound}"
        sides.setdefault(check.finding, []).append(said)
    return "; ".join(f"{found[name].label}: {' and '.join(said)}" for name, said in sides.items())


def claim_in_words(claim: Claim, found: Mapping[str, Finding]) -> tuple[str, bool | None]:
    """Return a claim in the words that the run bears out, and whether it bears the claim itself out."""
    borne_out = [bears_out(check, found[check.finding]) for check in claim.checks]
    if all(borne_out):
        return filled(claim.text, found), True
    if False in borne_out:
        return filled(claim.contradicted, found), False
    if claim.unclear:
        return filled(claim.unclear, found), None
    names = dict.fromkeys(check.finding for check in claim.checks)
    numbers = "; ".join(f"{found[name].label}: {with_interval(found[name])}" for name in names)
    return f"At this size the simulation leaves this open. {numbers}.", None


def filled(text: str, found: Mapping[str, Finding]) -> str:
    """Return a text with the run's numbers instead of ``{finding}``, ``{finding.arm}``, ``{finding.baseline}``.

    ``{finding}`` is its value with unit and interval, a difference without its sign where that is sure; so is
    ``{finding.size}`` for any finding. ``{finding.value}`` has no interval. Of the two sides of a difference the one
    named second is written without the unit.
    """
    written: set[str] = set()

    def put(match: re.Match[str]) -> str:
        name, aspect = match[1], match[2]
        one = found[name]
        if aspect in {"arm", "baseline"}:
            value = one.of_arm if aspect == "arm" else one.of_other
            again = name in written and one.unit.name != "%"
            written.add(name)
            return number(value, one.unit) if again else amount(value, one.unit)
        if aspect == "value":
            return amount(one.estimate.value, one.unit)
        return with_interval(one, size=one.difference or aspect == "size")

    return " ".join(PLACEHOLDER.sub(put, text).split())
