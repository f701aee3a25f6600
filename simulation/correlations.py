"""Medians of the traits of people, and how the traits of a client correlate, computed once for a setting.

The Cholesky factor of the correlation matrix is computed with IEEE operations only, so that it has the same bits
everywhere.
"""

from __future__ import annotations

import math
from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING

from simulation.errors import AllianceError
from simulation.numerics import logit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.parameters import Parameters

__all__ = [
    "CORRELATED",
    "PAIRS",
    "TRAITS",
    "contradiction",
    "contradiction_sentence",
    "correlation_matrix",
    "loadings",
    "medians",
]

CORRELATED = (
    "attachment_anxiety",
    "attachment_avoidance",
    "propensity_to_trust",
    "severity",
    "motivation",
    "social_support",
    "responsiveness",
)

TRAITS = (
    *CORRELATED,
    "preference",
    "alliance_sensitivity",
    "good_enough",
    "empathy",
    "acceptance",
    "collaboration",
    "boundary",
    "repair_skill",
    "style",
    "fatigue_start",
)

PAIRS = MappingProxyType(
    {
        "anxiety_with_avoidance": (0, 1),
        "anxiety_with_trust": (0, 2),
        "avoidance_with_trust": (1, 2),
        "anxiety_with_severity": (0, 3),
        "support_with_severity": (3, 5),
        "support_with_avoidance": (1, 5),
        "motivation_with_responsiveness": (4, 6),
        "trust_with_responsiveness": (2, 6),
    }
)
"""Parameters that correlate two of the traits in `CORRELATED`, and which."""


def correlation_matrix(p: Parameters) -> list[list[float]]:
    """Return the correlations among the traits named in `CORRELATED`, 7 × 7."""
    size = len(CORRELATED)
    matrix = [[1.0 if i == j else 0.0 for j in range(size)] for i in range(size)]
    for name, (i, j) in PAIRS.items():
        matrix[i][j] = matrix[j][i] = getattr(p, name)
    return matrix


def _factor(matrix: list[list[float]]) -> list[list[float]] | None:
    """Return the lower Cholesky factor, or None for correlations that no population can have together."""
    factor: list[list[float]] = []
    for i, row in enumerate(matrix):
        factor.append([])
        for j in range(i + 1):
            rest = row[j]
            for k in range(j):
                rest -= factor[i][k] * factor[j][k]
            if i == j:
                if rest <= 0.0:
                    return None
                factor[i].append(math.sqrt(rest))
            else:
                factor[i].append(rest / factor[j][j])
    return factor


def contradiction(p: Parameters) -> tuple[str, ...]:
    """Return the fewest correlations that no population can have together; none if all is well."""
    matrix = correlation_matrix(p)
    every = range(len(CORRELATED))
    for size in every:
        for some in combinations(every, size + 1):
            if _factor([[matrix[i][j] for j in some] for i in some]) is None:
                return tuple(
                    name
                    for name, (i, j) in PAIRS.items()
                    if i in some and j in some and float(getattr(p, name)) != 0.0
                )
    return ()


def contradiction_sentence(p: Parameters, names: Sequence[str]) -> str:
    """Say in words that some correlations contradict each other."""
    each = [f"{name} = {float(getattr(p, name)):g}" for name in names]
    return (
        f"No population can have these correlations together: {', '.join(each[:-1])} and {each[-1]}. "
        "Bring one of them closer to 0."
    )


def loadings(p: Parameters) -> tuple[float, ...]:
    """Return the lower Cholesky factor of the correlations, row by row: 28 numbers for seven traits.

    Raises
    ------
    AllianceError
        If no population can have these correlations together; names those that contradict each other.
    """
    factor = _factor(correlation_matrix(p))
    if factor is None:
        raise AllianceError(contradiction_sentence(p, contradiction(p)))
    return tuple(value for row in factor for value in row)


def medians(p: Parameters) -> tuple[float, ...]:
    """Return the logits of the medians of all `TRAITS`."""
    return tuple(logit(getattr(p, name)) for name in TRAITS)
