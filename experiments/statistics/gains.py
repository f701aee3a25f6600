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
    means
        Of both scores, shape (parts, 2).
    at_intake
        Standard deviation of the intake score, shape (parts,).
    sure
        Where it is more than rounding, shape (parts,).
    """

    weights: Floats
    spread: Floats
    means: Floats
    at_intake: Floats
    sure: Booleans

    def of(self, part: int, intake: Floats, last: Floats) -> Floats | None:
        """Return the gains without a part of the clients by their scores; None where that is not sure."""
        if not self.sure[part]:
            return None
        (slope, turned), (level, end) = self.weights[part], self.means[part]
        return np.asarray((slope * (intake - level) + turned * (last - end)) / self.spread[part])


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
            weights=weights,
            spread=np.sqrt(square / (n - 2.0)),
            means=of_scores.means,
            at_intake=np.sqrt(of_scores.products[:, 0, 0] / (n - 1.0)),
            sure=of_scores.sure & enough,
        )
