"""p values, intervals, and p values of several contrasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.intervals import CONFIDENCE, t_quantiles

if TYPE_CHECKING:
    from experiments.tables.columns import Floats

__all__ = ["holm", "p_and_limits"]


def p_and_limits(
    estimate: Floats, se: Floats, df: Floats, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats, Floats]:
    """Return the two-sided p of Student's t (of the normal where df is infinite) and the ends of the interval."""
    from scipy.special import ndtr, stdtr

    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(estimate / se)
        finite = np.isfinite(df)
        known = np.where(finite, df, 1.0)
        p = 2 * np.where(finite, stdtr(known, -t), ndtr(-t))
    p = np.where(np.isnan(df) | np.isnan(t), np.nan, p)
    reach = t_quantiles(df, confidence)
    return p, estimate - reach * se, estimate + reach * se


def holm(p: Floats) -> Floats:
    """Return p values adjusted for their number by Holm's method, in the order given.

    Parameters
    ----------
    p
        Shape (..., contrasts); nan stays nan and counts for nothing.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. *Scandinavian Journal of
    Statistics*, 6, 65-70.
    """
    p = np.asarray(p, dtype=np.float64)
    order = np.argsort(p, axis=-1)  # nan goes last
    ordered = np.take_along_axis(p, order, axis=-1)
    count = np.sum(~np.isnan(p), axis=-1, keepdims=True)
    steps = np.maximum(count - np.arange(p.shape[-1]), 1)
    raised = np.minimum(np.maximum.accumulate(ordered * steps, axis=-1), 1.0)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, raised, axis=-1)
    return adjusted
