"""Degrees of freedom by the level at which a coefficient varies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.inference.mixed_model import MixedFit
    from experiments.tables.columns import Floats, Integers

__all__ = ["between_within"]


def between_within(
    fit: MixedFit, predictors: Floats, groups: Sequence[Integers], contrasts: Floats
) -> MixedFit:
    """Return a fit with degrees of freedom by the level at which a coefficient varies, as in nlme.

    A column that is constant within the groups of a level is estimated between them: their number, less the groups of
    the level above and the columns that vary there. A row without a group is one by itself. A contrast of several
    columns has the fewest of theirs.

    References
    ----------
    Pinheiro, J. C., & Bates, D. M. (2000). *Mixed-effects models in S and S-PLUS*, p. 91. Springer.
    """
    rows, p = predictors.shape
    levels: dict[int, Integers] = {}
    for group in groups:
        alone = np.where(group >= 0, group, -1 - np.arange(rows))
        code = np.unique(alone, return_inverse=True)[1]
        levels.setdefault(int(code.max()) + 1, code)
    ordered = [levels[count] for count in sorted(levels)] + [np.arange(rows)]
    counts = [1, *(int(code.max()) + 1 for code in ordered)]
    constant = np.ptp(predictors, axis=0) == 0
    level_of = np.full(p, len(ordered) - 1)
    for column in range(p):
        for level, code in enumerate(ordered):
            first = np.zeros(counts[level + 1])
            first[code] = predictors[:, column]
            if np.array_equal(first[code], predictors[:, column]):
                level_of[column] = level
                break
    varying = [int(np.sum((level_of == level) & ~constant)) for level in range(len(ordered))]
    df = [counts[level + 1] - counts[level] - varying[level] for level in range(len(ordered))]
    of_column = np.array([df[level] for level in level_of], dtype=np.float64)
    return replace(fit, df=np.array([of_column[contrast != 0].min() for contrast in contrasts]))
