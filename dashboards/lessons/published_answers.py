"""What studies answer to a lesson's question: whether they agree with an answer, and with the model's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dashboards.evidence.sources import CERTAINTY, published_number
from dashboards.lessons.wording import amount, begun, number
from experiments.evidence.reading import fact
from experiments.quantities.estimate import Estimate

if TYPE_CHECKING:
    from dashboards.lessons.findings import Finding
    from dashboards.lessons.questions import Question
    from experiments.evidence.facts import Fact

__all__ = ["published_answer", "published_range", "studies_agree"]


def studies_agree(question: Question, answer: str | float | None, found: Finding) -> bool | None:
    """Return whether what was published agrees with an answer; None where no study answers, or there is no answer."""
    known = question.published
    if known is None or answer is None:
        return None
    if isinstance(answer, str):
        return answer in known.answers
    within = published_range(question, found)
    if within is None or not math.isfinite(answer):
        return None
    return within.low <= answer <= within.high


def published_answer(question: Question, found: Finding) -> str:
    """Say in a sentence what studies answer, and what counts as agreeing; or that none does."""
    known = question.published
    if known is None:
        return " ".join(question.unpublished.split())
    facts = [fact(name) for name in known.facts]
    if known.answers:
        text = " ".join(known.text.split()).rstrip(".")
        numbers = "; ".join(f"{one.statistic} ({one.id}) {published_number(one)}" for one in facts)
        doubts = "".join(dict.fromkeys(CERTAINTY[one.status] for one in facts))
        return f"Published: {text[:1].lower()}{text[1:]}. {begun(numbers)}{doubts}."
    (one,) = facts
    within = published_range(question, found)
    if within is None or not math.isfinite(within.low):
        return f"Published: {one.statistic} ({one.id}), {published_number(one)}."
    unit = found.unit
    value = f"{amount(within.value, unit)} " if math.isfinite(within.value) else ""
    what = "the range that counts as reproduced" if one.ci_low is None else "the 95 % interval"
    origin = (
        f"an odds ratio of {published_number(one)}, which at the {amount(found.of_arm, unit)} of this model makes "
        if known.odds_ratio
        else ""
    )
    ends = f"{number(within.low, unit)} to {number(within.high, unit)}"
    return f"Published ({one.id}){CERTAINTY[one.status]}: {origin}{value}({ends}: {what})."


def published_range(question: Question, found: Finding) -> Estimate | None:
    """Return the published number in the unit of the question's finding, with what counts as agreeing.

    That is its 95 % interval, or where none was published the range that counts as reproduced, to which the model is
    held as well.
    """
    known = question.published
    if known is None or known.answers:
        return None
    low, value, high = _numbers(fact(known.facts[0]))
    if known.odds_ratio:
        low, value, high = (_difference(one, found.of_arm) for one in (low, value, high))
    return Estimate(value * known.scale, low * known.scale, high * known.scale)


def _numbers(one: Fact) -> tuple[float, float, float]:
    low, high = (one.low, one.high) if one.ci_low is None else (one.ci_low, one.ci_high)
    assert low is not None
    assert high is not None
    return low, math.nan if one.value is None else one.value, high


def _difference(ratio: float, in_100: float) -> float:
    """Return how many more of 100 there are in an arm than where the odds are smaller by this ratio."""
    odds = in_100 / (100.0 - in_100) / ratio
    return in_100 - 100.0 * odds / (1.0 + odds)
