"""The partial likelihood of Cox's regression, its derivatives and its score residuals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["partial_likelihood"]


def partial_likelihood(
    beta: Floats,
    basis: Floats,
    session: Integers,
    happened: Booleans,
    times: Integers,
    efron: bool,
) -> tuple[float, Floats, Floats, Floats]:
    """Return the partial log likelihood, its slope and negative curvature, and the score residuals of clients."""
    linear = basis @ beta
    risk = np.exp(linear)
    p = len(beta)
    likelihood, score, information = 0.0, np.zeros(p), np.zeros((p, p))
    residuals = np.zeros_like(basis)
    for time in times:
        at_risk = session >= time
        tied = happened & (session == time)
        count = int(tied.sum())
        weight = risk[at_risk]
        zero, one = weight.sum(), weight @ basis[at_risk]
        two = (basis[at_risk] * weight[:, None]).T @ basis[at_risk]
        own = risk[tied]
        own_zero, own_one = own.sum(), own @ basis[tied]
        own_two = (basis[tied] * own[:, None]).T @ basis[tied]
        likelihood += float(linear[tied].sum())
        score += basis[tied].sum(axis=0)
        for k in range(count):
            less = k / count if efron else 0.0
            total = zero - less * own_zero
            mean = (one - less * own_one) / total
            likelihood -= float(np.log(total))
            score -= mean
            information += (two - less * own_two) / total - np.outer(mean, mean)
            left = risk * at_risk / total
            left[tied] *= 1 - less
            residuals -= left[:, None] * (basis - mean)
            residuals[tied] += (basis[tied] - mean) / count
    return likelihood, score, information, residuals
