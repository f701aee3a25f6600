"""What a guided lesson is: a frozen value read from a TOML file and checked before anybody sees it.

A lesson holds questions, clinics to run, and words. It holds no result: every number a student reads is computed
from the run (`dashboards.lessons.run`), and every claim in its explanation is tied to a check on those numbers,
with other words for the case that the model does not show it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.parameters import Parameters

__all__ = [
    "ASPECTS",
    "Arm",
    "Check",
    "ChoiceQuestion",
    "Claim",
    "DirectionQuestion",
    "FigureWanted",
    "FindingWanted",
    "Instructor",
    "Lesson",
    "Misconception",
    "NextStep",
    "NumberQuestion",
    "Option",
    "Published",
    "Question",
    "Run",
    "Stage",
    "placeholders",
]

KEY = r"^[a-z][a-z0-9_]*$"
PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)(?:\.([a-z]+))?\}")
ASPECTS = frozenset({"", "size", "value", "arm", "against"})
"""What may stand behind a finding's name in a text, as in ``{stays.arm}``; see `wording.filled`."""

Level = Literal["introductory", "intermediate", "advanced"]
Room = Literal["session", "clinic", "sweep", "compare", "evidence"]


class Part(BaseModel):
    """A part of a lesson: it cannot change, and an entry nobody knows is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Run(Part):
    """How much is simulated.

    Attributes
    ----------
    seed
        Shared by all arms, so that they differ by nothing but their parameters.
    replicates
        Clinics of each arm.
    clients
        Clients of one clinic; the team is sized so that a therapist has as much work as in the arm's setting.
    """

    seed: int = Field(default=11, ge=0)
    replicates: int = Field(default=100, ge=10, le=2000)
    clients: int = Field(default=60, ge=10, le=1000)


class Arm(Part):
    """One kind of clinic: presets laid over each other, then single parameters, then shifts of what these give.

    Attributes
    ----------
    name, title
        As findings name it, and as a student reads it in the middle of a sentence.
    presets, parameters
        What differs from the default clinic.
    shifts
        What to add to parameters, whatever their value is: so that "raised" stays true when they are calibrated anew.
    """

    name: str = Field(pattern=KEY)
    title: str = Field(min_length=3)
    presets: tuple[str, ...] = ()
    parameters: dict[str, Any] = Field(default_factory=dict)
    shifts: dict[str, float] = Field(default_factory=dict)

    def settings(self) -> Parameters:
        """Return the arm's parameters.

        Raises
        ------
        AllianceError
            For a preset or parameter that does not exist, or a value out of bounds.
        """
        from simulation.presets import layered

        settings = layered(self.presets, self.parameters)
        known = {
            name: value for name, value in settings.model_dump().items() if name in self.shifts
        }
        for name in self.shifts:
            if name not in known:
                raise unknown_name(name, "a parameter", type(settings).model_fields)
        return settings.replace(**{name: known[name] + self.shifts[name] for name in known})


class FindingWanted(Part):
    """A number to compute from the run.

    Attributes
    ----------
    name, label
        As texts name it, and a few words for tables and charts.
    measure
        Name of a measure (`dashboards.lessons.measures.MEASURES`); empty for a count.
    arm, against
        Whose; with `against`, the difference of the first from the second over the same random numbers.
    count
        In place of a measure: names of findings, of which those are counted that pass `over` or lie in the range
        of the published finding `inside`.
    over, inside
        See `count`.
    """

    name: str = Field(pattern=KEY)
    label: str = Field(min_length=3)
    measure: str = ""
    arm: str = ""
    against: str = ""
    count: tuple[str, ...] = ()
    over: float | None = None
    inside: str = ""

    @model_validator(mode="after")
    def _one_kind(self) -> FindingWanted:
        if bool(self.count) == bool(self.measure):
            raise ValueError("give either measure or count")
        if self.measure and not self.arm:
            raise ValueError("a measure needs an arm")
        if self.count and (self.over is None) == (not self.inside):
            raise ValueError("a count needs either over or inside")
        return self


class Check(Part):
    """A statement about a finding that its 95 % interval bears out, contradicts, or leaves open.

    Attributes
    ----------
    finding
        Its name.
    side
        ``above`` or ``below`` the bound, or ``within`` the margin of it.
    bound, margin
        In the unit of the finding.
    """

    finding: str
    side: Literal["above", "below", "within"]
    bound: float = 0.0
    margin: float = Field(default=0.0, ge=0.0)

    @model_validator(mode="after")
    def _margin_where_needed(self) -> Check:
        if (self.side == "within") != (self.margin > 0.0):
            raise ValueError("side within needs a margin above 0, and no other side takes one")
        return self


class DirectionQuestion(Part):
    """More, less, or no difference worth the name.

    Attributes
    ----------
    text
        The question.
    finding
        A difference.
    more, less, same
        The three answers in words.
    margin
        Largest difference that still counts as none.
    """

    kind: Literal["direction"]
    text: str = Field(min_length=10)
    finding: str
    more: str
    less: str
    same: str
    margin: float = Field(gt=0.0)


class NumberQuestion(Part):
    """A number to guess.

    Attributes
    ----------
    text, finding
        The question, and the finding that answers it.
    low, high, step
        Which numbers can be entered.
    close
        How far a guess may be off and still count as close.
    """

    kind: Literal["number"]
    text: str = Field(min_length=10)
    finding: str
    low: float
    high: float
    step: float = Field(gt=0.0)
    close: float = Field(gt=0.0)

    @model_validator(mode="after")
    def _range(self) -> NumberQuestion:
        if self.low >= self.high:
            raise ValueError("low must be less than high")
        return self


class Option(Part):
    """One answer of a choice: right when all its checks hold."""

    key: str = Field(pattern=KEY)
    text: str = Field(min_length=2)
    checks: tuple[Check, ...] = Field(min_length=1)


class ChoiceQuestion(Part):
    """One of several statements."""

    kind: Literal["choice"]
    text: str = Field(min_length=10)
    options: tuple[Option, ...] = Field(min_length=2)


Question: TypeAlias = Annotated[
    DirectionQuestion | NumberQuestion | ChoiceQuestion, Field(discriminator="kind")
]


class Claim(Part):
    """A paragraph of the explanation, in the words that the run bears out.

    Attributes
    ----------
    checks
        What must hold for `text`; none for what is true of the model's form, whatever its numbers.
    text
        Said when every check holds.
    otherwise
        Said when one is contradicted.
    unclear
        Said when the interval leaves it open; a general sentence where none is given.
    """

    text: str = Field(min_length=10)
    checks: tuple[Check, ...] = ()
    otherwise: str = ""
    unclear: str = ""

    @model_validator(mode="after")
    def _other_words(self) -> Claim:
        if bool(self.checks) != bool(self.otherwise):
            raise ValueError("a claim with checks needs otherwise, and one without takes none")
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


class FigureWanted(Part):
    """A chart.

    Attributes
    ----------
    kind
        ``findings``: points with intervals; ``levels``: a measure in each arm; ``curve``: a rating over sessions;
        ``staying``: the share still in treatment; ``leaving``: dropout by the first rating of the alliance;
        ``therapists``: mean improvement of one team's clients, each therapist a point.
    title
        Its name.
    findings, measure, arms, column, sessions
        What it shows, as its kind needs it; `arms` are all of them where it is empty.
    labels
        Shorter names for the findings, where the chart's title says the rest.
    """

    kind: Literal["findings", "levels", "curve", "staying", "leaving", "therapists"]
    title: str = Field(min_length=5)
    findings: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    measure: str = ""
    arms: tuple[str, ...] = ()
    column: str = "wai_sr_client"
    sessions: int = Field(default=16, ge=3, le=52)

    @model_validator(mode="after")
    def _complete(self) -> FigureWanted:
        if (self.kind == "findings") != bool(self.findings):
            raise ValueError("a figure of kind findings, and no other, names findings")
        if (self.kind == "levels") != bool(self.measure):
            raise ValueError("a figure of kind levels, and no other, names a measure")
        if self.labels and len(self.labels) != len(self.findings):
            raise ValueError("give one label for each finding, or none")
        return self


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
        For the compare room: what to hold that against.
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


class Misconception(Part):
    """What students often believe, and what to say to it."""

    belief: str = Field(min_length=10)
    reply: str = Field(min_length=10)


class Stage(Part):
    """So many minutes for this."""

    minutes: int = Field(gt=0)
    what: str = Field(min_length=5)


class Instructor(Part):
    """Notes for whoever teaches the lesson."""

    ask: tuple[str, ...] = Field(min_length=2)
    misconceptions: tuple[Misconception, ...] = Field(min_length=1)
    stages: tuple[Stage, ...] = Field(min_length=3)
    discuss: tuple[str, ...] = Field(min_length=2)


class Lesson(Part):
    """A guided lesson.

    Attributes
    ----------
    key
        Name of its file and part of its address.
    title, level, minutes, question, story
        What it is called, for whom, how long it takes, what it asks, and the situation in a few sentences.
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
    minutes: int = Field(ge=10, le=180)
    question: str = Field(min_length=15)
    story: str = Field(min_length=40)
    run: Run = Run()
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
        if sum(stage.minutes for stage in self.instructor.stages) != self.minutes:
            raise ValueError(
                f"the instructor's stages must add up to {self.minutes} minutes, the lesson's length"
            )
        return self


def placeholders(text: str) -> tuple[tuple[str, str], ...]:
    """Return the findings a text names, each with the aspect it asks for."""
    return tuple((found[1], found[2] or "") for found in PLACEHOLDER.finditer(text))


def _arms_named(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for finding in lesson.findings:
        for arm in (finding.arm, finding.against):
            if arm:
                yield f"finding {finding.name}", arm
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
        for text in (claim.text, claim.otherwise, claim.unclear):
            for name, aspect in placeholders(text):
                if aspect not in ASPECTS:
                    raise ValueError(
                        f"{{{name}.{aspect}}} is not known; use .size, .value, .arm or .against"
                    )
                yield "the explanation", name
