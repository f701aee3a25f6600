"""The values of a room's view: how each is written into an address and read from one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Field", "Fields", "Number", "Text", "Whole", "Word"]

FEW = 8
"""Up to how many words are named."""

ANY = 1e9
"""Bounds from which on they are there for safety only, and not named."""


class Field(Protocol):
    """A value of a room's view: how it is written into an address and read from one."""

    @property
    def start(self) -> Any:
        """Its value when an address says nothing."""
        ...

    def read(self, text: str) -> Any:
        """Return the value, or None where the text is not allowed."""
        ...

    def write(self, value: Any) -> str:
        """Return the text that `read` reads as this value."""
        ...

    @property
    def allowed(self) -> str:
        """Say in words what values it takes."""
        ...


Fields: TypeAlias = "Mapping[str, Field]"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds; one beyond them is brought to the nearest, and a notice says so."""

    start: int
    low: int
    high: int

    def read(self, text: str) -> int | None:
        if not re.fullmatch(r"-?\d{1,20}", text):
            return None
        return min(max(int(text), self.low), self.high)

    def write(self, value: Any) -> str:
        return str(int(value))

    @property
    def allowed(self) -> str:
        return f"a whole number from {self.low:,} to {self.high:,}"


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds; where it starts may depend on something else, and is None then."""

    start: float | None
    low: float
    high: float

    def read(self, text: str) -> float | None:
        try:
            value = float(text)
        except ValueError:
            return None
        return value if self.low <= value <= self.high else None

    def write(self, value: Any) -> str:
        """Return the shortest text for it."""
        return repr(float(value))

    @property
    def allowed(self) -> str:
        if max(abs(self.low), abs(self.high)) >= ANY:
            return "a number"
        return f"a number from {self.low:,} to {self.high:,}"


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words."""

    start: str
    words: tuple[str, ...]

    def read(self, text: str) -> str | None:
        return text if text in self.words else None

    def write(self, value: Any) -> str:
        return str(value)

    @property
    def allowed(self) -> str:
        words = [one for one in self.words if one]
        return "one of " + ", ".join(words) if len(words) <= FEW else f"one of {len(words)} names"


@dataclass(frozen=True, slots=True)
class Text:
    """Text of a form, such as the letters of the stances taken, and the form in words."""

    start: str
    form: str
    description: str = "letters and digits"

    def read(self, text: str) -> str | None:
        return text if re.fullmatch(self.form, text) else None

    def write(self, value: Any) -> str:
        return str(value)

    @property
    def allowed(self) -> str:
        return self.description
