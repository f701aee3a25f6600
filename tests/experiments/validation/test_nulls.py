"""Other models beside the findings: what they are, that what is stored is true, and that findings can say no."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from experiments.evidence import fact, load_facts
from experiments.evidence.facts_by_setting import facts_for, settings_with_facts
from experiments.evidence.informed import full_role, informed_parameters
from experiments.reports.validated_setting import ValidatedSetting
from experiments.reports.validation import validation_document
from experiments.statistics.therapists import nested_shares
from experiments.validation.null_clinics import (
    CLOSED,
    OF_SIZE,
    RATIO,
    REACH,
    closed_clinic,
    random_clinic,
)
from experiments.validation.nulls import (
    FILE,
    STUDIES,
    beside_nulls,
    compared_with_findings,
    plain,
    role_line,
    run_nulls,
    stored_nulls,
)
from experiments.validation.rival_mechanisms import MECHANISMS
from experiments.validation.scores import (
    BEST,
    crps_normal,
    mean_score,
    published_spread,
    score,
)
from experiments.validation.stored_clinics import StoredClinics
from experiments.validation.validate import resolve, validate
from simulation.dyads.catalogue import dyad_names
from simulation.parameters import PARAMETERS, Parameters

SOME = ("F01", "F23", "F65", "F74", "F98", "F108")


@pytest.fixture(scope="module")
def judged():
    return validate(studies=40, facts=tuple(fact(name) for name in SOME))


def test_a_random_clinic_is_drawn_within_its_bounds_and_again_the_same() -> None:
    base = Parameters()
    first, again, other = random_clinic(base, 3), random_clinic(base, 3), random_clinic(base, 4)
    assert first == again != other
    for name, row in PARAMETERS.items():
        value, default = getattr(first, name), getattr(base, name)
        if row.kind != "number" or name in OF_SIZE:
            assert value == default, name
        elif row.unit == "correlation":
            assert abs(value) <= 0.3
        elif row.low < 0:
            assert abs(value - default) <= REACH + 1e-12, name
        elif row.unit != "[0, 1]" and default > 0:
            assert default / RATIO - 1e-12 <= value <= default * RATIO + 1e-12, name
    moved = [getattr(first, name) != getattr(base, name) for name in PARAMETERS]
    assert sum(moved) > 150


def test_a_path_that_a_setting_closes_stays_closed() -> None:
    """So a parameter that is added with a closed path leaves what is stored of random clinics as it is."""
    row = PARAMETERS["concealment"]
    assert (row.unit, row.low) == ("[0, 1]", 0.0)
    closed = random_clinic(Parameters(concealment=0.0), 3)
    assert closed.concealment == 0.0
    assert random_clinic(Parameters(), 3) == closed.replace(
        concealment=random_clinic(Parameters(), 3).concealment
    )


def test_the_closed_clinic_has_no_effect_of_the_alliance_and_else_the_same() -> None:
    base = Parameters()
    closed = closed_clinic(base)
    changed = {name for name in PARAMETERS if getattr(closed, name) != getattr(base, name)}
    assert changed <= set(CLOSED)
    assert closed.alliance_effect == closed.dropout_alliance == closed.satisfaction_alliance == 0.0


@pytest.mark.parametrize("setting", settings_with_facts())
def test_what_is_stored_is_what_the_model_gives_today(setting) -> None:
    nulls = stored_nulls(setting)
    assert nulls is not None
    _, base, own = resolve(setting)
    for clinic, stored in (
        (random_clinic(base, 7), nulls.random[7]),
        (closed_clinic(base), nulls.models["closed"]),
    ):
        now = compared_with_findings(clinic, own, STUDIES, facts_for(own))
        assert now.inside == stored.inside, (
            f"run python -m experiments.validation.nulls ({FILE.name})"
        )
        for role, value in stored.scores.items():
            assert now.scores[role] == pytest.approx(value, abs=1e-3, nan_ok=True)


def test_findings_can_say_no() -> None:
    nulls = stored_nulls("default")
    facts = facts_for("default", None)
    ids = [one.id for one in facts]
    assert sum(nulls.share(one) < 0.5 for one in ids) >= 45
    # Sixty clinics tell a share to within some .1, so those near .9 may stand on either side of it.
    assert all(one.not_counting for one in facts if nulls.share(one.id) >= 0.9)
    assert all(nulls.share(one.id) >= 0.75 for one in facts if one.not_counting)
    assert sum("closed" not in nulls.passing(one) for one in ids) >= 20
    fitted_not = [one.id for one in facts_for("default", None) if one.role != "fit"]
    assert nulls.usual_count(fitted_not) < 0.65 * len(fitted_not)


def test_no_range_is_narrower_than_its_papers_own_interval() -> None:
    for one in load_facts():
        if one.computed and one.ci_low is not None:
            assert one.low <= one.ci_low, one.id
            assert one.ci_high <= one.high, one.id


def test_nothing_at_all_is_no_direction() -> None:
    ordered = fact("F65")
    assert ordered.low == 0.0
    assert not ordered.inside(0.0)
    assert ordered.inside(1e-6)
    between = fact("F57")
    assert between.low < 0.0 < between.high
    assert between.inside(0.0)


def test_a_finding_that_does_not_count_is_shown_and_left_out_of_the_counts() -> None:
    named = ("F01", "F49", "F98", "F74")
    found = validate(studies=20, facts=tuple(fact(name) for name in named))
    assert {row.id for row in found.rows if row.not_counting} == {"F49", "F98"}
    counted = [row.id for role in ("fit", "informed", "predict") for row in found.counted(role)]
    assert sorted(counted) == ["F01", "F74"]
    assert "F49" in validation_document([ValidatedSetting(found)])
    assert "not counted" in validation_document([ValidatedSetting(found)])


def test_other_models_of_a_file_of_ones_own_resume_where_they_were(tmp_path, monkeypatch) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("[parameters]\nempathy = 0.4\nclients = 30\ntherapists = 3\n", encoding="utf-8")
    counted: list[object] = []

    def counting(parameters, *others):
        counted.append(parameters)
        if len(counted) == 3:
            raise KeyboardInterrupt
        return compared_with_findings(parameters, *others)

    monkeypatch.setattr("experiments.validation.nulls.compared_with_findings", counting)
    monkeypatch.setattr("experiments.validation.nulls.dyad_names", lambda: ())
    monkeypatch.setattr("experiments.validation.nulls.MECHANISMS", ("halo",))
    monkeypatch.setattr("experiments.validation.nulls.available_cores", lambda: 1)
    kept = tmp_path / "clinics.txt"

    def run():
        options = {"clinics": 4, "studies": 20, "stored": StoredClinics(kept, "findings")}
        return run_nulls(str(mine), **options)

    with pytest.raises(KeyboardInterrupt):
        run()
    before = len(kept.read_text("utf-8").splitlines())
    assert 2 <= before < 6
    with kept.open("a", encoding="utf-8") as file:
        file.write('0123456789abcdef ["half a li')
    counted[:] = [None] * 100
    resumed = run()
    assert len(counted) == 100 + 6 - before
    assert set(resumed.models) == {"closed", "halo"}
    assert len(resumed.random) == 4
    counted[:] = [None] * 100
    again = run()
    assert len(counted) == 100
    assert [one.inside for one in again.random] == [one.inside for one in resumed.random]
    StoredClinics(kept, "other findings")
    assert StoredClinics(kept, "other findings").load(("default",)) is None


def test_what_is_stored_is_what_is_read() -> None:
    nulls = stored_nulls("youth")
    lines = plain(nulls)
    assert len(lines["random"]) == len(nulls.random)
    facts = lines["findings"].split()
    for line, one in zip(lines["random"], nulls.random, strict=True):
        passed = line.split()[0]
        assert {name for name, mark in zip(facts, passed, strict=True) if mark == "1"} == one.inside


def test_a_finding_is_informed_when_a_number_set_by_hand_names_it() -> None:
    assert full_role(fact("F23")) == "fit"
    assert "dropout_alliance" in informed_parameters()["F33"]
    assert full_role(fact("F33")) == "informed"
    assert full_role(fact("F01")) == "predict"
    counted = [full_role(one) for one in facts_for("default", None)]
    assert counted.count("informed") == 42
    assert counted.count("predict") == 31


@given(st.floats(-3, 3), st.floats(0.05, 3), st.floats(-3, 3))
def test_the_score_is_that_of_its_definition(mean: float, spread: float, seen: float) -> None:
    """The area between the two distribution functions, squared: below what is seen, and above it."""
    low, high = mean - 12 * spread, mean + 12 * spread
    below, above = np.linspace(min(low, seen), seen, 4001), np.linspace(seen, max(high, seen), 4001)
    area = np.trapezoid(norm.cdf(below, mean, spread) ** 2, below)
    area += np.trapezoid(norm.sf(above, mean, spread) ** 2, above)
    assert crps_normal(mean, spread, seen) == pytest.approx(area, rel=1e-3, abs=1e-6)


def test_the_score_is_best_for_a_hit_and_proper(judged) -> None:
    row = judged.row("F01")
    spread = published_spread(row)
    assert spread == pytest.approx((row.published_high - row.published_low) / 3.92, rel=1e-3)
    hit = replace(
        row, simulated=row.published, simulated_low=row.published, simulated_high=row.published
    )
    assert score(hit) == pytest.approx(BEST)
    off = [score(replace(hit, simulated=row.published + k * spread)) for k in range(5)]
    assert off == sorted(off)
    random = np.random.default_rng(1)
    seen = random.normal(0.3, 1.0, 4000)
    honest, sure, vague = (
        np.mean([crps_normal(0.3, sd, one) for one in seen]) for sd in (1.0, 0.4, 2.5)
    )
    assert honest < min(sure, vague)


def test_what_has_no_published_number_has_no_score(judged) -> None:
    row = judged.row("F108")
    assert row.published is None
    assert math.isnan(score(row))
    assert math.isnan(mean_score([row]))


def test_other_models_stand_beside_every_row(judged) -> None:
    rows = beside_nulls(judged, stored_nulls("default"))
    assert [one["id"] for one in rows] == [row.id for row in judged.rows]
    assert all(0.0 <= one["random_share"] <= 1.0 for one in rows)
    by_id = {one["id"]: one for one in rows}
    assert by_id["F108"]["score"] is None
    assert set(by_id["F01"]["passed_by"]) <= {"closed", *MECHANISMS, *dyad_names()}
    line = role_line(judged, "fit", stored_nulls("default"))
    assert "a random clinic passes" in line
    assert "mean score" in line


def test_ratings_that_do_not_vary_have_no_shares_of_variance() -> None:
    panel = np.full((12, 3), 60.0)
    shares = nested_shares(panel, np.repeat(np.arange(4), 3), np.zeros(12, dtype=int))
    assert math.isnan(shares.therapist)
    assert math.isnan(shares.session)
