"""What each block of a mixed model gives to the sums that `experiments.inference.mixed_moments` is made of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.inference.compilation import inner

if TYPE_CHECKING:
    from experiments.inference.mixed_room import Problem, Room

__all__ = ["add_block", "add_second", "factor_block", "project_block"]


@inner
def factor_block(j: int, problem: Problem, room: Room, deep: int) -> float:
    """Fill L, U and, if `deep`, G of a block; return log|M|."""
    start = problem.starts[j]
    r = problem.starts[j + 1] - start
    strata, width = problem.gram.shape[0], problem.gram.shape[1]
    first = len(room.point) - strata
    square, scaled, lower, left = room.square, room.scaled, room.lower, room.left
    for i in range(r):
        for b in range(width):
            total = 0.0
            for s in range(strata):
                total += problem.products[s, start + i, b] / room.variances[first + s]
            room.given[i, b] = total
        for k in range(r):
            total = 0.0
            for s in range(strata):
                total += (
                    problem.squares[s, problem.places[j] + i * r + k] / room.variances[first + s]
                )
            square[i, k] = total
    for i in range(r):
        for b in range(r):
            h, c = problem.head[start + b] - start, problem.part[start + b]
            t = problem.term[start + b]
            total = 0.0
            for e in range(c, problem.size[t]):
                total += square[i, h + e] * room.point[problem.first[t] + e * (e + 1) // 2 + c]
            scaled[i, b] = total
    log_determinant = 0.0
    for a in range(r):
        h, c = problem.head[start + a] - start, problem.part[start + a]
        t = problem.term[start + a]
        begin = a
        for b in range(a, -1, -1):
            total = 1.0 if a == b else 0.0
            for e in range(c, problem.size[t]):
                total += room.point[problem.first[t] + e * (e + 1) // 2 + c] * scaled[h + e, b]
            lower[a, b] = total
            if total != 0.0:
                begin = b
        left[0, a] = begin
        for b in range(begin, a + 1):
            total = lower[a, b]
            for k in range(max(begin, left[0, b]), b):
                total -= lower[a, k] * lower[b, k]
            if a == b:
                lower[a, a] = math.sqrt(total)
                log_determinant += math.log(total)
            else:
                lower[a, b] = total / lower[b, b]
        for b in range(width):
            total = 0.0
            for e in range(c, problem.size[t]):
                total += room.point[problem.first[t] + e * (e + 1) // 2 + c] * room.given[h + e, b]
            for k in range(begin, a):
                total -= lower[a, k] * room.solved[k, b]
            room.solved[a, b] = total / lower[a, a]
    if deep:
        for i in range(r):
            begin = 0
            while begin < r and scaled[i, begin] == 0.0:
                begin += 1
            left[1, i] = begin
            for a in range(begin):
                room.across[a, i] = 0.0
            for a in range(begin, r):
                total = scaled[i, a]
                for k in range(max(begin, left[0, a]), a):
                    total -= lower[a, k] * room.across[k, i]
                room.across[a, i] = total / lower[a, a]
    return log_determinant


@inner
def project_block(r: int, room: Room) -> None:
    """Fill Z'V⁻¹Z and Z'V⁻¹B of a block."""
    width = room.given.shape[1]
    for i in range(r):
        for k in range(i + 1):
            total = room.square[i, k]
            for a in range(max(room.left[1, i], room.left[1, k]), r):
                total -= room.across[a, i] * room.across[a, k]
            room.between[i, k] = total
            room.between[k, i] = total
        for b in range(width):
            total = room.given[i, b]
            for a in range(room.left[1, i], r):
                total -= room.across[a, i] * room.solved[a, b]
            room.turned[i, b] = total


@inner
def add_second(k: int, other: int, j: int, problem: Problem, room: Room) -> None:
    """Add B'V⁻¹G_kV⁻¹G_lV⁻¹B of a block, l being the component whose Z'V⁻¹G_lV⁻¹B is in `carried`."""
    start, end = problem.starts[j], problem.starts[j + 1]
    second = room.moments.second
    width = room.turned.shape[1]
    for t in range(len(problem.size)):
        within = k - problem.first[t]
        for c in range(problem.size[t]):
            d = within - c * (c + 1) // 2
            if d < 0 or d > c or k >= problem.first[t + 1]:
                continue
            for column in range(start, end):
                if problem.term[column] != t or problem.part[column] != 0:
                    continue
                a, b = column - start + c, column - start + d
                for x in range(width):
                    for z in range(width):
                        part = room.turned[a, x] * room.carried[b, z]
                        if a != b:
                            part += room.turned[b, x] * room.carried[a, z]
                        second[k, other, x, z] += part


@inner
def add_block(j: int, problem: Problem, room: Room) -> None:
    """Add what a block gives to the moments of the variances of random effects."""
    start = problem.starts[j]
    r = problem.starts[j + 1] - start
    width = room.turned.shape[1]
    moments, between, turned = room.moments, room.between, room.turned
    terms = len(problem.size)
    for t in range(terms):
        for c in range(problem.size[t]):
            for d in range(c + 1):
                k = problem.first[t] + c * (c + 1) // 2 + d
                for i in range(r):
                    for x in range(width):
                        room.carried[i, x] = 0.0
                for h in range(r):
                    if problem.term[start + h] != t or problem.part[start + h] != 0:
                        continue
                    a, b = h + c, h + d
                    moments.trace[k] += between[a, b] * (1.0 if a == b else 2.0)
                    for x in range(width):
                        for z in range(width):
                            part = turned[a, x] * turned[b, z]
                            if a != b:
                                part += turned[b, x] * turned[a, z]
                            moments.first[k, x, z] += part
                    for i in range(r):
                        for x in range(width):
                            part = between[i, a] * turned[b, x]
                            if a != b:
                                part += between[i, b] * turned[a, x]
                            room.carried[i, x] += part
                    _add_traces(k, a, b, j, problem, room)
                for other in range(problem.first[terms]):
                    add_second(other, k, j, problem, room)


@inner
def _add_traces(k: int, a: int, b: int, j: int, problem: Problem, room: Room) -> None:
    """Add tr(V⁻¹G_kV⁻¹G_l) of a block, for one group of k with the effects a and b, and every l."""
    start, between = problem.starts[j], room.between
    r = problem.starts[j + 1] - start
    once = 0.5 if a == b else 1.0
    for h in range(r):
        if problem.part[start + h] != 0:
            continue
        t = problem.term[start + h]
        for c in range(problem.size[t]):
            for d in range(c + 1):
                both = 2.0 * between[b, h + c] * between[a, h + d]
                both += 2.0 * between[b, h + d] * between[a, h + c]
                other = problem.first[t] + c * (c + 1) // 2 + d
                room.moments.traces[k, other] += once * (0.5 if c == d else 1.0) * both
