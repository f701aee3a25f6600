"""Validation is honest: apart from fitting, repeatable, and plain about what is missed."""

from __future__ import annotations

import inspect
import json
import math
import re
from dataclasses import replace
from importlib import import_module
from weakref import ref

import pytest

from experiments.calibration.simulating import simulated_statistics
from experiments.catalogue import CONTRASTS, STATISTICS, statistic
from experiments.evidence import fact, load_facts
from experiments.evidence.explanations import NONE_FOUND, explanation, load_explanations
from experiments.evidence.facts_by_setting import facts_for, settings_with_facts
from experiments.evidence.informed import ROLE_WORDS, full_role
from experiments.quantities.unit import CORRELATION, DEVIATIONS
from experiments.reports.validated_setting import ValidatedSetting
from experiments.reports.validation import validation_document
from experiments.validation import seeds
from experiments.validation.results import STATUS_WORDS
from experiments.validation.simulated_studies import run_studies, study_clinic
from experiments.validation.validate import _without, resolve, validate
from simulation.errors import AllianceError
from simulation.parameters import Parameters
from simulation.presets import all_presets, preset

validation = import_module("experiments.validation.validate")

CHOSEN = tuple(fact(name) for name in ("F01", "F23", "F43", "F74", "F95", "F98"))


@pytest.fixture(scope="module")
def judged():
    return validate(studies=40, facts=CHOSEN)


def test_what_judges_never_uses_the_seed_of_what_fits():
    assert seeds.FITTING_SEED != seeds.VALIDATION_SEED
    with pytest.raises(AllianceError, match="fits with"):
        validate(studies=20, facts=CHOSEN[:1], seed=seeds.FITTING_SEED)


def test_calibration_fits_with_the_declared_seed():
    defaults = inspect.signature(simulated_statistics).parameters
    assert defaults["seed"].default == seeds.FITTING_SEED


def test_two_findings_of_one_id_are_refused():
    with pytest.raises(AllianceError, match=f"Two findings have the id {CHOSEN[0].id}"):
        validate(studies=20, facts=(CHOSEN[0], *CHOSEN[:2]))


def test_validating_twice_gives_the_same_bits(judged):
    again = validate(studies=40, facts=CHOSEN, threads=1)
    assert repr(again) == repr(judged)


def test_the_tables_of_compared_arms_are_gone_before_the_next_ones_are_run(monkeypatch):
    made, alive = [], []

    def run_and_watch(*given, **named):
        alive.append(sum(one() is not None for one in made[1:]))
        tables = run_studies(*given, **named)
        made.append(ref(tables))
        return tables

    monkeypatch.setattr(validation, "run_studies", run_and_watch)
    chosen = [one for one in facts_for("default") if one.policy or one.pooled_over]
    validate(studies=20, facts=chosen)
    assert len(alive) > 5
    assert alive == [0] * len(alive)


def test_another_seed_gives_other_numbers(judged):
    other = validate(studies=40, facts=CHOSEN[:1], seed=5)
    assert other.row("F01").simulated != judged.row("F01").simulated


def test_inside_follows_from_the_range(judged):
    for row in judged.rows:
        assert row.inside == (row.low <= row.simulated <= row.high)
    value = judged.row("F74").simulated
    moved = [
        CHOSEN[3].model_copy(update={"value": None, "low": value + a, "high": value + b})
        for a, b in ((-0.05, 0.05), (0.01, 0.05), (-0.05, -0.01))
    ]
    verdicts = [validate(studies=40, facts=(one,)).rows[0] for one in moved]
    assert [row.inside for row in verdicts] == [True, False, False]
    assert [bool(row.explanation) for row in verdicts] == [False, True, True]


def test_a_verdict_is_sure_where_the_interval_lies_on_one_side_of_the_limits(judged):
    row = judged.row("F74")
    half = (row.simulated_high - row.simulated_low) / 2
    ends = ((-2, 2), (-0.5, 2), (-2, 0.5), (2, 4), (0.5, 4), (-4, -2), (-4, -0.5))
    moved = [
        CHOSEN[3].model_copy(
            update={
                "id": f"F{900 + place}",
                "value": None,
                "low": row.simulated + low * half,
                "high": row.simulated + high * half,
            }
        )
        for place, (low, high) in enumerate(ends)
    ]
    rows = validate(studies=40, facts=tuple(moved)).rows
    assert [one.inside for one in rows] == [True] * 3 + [False] * 4
    assert [one.sure for one in rows] == [True, False, False, True, False, True, False]


def test_every_simulated_value_carries_its_own_uncertainty(judged):
    for row in judged.rows:
        assert row.simulated_low <= row.simulated <= row.simulated_high
    few = validate(studies=20, facts=CHOSEN[3:4]).rows[0]
    many = validate(studies=320, facts=CHOSEN[3:4]).rows[0]
    assert many.simulated_high - many.simulated_low < few.simulated_high - few.simulated_low


def test_a_policy_is_run_with_and_without_it_on_the_same_random_numbers(judged):
    clinic = study_clinic(Parameters())
    arms = [
        run_studies(clinic, seed=judged.seed, studies=40, designs=[changes])
        for changes in ({"alliance_supervision": True}, {})
    ]
    expected = CONTRASTS["contrast_alliance_d"](*arms, sessions=(1, 1))
    assert judged.row("F95").simulated == expected


def test_a_policy_a_setting_already_has_is_taken_away_for_the_other_arm():
    clinic = preset("stepped_care", progress_feedback=True)
    assert _without(clinic, (("progress_feedback", True),)) == {"progress_feedback": False}
    assert _without(Parameters(), (("progress_feedback", True),)) == {}
    row = validate("telehealth", studies=20, facts=(fact("F78"),)).rows[0]
    assert row.simulated != 0.0


def test_studies_of_several_kinds_are_pooled_and_kept_apart():
    clinic = study_clinic(Parameters())
    tables = run_studies(
        clinic, seed=3, studies=20, designs=[{"therapists": 2}, {"therapists": 10}]
    )
    assert tables.studies == 40
    assert set(tables.clients["run"]) == {0, 1}
    slope = STATISTICS["patient_therapist_ratio_slope"](tables)
    assert math.isfinite(slope)


def test_a_design_with_larger_studies_is_run_fewer_times():
    clinic = study_clinic(Parameters())
    tables = run_studies(clinic, seed=3, studies=40, designs=[{"clients": 240}])
    assert tables.studies == 10


@pytest.mark.parametrize("name", [one.name for one in all_presets() if one.kind == "setting"])
def test_a_study_has_the_caseload_of_its_setting(name):
    whole, small = preset(name), study_clinic(preset(name))
    assert small.therapists >= 2
    assert small.clients / small.therapists == pytest.approx(
        whole.clients / whole.therapists, rel=0.02
    )
    assert small.arrivals_per_week / small.therapists == pytest.approx(
        whole.arrivals_per_week / whole.therapists
    )


def test_a_study_of_nobody_is_refused():
    with pytest.raises(AllianceError, match="at least 10"):
        study_clinic(Parameters(), 3)
    with pytest.raises(AllianceError, match="at least 20"):
        validate(studies=2)
    with pytest.raises(AllianceError, match="Did you mean stepped_care"):
        validate("steped_care")


def test_experience_is_judged_over_years_and_not_over_the_weeks_a_clinic_fills():
    one = fact("F49")
    row = validate(studies=40, facts=(one,)).rows[0]
    assert row.simulated_high - row.simulated_low < 0.12
    learning = Parameters(experience_effect=0.005, forgetting=0.0, skill_ceiling=5.0)
    better = validate(learning, studies=40, facts=(one,)).rows[0]
    assert better.simulated > row.simulated + 0.015


# -- which findings a setting answers for ----------------------------------------------------


def test_every_setting_with_findings_is_a_preset():
    names = {one.name for one in all_presets() if one.kind == "setting"}
    assert set(settings_with_facts()) - {"default"} <= names


def test_a_setting_answers_for_its_own_levels_and_not_for_those_of_others():
    own = facts_for("university_counselling")
    assert {"F31", "F29", "F24u", "F01"} <= {one.id for one in own}
    assert not {"F23", "F30", "F87"} & {one.id for one in own}
    assert all(
        one.setting == "university_counselling" or not statistic(one.statistic_function).level
        for one in own
    )


def test_a_finding_of_the_setting_replaces_the_general_one():
    youth = [one.id for one in facts_for("youth")]
    assert "F07" in youth
    assert "F01" not in youth


def test_medicine_answers_for_medicine_only():
    assert {one.setting for one in facts_for("medical_follow_up")} == {"medical_follow_up"}


def test_everything_else_is_held_against_the_general_findings():
    for name in ("causal", "warm_but_porous"):
        assert resolve(name)[2] == "default"
    assert facts_for("nowhere") == facts_for("default")


def test_rates_are_levels_and_relations_are_not():
    levels = {name for name, one in STATISTICS.items() if one.level}
    assert {"dropout_rate", "mean_sessions", "recovery_rate", "satisfaction_mean"} <= levels
    assert not any(STATISTICS[name].unit in {CORRELATION, DEVIATIONS} for name in levels)
    assert not any(one.level for one in CONTRASTS.values())


def test_explanations_are_about_findings_and_settings_that_exist():
    known = {one.id for one in load_facts()}
    for key in load_explanations():
        name, _, setting = key.partition("@")
        assert name in known
        assert setting in {"", *settings_with_facts()}
    assert explanation("F01") == NONE_FOUND


def test_an_explanation_for_a_setting_goes_first():
    assert explanation("F10", "medical_follow_up") != explanation("F10")


# -- how it is shown ---------------------------------------------------------------------------


def test_json_says_what_was_asked_of_it(judged):
    entries = json.loads(json.dumps(judged.to_dicts(), allow_nan=False))
    wanted = {
        "id", "statistic", "published", "low", "high", "range_reason", "simulated",
        "simulated_low", "simulated_high", "inside", "role", "status",
    }  # fmt: skip
    assert [entry["id"] for entry in entries] == [one.id for one in CHOSEN]
    assert all(wanted <= set(entry) for entry in entries)


def test_a_value_that_is_no_number_is_null_in_json(judged):
    broken = replace(judged, rows=(replace(judged.rows[0], simulated=math.inf),))
    assert broken.to_dicts()[0]["simulated"] is None


def test_the_page_needs_nothing_from_elsewhere(judged):
    page = validation_document([ValidatedSetting(judged)])
    assert "<svg" in page
    assert not re.search(r"https?:|//|<script|<link|@import|url\(|src=|href=", page)


def test_the_page_shows_misses_as_plainly_as_successes(judged):
    missed = replace(
        judged,
        rows=(replace(judged.rows[0], inside=False, sure=True, explanation="Because <of> this."),),
    )
    page = validation_document([ValidatedSetting(missed)])
    assert "OUTSIDE" in page
    assert "Because &lt;of&gt; this." in page
    assert "OUTSIDE" not in validation_document(
        [ValidatedSetting(replace(judged, rows=(judged.row("F74"),)))]
    )


def test_what_is_from_memory_is_said_to_be(judged):
    assert judged.row("F74").status == "M"
    assert "(from memory)" in validation_document([ValidatedSetting(judged)])
    assert "(from memory)" not in validation_document(
        [ValidatedSetting(replace(judged, rows=(judged.row("F01"),)))]
    )
    assert set(STATUS_WORDS) == {"V", "V2", "M", "D"}


def test_every_finding_says_how_its_statistic_is_computed(judged):
    definitions = {row.id: row.definition for row in judged.rows}
    assert definitions["F01"] == statistic(fact("F01").statistic_function).meaning
    assert len(set(definitions.values())) == len(definitions)


def test_roles_are_counted_apart(judged):
    counting = [one for one in CHOSEN if not one.not_counting]
    for role in ROLE_WORDS:
        assert judged.count_inside(role).total == sum(full_role(one) == role for one in counting)
    assert sum(judged.count_inside(role).total for role in ROLE_WORDS) == len(counting)
    assert str(replace(judged, rows=()).count_inside("fit")) == "fitted: none"


@pytest.mark.slow
def test_all_findings_of_the_default_clinic_are_numbers():
    """A minute."""
    found = validate()
    assert len(found.rows) >= 40
    assert not [row.id for row in found.rows if math.isnan(row.simulated)]
