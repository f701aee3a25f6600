"""What belongs to therapists, on clinics whose therapists were made."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from experiments.statistics import practice, therapists
from experiments.statistics.outcome import residual_gain
from experiments.tables.run_tables import RunTables


def clinic(rng, studies=40, per_study=8, caseload=12):
    count = studies * per_study * caseload
    replicate = np.repeat(np.arange(studies), per_study * caseload)
    therapist = np.tile(np.repeat(np.arange(per_study), caseload), studies)
    return count, replicate, therapist, replicate * per_study + therapist


def outcome_tables(build, gain, replicate, therapist, alliance=None, **options):
    rng = np.random.default_rng(99)
    intake = rng.normal(20, 4, gain.size)
    panels = {}
    if alliance is not None:
        panels["wai_sr_client"] = np.repeat(alliance[:, None], 5, axis=1)
    clients = {
        "core_10_intake": intake,
        "core_10_last": intake - gain,
        **options.pop("clients", {}),
    }
    return build(
        held=np.full(gain.size, 5),
        replicate=replicate,
        therapist=therapist,
        clients=clients,
        **panels,
        **options,
    )


def test_therapists_share_is_the_one_put_in(build):
    rng = np.random.default_rng(1)
    n, replicate, therapist, code = clinic(rng, studies=150)
    gain = np.sqrt(0.05) * rng.normal(size=code.max() + 1)[code] + np.sqrt(0.95) * rng.normal(
        size=n
    )
    tables = outcome_tables(build, gain, replicate, therapist)
    assert therapists.therapist_share(tables) == pytest.approx(0.05, abs=0.012)


def test_without_therapists_the_share_is_zero_on_average(build):
    rng = np.random.default_rng(2)
    n, replicate, therapist, _ = clinic(rng, studies=150)
    tables = outcome_tables(build, rng.normal(size=n), replicate, therapist)
    assert abs(therapists.therapist_share(tables)) < 0.012


def test_therapist_share_agrees_with_a_mixed_model(build):
    import pandas as pd
    import statsmodels.formula.api as smf

    rng = np.random.default_rng(3)
    therapist = rng.integers(0, 40, 600)
    effect = 2.0 * rng.normal(size=40)
    intake = rng.normal(20, 4, 600)
    last = 0.5 * intake + effect[therapist] + rng.normal(0, 4, 600)
    tables = build(
        held=np.ones(600, dtype=int),
        therapist=therapist,
        clients={"core_10_intake": intake, "core_10_last": last},
    )
    frame = pd.DataFrame({"last": last, "intake": intake, "therapist": therapist})
    fit = smf.mixedlm("last ~ intake", frame, groups=frame["therapist"]).fit(reml=True)
    between = float(fit.cov_re.iloc[0, 0])
    theirs = between / (between + fit.scale)
    assert theirs > 0.1
    assert therapists.therapist_share(tables) == pytest.approx(theirs, abs=0.02)


def test_the_share_in_equal_caseloads_is_that_of_the_two_mean_squares(build):
    """Three studies of four therapists with five clients each, whose studies differ by far more."""
    rng = np.random.default_rng(12)
    n, replicate, therapist, code = clinic(rng, studies=3, per_study=4, caseload=5)
    alliance = 10 * replicate + 2 * rng.normal(size=12)[code] + rng.normal(size=n)
    tables = outcome_tables(build, rng.normal(size=n), replicate, therapist, alliance=alliance)
    cells = alliance.reshape(3, 4, 5)
    error = cells.var(axis=2, ddof=1).mean()
    between = (5 * cells.mean(axis=2).var(axis=1, ddof=1).mean() - error) / 5
    assert therapists.therapist_share(tables, "alliance") == pytest.approx(
        between / (between + error)
    )


def test_the_share_of_dropout_is_that_of_therapists_on_the_logit_scale(build):
    rng = np.random.default_rng(13)
    n, replicate, therapist, code = clinic(rng, studies=100, per_study=10, caseload=60)
    logit = np.sqrt(0.3) * rng.normal(size=code.max() + 1)[code] - 1.0
    left = rng.random(n) < 1 / (1 + np.exp(-logit))
    status = np.where(left, "dropped_out", "completed")
    tables = build(
        held=np.ones(n, dtype=int), replicate=replicate, therapist=therapist, status=status
    )
    expected = 0.3 / (0.3 + np.pi**2 / 3)
    assert therapists.therapist_dropout_share(tables) == pytest.approx(expected, abs=0.012)


def test_alliance_variance_is_divided_as_it_was_made():
    rng = np.random.default_rng(4)
    n, replicate, _, code = clinic(rng, studies=60, per_study=10, caseload=15)
    panel = (
        np.sqrt(0.15) * rng.normal(size=code.max() + 1)[code, None]
        + np.sqrt(0.55) * rng.normal(size=(n, 1))
        + np.sqrt(0.30) * rng.normal(size=(n, 6))
    )
    for row, held in enumerate(rng.integers(1, 7, n)):
        panel[row, held:] = np.nan
    shares = therapists.nested_shares(panel, code, replicate)
    assert shares.therapist == pytest.approx(0.15, abs=0.03)
    assert shares.client == pytest.approx(0.55, abs=0.03)
    assert shares.session == pytest.approx(0.30, abs=0.01)
    assert shares.therapist + shares.client + shares.session == pytest.approx(1.0)


def test_alliance_can_matter_between_therapists_only(build):
    rng = np.random.default_rng(5)
    n, replicate, therapist, code = clinic(rng, caseload=30)
    of_therapist = rng.normal(size=code.max() + 1)[code]
    own = rng.normal(size=n)
    gain = 0.4 * of_therapist + rng.normal(size=n)
    tables = outcome_tables(
        build, gain, replicate, therapist, alliance=45 + 4 * (of_therapist + own)
    )
    slopes = therapists.alliance_outcome_within_between(tables)
    assert slopes.within == pytest.approx(0.0, abs=0.03)
    assert slopes.between > 0.4


def test_slopes_within_and_between_agree_with_a_mixed_model(build):
    import pandas as pd
    import statsmodels.formula.api as smf

    rng = np.random.default_rng(6)
    n, replicate, therapist, code = clinic(rng, studies=1, per_study=60, caseload=12)
    of_therapist, own = rng.normal(size=60)[code], rng.normal(size=n)
    alliance = of_therapist + own
    gain = 0.5 * of_therapist + 0.2 * own + 0.6 * rng.normal(size=60)[code] + rng.normal(size=n)
    tables = outcome_tables(build, gain, replicate, therapist, alliance=alliance)
    mean = pd.Series(alliance).groupby(code).transform("mean").to_numpy()
    frame = pd.DataFrame(
        {
            "gain": residual_gain(tables),
            "within": (alliance - mean) / alliance.std(),
            "between": mean / alliance.std(),
            "code": code,
        }
    )
    fit = smf.mixedlm("gain ~ within + between", frame, groups=frame["code"]).fit()
    slopes = therapists.alliance_outcome_within_between(tables)
    assert slopes.within == pytest.approx(fit.params["within"], abs=0.01)
    assert slopes.between == pytest.approx(fit.params["between"], abs=0.03)


def test_alliance_can_keep_clients_within_caseloads_or_between_them(build):
    rng = np.random.default_rng(7)
    n, replicate, therapist, code = clinic(rng, studies=30, per_study=20, caseload=25)
    of_therapist, own = rng.normal(size=code.max() + 1)[code], rng.normal(size=n)
    hazard = 1 / (1 + np.exp(2.5 + 0.6 * of_therapist + 0.2 * own))
    leaves = rng.random((10, n)) < hazard
    held = np.where(leaves.any(axis=0), leaves.argmax(axis=0) + 1, 10)
    tables = build(
        held=held,
        replicate=replicate,
        therapist=therapist,
        status=np.where(leaves.any(axis=0), "dropped_out", "completed"),
        wai_sr_client=np.repeat((of_therapist + own)[:, None], 10, axis=1),
    )
    fit = therapists.cox_alliance_dropout(tables)
    assert fit.coefficients[0] == pytest.approx(-0.2, abs=0.05)
    assert fit.coefficients[1] == pytest.approx(-0.58, abs=0.06)
    assert therapists.therapist_dropout_log_ratio(tables) == pytest.approx(2.9, abs=0.8)
    assert therapists.dropout_hazard_ratio(tables) == pytest.approx(np.exp(-0.2), abs=0.05)
    assert therapists.dropout_hazard_ratio(tables, "therapist") < 0.65


def test_where_only_therapists_matter_large_caseloads_lower_the_correlation(build):
    rng = np.random.default_rng(8)
    caseload = np.repeat([1, 5, 60], 60)
    replicate = np.repeat(np.arange(180), 60)
    therapist = np.concatenate([np.arange(60) // c for c in caseload])
    _, code = np.unique(replicate * 100 + therapist, return_inverse=True)
    shared = rng.normal(size=code.max() + 1)[code]
    alliance = 45 + 4 * (shared + rng.normal(size=replicate.size))
    gain = 0.6 * shared + rng.normal(size=replicate.size)
    tables = outcome_tables(build, gain, replicate, therapist, alliance=alliance)
    assert therapists.patient_therapist_ratio_slope(tables) < -0.05
    same = outcome_tables(build, gain, replicate, np.zeros_like(therapist), alliance=alliance)
    assert np.isnan(therapists.patient_therapist_ratio_slope(same))


def test_the_slope_on_clients_a_therapist_is_that_of_a_weighted_regression(build):
    import statsmodels.api as sm

    rng = np.random.default_rng(14)
    sizes, counts = np.array([8, 20, 30, 60, 90]), np.array([4, 2, 15, 6, 30])
    replicate = np.repeat(np.arange(5), sizes)
    therapist = np.concatenate([np.arange(n) % k for n, k in zip(sizes, counts, strict=True)])
    alliance, gain = rng.normal(size=(2, replicate.size))
    tables = outcome_tables(build, gain, replicate, therapist, alliance=alliance)
    found = residual_gain(tables)
    z = [
        np.arctanh(np.corrcoef(alliance[replicate == s], found[replicate == s])[0, 1])
        for s in range(5)
    ]
    design = sm.add_constant(np.log(sizes / counts))
    theirs = sm.WLS(z, design, weights=sizes - 3).fit().params[1]
    assert therapists.patient_therapist_ratio_slope(tables) == pytest.approx(theirs)


def test_experience_is_measured_within_therapists(build):
    rng = np.random.default_rng(9)
    n, replicate, therapist, code = clinic(rng, caseload=30)
    late = rng.uniform(0, 52, code.max() + 1)
    week = late[code] + rng.uniform(0, 104, n)
    flat = 0.05 * late[code] + rng.normal(size=n)
    tables = outcome_tables(build, flat, replicate, therapist, clients={"week_started": week})
    assert abs(practice.experience_slope(tables)) < 0.05
    growing = 0.3 * week / 52 + rng.normal(size=n)
    tables = outcome_tables(build, growing, replicate, therapist, clients={"week_started": week})
    assert practice.experience_slope(tables) == pytest.approx(0.3, abs=0.06)


def test_experience_counts_in_years_and_may_be_measured_by_relief(build):
    rng = np.random.default_rng(15)
    week = rng.uniform(0, 156, 120)
    intake = rng.normal(20, 4, 120)
    tables = build(
        held=np.ones(120, dtype=int),
        therapist=np.repeat(np.arange(6), 20),
        clients={
            "core_10_intake": intake,
            "core_10_last": intake - 3.0 * week / 52,
            "week_started": week,
        },
    )
    slope = practice.experience_slope(tables, measure="pre_post_d")
    assert slope == pytest.approx(3.0 / intake.std(ddof=1))


def test_burnt_out_therapists_help_fewer_but_lose_no_more(build):
    rng = np.random.default_rng(10)
    therapist = np.repeat(np.arange(100), 100)
    fatigue = np.linspace(0, 1, 100)
    burnt = (fatigue > np.quantile(fatigue, 1 - 0.352))[therapist]
    improved = rng.random(10_000) < np.where(burnt, 0.283, 0.368)
    left = rng.random(10_000) < 0.46
    tables = build(
        held=np.full(10_000, 3),
        therapist=therapist,
        status=np.where(left, "dropped_out", "completed"),
        clients={
            "core_10_intake": np.full(10_000, 20.0),
            "core_10_last": np.where(improved, 10.0, 20.0),
        },
        therapists={"fatigue_mean": fatigue},
    )
    expected = 0.283 / 0.717 * 0.632 / 0.368
    assert practice.burnout_improvement_odds_ratio(tables) == pytest.approx(expected, abs=0.08)
    assert practice.burnout_dropout_odds_ratio(tables) == pytest.approx(1.0, abs=0.1)


def test_heavy_caseloads_and_outcome_over_therapists(build):
    rng = np.random.default_rng(11)
    therapist = np.repeat(np.arange(200), 30)
    load = rng.normal(20, 5, 200)
    gain = -0.1 * load[therapist] + 0.01 * rng.normal(size=6000)
    replicate = np.zeros(6000, dtype=int)
    tables = outcome_tables(build, gain, replicate, therapist, therapists={"clients_seen": load})
    assert practice.caseload_outcome_r(tables) < -0.95


def test_caseloads_are_compared_within_studies(build):
    """All therapists of the second study have far more clients than those of the first."""
    rng = np.random.default_rng(16)
    replicate, therapist = np.repeat([0, 1], 200), np.tile(np.repeat(np.arange(20), 10), 2)
    load = rng.normal(20, 5, 40) + np.repeat([0, 500], 20)
    gain = -0.5 * load[replicate * 20 + therapist] + 0.01 * rng.normal(size=400)
    tables = outcome_tables(build, gain, replicate, therapist)
    seen = {
        "run": np.zeros(40, dtype=np.int64),
        "replicate": np.repeat([0, 1], 20),
        "therapist": np.tile(np.arange(20), 2),
        "clients_seen": load,
    }
    both = RunTables(tables.clients, tables.sessions, pl.DataFrame(seen))
    assert practice.caseload_outcome_r(both) < -0.95


def test_a_therapist_with_two_violations_counts_once(build):
    tables = build(
        held=[3, 3, 3, 3],
        therapist=[0, 0, 1, 2],
        clients={"boundary_violation": [1, 1, 0, 0]},
    )
    assert practice.therapist_violation_share(tables) == pytest.approx(1 / 3)
