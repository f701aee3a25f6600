"""The cheapest trial, where trials are as often significant as theory has it for tests of therapist means."""

from __future__ import annotations

import json
import math

import numpy as np
import polars as pl
import pytest
from scipy.optimize import brentq
from scipy.stats import nct, t

from experiments.power import batches
from experiments.power.cost import Cost
from experiments.power.costs import LOADS, find_cheapest
from experiments.power.wanted import Wanted
from experiments.trials import Trial
from experiments.trials.trial_design import TrialDesign
from tests.programs import alliance

COST = Cost(client=100, therapist=1900)
"""With a correlation of .05 within therapists, some nineteen clients of each make the cheapest trial of all."""

DESIGN = TrialDesign(
    name="small",
    arms={"usual": {"settings": {"empathy": 0.3}}, "more": {"settings": {"empathy": 0.9}}},
    design={"clients": 80, "therapists": 8},
    analysis=[{"kind": "ancova"}],
)


def power_of(load: float, therapists: float, d: float = 0.5, icc: float = 0.05) -> float:
    shift = d / math.sqrt(4 * (icc + (1 - icc) / load) / therapists)
    return float(nct.sf(t.ppf(0.975, therapists - 2), therapists - 2, shift))


def exact_cost(load: float) -> float:
    needed = brentq(lambda therapists: power_of(load, therapists) - 0.8, 4, 400)
    return float(needed * (COST.client * load + COST.therapist))


@pytest.fixture(autouse=True)
def as_theory_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def analysed(
        design: TrialDesign, _analyses: object, _strengths: object, trials: range
    ) -> pl.DataFrame:
        clients, therapists = design.design.clients, design.design.therapists
        power = power_of(clients / therapists, therapists)
        luck = [np.random.default_rng([clients, therapists, one]).random() for one in trials]
        return pl.DataFrame(
            {
                "trial": np.array(trials, dtype=np.uint32),
                "analysis": np.zeros(len(trials), dtype=np.uint8),
                "contrast": np.ones(len(trials), dtype=np.uint8),
                "p_holm": np.where(np.array(luck) < power, 0.01, 0.5),
                "failed": [""] * len(trials),
            }
        )

    monkeypatch.setattr(batches, "analysed", analysed)


def test_the_cheapest_trial_is_nearly_the_cheapest_that_theory_knows(tmp_path) -> None:
    found = find_cheapest(Trial(DESIGN), tmp_path, COST, Wanted(confirm=0))
    loads = [one.clients_per_therapist for one in found.contour]
    assert loads == sorted(loads)
    assert set(LOADS) < set(loads)
    for one in found.contour:
        therapists = one.cost / (COST.client * one.clients_per_therapist + COST.therapist)
        assert therapists == pytest.approx(2 * round(therapists / 2)), "as many in each arm"
        assert 0 <= therapists - one.therapists.value < 2
    answer = found.power.answer
    assert answer is not None
    load = answer.design.clients // answer.design.therapists
    assert load == min(found.contour, key=lambda one: one.cost).clients_per_therapist
    assert found.total == load * answer.design.therapists * 100 + answer.design.therapists * 1900
    least = min(exact_cost(one) for one in range(5, 51))
    assert found.total < 1.15 * least
    assert exact_cost(3) > 1.5 * least


def test_the_command_says_what_the_cheapest_trial_costs(tmp_path) -> None:
    file = tmp_path / "trial.toml"
    file.write_text(DESIGN.to_toml())
    words = ("power", file, "--cost", "client=100, therapist=1900", "--trials", 0)
    done = alliance(*words, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    found = json.loads(alliance(*words, "--out", tmp_path / "out", "--json").stdout)
    assert found["sentence"].endswith(f"It costs {found['cost']:,.0f}.")
    assert found["sentence"] in " ".join(done.stdout.split())
    assert len(found["contour"]) > len(LOADS)
