"""The space a study moves in: parameters, the values they take, presets.

Designs ask a `Space`, never the model itself. So a design can be tested, and used, on any callable.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from experiments.frozen import Scalar, StudyError
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["CASE", "PRESET", "Column", "Row", "Space", "model_space"]

PRESET = "preset"
"""Name of the factor whose levels are presets."""

CASE = "case"
"""Kind of a column whose levels are names, of presets or of cases."""


class Row(Protocol):
    """What a design needs to know about one parameter."""

    @property
    def name(self) -> str:
        """As written in scripts."""

    @property
    def kind(self) -> str:
        """One of ``number``, ``integer``, ``choice``, ``switch``."""

    @property
    def low(self) -> float | None:
        """Smallest value allowed."""

    @property
    def high(self) -> float | None:
        """Largest value allowed."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The words of a choice."""


@dataclass(frozen=True, slots=True)
class Column:
    """The type of one factor's column: ``number``, ``integer``, ``switch``, ``choice`` or ``case``.

    `categories` are the words a ``choice`` or ``case`` may take, in their order.
    """

    kind: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Space:
    """Parameters, presets and the values a preset gives.

    Attributes
    ----------
    parameters
        Name to its row of the table.
    presets
        Names of the presets.
    values
        Preset name, or None for the defaults, to the value of every parameter.
    """

    parameters: Mapping[str, Row]
    presets: tuple[str, ...]
    values: Callable[[str | None], Mapping[str, Scalar]]

    def column(self, name: str) -> Column:
        """Return the type of a factor named `name`.

        Raises
        ------
        AllianceError
            If there is no such parameter.
        """
        if name == PRESET:
            return Column(CASE, self.presets)
        if name not in self.parameters:
            raise unknown_name(name, "a parameter", self.parameters, see="See: alliance explain")
        row = self.parameters[name]
        return Column(row.kind, row.choices)

    def checked(self, name: str, value: Scalar) -> Scalar:
        """Return `value` in the type of parameter `name`; never rounded.

        Raises
        ------
        StudyError
            If the parameter cannot take the value.
        """
        column = self.column(name)
        if column.kind in {"choice", CASE}:
            if value not in column.categories:
                what = "a preset" if column.kind == CASE else f"a value of {name}"
                allowed = "allowed: " + ", ".join(column.categories)
                raise unknown_name(str(value), what, column.categories, see=allowed)
            return value
        if column.kind == "switch":
            if not isinstance(value, bool):
                raise StudyError(f"{name} = {value} is not allowed: {name} is true or false.")
            return value
        return self._checked_number(name, value, column.kind)

    def _checked_number(self, name: str, value: Scalar, kind: str) -> int | float:
        row = self.parameters[name]
        what = "a whole number" if kind == "integer" else "a number"
        allowed = f"{name} takes {what} from {row.low:g} to {row.high:g}"
        if isinstance(value, bool | str) or not math.isfinite(value):
            raise StudyError(f"{name} = {value} is not allowed: {allowed}.")
        if kind == "integer" and not float(value).is_integer():
            raise StudyError(f"{name} = {value} is not allowed: {allowed}; it is never rounded.")
        low = -math.inf if row.low is None else row.low
        high = math.inf if row.high is None else row.high
        if not low <= value <= high:
            raise StudyError(f"{name} = {value} is not allowed: {allowed}.")
        return int(value) if kind == "integer" else float(value)


@functools.cache
def model_space() -> Space:
    """Return the space of the simulation: its table of parameters and its presets."""
    from simulation.parameters import PARAMETERS, Parameters

    @functools.cache
    def values(name: str | None) -> Mapping[str, Any]:
        chosen = Parameters() if name is None else _preset(name)
        return MappingProxyType(chosen.model_dump())

    return Space(PARAMETERS, _preset_names(), values)


def _preset_names() -> tuple[str, ...]:
    try:
        from simulation.presets import preset_names
    except ImportError:
        return ()
    return tuple(preset_names())


def _preset(name: str) -> Any:
    from simulation import preset

    return preset(name)
