"""Trials of other models of the dyad: the same allotment, worlds and search, with sessions as they have them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from experiments.power.finding import find_power
from experiments.power.wanted import Wanted
from experiments.trials import Trial, effect
from experiments.trials.worlds import simulate_worlds
from simulation import AllianceModel
from simulation.clinic import STATUSES
from simulation.presets import preset
from simulation.running import prepared
from tests.experiments.trials.small_trials import design

if TYPE_CHECKING:
    from pathlib import Path

STEADY = "good_enough_level"
ARMS = {"usual": {}, "faster": {"settings": {"steady_rate": 0.3}}}


def test_clients_allotted_as_mesa_assigns_them_have_the_same_therapies() -> None:
    p = preset("liebovitch_peluso", clients=40, therapists=4, influence_on_client=2.0)
    mesa = AllianceModel(p, rng=5).run().result().client_rows
    run = replace(
        prepared(p, 5, 1, 0, 1), allotted=np.maximum(mesa["therapist"], 0).astype(np.int64)
    )
    run.hold_unrecorded()
    for name in ("sessions", "status", "week_started", "week_ended", "distress_last"):
        assert np.array_equal(run.clients[name], mesa[name]), name
    assert len(set(mesa["status"])) > 1


def test_a_parameter_of_its_own_tells_arms_apart() -> None:
    made = design(preset=STEADY, arms=ARMS, design={"clients": 40, "therapists": 8, "clinics": 2})
    usual, faster = simulate_worlds(made, range(5)).arms
    assert np.array_equal(usual.base, faster.base)
    assert faster.scores[..., -1].mean() < usual.scores[..., -1].mean() - 1
    dropped = STATUSES.index("dropped_out")
    assert (usual.status != dropped).all(), "by this rule nobody drops out"


def test_a_trial_and_a_search_run_with_an_effect_wanted_of_its_own_parameter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effect, "CLIENTS", 2_000)
    wanted = {"usual": {}, "faster": {"effect": {"d": 0.8, "by": "steady_rate"}}}
    trial = Trial(design(preset=STEADY, arms=wanted, analysis=[{"kind": "t"}]))
    result = trial.run(tmp_path / "trial", 40)
    assert result.effects[0].d == pytest.approx(0.8, abs=0.1)
    assert 0.08 < result.strengths["faster"]["steady_rate"] < 1
    found_arm = {"usual": {}, "faster": {"settings": result.strengths["faster"]}}
    known = Trial(design(preset=STEADY, arms=found_arm, analysis=[{"kind": "t"}]))
    found = find_power(known, tmp_path / "search", Wanted(confirm=0), find="clients")
    # Two groups that differ by .8 SD need 25.5 clients each for a power of .80.
    assert found.found.needed == pytest.approx(51, rel=0.3)


def test_hypothetical_worlds_are_those_of_its_own_sessions_where_endings_are_the_models() -> None:
    made = design(
        preset="liebovitch_peluso",
        arms={"usual": {}, "more": {"settings": {"influence_on_client": 3.0}}},
        estimand={"dropout": "hypothetical"},
    )
    for world in simulate_worlds(made, range(5), dropout=False).arms:
        gone = [STATUSES.index(name) for name in ("dropped_out", "never_started")]
        assert not np.isin(world.status, gone).any()
