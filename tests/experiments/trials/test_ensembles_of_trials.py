"""Trials over an ensemble: each under another of the parameter sets that the findings leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from experiments.calibration import ensemble
from experiments.trials import Trial
from experiments.trials.clinic_sentences import power_sentence
from experiments.trials.clinics import differing_values, sets_of_trials
from experiments.trials.folder import TrialFolder
from experiments.trials.worlds import simulate_worlds
from simulation.allotment import clinic_places
from simulation.assessing import Assessment, simulate_assessed
from simulation.errors import AllianceError
from tests.experiments.trials.small_trials import ARMS, design
from tests.programs import alliance, refused

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.trials.trial_design import TrialDesign

SETS = ensemble("university_counselling")


def over_sets(**changes: object) -> TrialDesign:
    return design(ensemble=True, **changes)


def test_a_block_of_trials_has_every_set_once_whichever_trials_are_asked_for() -> None:
    made, count = over_sets(), len(SETS)
    first = sets_of_trials(made, range(2 * count))
    for block in (first[:count], first[count:]):
        assert sorted(block) == list(range(count))
    assert not np.array_equal(first[:count], first[count:])
    assert np.array_equal(
        sets_of_trials(made, range(count - 3, count + 4)), first[count - 3 : count + 4]
    )
    far = 1_000_000
    assert len(sets_of_trials(made, range(far, far + 5))) == 5
    assert not np.array_equal(sets_of_trials(over_sets(seed=2), range(count)), first[:count])


def test_a_trial_has_the_values_of_its_set_and_those_that_an_arm_sets_in_all() -> None:
    made = over_sets(design={"clinics_differ": 0})
    middle, fixed = made.parameters_of("usual"), "dropout_later"
    assert fixed in SETS.names
    values = differing_values(made, middle, range(10), fixed=(fixed,))
    rows = SETS.values[sets_of_trials(made, range(10))]
    assert set(values) == set(SETS.names) - {fixed}
    for place, name in enumerate(SETS.names):
        if name != fixed:
            assert np.array_equal(values[name], rows[:, place])
    drawn = differing_values(over_sets(), middle, range(10), fixed=(fixed,))
    spread = next(one.spread for one in SETS.traits if one.name == "attrition")
    places = spread * clinic_places(made.seed, range(10), 1, len(SETS.traits))[:, 0, 0]
    assert drawn[fixed] == pytest.approx(getattr(middle, fixed) + places)
    assert drawn["dropout_first"] == pytest.approx(values["dropout_first"] + places)


def test_each_trial_is_that_of_its_own_parameters() -> None:
    made = over_sets(design={"clients": 12, "therapists": 6, "clinics": 3})
    middle = made.parameters_of("usual").replace(clients=30, therapists=2)
    values = differing_values(made, middle, range(4, 6))
    chairs = np.arange(6 * 30).reshape(6, 30) % 2
    asked = Assessment((3, 9))
    together = simulate_assessed(middle, chairs, asked, seed=4, clinics=6, differing=values)
    for clinic in (0, 4):
        own = middle.replace(**{name: float(value[clinic]) for name, value in values.items()})
        alone = simulate_assessed(
            own, chairs[clinic : clinic + 1], asked, seed=4, first_clinic=clinic
        )
        for name in ("base", "scores", "on_treatment", "session", "status", "ended"):
            assert np.array_equal(getattr(together, name)[clinic], getattr(alone, name)[0]), name


def test_worlds_of_a_trial_differ_by_the_policy_alone_and_trials_by_more() -> None:
    made = over_sets(outcome={"weeks": [1, 12], "primary": 12})
    usual, supervised = simulate_worlds(made, range(30)).arms
    assert np.array_equal(usual.base, supervised.base)
    same = simulate_worlds(made, range(30), null=True).arms
    assert same[0] is same[1]
    one = simulate_worlds(design(outcome={"weeks": [1, 12], "primary": 12}), range(30)).arms[0]
    assert usual.base.mean(axis=1).std() > 1.5 * one.base.mean(axis=1).std()
    later = simulate_worlds(made, range(20, 30)).arms[0]
    assert np.array_equal(later.scores, usual.scores[20:])


def test_what_power_holds_is_said() -> None:
    several = {"clinics": 4, "therapists": 8}
    assert "Power holds chance, for the one set" in power_sentence(design())
    assert "chance and how clinics differ" in power_sentence(design(design=several))
    said = power_sentence(over_sets())
    assert f"one of the {len(SETS)} of {SETS.tried} parameter sets" in said
    assert "how well parameters are known, how clinics differ and chance" in said
    flat = power_sentence(over_sets(design={"clinics_differ": 0}))
    assert "how well parameters are known and chance" in flat


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"preset": "university_counselling+causal"}, "does not go with two presets"),
        ({"preset": "causal"}, "No ensemble of causal is there"),
    ],
)
def test_what_has_no_ensemble_is_refused(changes: dict, said: str) -> None:
    with pytest.raises(AllianceError, match=said):
        over_sets(**changes)


def test_the_option_is_the_line_in_the_file_and_other_data(tmp_path: Path) -> None:
    file = tmp_path / "trial.toml"
    file.write_text(design(arms=ARMS).to_toml())
    words = ["trial", str(file), "--trials", "20"]
    done = alliance(*words, "--out", tmp_path / "sets", "--ensemble")
    assert done.exit_code == 0, done.output
    assert "parameter sets that the findings leave" in " ".join(done.stdout.split())
    folder = TrialFolder.open(tmp_path / "sets")
    assert folder.design == Trial.read(file, ensemble=True).design
    assert folder.design.ensemble
    assert "ensemble" in refused(*words, "--out", tmp_path / "sets")
