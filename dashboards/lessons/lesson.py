"""What a guided lesson is: a frozen value read from a TOML file and checked before anybody sees it.

A lesson holds questions, clinics to run, and words. It holds no result: every number a student reads is computed
from the run (`dashboards.lessons.running`), and every claim in its explanation is tied to a check on those numbers,
with other words for the case that the model does not show it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from dashboards.lessons.arms import Arm, RunSettings
from dashboards.lessons.part import KEY, Part
from dashboards.lessons.questions import Check, ChoiceQuestion, Question
from dashboards.lessons.teaching import Instructor  # noqa: TC001 - pydantic reads the annotations
from dashboards.lessons.wanted import FigureWanted, FindingWanted  # noqa: TC001 - likewise

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ASPECTS", "PLACEHOLDER", "Claim", "Lesson", "NextStep", "Published", "placeholders"]

PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)(?:\.([a-z]+))?\}")
ASPECTS = frozenset({"", "size", "value", "arm", "baseline"})
"""What may stand behind a finding's name in a text, as in ``{stays.arm}``; see `wording.filled`."""

Level = Literal["introductory", "intermediate", "advanced"]
Room = Literal["session", "clinic", "sweep", "compare", "trial", "evidence"]


class Claim(Part):
    """A paragraph of the explanation, in the words that the run bears out.

    Attributes
    ----------
    checks
        What must hold for `text`; none for what is true of the model's form, whatever its numbers.
    text
        Said when every check holds.
    contradicted
        Said when one is contradicted.
    unclear
        Said when the interval leaves it open; a general sentence where none is given.
    agrees, contradicts
        Published findings that say what `text` says, and those that say otherwise.
    """

    text: str = Field(min_length=10)
    checks: tuple[Check, ...] = ()
    contradicted: str = ""
    unclear: str = ""
    agrees: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _other_words(self) -> Claim:
        if bool(self.checks) != bool(self.contradicted):
            raise ValueError("a claim with checks needs contradicted, and one without takes none")
        if not self.checks and (self.agrees or self.contradicts):
            raise ValueError("only a claim with checks agrees with a finding or contradicts it")
        return self


class Published(Part):
    """A published finding to lay beside the model's.

    Attributes
    ----------
    fact
        Its id: ``F33``.
    arms
        The clinics its statistic is computed on: one, or for the effect of a policy the one with it and the one
        without. None: the published number is shown alone.
    remark
        What a student should know about it.
    """

    fact: str
    arms: tuple[str, ...] = ()
    remark: str = ""


class NextStep(Part):
    """A question to go on with, and where in the dashboard it can be answered.

    Attributes
    ----------
    question
        The question.
    room
        Which room.
    presets, parameters
        What to open it with.
    other_presets, other_parameters
        For the compare room: what to compare that with. It lays a policy, a scenario or a mechanism over the clinic
        of the page, so these begin with `presets`.
    vary, outcome
        For the sweep room: one or two parameters, and the outcome to look at.
    """

    question: str = Field(min_length=10)
    room: Room
    presets: tuple[str, ...] = ()
    parameters: dict[str, Any] = Field(default_factory=dict)
    other_presets: tuple[str, ...] = ()
    other_parameters: dict[str, Any] = Field(default_factory=dict)
    vary: tuple[str, ...] = Field(default=(), max_length=2)
    outcome: str = ""


class Lesson(Part):
    """A guided lesson.

    Attributes
    ----------
    key
        Name of its file and part of its address.
    title, level, question, story
        What it is called, for whom, what it asks, and the situation in a few sentences.
    run, arms, findings
        What is simulated and what is computed from it.
    predict
        What the student must enter before the run.
    figures, explanation, published, limits, next
        What is shown afterwards; `limits` is what the lesson cannot show.
    instructor
        Notes for the teacher.
    """

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=5)
    level: Level
    question: str = Field(min_length=15)
    story: str = Field(min_length=40)
    run: RunSettings = RunSettings()
    arms: tuple[Arm, ...] = Field(min_length=1)
    findings: tuple[FindingWanted, ...] = Field(min_length=1)
    predict: Question
    figures: tuple[FigureWanted, ...] = Field(min_length=1)
    explanation: tuple[Claim, ...] = Field(min_length=2)
    published: tuple[Published, ...] = Field(min_length=1)
    limits: tuple[str, ...] = Field(min_length=1)
    next: NextStep
    instructor: Instructor

    def arm(self, name: str) -> Arm:
        """Return the arm of this name."""
        return next(one for one in self.arms if one.name == name)

    @model_validator(mode="after")
    def _names_exist(self) -> Lesson:
        arms = {one.name for one in self.arms}
        findings = {one.name for one in self.findings}
        if len(arms) != len(self.arms) or len(findings) != len(self.findings):
            raise ValueError("every arm and every finding needs a name of its own")
        for what, name in _arms_named(self):
            if name not in arms:
                raise ValueError(f"{what} names the arm {name}; there are {', '.join(arms)}")
        for what, name in _findings_named(self):
            if name not in findings:
                raise ValueError(f"{what} names the finding {name}, which is not computed")
        return self


def placeholders(text: str) -> tuple[tuple[str, str], ...]:
    """Return the findings a text names, each with the aspect it asks for."""
    return tuple((found[1], found[2] or "") for found in PLACEHOLDER.finditer(text))


def _arms_named(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for finding in lesson.findings:
        for arm in (finding.arm, finding.baseline):
            if arm:
                yield f"finding {finding.name}", arm
    if lesson.predict.about:
        yield "predict", lesson.predict.about
    for published in lesson.published:
        yield from ((f"published {published.fact}", arm) for arm in published.arms)
    for figure in lesson.figures:
        yield from ((f"figure {figure.title}", arm) for arm in figure.arms)


def _findings_named(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for finding in lesson.findings:
        yield from ((f"count {finding.name}", name) for name in finding.count)
    for figure in lesson.figures:
        yield from ((f"figure {figure.title}", name) for name in figure.findings)
    if isinstance(lesson.predict, ChoiceQuestion):
        for option in lesson.predict.options:
            yield from ((f"option {option.key}", check.finding) for check in option.checks)
    else:
        yield "predict", lesson.predict.finding
    for claim in lesson.explanation:
        yield from (("a check of the explanation", check.finding) for check in claim.checks)
        for text in (claim.text, claim.contradicted, claim.unclear):
            for name, aspect in placeholders(text):
                if aspect not in ASPECTS:
                    raise ValueError(
                        f"{{{name}.{aspect}}} is not known; use .size, .value, .arm or .baseline"
                    )
                yield "the explanation", name
