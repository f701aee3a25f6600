"""The values of a room's view: how each is written into an address and read from one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Field", "Fields", "Number", "Text", "Whole", "Word"]


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


Fields: TypeAlias = "Mapping[str, Field]"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds; one beyond them is brought to the nearest."""

    start: int
    low: int
    high: int

    def read(self, text: str) -> int | None:
        """Return the number."""
        if not re.fullmatch(r"-?\d{1,12}", text):
            return None
        return min(max(int(text), self.low), self.high)

    def write(self, value: Any) -> str:
        """Return its digits."""
        return str(int(value))


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds; where it starts may depend on something else, and is None then."""

    start: float | None
    low: float
    high: float

    def read(self, text: str) -> float | None:
        """Return the number."""
        try:
            value = float(text)
        except ValueError:
            return None
        return value if self.low <= value <= self.high else None

    def write(self, value: Any) -> str:
        """Return the shortest text for it."""
        return repr(float(value))


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words."""

    start: str
    words: tuple[str, ...]

    def read(self, text: str) -> str | None:
        """Return the word."""
        return text if text in self.words else None

    def write(self, value: Any) -> str:
        """Return the word."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Text:
    """Text of a form, such as the letters of the stances taken."""

    start: str
    form: str

    def read(self, text: str) -> str | None:
        """Return the text."""
        return text if re.fullmatch(self.form, text) else None

    def write(self, value: Any) -> str:
        """Return the text."""
        return str(value)
