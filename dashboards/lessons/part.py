"""What every part of a lesson is: frozen, and strict about its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from simulation.errors import nearest

if TYPE_CHECKING:
    from pydantic import ValidationError

__all__ = ["KEY", "Part", "first_fault"]

KEY = r"^[a-z][a-z0-9_]*$"
"""What a name of a lesson, an arm, a finding or an answer looks like."""


class Part(BaseModel):
    """A part of a lesson: it cannot change, and an entry nobody knows is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def first_fault(error: ValidationError, of: str, *parts: type[Part]) -> str:
    """Say in one sentence the first thing that is wrong with what these parts make up, such as a lesson."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = {name for part in parts for name in part.model_fields}
        close = nearest(str(first["loc"][-1]), known)
        return f"{where} is not an entry of {of}." + (f" Did you mean {close}?" if close else "")
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}: {message}." if where else f"{message}."
