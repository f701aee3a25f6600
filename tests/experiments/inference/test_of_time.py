"""Arms compared at a time: the coefficient of the arm where that time is 0, by formulas that are held against R."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from experiments.inference import analysis
from experiments.inference.formula_fit import fit_formula
from tests.experiments.inference.reference_data import data_f

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "score ~ {} + (1 | therapist)"
MEANS = WORDS.format("factor(away)*arm + (1 | client)")
LINES = WORDS.format("away*arm + (1 + time | client)")


@pytest.mark.parametrize(
    ("options", "at", "formula"),
    [
        ({"primary": 4.0}, 4, MEANS),
        ({}, 12, MEANS),
        ({"time": "linear", "primary": 8.0}, 8, LINES),
    ],
    ids=str,
)
def test_arms_are_compared_at_the_primary_time_or_the_last(
    options: dict[str, Any], at: int, formula: str, tmp_path: Path
) -> None:
    table = data_f()
    away = np.abs(table["time"] - at) if formula == MEANS else table["time"] - at
    frame = pl.DataFrame({**table, "away": away})
    if formula == MEANS:  # a level of its own for each time, that of the primary one first
        frame = frame.with_columns(away=away * 100 + (table["time"] > at))
    frame.write_csv(tmp_path / "f.csv")
    theirs = fit_formula(tmp_path / "f.csv", formula, "arm", "satterthwaite").tested
    fitted = analysis("lmm3", df="satterthwaite", **options)(table)
    assert fitted.estimate == pytest.approx(theirs.estimate, rel=1e-6)
    assert fitted.se == pytest.approx(theirs.se, rel=1e-6)
    assert fitted.df == pytest.approx(theirs.df, rel=1e-4)
