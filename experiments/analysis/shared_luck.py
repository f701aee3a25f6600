"""What common random numbers save: how much variance they take out of a contrast of two points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SharedLuck"]


@dataclass
class SharedLuck:
    """Adds up, point by point, how much variance common random numbers take out of a contrast.

    With independent luck the variance of the difference of two points is 2·σ²; with shared luck it
    is 2·(σ² − c), c being the mean covariance between points over replicates. The saving is c / σ².
    It is computed from the variance of the sum over points, so memory does not grow with the number
    of points.

    Attributes
    ----------
    replicates
        Replicates that every point has; later ones are left out.
    """

    replicates: int
    points: int = 0
    variance: float = 0.0
    total: NDArray[np.float64] | None = None

    def add(self, values: NDArray[np.float64]) -> None:
        """Add the outcomes of some points, shape (points, `replicates`); those with gaps are left out."""
        import numpy as np

        whole = values[~np.isnan(values).any(axis=1)]
        if self.replicates < 2 or len(whole) == 0:
            return
        self.points += len(whole)
        self.variance += float(np.var(whole, axis=1, ddof=1).sum())
        centred = (whole - whole.mean(axis=1, keepdims=True)).sum(axis=0)
        self.total = centred if self.total is None else self.total + centred

    @property
    def saved(self) -> float | None:
        """Share of the variance of a contrast between two points that is saved.

        None if it is not defined.
        """
        import numpy as np

        if self.points < 2 or self.variance <= 0 or self.total is None:
            return None
        between = float(np.var(self.total, ddof=1)) - self.variance
        covariance = between / (self.points * (self.points - 1))
        return covariance / (self.variance / self.points)
