"""A measure: something that is computed from tables, what it is called and what it is counted in."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from experiments.quantities.unit import Unit

__all__ = ["Measure", "measures_in"]

NEEDS = ("sessions", "therapists", "cut_off")
"""What a measure may need beyond the clients."""

Value_co = TypeVar("Value_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Measure(Generic[Value_co]):
    """Something that can be computed from tables.

    Attributes
    ----------
    name
        As files and commands name it.
    label
        A few words for people, in lower case but for names: ``"dropout"``, ``"fall in distress"``.
    meaning
        One sentence.
    unit
        What it is counted in.
    compute
        From tables to values, as the kind of measure has it.
    needs
        What it needs beyond the clients. ``sessions`` and ``therapists`` are tables: a run that keeps its sessions
        is slower. ``cut_off`` is a symptom score with a clinical cut-off and a reliable change index.
    level
        Whether it is a level, in which settings differ, and no relation of one thing to another.

    Raises
    ------
    AllianceError
        If `needs` is something else.
    """

    name: str
    label: str
    meaning: str
    unit: Unit
    compute: Callable[..., Value_co]
    needs: tuple[str, ...] = ()
    level: bool = False

    def __post_init__(self) -> None:
        needs: object = self.needs
        if not isinstance(needs, tuple) or not set(needs) <= set(NEEDS):
            raise AllianceError(
                f'{self.name} needs {needs!r}: write a tuple of some of {", ".join(NEEDS)}, such as ("sessions",).'
            )

    @classmethod
    def of(
        cls,
        function: Callable[..., Value_co],
        label: str,
        unit: Unit,
        *,
        needs: tuple[str, ...] = (),
        level: bool = False,
    ) -> Measure[Value_co]:
        """Return a function as a measure: its name is the name, the first sentences of its docstring the meaning."""
        meaning = " ".join((function.__doc__ or "").partition("\n\n")[0].split())
        return cls(function.__name__, label, meaning, unit, function, needs, level)

    def __call__(self, *tables: Any, **arguments: Any) -> Value_co:
        """Compute it."""
        return self.compute(*tables, **arguments)

    @property
    def title(self) -> str:
        """The label with a capital letter."""
        return self.label[:1].upper() + self.label[1:]

    @property
    def axis(self) -> str:
        """The label with its unit, for an axis."""
        return f"{self.title} ({self.unit.axis})" if self.unit.axis else self.title


def measures_in(package: str, table: str = "MEASURES") -> Mapping[str, Measure[Any]]:
    """Return what the files of a package declare as measures, by name, in the order of the files' names.

    Parameters
    ----------
    package
        Its name. A new file in it is found by itself.
    table
        The name under which a file declares them, as a tuple.

    Raises
    ------
    AllianceError
        If two have the same name, or a file declares something else.
    """
    found: dict[str, Measure[Any]] = {}
    for one in pkgutil.iter_modules(import_module(package).__path__):
        module = import_module(f"{package}.{one.name}")
        declared = getattr(module, table, ())
        if not isinstance(declared, tuple) or not all(isinstance(m, Measure) for m in declared):
            raise AllianceError(
                f"{table} of {module.__name__} has to be a tuple of measures, with a comma behind each."
            )
        for measure in declared:
            if measure.name in found:
                raise AllianceError(
                    f"{package} has two measures of the name {measure.name}: choose another for one."
                )
            found[measure.name] = measure
    return MappingProxyType(found)
