"""Courses of a twin of which every score is that of a real course, beside how many of them chance gives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from experiments.tables.columns import Floats

__all__ = ["find_copies"]

PAIRS = 200_000
"""Pairs of courses that are compared to know how often two agree by chance."""

RARE = 0.001
"""Chance below which an agreement is no chance."""


def find_copies(
    real: Sequence[tuple[float, ...]],
    twin: Sequence[tuple[float, ...]],
    random: np.random.Generator,
) -> tuple[int, float, tuple[int, ...]]:
    """Compare courses score by score.

    How often two unrelated courses agree in their first scores is counted among pairs of the twin itself, and carried
    on to longer ones. A copy is one that so long an agreement by chance would give in fewer than one of a thousand
    files; short courses agree by chance.

    Returns
    -------
    tuple
        How many courses of the twin have all scores of a real one, how many chance would give, and the places of
        those that it does not explain.
    """
    there = set(real)
    same = [place for place, one in enumerate(twin) if one and one in there]
    going_on = _agreement(twin, random)
    lengths = np.array([len(one) for one in twin], dtype=np.int64)
    chance_of = np.exp(np.cumsum(np.log(going_on)))
    longest = max(map(len, (*real, *twin)), default=0) + 1
    pairs = np.bincount(lengths, minlength=longest) * np.bincount(
        [len(one) for one in real], minlength=longest
    )
    expected_by_length = np.array(
        [pairs[n] * _carried(chance_of, n) if n else 0.0 for n in range(longest)]
    )
    unexplained = []
    counts = np.bincount(lengths[same], minlength=len(pairs)) if same else np.zeros(len(pairs))
    for place in same:
        n = int(lengths[place])
        beyond = float(expected_by_length[n:].sum())
        if _poisson_tail(int(counts[n:].sum()), beyond) < RARE:
            unexplained.append(place)
    return len(same), float(expected_by_length.sum()), tuple(unexplained)


def _agreement(twin: Sequence[tuple[float, ...]], random: np.random.Generator) -> Floats:
    """Return the chance that two courses that agree in the scores before agree in the next one, by place."""
    count = len(twin)
    longest = max(map(len, twin), default=0)
    table = np.full((count, longest), np.nan)
    for row, one in enumerate(twin):
        table[row, : len(one)] = one
    size = min(PAIRS, count * count)
    first, second = random.integers(0, count, (2, size))
    first, second = first[first != second], second[first != second]
    agree = np.ones(len(first), dtype=bool)
    found: list[float] = []
    for place in range(longest):
        a, b = table[first, place], table[second, place]
        both = agree & np.isfinite(a) & np.isfinite(b)
        if both.sum() < 30:
            break
        same = both & (a == b)
        found.append((int(same.sum()) + 1.0) / (int(both.sum()) + 2.0))
        agree = same
    return np.array(found or [0.5])


def _carried(chance_of: NDArray[np.floating[Any]], length: int) -> float:
    """Return the chance of agreeing in so many scores; beyond what was counted, the largest factor goes on."""
    if length <= 0:
        return 1.0
    if length <= len(chance_of):
        return float(chance_of[length - 1])
    factors = np.diff(np.log(np.concatenate([[1.0], chance_of])))
    return float(chance_of[-1] * math.exp(factors.max()) ** (length - len(chance_of)))


def _poisson_tail(count: int, mean: float) -> float:
    """Return the chance of so many or more."""
    from scipy.special import gammainc

    return float(gammainc(count, mean)) if count else 1.0
