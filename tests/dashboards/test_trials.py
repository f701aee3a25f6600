"""The trial room: the trial its address asks for, power that becomes better known, one trial opened."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dashboards.addresses.address import PageState, read
from dashboards.addresses.pages import address
from dashboards.rooms.trial_inputs import EMPATHY, INPUTS, _controls
from dashboards.trials import refinement
from dashboards.trials.figures import found_without_effect, power_by_size, uncertainties
from dashboards.trials.inputs import FIELDS, MOST_CLIENTS, planned, set_by_trial
from dashboards.trials.needed import needed, needed_words
from dashboards.trials.opened import open_trial
from dashboards.trials.picture import trial_picture
from dashboards.trials.refinement import MIXED, NAIVE, TrialProgress, refine, strengths_of
from dashboards.trials.verdict import p_words, verdict
from experiments.power.power_curve import Batch
from experiments.trials import effect
from experiments.trials.trial import Trial
from experiments.trials.trial_design import TrialDesign
from simulation.errors import AllianceError
from simulation.input_files import parse_toml

if TYPE_CHECKING:
    from pathlib import Path

SMALL = {"differ": "empathy", "people": 40, "team": 4}


def page(**view: object) -> PageState:
    return PageState(room="trial", view={**SMALL, **view})


def progress(effect: list[Batch], null: list[Batch] | None = None) -> TrialProgress:
    """Progress of the default trial, with counts that are given."""
    found, none = tuple(effect), tuple(null or effect)
    plan = planned(PageState(room="trial"))
    return TrialProgress(plan, (found, found), (none, none), 0)


def test_arms_people_and_luck_are_those_of_the_address() -> None:
    view = {
        "differ": "empathy",
        "usual": 0.3,
        "treated": 0.7,
        "people": 60,
        "team": 6,
        "seen": "crossed",
    }
    design = planned(PageState(room="trial", preset="youth", seed=5, view=view)).design
    assert {name: dict(arm.settings) for name, arm in design.arms.items()} == {
        "usual": {"empathy": 0.3},
        "treated": {"empathy": 0.7},
    }
    assert (design.preset, design.seed) == ("youth", 5)
    assert (design.design.clients, design.design.therapists) == (60, 6)
    assert design.design.therapists_in_arms == "crossed"
    assert (design.outcome.primary, design.outcome.instrument) == (12, "core_10")
    supervised = planned(PageState(room="trial", view={"d": 0.35})).design.arms
    assert (supervised["usual"].policies, supervised["usual"].effect) == ((), None)
    assert supervised["treated"].policies == ("alliance_supervision",)
    assert supervised["treated"].effect is not None
    assert supervised["treated"].effect.d == 0.35


def test_the_sizes_are_round_the_trial_and_its_own_is_among_them() -> None:
    plan = planned(PageState(room="trial"))
    assert list(plan.sizes) == [100, 200, 400, 600, 800, 1200]
    assert plan.own_size == 400
    assert plan.at(200).design.clients == 200
    many = planned(page(people=1000, team=20, over="therapists"))
    assert all(many.at(size).design.clients <= MOST_CLIENTS for size in many.sizes)
    assert many.own_size in many.sizes


def test_what_a_trial_decides_itself_is_left_out_and_said() -> None:
    changed = PageState(room="trial", changes={"clients": 60, "empathy": 0.5})
    assert planned(changed).design.settings == {"empathy": 0.5}
    assert set_by_trial(changed) == "A trial decides clients itself: what you set is left out."
    assert set_by_trial(PageState(room="trial")) == ""


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ({"people": 20, "team": 30}, "fewer than therapists"),
        ({"people": 50, "team": 4, "over": "therapists"}, "cannot be dealt evenly"),
        ({"team": 10, "clinics": 3}, "set Therapists in all to 9 or 12"),
        ({"team": 10, "clinics": 6}, "need 12 therapists, one for each arm"),
        ({"team": 5, "clinics": 6, "seen": "crossed"}, "need 6 therapists: "),
    ],
)
def test_a_trial_that_cannot_be_run_says_why(view: dict[str, object], said: str) -> None:
    with pytest.raises(AllianceError, match=said):
        planned(page(**view))


@pytest.mark.parametrize("view", [{}, {"clinics": 2, "clinics_differ": 2.5, "sets": "all"}])
def test_the_file_is_the_trial(view: dict[str, object]) -> None:
    design = planned(page(**view)).design
    assert TrialDesign(**parse_toml(design.to_toml(), "trial.toml")) == design


def test_clinics_and_parameter_sets_are_those_of_the_command() -> None:
    usual = planned(page())
    assert (usual.design.design.clinics, usual.design.ensemble) == (1, False)
    several = planned(page(team=8, clinics=2, clinics_differ=2.5)).design
    assert (several.design.clinics, several.design.clinics_differ) == (2, 2.5)
    over_sets = planned(page(sets="all"))
    assert over_sets.design == usual.design.with_ensemble()
    assert "one set of parameters" in " ".join(uncertainties(usual.design))
    assert "2.5 times as much as published studies do" in " ".join(uncertainties(several))
    said = " ".join(uncertainties(over_sets.design))
    assert "how well parameters are known, how clinics differ and chance" in said
    alike = planned(page(team=8, clinics=2, clinics_differ=0.0)).design
    assert "All clinics have the same parameters." in uncertainties(alike)


def test_an_address_keeps_clinics_and_parameter_sets() -> None:
    shown_there = page(clinics=3, clinics_differ=0.5, sets="all", team=9, seen="crossed")
    again, notices = read("trial", address(shown_there).partition("?")[2], FIELDS)
    assert not notices
    assert again == shown_there


def test_controls_of_clinics_are_offered_and_how_much_they_differ_where_they_are_drawn() -> None:
    def names(*, drawn: bool) -> set[str]:
        groups = _controls("supervision", drawn=drawn).groups
        return {one.name for group in groups for one in group.controls}

    assert {"clinics", "sets"} < names(drawn=False)
    assert names(drawn=True) - names(drawn=False) == {"clinics_differ"}
    assert names(drawn=True) | set(EMPATHY) == set(INPUTS)


def test_counts_are_those_of_the_product_and_no_trial_counts_twice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(refinement, "ROUNDS", (4, 6))
    monkeypatch.setattr(refinement, "TRIALS", 10)
    plan = planned(page())
    found = list(refine(plan, seconds=0.001))
    last = found[-1]
    assert [one.done for one in found] == sorted({one.done for one in found})
    assert last.finished
    assert not found[0].finished
    assert all(batch.trials == 10 for side in (last.effect, last.null) for batch in side[NAIVE])
    result = Trial(plan.design).run(tmp_path / "run", 10, null=True, threads=1)
    at = plan.sizes.index(plan.own_size)
    for place, one in enumerate(result.characteristics):
        assert last.effect[place][at].power.value == pytest.approx(one.power.value)
        assert last.null[place][at].power.value == pytest.approx(one.type_1.value)


def test_the_first_points_are_those_of_the_trial_itself() -> None:
    steps = refine(planned(page()), seconds=0.0)
    first = next(steps)
    assert first.done in {20, 40}  # one size, or two where two cores are free
    assert first.effect[MIXED] == ()
    assert 40 in [batch.size for batch in first.null[MIXED]]
    assert "with 40 clients" in found_without_effect(first).summary
    with_effect = next(one for one in steps if one.effect[MIXED])
    assert 40 in [batch.size for batch in with_effect.effect[MIXED]]
    assert "With 40 clients" in power_by_size(with_effect).summary


def test_what_is_found_without_an_effect_does_not_wait_for_how_strong_a_treatment_must_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ask(_: TrialDesign) -> None:
        raise AllianceError("asked")

    monkeypatch.setattr(refinement, "strengths_of", ask)
    plan = planned(page(differ="supervision", d=0.1))
    seen: list[TrialProgress] = []
    with pytest.raises(AllianceError, match="asked"):
        seen.extend(refine(plan, seconds=0.0))
    assert [batch.size for batch in seen[-1].null[MIXED]] == list(plan.sizes)
    assert seen[-1].effect == ((), ())


def test_a_treatment_is_as_strong_as_in_the_trial_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effect, "CLIENTS", 4_000)
    plan = planned(page(differ="supervision", d=0.1))
    for size in plan.sizes[:2]:
        design = plan.at(size)
        written = TrialDesign(**parse_toml(design.to_toml(), "trial.toml"))
        assert strengths_of(design) == Trial(written).strengths


def test_a_size_is_told_only_where_it_was_run() -> None:
    rising = [Batch(100, 300, 60), Batch(400, 300, 180), Batch(800, 300, 260)]
    size = needed(progress(rising))
    assert size is not None
    assert 400 < size.value < 800
    assert "80 % at about" in needed_words(progress(rising))
    low = [Batch(100, 300, 30), Batch(400, 300, 60), Batch(800, 300, 70)]
    assert needed(progress(low)) is None
    assert "does not reach a power of 80 %" in needed_words(progress(low))
    high = [Batch(100, 300, 290), Batch(400, 300, 300), Batch(800, 300, 300)]
    assert needed_words(progress(high)).startswith("Even the fewest")


def test_figures_say_power_and_type_i_error_of_both_analyses() -> None:
    effect = ((Batch(400, 100, 31),), (Batch(400, 100, 47),))
    null = ((Batch(400, 100, 6),), (Batch(400, 100, 12),))
    known = TrialProgress(planned(PageState(room="trial")), effect, null, 0)
    power, none = power_by_size(known), found_without_effect(known)
    assert re.search(
        r"With 400 clients the mixed model finds the effect in 31 % \(.*\) of trials, an analysis that ignores "
        r"therapists in 47 % \(",
        power.summary,
    )
    assert re.search(
        r"the mixed model still finds an effect in 6 % \(.*\) of trials, an analysis that ignores therapists in "
        r"12 % \(.*\)\. It should be 5 %\.",
        none.summary,
    )
    for figure, mixed, naive, line in ((power, 0.31, 0.47, 0.8), (none, 0.06, 0.12, 0.05)):
        assert [one.values for one in figure.series] == [(mixed,), (naive,), (line,)]
        assert [one.name for one in figure.series[:2]] == [
            "mixed model with therapists",
            "ignoring therapists",
        ]
    assert power.series[1].role == "ghost"


def test_an_opened_trial_is_that_of_the_product() -> None:
    design = planned(page()).design
    opened = open_trial(design, 3, null=False)
    table = Trial(design).simulate(1, first=2).table
    np.testing.assert_array_equal(opened.score, table.score)
    assert [one.clients for one in opened.means] == [
        int(np.isfinite(table.score[table.therapist == therapist]).sum()) for therapist in range(4)
    ]
    known = np.isfinite(table.score)
    picture = str(trial_picture(opened))
    assert picture.count("<circle") + picture.count("<path") == known.sum()
    assert picture.count('class="mean') == 4
    assert opened.truth is not None
    assert opened.conclusions[NAIVE].df > opened.conclusions[MIXED].df


def test_an_opened_trial_is_told_over_its_clinics_and_parameter_sets() -> None:
    design = planned(page(clinics=2, sets="all", seen="crossed")).design
    opened = open_trial(design, 1, null=False)
    table = Trial(design).simulate(1).table
    np.testing.assert_array_equal(opened.score, table.score)
    assert [(one.clinic, one.therapist) for one in opened.means if one.arm == 0] == [
        (0, 0),
        (0, 1),
        (1, 2),
        (1, 3),
    ]
    picture = str(trial_picture(opened))
    assert picture.count("Therapist, clinic by clinic") == 2
    sets = design.parameter_sets
    assert sets is not None
    assert f"on average over {len(sets)} parameter sets" in verdict(opened)
    assert opened.truth is not None
    assert opened.truth.trials % len(sets) == 0


def test_every_set_is_refused_where_none_were_looked_for() -> None:
    with pytest.raises(AllianceError, match="University counselling"):
        planned(PageState(room="trial", preset="relief", view={**SMALL, "sets": "all"}))


def test_the_verdict_says_what_each_analysis_found() -> None:
    opened = open_trial(planned(page(seen="crossed")).design, 1, null=True)
    assert opened.truth is None
    mixed, naive = (
        dataclasses.replace(one, p=p)
        for one, p in zip(opened.conclusions, (0.2, 0.01), strict=True)
    )
    split = dataclasses.replace(opened, conclusions=(mixed, naive))
    assert "Ignoring therapists finds an effect (p = .010), the mixed model does not" in verdict(
        split
    )
    both = dataclasses.replace(opened, conclusions=(mixed, mixed))
    assert "Both analyses find no effect" in verdict(both)
    other = dataclasses.replace(opened, conclusions=(naive, mixed))
    assert "The mixed model finds an effect" in verdict(other)
    assert [p_words(p) for p in (0.00002, 0.0009, 0.001, 0.05)] == [
        "p < .001",
        "p < .001",
        "p = .001",
        "p = .050",
    ]


@pytest.mark.parametrize(
    ("effect", "said"),
    [(-2.34, "2.3 points lower, which is better,"), (1.0, "1.0 points higher, which is worse,")],
)
def test_the_verdict_says_what_is_true(effect: float, said: str) -> None:
    opened = open_trial(planned(page()).design, 1, null=False)
    assert opened.truth is not None
    truth = dataclasses.replace(opened.truth, effect=effect, d=0.41)
    assert verdict(dataclasses.replace(opened, truth=truth)).endswith(
        f" In truth treated clients score {said} after 12 weeks (d = 0.41)."
    )
