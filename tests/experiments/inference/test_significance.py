"""p values, intervals and Holm's method, held against SciPy and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from experiments.inference import analysis
from experiments.inference.significance import holm, p_and_limits
from tests.experiments.inference import reference_data as data


def test_several_p_values_are_adjusted_as_statsmodels_adjusts_them() -> None:
    draw = np.random.default_rng(1)
    p = draw.uniform(0, 0.2, (4, 5)).round(3)  # few: statsmodels collects garbage for each row
    p[:2, 1] = p[:2, 0]
    p[2:] *= 5
    expected = [multipletests(row, method="holm")[1] for row in p]
    assert (np.array(expected) == 1.0).any()
    np.testing.assert_allclose(holm(p), expected, rtol=1e-12)


def test_a_contrast_without_a_p_value_counts_for_nothing() -> None:
    adjusted = holm(np.array([0.01, np.nan, 0.04, 0.03]))
    np.testing.assert_allclose(adjusted, [0.03, np.nan, 0.06, 0.06])


def test_p_and_interval_are_students_and_normal_without_an_end_of_freedom() -> None:
    estimate, se, df = (
        np.array([2.0, -2.0, 0.5]),
        np.array([1.0, 0.8, 1.0]),
        np.array([4, 9.5, np.inf]),
    )
    p, low, high = p_and_limits(estimate, se, df, 0.9)
    of = stats.t(np.where(np.isfinite(df), df, 1e12))
    np.testing.assert_allclose(p, 2 * of.sf(np.abs(estimate / se)), rtol=1e-9)
    np.testing.assert_allclose(high, estimate + of.ppf(0.95) * se, rtol=1e-9)
    np.testing.assert_allclose(low, estimate - of.ppf(0.95) * se, rtol=1e-9)


@pytest.mark.parametrize("kind", ["t", "ancova", "lmm", "ancova_cr2"])
def test_an_analysis_has_the_interval_that_is_asked_for(kind: str) -> None:
    usual, wide = (analysis(kind, confidence=share)(data.data_a()) for share in (0.95, 0.99))
    for fitted, share in ((usual, 0.95), (wide, 0.99)):
        ends = stats.t.interval(share, fitted.df, fitted.estimate, fitted.se)
        assert (fitted.low, fitted.high) == pytest.approx(ends, rel=1e-9)
    assert usual.p == wide.p
