"""Residual gains of clients of one study, without each part of them in turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics.client_scores import intake_score, last_score
from experiments.statistics.left_out import ALMOST_NOTHING, Dealt
from experiments.tables.keeping import kept_by_tables

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = ["GainLines", "gain_lines_without_each"]


@dataclass(frozen=True, slots=True, eq=False)
class GainLines:
    """What residual gain is without each part of the clients: a weighted sum of two scores, but for a constant.

    See `experiments.statistics.outcome.residual_gain`.

    Attributes
    ----------
    weights
        Of the intake score and of the last one, in points on points, shape (parts, 2).
    spread
        What the sum is divided by to be in standard deviations, shape (parts,).
    at_intake, relief
        Standard deviation of the intake score, and mean fall, shape (parts,).
    sure
        Where it is more than rounding, shape (parts,).
    """

    weights: Floats
    spread: Floats
    at_intake: Floats
    relief: Floats
    sure: Booleans


@kept_by_tables
def gain_lines_without_each(tables: RunTables, symptom: str, deal: Deal) -> GainLines:
    """Return residual gains of clients of one study without each part of them."""
    scores = np.array([intake_score(tables, symptom), last_score(tables, symptom)])
    of_scores = Dealt.of(deal, np.isfinite(scores).all(axis=0)).moments(scores)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = of_scores.products[:, 0, 1] / of_scores.products[:, 0, 0]
        weights = np.column_stack([slope, np.full(deal.parts, -1.0)])
        square, n = of_scores.of(weights, weights), of_scores.n
        enough = (n > 2) & (square > ALMOST_NOTHING * of_scores.products[:, 1, 1])
        return GainLines(
            weights,
            np.sqrt(square / (n - 2.0)),
            np.sqrt(of_scores.products[:, 0, 0] / (n - 1.0)),
            of_scores.means[:, 0] - of_scores.means[:, 1],
            of_scores.sure & enough,
        )
