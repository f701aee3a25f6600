"""Running a lesson: the same random numbers in every arm, and everything a page shows computed from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from dashboards.evidence.sources import CERTAINTY, published_number
from dashboards.lessons.catalogue import find_lesson
from dashboards.lessons.findings import find_all
from dashboards.lessons.measures.measure import ArmRun
from dashboards.lessons.pictures import picture
from dashboards.lessons.wording import claim_in_words, criteria
from experiments.quantities.estimate import Estimate
from experiments.quantities.writing import estimate as written
from experiments.quantities.writing import published

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.charts.figures import Figure
    from dashboards.lessons.findings import Finding
    from dashboards.lessons.lesson import Claim, Lesson, Published
    from experiments.evidence.facts import Fact

MARKS: Mapping[bool | None, str] = MappingProxyType(
    {
        True: "Checked against the run, which shows with its whole 95 % interval",
        False: "The run does not show what was expected with its whole 95 % interval",
        None: "The run leaves open, with its 95 % interval, what was expected",
    }
)
"""What became of the checks that a paragraph rests on, which follow."""

__all__ = ["LessonResult", "Paragraph", "PublishedRow", "explained", "result_of", "run_lesson"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the explanation.

    Attributes
    ----------
    text
        In the words that the run bears out.
    shown
        Whether the run shows what the lesson was written for: True, False (these are the other words) or None
        (the interval leaves it open).
    checked
        What it was checked by: the findings and their bounds.
    published
        Whether studies show it, where one was named.
    """

    text: str
    shown: bool | None
    checked: str
    published: str

    @property
    def notes(self) -> tuple[str, ...]:
        """How it was checked, and whether studies show it: a sentence each."""
        found = (f"{MARKS[self.shown]}: {self.checked}", self.published)
        return tuple(f"{one[0].upper()}{one[1:]}." for one in found[not self.checked :] if one)


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A published finding beside the model's number.

    Attributes
    ----------
    fact
        The finding, with its citation, range and status.
    model
        The same statistic on this lesson's clinics; nan where it is not computed.
    inside
        Whether it lies in the range that counts as reproduced; None where it is not computed.
    sentence
        Both in words.
    remark
        What to know about it.
    """

    fact: Fact
    model: Estimate
    inside: bool | None
    sentence: str
    remark: str


@dataclass(frozen=True, slots=True)
class LessonResult:
    """What a lesson's run gave; the same for everybody, so everybody may share it.

    Attributes
    ----------
    lesson
        Which.
    found
        Every finding by name.
    clients
        Clients of each arm who came to at least one session, by the arm's name.
    explanation, published, figures
        What the page shows, in its order.
    """

    lesson: Lesson
    found: Mapping[str, Finding]
    clients: Mapping[str, int]
    explanation: tuple[Paragraph, ...]
    published: tuple[PublishedRow, ...]
    figures: tuple[Figure, ...]


def run_lesson(lesson: Lesson, *, threads: int | None = 1) -> LessonResult:
    """Run every arm of a lesson and compute what it shows; takes about a second.

    A pure function of the lesson: `threads` changes the time it takes, and nothing else.
    """
    arms = MappingProxyType({arm.name: _run_arm(lesson, arm.name, threads) for arm in lesson.arms})
    found = find_all(lesson, arms)
    return LessonResult(
        lesson=lesson,
        found=MappingProxyType(found),
        clients=MappingProxyType(
            {name: int(arm.tables.started.sum()) for name, arm in arms.items()}
        ),
        explanation=explained(lesson, found),
        published=tuple(_beside(wanted, arms) for wanted in lesson.published),
        figures=tuple(picture(wanted, lesson, arms, found) for wanted in lesson.figures),
    )


@cache
def result_of(key: str) -> LessonResult:
    """Return the finished run of a lesson of the package; computed once and shared by everybody.

    Raises
    ------
    AllianceError
        When there is no such lesson; names the nearest.
    """
    return run_lesson(find_lesson(key))


def explained(lesson: Lesson, found: Mapping[str, Finding]) -> tuple[Paragraph, ...]:
    """Return the explanation in the words that these findings bear out."""
    return tuple(_paragraph(claim, found) for claim in lesson.explanation)


def _paragraph(claim: Claim, found: Mapping[str, Finding]) -> Paragraph:
    text, shown = claim_in_words(claim, found)
    return Paragraph(text, shown, criteria(claim.checks, found), _beside_studies(claim, shown))


def _beside_studies(claim: Claim, shown: bool | None) -> str:
    agrees, contradicts = (", ".join(names) for names in (claim.agrees, claim.contradicts))
    words = []
    if agrees:
        words.append(
            f"as published ({agrees})"
            if shown
            else f"published ({agrees}), but not shown by this model"
        )
    if contradicts:
        words.append(
            f"as published ({contradicts})"
            if shown is False
            else f"the published study says otherwise ({contradicts})"
        )
    return "; ".join(words)


def _run_arm(lesson: Lesson, name: str, threads: int | None) -> ArmRun:
    from experiments.validation.simulated_studies import study_clinic
    from simulation.running import simulate

    arm = lesson.arm(name)
    clinic = study_clinic(arm.settings(), lesson.run.clients)
    result = simulate(
        clinic,
        seed=lesson.run.seed,
        replicates=lesson.run.replicates,
        histories=True,
        threads=threads,
    )
    return ArmRun(name, arm.title, result)


def _beside(wanted: Published, arms: Mapping[str, ArmRun]) -> PublishedRow:
    from experiments.catalogue import statistic
    from experiments.evidence.reading import fact
    from experiments.statistics.pooling import batch_estimate

    one = fact(wanted.fact)
    number = _published(one)
    if not wanted.arms or one.statistic_function is None:
        return PublishedRow(one, Estimate(math.nan), None, f"{number}.", wanted.remark)
    function = partial(statistic(one.statistic_function), **dict(one.arguments))
    estimate = batch_estimate(function, *(arms[name].tables for name in wanted.arms))
    inside = one.inside(estimate.value)
    where = "inside" if inside else "outside"
    sentence = (
        f"{number}. The model gives {written(estimate)},"
        f" {where} the range that counts as reproduced, {published(one.low)} to {published(one.high)}"
        f" ({one.range_reason})."
    )
    return PublishedRow(one, estimate, inside, sentence, wanted.remark)


def _published(one: Fact) -> str:
    statistic = one.statistic[0].upper() + one.statistic[1:]
    if one.value is None:
        reason = "a direction or a range was published, no single number"
        return f"{statistic} ({one.id}; {reason}){CERTAINTY[one.status]}"
    unit = " standard deviations" if (one.statistic_function or "").endswith("_d") else ""
    return (
        f"{statistic} ({one.id}): published as {published_number(one)}{unit}{CERTAINTY[one.status]}"
    )
