"""What a student must predict, and the checks on findings that tell which answer the run bears out."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from dashboards.lessons.part import KEY, Part

__all__ = ["Check", "ChoiceQuestion", "DirectionQuestion", "NumberQuestion", "Option", "Question"]


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
