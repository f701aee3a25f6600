"""A mixed model from columns: terms of random effects, residual variances, contrasts of coefficients."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.mixed_room import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.tables.columns import Floats, Integers

__all__ = ["MixedFit", "RandomTerm", "between_within", "fit_model"]

DEPENDENT_COLUMNS, FEW_GROUPS, NO_SPREAD, NO_ROWS = 3, 4, 5, 2


@dataclass(frozen=True, slots=True, eq=False)
class RandomTerm:
    """Effects that are drawn for every group, correlated with each other.

    Attributes
    ----------
    group
        Of each row, any whole numbers; negative for none. Shape (rows,).
    columns
        What the effects multiply, shape (rows, effects); a column of ones for an intercept.
    names
        Of the variances: one for each effect, and one for each pair of a later and an earlier effect, in the order
        of a lower triangle by rows.
    """

    group: Integers
    columns: Floats
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MixedFit:
    """The estimates of a mixed model.

    Attributes
    ----------
    estimate, se, df
        Of each contrast, shape (contrasts,).
    variances
        By name.
    reml
        The REML criterion.
    boundary
        Whether an estimate lies on the boundary of what variances can be.
    failed
        Place in `experiments.inference.fitted.FAILURES`.
    """

    estimate: Floats
    se: Floats
    df: Floats
    variances: Mapping[str, float]
    reml: float
    boundary: bool
    failed: int


def _failed(contrasts: int, why: int) -> MixedFit:
    nothing = np.full(contrasts, np.nan)
    return MixedFit(nothing, nothing, nothing, {}, math.nan, False, why)


def fit_model(
    outcome: Floats,
    predictors: Floats,
    terms: Sequence[RandomTerm],
    contrasts: Floats,
    method: int,
    *,
    strata: Integers | None = None,
    residual_names: Sequence[str] = ("residual",),
) -> MixedFit:
    """Fit a mixed model by REML.

    Parameters
    ----------
    outcome
        Shape (rows,), without gaps.
    predictors
        Shape (rows, p), the intercept among them if there is one.
    terms
        Random effects.
    contrasts
        Of the coefficients, shape (m, p).
    method
        Place in `experiments.inference.small_samples.DF_METHODS`; the degrees of freedom of
        ``between_within`` are for the caller to put in.
    strata
        Which residual variance each row has, shape (rows,); one for all where left out.
    residual_names
        Their names.
    """
    from experiments.inference.mixed_fit import fit_mixed

    rows, p = predictors.shape
    if rows <= p:
        return _failed(len(contrasts), NO_ROWS)
    scale = np.sqrt((predictors**2).sum(axis=0))
    scale[scale == 0] = 1.0
    basis, upper = np.linalg.qr(predictors / scale)
    if np.abs(np.diag(upper)).min() < 1e-7:
        return _failed(len(contrasts), DEPENDENT_COLUMNS)
    start = basis.T @ outcome
    rest = outcome - basis @ start
    spread = math.sqrt(float(rest @ rest) / (rows - p))
    if not spread > 1e-10 * math.sqrt(float(outcome @ outcome) / rows):
        return _failed(len(contrasts), NO_SPREAD)
    table = np.column_stack([basis, rest / spread])
    problem, sizes = _problem(table, terms, strata, len(residual_names))
    turned = np.ascontiguousarray(np.linalg.solve(upper.T, (contrasts / scale).T).T)
    search, output = fit_mixed(problem, turned, method)
    if search.failed:
        return _failed(len(contrasts), search.failed)
    names = [name for term in terms for name in term.names] + list(residual_names)
    components = (
        search.room.variances * spread**2 / np.concatenate([*sizes, np.ones(len(residual_names))])
    )
    logs = 2 * float(np.sum(np.log(np.abs(np.diag(upper)) * scale)))
    return MixedFit(
        estimate=turned @ start + spread * output[:, 0],
        se=spread * np.sqrt(output[:, 1]),
        df=output[:, 2].copy(),
        variances=dict(zip(names, components.tolist(), strict=True)),
        reml=search.criterion + logs + 2 * (rows - p) * math.log(spread),
        boundary=search.boundary,
        failed=0,
    )


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


def _problem(
    table: Floats, terms: Sequence[RandomTerm], strata: Integers | None, residuals: int
) -> tuple[Problem, list[Floats]]:
    """Sum the data of a model; return also by what each variance component was made smaller."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    rows = len(table)
    stratum = np.zeros(rows, dtype=np.int64) if strata is None else strata
    coded = [_coded(term.group) for term in terms]
    # The finest groups first: see experiments.inference.mixed_moments.
    order = sorted(range(len(terms)), key=lambda t: -coded[t][1])
    base = np.cumsum([0, *(coded[t][1] for t in range(len(terms)))])
    nodes = int(base[-1])
    none = np.zeros(0, dtype=np.int64)
    ends = [none], [none]
    for t, u in combinations(order, 2):
        both = (coded[t][0] >= 0) & (coded[u][0] >= 0)
        ends[0].append(base[t] + coded[t][0][both])
        ends[1].append(base[u] + coded[u][0][both])
    links = np.concatenate(ends[0]), np.concatenate(ends[1])
    graph = csr_array((np.ones(len(links[0])), links), shape=(nodes, nodes))
    blocks, block = connected_components(graph, directed=False)
    sizes: list[Floats] = []
    effects: list[tuple[Integers, ...]] = []
    scaled: list[Floats] = []
    for t, term in enumerate(terms):
        width = term.columns.shape[1]
        there = coded[t][0] >= 0
        root = np.sqrt((term.columns[there] ** 2).mean(axis=0)) if there.any() else np.ones(width)
        root[root == 0] = 1.0
        scaled.append(term.columns / root)
        sizes.append(np.array([root[c] * root[d] for c in range(width) for d in range(c + 1)]))
        group = np.repeat(np.arange(coded[t][1]), width)
        part = np.tile(np.arange(width), coded[t][1])
        effects.append((block[base[t] + group], np.full(len(group), order.index(t)), group, part))
    of_block, rank, group, part = (
        np.concatenate([none, *column]) for column in zip((none,) * 4, *effects, strict=True)
    )
    place = np.lexsort((part, group, rank, of_block))
    column_of = np.empty(len(place), dtype=np.int64)
    column_of[place] = np.arange(len(place))
    starts = np.concatenate([[0], np.cumsum(np.bincount(of_block, minlength=blocks))])
    places = np.concatenate([[0], np.cumsum(np.diff(starts) ** 2)])
    width = sum(term.columns.shape[1] for term in terms)
    columns = np.full((rows, width), -1, dtype=np.int64)
    values = np.zeros((rows, width))
    filled, begun = 0, 0
    for t, term in enumerate(terms):
        size = term.columns.shape[1]
        there = coded[t][0] >= 0
        for c in range(size):
            columns[there, filled] = column_of[begun + coded[t][0][there] * size + c]
            values[:, filled] = scaled[t][:, c]
            filled += 1
        begun += coded[t][1] * size
    order_of = np.array(order)
    problem = Problem(
        gram=np.stack([table[stratum == s].T @ table[stratum == s] for s in range(residuals)]),
        rows=np.bincount(stratum, minlength=residuals).astype(np.float64),
        starts=starts.astype(np.int64),
        places=places.astype(np.int64),
        squares=np.zeros((residuals, int(places[-1]))),
        products=np.zeros((residuals, len(place), table.shape[1])),
        head=(np.arange(len(place)) - part[place]).astype(np.int64),
        part=part[place].astype(np.int64),
        term=order_of[rank[place]].astype(np.int64),
        size=np.array([term.columns.shape[1] for term in terms], dtype=np.int64),
        first=np.cumsum([0, *(len(size) for size in sizes)]).astype(np.int64),
    )
    _gather(problem, table, stratum, columns, values, of_block[place])
    return problem, sizes


def _coded(group: Integers) -> tuple[Integers, int]:
    """Return groups numbered from 0, negative ones as -1, and how many there are."""
    there = group >= 0
    names, code = np.unique(group[there], return_inverse=True)
    numbered = np.full(len(group), -1, dtype=np.int64)
    numbered[there] = code
    return numbered, len(names)


def _gather(
    problem: Problem,
    table: Floats,
    stratum: Integers,
    columns: Integers,
    values: Floats,
    block: Integers,
) -> None:
    """Fill Z'Z and Z'B."""
    local = np.arange(len(block)) - problem.starts[block]
    size = np.diff(problem.starts)[block]
    for one in range(columns.shape[1]):
        there = columns[:, one] >= 0
        np.add.at(
            problem.products,
            (stratum[there], columns[there, one]),
            values[there, one, None] * table[there],
        )
        for two in range(columns.shape[1]):
            both = there & (columns[:, two] >= 0)
            first, second = columns[both, one], columns[both, two]
            np.add.at(
                problem.squares,
                (
                    stratum[both],
                    problem.places[block[first]] + local[first] * size[first] + local[second],
                ),
                values[both, one] * values[both, two],
            )
