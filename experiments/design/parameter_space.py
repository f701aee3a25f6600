"""The parameter space of a study: parameters, the values they take, presets.

Designs ask a `ParameterSpace`, never the model itself. So a design can be tested, and used, on any callable.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from experiments.design.value import Scalar, StudyError
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulation.parameters import Parameters

__all__ = [
    "BASE",
    "CASE",
    "LAYER",
    "PRESET",
    "Column",
    "ParameterInfo",
    "ParameterSpace",
    "layers_of",
    "model_space",
]

PRESET = "preset"
"""Name of the factor whose levels are presets."""

CASE = "case"
"""Kind of a column whose levels are names of cases."""

LAYER = "preset"
"""Kind of a column whose levels are names of presets, layered on the study's own preset."""

BASE = "base"
"""Level of such a column that layers nothing on the study's own preset."""


class ParameterInfo(Protocol):
    """What a design needs to know about one parameter."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str:
        """One of ``number``, ``integer``, ``choice``, ``switch``."""

    @property
    def low(self) -> float | None: ...

    @property
    def high(self) -> float | None: ...

    @property
    def choices(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Column:
    """The type of one factor's column: ``number``, ``integer``, ``switch``, ``choice``, ``case`` or ``preset``.

    `categories` are the words that the last three may take, in their order.
    """

    kind: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParameterSpace:
    """Parameters, presets and the values a preset gives.

    Attributes
    ----------
    parameters
        Name to what is known of it.
    presets
        Names of the presets.
    values
        Presets, joined by ``+`` as they are layered on each other, to the value of every parameter;
        None is the default clinic.
    """

    parameters: Mapping[str, ParameterInfo]
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
            return Column(LAYER, self.presets)
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
        if column.kind == LAYER:
            for layer in layers_of(str(value)):
                _check_word(layer, "a preset", column.categories)
            return value
        if (name, value) == ("supervision_network", "file"):
            words = ", ".join(word for word in column.categories if word != "file")
            raise StudyError(
                f"{name} = file is not possible in a study, whose runs cannot be given the file: choose one of "
                f"{words}. A single run takes one: alliance run --network FILE."
            )
        if column.kind == "choice":
            _check_word(value, f"a value of {name}", column.categories)
            return value
        if column.kind == "switch":
            if not isinstance(value, bool):
                raise StudyError(f"{name} = {value} is not allowed: {name} is true or false.")
            return value
        return self._checked_number(name, value, column.kind)

    def _checked_number(self, name: str, value: Scalar, kind: str) -> int | float:
        row = self.parameters[name]
        what = "a whole number" if kind == "integer" else "a number"
        allowed = f"{name} takes {what} from {_plain(row.low)} to {_plain(row.high)}"
        if isinstance(value, bool | str) or not math.isfinite(value):
            raise StudyError(f"{name} = {value} is not allowed: {allowed}.")
        if kind == "integer" and not float(value).is_integer():
            raise StudyError(f"{name} = {value} is not allowed: {allowed}; it is never rounded.")
        low = -math.inf if row.low is None else row.low
        high = math.inf if row.high is None else row.high
        if not low <= value <= high:
            raise StudyError(f"{name} = {value} is not allowed: {allowed}.")
        return int(value) if kind == "integer" else float(value)


def _plain(limit: float | None) -> str:
    """Return a limit as people write it: 1,000,000 and not 1e+06."""
    if limit is None:
        return "any"
    return f"{limit:,.0f}" if float(limit).is_integer() else f"{limit:g}"


def layers_of(names: str | None) -> tuple[str, ...]:
    """Return the presets of a text like ``stepped_care+relief``, without the one that layers nothing."""
    return tuple(name for name in (names or "").split("+") if name and name != BASE)


def _check_word(word: Scalar, what: str, words: tuple[str, ...]) -> None:
    if word not in words:
        raise unknown_name(str(word), what, words, see="Allowed: " + ", ".join(words) + ".")


@functools.cache
def model_space(kind: type[Parameters] | None = None) -> ParameterSpace:
    """Return the space of the simulation: its parameters and presets, with those of published models of the dyad.

    The latter are named as presets are; a point that sets a parameter of one has to name it. A `kind` of settings
    with a model of the dyad adds its own parameters, to every point.
    """
    from simulation.dyads.catalogue import dyad_names
    from simulation.presets import all_presets, layered

    @functools.cache
    def values(names: str | None) -> Mapping[str, Any]:
        return MappingProxyType(layered(layers_of(names), kind=kind).model_dump())

    presets = (*(one.name for one in all_presets()), *dyad_names())
    return ParameterSpace(_ModelParameters(kind.rows if kind else {}), presets, values)


class _ModelParameters(Mapping[str, ParameterInfo]):
    """Parameters of the simulation, of published models of the dyad, and others, which stand for any of that name.

    The published models are imported only where they are needed: for a name that nothing else has, or for all names.
    """

    def __init__(self, others: Mapping[str, ParameterInfo]) -> None:
        from simulation.parameters import PARAMETERS

        self._others = others
        self._at_hand = {**PARAMETERS, **others}

    @functools.cached_property
    def _all(self) -> Mapping[str, ParameterInfo]:
        from simulation.dyads.catalogue import added_parameters
        from simulation.parameters import PARAMETERS

        return {**PARAMETERS, **added_parameters(), **self._others}

    def __getitem__(self, name: str) -> ParameterInfo:
        return self._at_hand[name] if name in self._at_hand else self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
