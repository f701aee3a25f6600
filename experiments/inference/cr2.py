"""Standard errors that are robust to clusters and corrected for few of them.

References
----------
Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with multi-stage
samples. *Survey Methodology*, 28, 169-181. Pustejovsky, J. E., & Tipton, E. (2018). Small-sample methods for
cluster-robust variance estimation and hypothesis testing in fixed effects models. *Journal of Business & Economic
Statistics*, 36, 672-683: "CR2" and its Satterthwaite degrees of freedom, as in clubSandwich.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from experiments.tables.columns import Floats, Integers

__all__ = ["COLLINEAR", "cr2", "orthonormal"]

COLLINEAR = 1e-7
"""What is left of a column, as a share of it, below which it depends on those before it; R's lm has the same."""


def orthonormal(predictors: Floats) -> tuple[Floats, Floats] | None:
    """Return an orthonormal basis of columns, and what turns its coefficients into theirs; None if they depend."""
    scale = np.sqrt((predictors**2).sum(axis=0))
    if predictors.shape[0] < predictors.shape[1] or not (scale > 0).all():
        return None
    basis, upper = np.linalg.qr(predictors / scale)
    if np.abs(np.diag(upper)).min() < COLLINEAR:
        return None
    return basis, np.linalg.inv(upper) / scale[:, None]


def cr2(
    basis: Floats, rest: Floats, cluster: Integers, aims: Floats, variance: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return bias-reduced cluster-robust standard errors and their Satterthwaite degrees of freedom.

    Parameters
    ----------
    basis
        Q, an orthonormal basis of the predictors (weighted, if the model is), shape (rows, p).
    rest
        Residuals (weighted alike), shape (rows,).
    cluster
        Shape (rows,).
    aims
        Contrasts of the coefficients of the basis, shape (m, p).
    variance
        Of each row as the model has it, where they differ, shape (rows,).
    """
    order = np.argsort(cluster, kind="stable")
    begins = np.flatnonzero(np.concatenate([[True], np.diff(cluster[order]) != 0]))
    basis, rest = basis[order], rest[order]
    if variance is None:
        lifted, own, ahead = _alike(basis, rest, begins, aims)
    else:
        lifted, own, ahead = _unlike(basis, rest, begins, aims, variance[order])
    df = np.empty(len(aims))
    across = np.einsum("jma,kma->mjk", ahead, ahead)
    for m in range(len(aims)):
        form = np.diag(own[:, m]) - across[m]
        with np.errstate(divide="ignore", invalid="ignore"):
            df[m] = np.trace(form) ** 2 / (form**2).sum()
    return np.sqrt((lifted**2).sum(axis=0)), df


def _alike(
    basis: Floats, rest: Floats, begins: Integers, aims: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return what `cr2` needs of w_j = (I - H_jj)^(-1/2) Q_j c where rows have one variance: w'e, w'w and Q_j'w.

    The root goes by way of the eigenvalues of Q_j'Q_j: as many as there are columns, however large the cluster.
    """
    scores = np.add.reduceat(basis * rest[:, None], begins, axis=0)
    squares = np.add.reduceat(basis[:, :, None] * basis[:, None, :], begins, axis=0)
    values, vectors = np.linalg.eigh(squares)
    values = np.clip(values, 0.0, 1.0)
    # (I - H)^(-1/2) = I + Q f(Q'Q) Q'; a direction that the model takes up whole gets none of its residual.
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.where(1.0 - values > 1e-10, 1.0 / np.sqrt(1.0 - values), 0.0)
        function = np.where(values > 1e-8, (root - 1.0) / values, 0.5 + 0.375 * values)
    inner = np.einsum("jab,jb,jcb->jac", vectors, function, vectors)
    reach = aims[None] + np.einsum("jab,jbc,mc->jma", inner, squares, aims)
    ahead = np.einsum("jab,jmb->jma", squares, reach)
    lifted = np.einsum("jma,ja->jm", reach, scores)
    return lifted, np.einsum("jma,jma->jm", reach, ahead), ahead


def _unlike(
    basis: Floats, rest: Floats, begins: Integers, aims: Floats, variance: Floats
) -> tuple[Floats, Floats, Floats]:
    """Do what `_alike` does where rows have different variances Θ.

    Of the roots that there are then, clubSandwich's is taken: w_j = Θ (Θ (I - H_jj) Θ)^(-1/2) Q_j c.
    """
    lifted, own, ahead = [], [], []
    for begin, end in zip(begins, [*begins[1:], len(rest)], strict=True):
        part, here = basis[begin:end], variance[begin:end]
        values, vectors = np.linalg.eigh(
            here[:, None] * (np.eye(end - begin) - part @ part.T) * here
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            root = np.where(values > 1e-10 * values[-1], 1.0 / np.sqrt(values), 0.0)
        reach = here[:, None] * (vectors * root @ (vectors.T @ (part @ aims.T)))
        lifted.append(rest[begin:end] @ reach)
        own.append((reach**2).sum(axis=0))
        ahead.append(reach.T @ part)
    return np.stack(lifted), np.stack(own), np.stack(ahead)
