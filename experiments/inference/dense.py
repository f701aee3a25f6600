"""Small dense symmetric matrices, in loops: a call of LAPACK takes longer than these do for a few columns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.inference.compilation import inner

if TYPE_CHECKING:
    from experiments.tables.columns import Floats

__all__ = ["NOTHING", "eigen", "factor", "invert"]

COLLINEAR_SQUARE = 1e-12
"""What is left of the square of a column, as a share of it, below which it depends on those before it."""

SWEEPS = 60

NOTHING = 1e-18
"""Share of two diagonal elements that what stands between them may have and count as 0."""


@inner
def factor(matrix: Floats, n: int, lower: Floats) -> bool:
    """Write the Cholesky factor of the first `n` rows and columns; False if they are not positive definite."""
    for i in range(n):
        for j in range(i + 1):
            left = matrix[i, j]
            for k in range(j):
                left -= lower[i, k] * lower[j, k]
            if i > j:
                lower[i, j] = left / lower[j, j]
            elif left > COLLINEAR_SQUARE * matrix[i, i]:
                lower[i, i] = math.sqrt(left)
            else:
                return False
    return True


@inner
def invert(lower: Floats, inverse: Floats) -> float:
    """Write the inverse of the matrix whose Cholesky factor is given; return the log of its determinant."""
    n = lower.shape[0]
    log_determinant = 0.0
    for column in range(n):
        log_determinant += 2.0 * math.log(lower[column, column])
        for i in range(column, n):
            left = 1.0 if i == column else 0.0
            for k in range(column, i):
                left -= lower[i, k] * inverse[k, column]
            inverse[i, column] = left / lower[i, i]
        for i in range(n - 1, column - 1, -1):
            left = inverse[i, column]
            for k in range(i + 1, n):
                left -= lower[k, i] * inverse[k, column]
            inverse[i, column] = left / lower[i, i]
            inverse[column, i] = inverse[i, column]
    return log_determinant


@inner
def eigen(matrix: Floats, values: Floats, vectors: Floats, nothing: float) -> None:
    """Write eigenvalues and, as columns, eigenvectors of a symmetric matrix, by Jacobi's rotations.

    `matrix` is used up. What stands beside the diagonal counts as 0 below a share of `nothing` of it.
    """
    n = matrix.shape[0]
    for i in range(n):
        for j in range(n):
            vectors[i, j] = 1.0 if i == j else 0.0
    for _ in range(SWEEPS):
        turned = False
        for p in range(n - 1):
            for q in range(p + 1, n):
                between = matrix[p, q]
                if abs(between) <= nothing * (abs(matrix[p, p]) + abs(matrix[q, q])):
                    continue
                turned = True
                half = 0.5 * (matrix[q, q] - matrix[p, p]) / between
                tangent = 1.0 / (abs(half) + math.sqrt(half * half + 1.0))
                if half < 0.0:
                    tangent = -tangent
                cosine = 1.0 / math.sqrt(tangent * tangent + 1.0)
                sine = tangent * cosine
                for k in range(n):
                    first, second = matrix[k, p], matrix[k, q]
                    matrix[k, p] = cosine * first - sine * second
                    matrix[k, q] = sine * first + cosine * second
                for k in range(n):
                    first, second = matrix[p, k], matrix[q, k]
                    matrix[p, k] = cosine * first - sine * second
                    matrix[q, k] = sine * first + cosine * second
                    first, second = vectors[k, p], vectors[k, q]
                    vectors[k, p] = cosine * first - sine * second
                    vectors[k, q] = sine * first + cosine * second
                matrix[p, q] = 0.0
                matrix[q, p] = 0.0
        if not turned:
            break
    for i in range(n):
        values[i] = matrix[i, i]
