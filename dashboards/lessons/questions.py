"""What a student must predict, and the checks on findings that tell which answer the run bears out."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from dashboards.lessons.part import KEY, Part

__all__ = [
    "Check",
    "ChoiceQuestion",
    "DirectionQuestion",
    "NumberQuestion",
    "Option",
    "PublishedAnswer",
    "Question",
]


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


class PublishedAnswer(Part):
    """What studies answer to the question of a lesson: an answer that agrees with them is not wrong.

    Attributes
    ----------
    facts
        The findings: ``F28``. A number rests on one of them.
    text
        What they found, in words; a number needs none.
    answers
        The answers that agree, by their keys; a number needs none: it agrees within the interval that was published,
        or else the range that counts as reproduced.
    scale
        By what a published number is multiplied to be in the unit of the question's finding.
    odds_ratio
        Whether a ratio of odds was published, the finding's arm to its baseline: it becomes a difference at the rate
        that the model has in the arm.
    """

    facts: tuple[str, ...] = Field(min_length=1)
    text: str = ""
    answers: tuple[str, ...] = ()
    scale: float = Field(default=1.0, gt=0.0)
    odds_ratio: bool = False


class _Question(Part):
    """What every question has.

    Attributes
    ----------
    text
        The question.
    about
        The arm that a question for a difference is about, in which a prediction is marked: its finding's arm where
        nothing else is said.
    published, unpublished
        What studies answer, or that none does, and why.
    """

    text: str = Field(min_length=10)
    about: str = ""
    published: PublishedAnswer | None = None
    unpublished: str = ""

    @model_validator(mode="after")
    def _published_or_not(self) -> Self:
        if self.published and self.unpublished:
            raise ValueError("give either published or unpublished")
        return self

    def _check_published(self, answers: tuple[str, ...]) -> None:
        known = self.published
        if known is None:
            return
        if not answers:
            if len(known.facts) != 1 or known.answers:
                raise ValueError("what is published of a number names one fact and no answers")
        elif not known.answers or not known.text or not set(known.answers) <= set(answers):
            raise ValueError(
                f"what is published needs a text, and answers out of {', '.join(answers)}"
            )


class DirectionQuestion(_Question):
    """More, less, or no difference worth the name.

    Attributes
    ----------
    finding
        A difference.
    more, less, same
        The three answers in words.
    margin
        Largest difference that still counts as none.
    """

    kind: Literal["direction"]
    finding: str
    more: str
    less: str
    same: str
    margin: float = Field(gt=0.0)

    @model_validator(mode="after")
    def _answers_exist(self) -> DirectionQuestion:
        self._check_published(("more", "less", "same"))
        return self


class NumberQuestion(_Question):
    """A number to guess.

    Attributes
    ----------
    finding
        What answers it.
    low, high, step
        Which numbers can be entered.
    close
        How far a guess may be off and still count as close.
    """

    kind: Literal["number"]
    finding: str
    low: float
    high: float
    step: float = Field(gt=0.0)
    close: float = Field(gt=0.0)

    @model_validator(mode="after")
    def _range(self) -> NumberQuestion:
        if self.low >= self.high:
            raise ValueError("low must be less than high")
        self._check_published(())
        return self


class Option(Part):
    """One answer of a choice: right when all its checks hold."""

    key: str = Field(pattern=KEY)
    text: str = Field(min_length=2)
    checks: tuple[Check, ...] = Field(min_length=1)


class ChoiceQuestion(_Question):
    """One of several statements."""

    kind: Literal["choice"]
    options: tuple[Option, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _answers_exist(self) -> ChoiceQuestion:
        self._check_published(tuple(option.key for option in self.options))
        return self


Question: TypeAlias = Annotated[
    DirectionQuestion | NumberQuestion | ChoiceQuestion, Field(discriminator="kind")
]
