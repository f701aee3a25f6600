"""The data of a mixed model, summed over blocks of rows that share random effects."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.mixed_room import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Floats, Integers

__all__ = ["RandomTerm", "summed"]


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


def summed(
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
