"""Ten thousand trials of all sizes, a third of which have therapists who do not differ; exact cases beside them.

``lme4_answers.csv`` has what R 4.2.2 gave for the first 500: lme4 1.1-31 (bobyqa, rhoend = 1e-10) and lmerTest 3.1-3,
for the first 150 also pbkrtest 0.5.2.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.inference import analysis
from experiments.inference.mixed_model import fit_model
from experiments.inference.mixed_sums import RandomTerm
from tests.experiments.inference.random_trials import together, trial_of

ANSWERS = Path(__file__).with_name("lme4_answers.csv")


def test_the_criterion_is_never_above_that_of_lme4_and_the_answers_are_the_same() -> None:
    reml, estimate, se, df, se_kr, df_kr = np.genfromtxt(
        ANSWERS, delimiter=",", skip_header=1, unpack=True
    )
    rows, offsets = together([trial_of(number) for number in range(len(reml))])
    by_slopes = analysis("lmm", df="satterthwaite").many(rows, offsets)
    assert len(reml) == 500
    assert not by_slopes.failed.any()
    assert np.max(by_slopes.reml - reml) < 1e-6
    np.testing.assert_allclose(by_slopes.estimate[:, 0], estimate, rtol=1e-6)
    np.testing.assert_allclose(by_slopes.se[:, 0], se, rtol=1e-6)
    np.testing.assert_allclose(by_slopes.df[:, 0], df, rtol=1e-4)
    adjusted = analysis("lmm", df="kenward_roger").many(rows, offsets)
    np.testing.assert_allclose(adjusted.se[:150, 0], se_kr[:150], rtol=1e-6)
    np.testing.assert_allclose(adjusted.df[:150, 0], df_kr[:150], rtol=1e-4)


def test_none_of_ten_thousand_fits_fails() -> None:
    rows, offsets = together([trial_of(number) for number in range(10_000)])
    fitted = analysis("lmm").many(rows, offsets)
    assert not fitted.failed.any()
    for values in (fitted.estimate, fitted.se, fitted.df, fitted.p, fitted.reml):
        assert np.isfinite(values).all()
    # Where therapists do not differ their variance is 0 in about half of the fits.
    assert 0.2 < fitted.boundary.mean() < 0.4


def gaussian_trials(
    trials: int, effect: float, seed: int
) -> tuple[dict[str, np.ndarray], np.ndarray]:  # type: ignore[type-arg]
    """Return trials of 20 therapists with 10 clients, total variance 1, intraclass correlation .05."""
    random = np.random.Generator(np.random.PCG64(seed))
    therapist = np.tile(np.repeat(np.arange(20), 10), trials)
    arm = (therapist >= 10).astype(np.int64)
    level = np.sqrt(0.05) * np.repeat(random.standard_normal(trials * 20), 10)
    score = effect * arm + level + np.sqrt(0.95) * random.standard_normal(len(arm))
    return {"therapist": therapist, "arm": arm, "score": score}, np.arange(trials + 1) * 200


def test_the_t_test_of_therapist_means_has_its_exact_type_one_error_and_power() -> None:
    # Noncentral t with 18 degrees of freedom: power .792912 at d = .5.
    rejected = {}
    for effect in (0.0, 0.5):
        rows, offsets = gaussian_trials(20_000, effect, seed=16)
        rejected[effect] = (analysis("t_of_therapist_means").many(rows, offsets).p < 0.05).mean()
    assert rejected[0.0] == pytest.approx(0.050, abs=0.003)
    assert rejected[0.5] == pytest.approx(0.7929, abs=0.006)


def test_in_balanced_trials_the_mixed_model_is_the_t_test_of_therapist_means() -> None:
    # Where the variance is not 0: same estimate, standard error, degrees of freedom.
    rows, offsets = gaussian_trials(500, 0.5, seed=17)
    mixed = analysis("lmm", covariates=()).many(rows, offsets)
    means = analysis("t_of_therapist_means").many(rows, offsets)
    inside = ~mixed.boundary
    assert inside.mean() > 0.5
    np.testing.assert_allclose(mixed.p[inside], means.p[inside], rtol=1e-7)


def test_general_and_special_code_agree() -> None:
    for number in range(0, 60, 4):
        trial = trial_of(number)
        special = analysis("lmm")(trial)
        ones = np.ones(len(trial["arm"]))
        design = np.column_stack([ones, trial["base"], trial["arm"]])
        term = RandomTerm(trial["therapist"], ones[:, None], ("therapist",))
        general = fit_model(trial["score"], design, [term], np.array([[0.0, 0.0, 1.0]]), 0)
        assert general.reml == pytest.approx(special.reml, abs=1e-8)
        assert general.boundary == special.boundary
        assert general.variances == pytest.approx(dict(special.variances), rel=1e-6, abs=1e-9)
        assert (general.estimate[0], general.se[0], general.df[0]) == (
            pytest.approx(special.estimate, rel=1e-7),
            pytest.approx(special.se, rel=1e-7),
            pytest.approx(special.df, rel=1e-6),
        )
