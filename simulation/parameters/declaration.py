"""How a parameter is declared: default, unit, bounds, one line of meaning, how it is known and from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field

__all__ = [
    "LOGIT",
    "LOGIT_SD",
    "PER_SESSION",
    "PER_UNIT",
    "Group",
    "Kind",
    "Parameter",
    "Status",
    "choice",
    "integer",
    "number",
    "switch",
]

LOGIT = "logit"
LOGIT_SD = "SD on the logit scale"
PER_UNIT = "logit per unit"
PER_SESSION = "share per session"

Status = Literal["published", "calibrated", "assumed"]
Kind = Literal["number", "integer", "choice", "switch"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the table of parameters.

    Attributes
    ----------
    name
        As it is written in scripts, presets and on the command line.
    default
        The value of the default clinic.
    unit
        Unit or scale: ``"[0, 1]"``, ``"logit"``, ``"weeks"``.
    low, high
        Bounds, both allowed; None for switches and choices.
    meaning
        One line.
    status
        ``published`` (a fact gives it), ``calibrated`` (fitted to facts) or ``assumed`` (swept, not asserted).
    source
        Facts F.. and mechanisms C.. behind it, as numbered in the evidence.
    group
        The part of the model it belongs to.
    kind
        What values it takes.
    choices
        The allowed words of a choice.
    """

    name: str
    default: Any
    unit: str
    low: float | None
    high: float | None
    meaning: str
    status: Status
    source: str
    group: str
    kind: Kind
    choices: tuple[str, ...] = ()

    @property
    def named_unit(self) -> str:
        """The unit, where it says more than the bounds or the choices do."""
        return "" if self.unit in {"[0, 1]", "word", "on or off"} else self.unit

    @property
    def range(self) -> str:
        """Say the bounds in words, as they are enforced; empty for switches and choices."""
        return "" if self.low is None or self.high is None else f"{self.low:,g} to {self.high:,g}"

    @property
    def allowed(self) -> str:
        """Say in words what values it takes."""
        match self.kind:
            case "switch":
                return "true or false"
            case "choice":
                return "one of " + ", ".join(self.choices)
            case "integer":
                return f"a whole number from {self.low:,} to {self.high:,}"
            case _:
                return f"a number from {self.low:,} to {self.high:,}"


class Group(BaseModel, defer_build=True):
    """Parameters of one part of the model.

    Values are checked by the setting of all parts, `simulation.parameters.Parameters`; so a part is not made ready to
    check them, which would take as long as making the whole ready.
    """


def number(
    default: float,
    low: float,
    high: float,
    meaning: str,
    *,
    unit: str = "[0, 1]",
    status: Status = "assumed",
    source: str = "",
) -> Any:
    """Declare a real-valued parameter with bounds [`low`, `high`]."""
    extra: dict[str, Any] = {"kind": "number", "unit": unit, "status": status, "source": source}
    return Field(
        default, ge=low, le=high, allow_inf_nan=False, description=meaning, json_schema_extra=extra
    )


def integer(
    default: int,
    low: int,
    high: int,
    meaning: str,
    *,
    unit: str,
    status: Status = "assumed",
    source: str = "",
) -> Any:
    """Declare a whole-number parameter with bounds [`low`, `high`]."""
    extra: dict[str, Any] = {"kind": "integer", "unit": unit, "status": status, "source": source}
    return Field(default, ge=low, le=high, description=meaning, json_schema_extra=extra)


def choice(default: str, meaning: str, *, status: Status = "assumed", source: str = "") -> Any:
    """Declare a parameter that takes one of the words of its type."""
    extra: dict[str, Any] = {"kind": "choice", "unit": "word", "status": status, "source": source}
    return Field(default, description=meaning, json_schema_extra=extra)


def switch(meaning: str, *, status: Status = "assumed", source: str = "") -> Any:
    """Declare a parameter that is on or off; off by default."""
    extra: dict[str, Any] = {
        "kind": "switch",
        "unit": "on or off",
        "status": status,
        "source": source,
    }
    return Field(False, description=meaning, json_schema_extra=extra)
