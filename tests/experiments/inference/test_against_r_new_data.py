"""A data set by another formula, run once through R: crossed clinics, three arms, unequal groups, slopes.

R 4.2.2, lme4 1.1-31 (bobyqa, rhoend = 1e-12), lmerTest 3.1-3, pbkrtest 0.5.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from experiments.inference.formula_fit import fit_formula
from tests.experiments.inference.reference_data import data_h

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = [
    ("score ~ base + time*d1 + time*d2 + (1 + time | client) + (1 | therapist) + (1 | clinic)", "time:d2",
     -0.025748134, (0.1252296782, 37.6866983, 0.838204309), (0.126828415, 43.1907957, 0.840076322),
     {"client": 1.57705367, "client time": 0.0571081536, "client (1, time)": 0.0072978081,
      "therapist": 0.969257834, "clinic": 1.43736947, "residual": 3.80462885}, 1123.574052908),
    ("score ~ base + time*d1 + time*d2 + (1 | client) + (1 + time || therapist)", "time:d1",
     0.07441088344, (0.09553885112, 186.772582, 0.437050977), (0.09660010267, 187.445523, 0.442092779),
     {"client": 2.26101587, "therapist": 1.6566662, "therapist time": 0.0349667243, "residual": 4.18548649},
     1129.870678022),
    ("score ~ base + d1 + d2 + (1 | client) + (1 | therapist) + (1 | clinic)", "d1",
     -2.5164572, (0.5856922715, 43.7230743, 0.000095185), (0.5883415944, 45.4803788, 0.000096062),
     {"client": 1.67850248, "therapist": 1.87582274, "clinic": 1.12654816, "residual": 6.95706778},
     1202.777946921),
    ("score ~ factor(time)*d1 + (1 | client) + (1 | therapist)", "factor(time)6:d1",
     -0.2374709676, (0.8480063953, 167.345765, 0.779796959), (0.848279731, 166.752362, 0.779867298),
     {"client": 13.2660715, "therapist": 4.05115307, "residual": 4.64892781}, 1195.013174989),
    ("score ~ base + d1 + d2 + time + (0 + d1 + d2 | therapist)", "d2",
     -3.190658788, (0.694110504, 21.6095678, 0.000146251), (0.7016453374, 21.8807768, 0.000160336),
     {"therapist d1": 1.03946632, "therapist d2": 3.99682626, "therapist (d1, d2)": 0.127147441,
      "residual": 7.67767181}, 1196.284450331),
]  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    table = data_h()
    score = np.asarray(table["score"], dtype=float)
    assert (len(score), score.sum(), (score**2).sum()) == (239, 1676.375, 17424.484375)
    arms = {f"d{one}": (table["arm"] == one).astype(np.int64) for one in (1, 2)}
    path = tmp_path_factory.mktemp("h") / "h.csv"
    pl.DataFrame({**table, **arms}).write_csv(path)
    return path


@pytest.mark.parametrize(
    ("formula", "effect", "estimate", "satterthwaite", "kenward_roger", "variances", "reml"),
    ANSWERS,
)
def test_formulas(
    file: Path,
    formula: str,
    effect: str,
    estimate: float,
    satterthwaite: tuple[float, float, float],
    kenward_roger: tuple[float, float, float],
    variances: dict[str, float],
    reml: float,
) -> None:
    for method, (se, df, p) in (("satterthwaite", satterthwaite), ("kenward_roger", kenward_roger)):
        fitted = fit_formula(file, formula, effect, method)  # type: ignore[arg-type]
        assert fitted.tested.estimate == pytest.approx(estimate, rel=1e-6)
        assert fitted.tested.se == pytest.approx(se, rel=1e-6)
        assert fitted.tested.df == pytest.approx(df, rel=1e-4)
        assert fitted.tested.p == pytest.approx(p, abs=1e-6)
        assert dict(fitted.variances) == pytest.approx(variances, rel=2e-6, abs=1e-7)
        assert fitted.reml <= reml + 1e-6
