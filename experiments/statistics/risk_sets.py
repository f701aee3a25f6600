"""Cox regressions without each part of the clients in turn: who is at risk is put in order once for all of them.

What depends on an event alone is added up over the events of a session before anything else: with A the sums over
those at risk and B those over the clients who drop out in the session, Efron's sets for its d events are A − lB/d.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics.regression import CoxFit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["RiskSets", "in_order_of_risk"]

MOST_STEPS = 20


def in_order_of_risk(time: Integers, event: Booleans) -> Integers:
    """Return the clients by their last session, and those who dropped out then after those who did not."""
    cell = 2 * time + event
    short = int(cell.max(initial=0)) < 1 << 15  # short keys are sorted sooner
    return np.argsort(cell.astype(np.int16) if short else cell, kind="stable")


@dataclass(frozen=True, slots=True, eq=False)
class RiskSets:
    """Clients of whom some stay, `in_order_of_risk`.

    Attributes
    ----------
    time
        Last session, shape (clients,).
    event
        Whether the client dropped out then, shape (clients,).
    begin, cells
        Where those with the same session begin, first those who did not drop out then: at ``2 * session + event``.
    """

    time: Integers
    event: Booleans
    begin: Integers
    cells: Integers

    @classmethod
    def of(cls, time: Integers, event: Booleans) -> RiskSets:
        """Return clients with these last sessions, who dropped out then or not."""
        cell = 2 * time + event
        begin = np.concatenate([[0], np.flatnonzero(np.diff(cell)) + 1])[: cell.size]
        return cls(time, event, begin, cell[begin])

    def fit(self, predictors: Floats, stay: Floats, start: Iterable[float]) -> CoxFit | None:
        """Return what `experiments.statistics.regression.cox` gives for those who stay.

        Parameters
        ----------
        predictors
            Shape (2, clients).
        stay
            1 for a client who stays, else 0, shape (clients,).
        start
            Coefficients of nearly the same clients.

        Returns
        -------
        CoxFit or None
            None where Newton's method leads nowhere from there.
        """
        width = int(self.time[-1]) + 1 if self.time.size else 1
        dropped = stay * self.event
        ties = np.bincount(self.time, dropped, width).astype(np.int64)
        sessions = np.flatnonzero(ties)
        if not sessions.size:
            return None
        tied = ties[sessions]
        first = np.cumsum(tied) - tied
        number = np.arange(int(tied.sum())) - np.repeat(first, tied)
        share = number / np.repeat(tied, tied)
        x = predictors - (predictors @ stay / stay.sum())[:, None]
        one, other = x
        terms = np.array([np.ones(stay.size), one, other, one * one, one * other, other * other])
        terms *= stay
        observed = x @ dropped
        beta = np.array([*start])
        with np.errstate(all="ignore"):
            for _ in range(MOST_STEPS):
                risk = np.exp(np.clip(beta[0] * one + beta[1] * other, -30, 30))
                by_cell = np.zeros((6, 2 * width))
                by_cell[:, self.cells] = np.add.reduceat(terms * risk, self.begin, axis=1)
                leaving = by_cell[:, 1::2]
                at_risk = (by_cell[:, ::2] + leaving)[:, ::-1].cumsum(axis=1)[:, ::-1]
                a, b = at_risk[:, sessions], leaving[:, sessions]
                inverse = 1.0 / (np.repeat(a[0], tied) - share * np.repeat(b[0], tied))
                shared = share * inverse
                once, shares, both, mixed, twice = np.add.reduceat(
                    np.array([inverse, shared, inverse**2, inverse * shared, shared**2]),
                    first,
                    axis=1,
                )
                expected = a[1:] * once - b[1:] * shares
                gradient = observed - expected[:2].sum(axis=1)
                squares = [
                    expected[2 + place]
                    - (
                        a[i] * a[j] * both
                        - (a[i] * b[j] + b[i] * a[j]) * mixed
                        + b[i] * b[j] * twice
                    )
                    for place, (i, j) in enumerate(((1, 1), (1, 2), (2, 2)))
                ]
                information = np.sum(squares, axis=1).take([[0, 1], [1, 2]])
                try:
                    step = np.linalg.solve(information, gradient)
                except np.linalg.LinAlgError:
                    return None
                beta = beta + step
                if np.abs(step).max() < 1e-9:
                    errors = np.sqrt(np.diag(np.linalg.inv(information)))
                    return CoxFit(tuple(beta.tolist()), tuple(errors.tolist()))
        return None
