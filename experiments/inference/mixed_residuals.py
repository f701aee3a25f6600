"""Residual variances that differ between arms: what a block gives to the moments of those after the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.inference.compilation import inner
from experiments.inference.mixed_blocks import add_second

if TYPE_CHECKING:
    from experiments.inference.mixed_room import Problem, Room

__all__ = ["add_residuals"]


@inner
def add_residuals(j: int, problem: Problem, room: Room) -> None:
    """Add what a block gives to the moments of the residual variances after the first."""
    start = problem.starts[j]
    r = problem.starts[j + 1] - start
    strata, width = problem.gram.shape[0], problem.gram.shape[1]
    first = len(room.point) - strata
    spread, lower = room.spread, room.lower
    for i in range(r):
        t, c = problem.term[start + i], problem.part[start + i]
        h = problem.head[start + i] - start
        for a in range(r):
            # Column i of Λ' has the entries of row i of Λ.
            total = 0.0
            if h <= a <= h + c:
                total = room.point[problem.first[t] + c * (c + 1) // 2 + a - h]
            for k in range(a):
                total -= lower[a, k] * spread[k, i] if k >= room.left[0, a] else 0.0
            spread[a, i] = total / lower[a, a]
    for s in range(1, strata):
        weight = 1.0 / room.variances[first + s]
        here = problem.places[j]
        trace = 0.0
        for i in range(r):
            for x in range(width):
                total = problem.products[s, start + i, x]
                for k in range(r):
                    back = 0.0
                    for a in range(r):
                        back += spread[a, k] * room.solved[a, x]
                    total -= problem.squares[s, here + i * r + k] * back
                room.own[s, i, x] = weight * total
        for a in range(r):
            for x in range(width):
                total = 0.0
                for i in range(r):
                    total += spread[a, i] * room.own[s, i, x]
                room.seen[s, a, x] = total
            for b in range(r):
                total = 0.0
                for i in range(r):
                    for k in range(r):
                        total += spread[a, i] * problem.squares[s, here + i * r + k] * spread[b, k]
                room.inner[s, a, b] = total
            trace += room.inner[s, a, a]
        moments, k = room.moments, first + s
        moments.trace[k] -= weight * weight * trace
        moments.traces[k, k] -= 2.0 * weight * weight * weight * trace
        # B'V⁻¹G_aV⁻¹B beyond ω²B_a'B_a, with C = Λ M⁻¹Λ': Z_a'(V⁻¹B)_a is in `own`.
        for x in range(width):
            for z in range(width):
                total = 0.0
                for i in range(r):
                    back_x, back_z = 0.0, 0.0
                    for a in range(r):
                        back_x += spread[a, i] * room.solved[a, x]
                        back_z += spread[a, i] * room.solved[a, z]
                    total -= weight * weight * problem.products[s, start + i, x] * back_z
                    total -= weight * back_x * room.own[s, i, z]
                moments.first[k, x, z] += total
        for other in range(1, s + 1):
            pair = weight / room.variances[first + other]
            total = 0.0
            for a in range(r):
                for b in range(r):
                    total += room.inner[s, a, b] * room.inner[other, b, a]
                for x in range(width):
                    for z in range(width):
                        moments.second[k, first + other, x, z] -= (
                            pair * room.seen[s, a, x] * room.seen[other, a, z]
                        )
            moments.traces[k, first + other] += pair * pair * total
        _add_mixed(s, j, problem, room)


@inner
def _add_mixed(s: int, j: int, problem: Problem, room: Room) -> None:
    """Add products of a later residual variance with the variances of random effects."""
    start = problem.starts[j]
    r = problem.starts[j + 1] - start
    strata, width = problem.gram.shape[0], problem.gram.shape[1]
    first = len(room.point) - strata
    weight = 1.0 / room.variances[first + s]
    for i in range(r):
        for x in range(width):
            total = room.own[s, i, x]
            for a in range(r):
                total -= room.across[a, i] * room.seen[s, a, x]
            room.carried[i, x] = weight * total
    # Z'V⁻¹G_aV⁻¹Z = ω² H'Z_a'Z_aH with H = I - CZ'R⁻¹Z; it takes the place of Z'R⁻¹ZΛ, which is done with.
    for i in range(r):
        for k in range(r):
            total = problem.squares[s, problem.places[j] + i * r + k]
            for e in range(r):
                back = 0.0
                for a in range(r):
                    back += room.spread[a, e] * room.across[a, k]
                total -= problem.squares[s, problem.places[j] + i * r + e] * back
            room.scaled[i, k] = total
    for h in range(r):
        if problem.part[start + h] != 0:
            continue
        t = problem.term[start + h]
        for c in range(problem.size[t]):
            for d in range(c + 1):
                total = 0.0
                for e in range(r):
                    back = 1.0 if e == h + c else 0.0
                    for a in range(r):
                        back -= room.spread[a, e] * room.across[a, h + c]
                    total += back * room.scaled[e, h + d]
                k = problem.first[t] + c * (c + 1) // 2 + d
                room.moments.traces[first + s, k] += (
                    weight * weight * total * (1.0 if c == d else 2.0)
                )
    for k in range(first):
        add_second(k, first + s, j, problem, room)
