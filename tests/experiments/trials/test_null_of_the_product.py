"""Without an effect, analyses find one as often as theory says of them; docs/trials.md has 10,000 trials of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from experiments.trials import Trial
from experiments.trials.trial_design import TrialDesign

if TYPE_CHECKING:
    from pathlib import Path

KENWARD_ROGER = {"kind": "lmm", "random": ["therapist"], "df": "kenward_roger"}


def null_trial(therapists_in_arms: str) -> Trial:
    """Return a trial of two arms that are treated alike, in the default clinic."""
    return Trial(
        TrialDesign(
            arms={"usual": {}, "same": {}},
            design={"clients": 200, "therapists": 10, "therapists_in_arms": therapists_in_arms},
            outcome={"weeks": [12], "primary": 12},
            analysis=[KENWARD_ROGER, {"kind": "ancova"}],
        )
    )


@pytest.mark.slow  # 20 s
def test_what_ignores_therapists_errs_as_the_design_effect_predicts(tmp_path: Path) -> None:
    result = null_trial("nested").run(tmp_path, 2000)
    model, naive = (one.type_1 for one in result.characteristics)
    (cluster,) = result.clustering
    assert cluster.design_effect > 1.7
    assert naive.value == pytest.approx(cluster.naive_type_1, abs=0.02 + 2 * naive.error)
    assert 0.02 <= model.value <= 0.055


@pytest.mark.slow  # 20 s
def test_crossed_therapists_do_no_harm(tmp_path: Path) -> None:
    result = null_trial("crossed").run(tmp_path, 2000)
    model, naive = (one.type_1 for one in result.characteristics)
    assert result.clustering[0].design_effect == pytest.approx(1, abs=0.03)
    for one in (model, naive):
        assert 0.044 - 2 * one.error <= one.value <= 0.056 + 2 * one.error


@pytest.mark.slow  # 8 s
def test_clinics_that_are_randomised_cost_what_the_design_effect_says(tmp_path: Path) -> None:
    found = {}
    for differ in (0, 1, 2):
        made = TrialDesign(
            preset="university_counselling",
            arms={"usual": {}, "same": {}},
            design={
                "randomise": "clinic",
                "clients": 400,
                "therapists": 40,
                "clinics": 20,
                "clinics_differ": differ,
            },
            outcome={"weeks": [12], "primary": 12},
            analysis=[{"kind": "ancova"}, {"kind": "lmm", "random": ["clinic"]}],
        )
        result = Trial(made).run(tmp_path / str(differ), 600)
        (cluster,) = result.clustering
        naive, model = (one.type_1 for one in result.characteristics)
        assert naive.value == pytest.approx(cluster.naive_type_1, abs=0.02 + 2 * naive.error)
        assert model.value <= 0.06 + 2 * model.error
        found[differ] = cluster.design_effect
    assert found[0] < 1.2 < found[1] < found[2] - 0.2
