"""Factors: what a parameter is varied over, as levels or as a range."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_serializer, model_validator

from experiments.design.value import Scalar, StudyError, Value

__all__ = ["Factor", "Levels", "Range", "parse_factor", "parse_scalar"]


MOST_LEVELS = 1_000_000
"""Of a factor; all of them are in memory."""


class Levels(Value):
    """The named values a factor takes, in this order."""

    values: tuple[Scalar, ...] = Field(min_length=1)

    @model_serializer
    def _as_list(self) -> list[Scalar]:
        return list(self.values)


class Range(Value):
    """A factor from `low` to `high`, both included.

    Attributes
    ----------
    low, high
        Bounds in the parameter's own unit.
    points
        Number of evenly spaced values; needed where levels are needed (grid, one at a time), left
        out where a design samples (Latin hypercube, Sobol, Saltelli, Morris).
    scale
        ``linear``, or ``log`` for even steps of the logarithm.
    """

    low: float
    high: float
    points: Annotated[int, Field(ge=2, le=MOST_LEVELS)] | None = None
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            raise StudyError(
                f"A range goes from low to high, and {self.low:g}:{self.high:g} does not."
            )
        if self.scale == "log" and self.low <= 0:
            raise StudyError(f"A range on the log scale starts above 0, and {self.low:g} is not.")
        return self

    @model_serializer
    def _without_what_was_not_said(self) -> dict[str, Any]:
        said: dict[str, Any] = {"low": self.low, "high": self.high}
        if self.points is not None:
            said["points"] = self.points
        if self.scale != "linear":
            said["scale"] = self.scale
        return said


def parse_scalar(text: str) -> Scalar:
    """Read one value: true or false, a whole number, a number, else a word."""
    word = text.strip()
    if word.lower() in {"true", "false", "on", "off"}:
        return word.lower() in {"true", "on"}
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word


def parse_factor(text: str) -> Levels | Range:
    """Read ``low:high:points``, ``low:high`` or ``a,b,c``.

    Raises
    ------
    StudyError
        If the text is neither.
    """
    if ":" not in text:
        values = tuple(parse_scalar(word) for word in text.split(","))
        if any(value == "" for value in values):
            raise StudyError(f"{text!r} has an empty value; write a,b,c or low:high:points.")
        return Levels(values=values)
    parts = text.split(":")
    try:
        low, high = float(parts[0]), float(parts[1])
        points = int(parts[2]) if len(parts) == 3 else None
    except ValueError:
        points, parts = None, []
    if len(parts) not in {2, 3}:
        raise StudyError(f"{text!r} is not a range; write low:high:points, for example 0.2:0.8:7.")
    return Range(low=low, high=high, points=points)


def _as_factor(given: Any) -> Any:
    if isinstance(given, str):
        return parse_factor(given)
    if isinstance(given, bool | int | float):
        return Levels(values=(given,))
    if isinstance(given, list | tuple):
        for value in given:
            if isinstance(value, float) and not math.isfinite(value):
                raise StudyError(f"{value} is not a value a parameter can take.")
        return Levels(values=tuple(given))
    if isinstance(given, dict):
        return Levels(**given) if "values" in given else Range(**given)
    return given


Factor = Annotated[Levels | Range, BeforeValidator(_as_factor)]
"""`Levels` or `Range`; also read from a list, a mapping or the text of the command line."""
