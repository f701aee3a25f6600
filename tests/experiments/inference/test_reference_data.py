"""The reference data sets are those that R was given: their sums are."""

from __future__ import annotations

import numpy as np
import pytest

from tests.experiments.inference import reference_data as data


@pytest.mark.parametrize(
    ("name", "rows", "total", "squares"),
    [
        ("a", 120, 1946.5, 35988.5),
        ("b", 105, 1680.75, 31068.3125),
        ("c", 100, 1619.25, 29845.0625),
        ("d", 120, 1901.5, 34116.125),
        ("e", 120, 1894.0, 34060.625),
        ("f", 185, 3231.75, 61830.0625),
    ],
)
def test_scores_sum_to_what_they_did_in_r(
    name: str, rows: int, total: float, squares: float
) -> None:
    score = np.asarray(getattr(data, f"data_{name}")()["score"], dtype=float)
    assert (len(score), score.sum(), (score**2).sum()) == (rows, total, squares)


def test_sessions_sum_to_what_they_did_in_r() -> None:
    table = data.data_g()
    session = np.asarray(table["session"])
    assert (int(table["event"].sum()), int(session.sum()), int((session**2).sum())) == (
        94,
        764,
        6840,
    )
