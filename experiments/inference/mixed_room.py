"""A mixed model with its data summed, and room to work on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.small_samples import Moments, make_moments

if TYPE_CHECKING:
    from experiments.tables.columns import Floats, Integers

__all__ = ["Problem", "Room", "make_room"]


class Problem(NamedTuple):
    """A mixed model and its data, summed; R random effects in blocks, s residual variances.

    Attributes
    ----------
    gram, rows
        B'B and the number of rows by residual variance, shape (s, p + 1, p + 1) and (s,).
    starts, places
        First random effect of each block, shape (blocks + 1,), and first place of its Z'Z in `squares`.
    squares, products
        Z'Z of the blocks one after the other, shape (s, Σ r²), and Z'B, shape (s, R, p + 1).
    head, part, term
        Of each random effect: the first one of its group, its number within the group, and its term, shape (R,).
    size, first
        Of each term: effects a group has, and first variance component, shape (terms,).
    """

    gram: Floats
    rows: Floats
    starts: Integers
    places: Integers
    squares: Floats
    products: Floats
    head: Integers
    part: Integers
    term: Integers
    size: Integers
    first: Integers


class Room(NamedTuple):
    """Room for one model: K variance components, blocks of up to r random effects.

    Attributes
    ----------
    point, variances
        Entries of Λ, row by row, then logs of the residual variances; and D and the residual variances, shape (K,).
    moments
        What is found.
    square, scaled, lower, across, between, spread
        Z'R⁻¹Z, Z'R⁻¹ZΛ, L, G, Z'V⁻¹Z and L⁻¹Λ', shape (r, r).
    given, solved, turned, carried
        Z'R⁻¹B, U, Z'V⁻¹B and Z'V⁻¹G_kV⁻¹B, shape (r, p + 1).
    own, seen
        Z_a'V⁻¹B and L⁻¹Λ' times it, for each residual variance, shape (s, r, p + 1).
    inner
        L⁻¹Λ'Z_a'Z_aΛL'⁻¹ for each residual variance, shape (s, r, r).
    left
        First column of each row of L that is not 0, and first row of each column of G, shape (2, r).
    product, root
        B'V⁻¹B, shape (p + 1, p + 1), and the factor of X'V⁻¹X, shape (p, p).
    parts
        r'V⁻¹r and log|V| + log|X'V⁻¹X| at the point, shape (2,).
    """

    point: Floats
    variances: Floats
    moments: Moments
    square: Floats
    scaled: Floats
    lower: Floats
    across: Floats
    between: Floats
    spread: Floats
    given: Floats
    solved: Floats
    turned: Floats
    carried: Floats
    own: Floats
    seen: Floats
    inner: Floats
    left: Integers
    product: Floats
    root: Floats
    parts: Floats


def make_room(problem: Problem) -> Room:
    """Return room for a model, all of it 0."""
    strata, width = problem.gram.shape[0], problem.gram.shape[1]
    count = int(problem.first[-1]) + strata
    r = max(1, int(np.diff(problem.starts).max(initial=0)))
    square, flat = (r, r), (r, width)
    return Room(
        point=np.zeros(count),
        variances=np.zeros(count),
        moments=make_moments(width - 1, count),
        square=np.zeros(square),
        scaled=np.zeros(square),
        lower=np.zeros(square),
        across=np.zeros(square),
        between=np.zeros(square),
        spread=np.zeros(square),
        given=np.zeros(flat),
        solved=np.zeros(flat),
        turned=np.zeros(flat),
        carried=np.zeros(flat),
        own=np.zeros((strata, *flat)),
        seen=np.zeros((strata, *flat)),
        inner=np.zeros((strata, *square)),
        left=np.zeros((2, r), dtype=np.int64),
        product=np.zeros((width, width)),
        root=np.zeros((width - 1, width - 1)),
        parts=np.zeros(2),
    )
