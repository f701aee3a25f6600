"""Parameters as compiled code takes them: one array of numbers, unpacked into a named tuple inside the loop."""

from __future__ import annotations

import struct
from collections import namedtuple
from functools import lru_cache
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from simulation.correlations import CORRELATED, PAIRS, TRAITS, loadings, medians
from simulation.equation import listing, specialise
from simulation.numerics import logit
from simulation.parameters import PARAMETERS, Parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    class Coefficients(Parameters):
        """Parameters as numbers, and what is derived from them once: see `simulation.correlations`."""

        assignment_code: float
        loadings: tuple[float, ...]
        medians: tuple[float, ...]


__all__ = [
    "assignment_code",
    "coefficients",
    "coefficients_of_each",
    "numbers",
    "unpack",
    "unpack_only",
    "unpack_with",
]

NUMERIC = tuple(name for name, row in PARAMETERS.items() if row.kind != "choice")
_numeric_of, _correlations_of = attrgetter(*NUMERIC), attrgetter(*PAIRS)
_traits_of = attrgetter(*TRAITS)
_logit = lru_cache(maxsize=1024)(logit)
ASSIGNMENTS = PARAMETERS["assignment"].choices
DERIVED = {"loadings": len(CORRELATED) * (len(CORRELATED) + 1) // 2, "medians": len(TRAITS)}


def assignment_code(assignment: str) -> float:
    """Return the code of a way to assign clients."""
    return float(ASSIGNMENTS.index(assignment))


def coefficients(parameters: Parameters) -> NDArray[np.float64]:
    """Return the `numbers` of a setting as compiled code takes them, then those that its model of the dyad adds.

    Raises
    ------
    AllianceError
        If the correlations between client traits contradict each other.
    """
    usual = (*_numeric_of(parameters), assignment_code(parameters.assignment))
    added = (getattr(parameters, name) for name in parameters.own)
    packed = struct.pack(f"{len(PAIRS)}d", *_correlations_of(parameters))
    # As `medians` has them, of which a sweep mostly asks for the same ones.
    derived = (*_loadings(packed), *map(_logit, _traits_of(parameters)))
    return np.array((*usual, *derived, *added), dtype=np.float64)


def coefficients_of_each(
    parameters: Parameters, differing: Mapping[str, NDArray[np.float64]], clinics: int
) -> NDArray[np.float64]:
    """Return the `coefficients` of clinics that differ in some parameters, shape (clinics, numbers).

    Parameters
    ----------
    parameters
        What they have in common.
    differing
        By the name of a parameter its value in each clinic, shape (clinics,), within the parameter's bounds.
    clinics
        How many.

    Raises
    ------
    AllianceError
        If the correlations between client traits contradict each other in some clinic.
    """
    usual = coefficients(parameters)
    table = np.tile(usual, (clinics, 1))
    first_loading = len(NUMERIC) + 1
    first_median = first_loading + DERIVED["loadings"]
    for name, values in differing.items():
        table[:, place_of(name, parameters)] = values
        if name in TRAITS:
            table[:, first_median + TRAITS.index(name)] = [_logit(one) for one in values.tolist()]
    if differing.keys() & set(PAIRS):
        pairs = np.array([[getattr(parameters, name) for name in PAIRS]] * clinics)
        for place, name in enumerate(PAIRS):
            if name in differing:
                pairs[:, place] = differing[name]
        table[:, first_loading:first_median] = [
            _loadings(struct.pack(f"{len(PAIRS)}d", *row)) for row in pairs.tolist()
        ]
    return table


def place_of(name: str, parameters: Parameters) -> int:
    """Return where the value of a parameter stands among `coefficients`."""
    if name in parameters.own:
        return len(NUMERIC) + 1 + sum(DERIVED.values()) + parameters.own.index(name)
    return NUMERIC.index(name)


@lru_cache(maxsize=256)
def _loadings(packed: bytes) -> tuple[float, ...]:
    """Return `loadings` for these correlations, told apart by their bits: a sweep mostly asks for the same ones."""
    values = struct.unpack(f"{len(PAIRS)}d", packed)
    return loadings(cast("Parameters", SimpleNamespace(**dict(zip(PAIRS, values, strict=True)))))


def numbers(parameters: Parameters) -> tuple[float, ...]:
    """Return all numbers of a setting: switches as 0 and 1, then what is derived.

    Raises
    ------
    AllianceError
        If the correlations between client traits contradict each other.
    """
    return (
        *(float(getattr(parameters, name)) for name in NUMERIC),
        assignment_code(parameters.assignment),
        *loadings(parameters),
        *medians(parameters),
    )


def unpack_only(names: Collection[str], own: Sequence[str] = ()) -> Callable[..., Any]:
    """Return `unpack` for the parameters among `names` alone: compiled code takes no time over the others.

    `own` are all that a model of the dyad adds.
    """
    places = {name: f"a[{place}]" for place, name in enumerate(NUMERIC)}
    places["assignment_code"] = f"a[{len(NUMERIC)}]"
    first = len(NUMERIC) + 1
    for name, count in DERIVED.items():
        places[name] = f"({', '.join(f'a[{first + place}]' for place in range(count))},)"
        first += count
    places.update((name, f"a[{first + place}]") for place, name in enumerate(own))
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


@lru_cache(maxsize=64)
def unpack_with(own: tuple[str, ...]) -> Callable[..., Any]:
    """Return `unpack` for settings whose model of the dyad adds the parameters `own`."""
    return unpack_only((*NUMERIC, "assignment_code", *DERIVED, *own), own) if own else unpack
