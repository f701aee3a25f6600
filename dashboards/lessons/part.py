"""What every part of a lesson is: frozen, and strict about its entries."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["KEY", "Part"]

KEY = r"^[a-z][a-z0-9_]*$"
"""What a name of a lesson, an arm, a finding or an answer looks like."""


class Part(BaseModel):
    """A part of a lesson: it cannot change, and an entry nobody knows is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
