"""What a mixed model needs to know of V = Σ v_k G_k, from sums over blocks of rows that share random effects.

Rows of different blocks are independent. With Z the columns of the random effects of a block, D = ΛΛ' their
covariance and R the residual variances, M = I + Λ'Z'R⁻¹ZΛ has the factor L, and by Woodbury's identity, with
G = L⁻¹Λ'Z'R⁻¹Z and U = L⁻¹Λ'Z'R⁻¹B,

    Z'V⁻¹Z = Z'R⁻¹Z - G'G,   Z'V⁻¹B = Z'R⁻¹B - G'U,   B'V⁻¹B = B'R⁻¹B - Σ U'U,   log|V| = log|R| + Σ log|M|.

The finest groups stand first: M is then narrow (clients of one therapist do not share an effect but the therapist's),
and its factor is computed within its envelope. The first residual variance needs no sums of its own, because
G_0 = (V - Σ v_k G_k) / v_0.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.inference.compilation import inner, kernel
from experiments.inference.dense import factor, invert
from experiments.inference.mixed_blocks import add_block, factor_block, project_block
from experiments.inference.mixed_residuals import add_residuals
from experiments.inference.small_samples import information_of

if TYPE_CHECKING:
    from experiments.inference.mixed_room import Problem, Room
    from experiments.inference.small_samples import Information

__all__ = ["evaluate"]


@inner
def _variances_of(problem: Problem, room: Room) -> None:
    """Write the variance components of a point."""
    point, variances = room.point, room.variances
    for t in range(len(problem.size)):
        base = problem.first[t]
        for c in range(problem.size[t]):
            for d in range(c + 1):
                total = 0.0
                for e in range(d + 1):
                    total += point[base + c * (c + 1) // 2 + e] * point[base + d * (d + 1) // 2 + e]
                variances[base + c * (c + 1) // 2 + d] = total
    for k in range(problem.first[len(problem.size)], len(point)):
        variances[k] = math.exp(point[k])


@inner
def _first_residual(problem: Problem, room: Room) -> None:
    """Fill the moments of the first residual variance from those of the others."""
    moments, variances = room.moments, room.variances
    strata, width = problem.gram.shape[0], problem.gram.shape[1]
    count = len(variances)
    base = count - strata
    over = 1.0 / variances[base]
    rows = 0.0
    for s in range(strata):
        rows += problem.rows[s]
    for x in range(width):
        for z in range(width):
            total = room.product[x, z]
            for k in range(count):
                if k != base:
                    total -= variances[k] * moments.first[k, x, z]
            moments.first[base, x, z] = total * over
    for x in range(width):
        for z in range(width):
            for k in range(count):
                if k == base:
                    continue
                total = moments.first[k, x, z]
                for m in range(count):
                    if m != base:
                        total -= variances[m] * moments.second[k, m, x, z]
                moments.second[k, base, x, z] = total * over
                moments.second[base, k, z, x] = total * over
    for x in range(width):
        for z in range(width):
            total = moments.first[base, x, z]
            for m in range(count):
                if m != base:
                    total -= variances[m] * moments.second[base, m, x, z]
            moments.second[base, base, x, z] = total * over
    total = rows
    for k in range(count):
        if k != base:
            total -= variances[k] * moments.trace[k]
    moments.trace[base] = total * over
    for k in range(count):
        if k == base:
            continue
        total = moments.trace[k]
        for m in range(count):
            if m != base:
                total -= variances[m] * moments.traces[k, m]
        moments.traces[k, base] = total * over
        moments.traces[base, k] = total * over
    total = moments.trace[base]
    for m in range(count):
        if m != base:
            total -= variances[m] * moments.traces[base, m]
    moments.traces[base, base] = total * over


@kernel
def evaluate(problem: Problem, room: Room, found: Information, deep: int) -> None:
    """Write r'V⁻¹r at the point and log|V| + log|X'V⁻¹X|, whose sum is the REML criterion without its constant.

    They stand in the room's `parts`; the first is -1 where columns depend on each other. If `deep` is 1, fills the
    moments, and finds slope and curvature.
    """
    _variances_of(problem, room)
    moments, product = room.moments, room.product
    strata, width = problem.gram.shape[0], problem.gram.shape[1]
    count = len(room.variances)
    first = count - strata
    p = width - 1
    logs = 0.0
    for x in range(width):
        for z in range(width):
            product[x, z] = 0.0
            for s in range(strata):
                product[x, z] += problem.gram[s, x, z] / room.variances[first + s]
    for s in range(strata):
        logs += problem.rows[s] * room.point[first + s]
    if deep:
        for k in range(count):
            weight = 1.0 / room.variances[k] if k >= first else 0.0
            moments.trace[k] = weight * problem.rows[k - first] if k >= first else 0.0
            for m in range(count):
                moments.traces[k, m] = weight * moments.trace[k] if m == k else 0.0
                for x in range(width):
                    for z in range(width):
                        moments.second[k, m, x, z] = 0.0
            for x in range(width):
                for z in range(width):
                    moments.first[k, x, z] = (
                        weight * weight * problem.gram[k - first, x, z] if k >= first else 0.0
                    )
    for j in range(len(problem.starts) - 1):
        r = problem.starts[j + 1] - problem.starts[j]
        logs += factor_block(j, problem, room, deep)
        for x in range(width):
            for z in range(width):
                for a in range(r):
                    product[x, z] -= room.solved[a, x] * room.solved[a, z]
        if deep:
            project_block(r, room)
            add_block(j, problem, room)
            if strata > 1:
                add_residuals(j, problem, room)
    if not factor(product, p, room.root):
        room.parts[0], room.parts[1] = -1.0, 0.0
        return
    logs += invert(room.root, moments.inverse)
    squares = product[p, p]
    moments.beta[p] = 1.0
    for a in range(p):
        value = 0.0
        for b in range(p):
            value += moments.inverse[a, b] * product[b, p]
        moments.beta[a] = -value
        squares -= value * product[a, p]
    if deep:
        for s in range(1, strata):
            k = first + s
            for x in range(width):
                for z in range(width):
                    moments.second[k, k, x, z] += moments.first[k, x, z] / room.variances[k]
                    for m in range(first + 1, k):
                        moments.second[m, k, z, x] = moments.second[k, m, x, z]
                    for m in range(first):
                        moments.second[k, m, z, x] = moments.second[m, k, x, z]
            for m in range(k):
                moments.traces[m, k] = moments.traces[k, m]
        _first_residual(problem, room)
        information_of(moments, 1.0, found)
    room.parts[0], room.parts[1] = squares, logs
