"""Parameters as compiled code takes them: one array of numbers, unpacked into a named tuple inside the loop."""

from __future__ import annotations

from collections import namedtuple
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.correlations import CORRELATED, TRAITS, loadings, medians
from simulation.equation import listing, specialise
from simulation.parameters import PARAMETERS, Parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

    class Coefficients(Parameters):
        """Parameters as numbers, and what is derived from them once: see `simulation.correlations`."""

        assignment_code: float
        loadings: tuple[float, ...]
        medians: tuple[float, ...]


__all__ = ["assignment_code", "coefficients", "numbers", "unpack", "unpack_only"]

NUMERIC = tuple(name for name, row in PARAMETERS.items() if row.kind != "choice")
numeric_of = attrgetter(*NUMERIC)
ASSIGNMENTS = PARAMETERS["assignment"].choices
DERIVED = {"loadings": len(CORRELATED) * (len(CORRELATED) + 1) // 2, "medians": len(TRAITS)}


def assignment_code(assignment: str) -> float:
    """Return the code of a way to assign clients."""
    return float(ASSIGNMENTS.index(assignment))


def coefficients(parameters: Parameters) -> NDArray[np.float64]:
    """Return the `numbers` of a setting as compiled code takes them.

    Raises
    ------
    AllianceError
        If the correlations between client traits contradict each other.
    """
    return np.array(numbers(parameters), dtype=np.float64)


def numbers(parameters: Parameters) -> tuple[float, ...]:
    """Return all numbers of a setting: switches as 0 and 1, then what is derived.

    Raises
    ------
    AllianceError
        If the correlations between client traits contradict each other.
    """
    return (
        *map(float, numeric_of(parameters)),
        assignment_code(parameters.assignment),
        *loadings(parameters),
        *medians(parameters),
    )


def unpack_only(names: Collection[str]) -> Callable[..., Any]:
    """Return `unpack` for the parameters among `names` alone: compiled code takes no time over the others."""
    places = {name: f"a[{place}]" for place, name in enumerate(NUMERIC)}
    places["assignment_code"] = f"a[{len(NUMERIC)}]"
    first = len(NUMERIC) + 1
    for name, count in DERIVED.items():
        places[name] = f"({', '.join(f'a[{first + place}]' for place in range(count))},)"
        first += count
    needed = [name for name in places if name in names]
    kind = namedtuple("Coefficients", needed)  # type: ignore[misc]
    return listing(
        "unpack(a: list[float])",
        f"return kind({', '.join(places[name] for name in needed)})",
        kind=kind,
    )


unpack = unpack_only((*NUMERIC, "assignment_code", *DERIVED))
"""Read `coefficients` as a named tuple with the parameters' names; from Python, pass `numbers`."""

specialise(unpack, unpack_only)
