"""What cannot be run as written is refused in one sentence that says what to do."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from experiments.trials import Trial, effect, strength
from experiments.trials.effect import strengths_for
from experiments.trials.trial_design import TrialDesign, shares
from experiments.trials.truth import population_truth
from simulation.errors import AllianceError
from tests.experiments.trials.small_trials import ARMS, design

if TYPE_CHECKING:
    from experiments.trials.truth import TruthOfTrials

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "experiments/examples/trials/supervision.toml"
WANTED = {"d": 0.15, "by": "alliance_supervision_effect"}
INFLUENCE = {"d": 0.15, "by": "influence_on_client"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"design": {"therapists": 2}}, "from that of its only therapist"),
        ({"design": {"therapists_in_arms": "crossed", "randomise": "therapist"}}, "one arm"),
        ({"outcome": {"primary": 7}}, "primary = 7 is not among weeks"),
        ({"outcome": {"weeks": [6, 2], "primary": 6}}, "weeks must rise"),
        ({"design": {"clients": 8, "therapists": 10}}, "fewer than therapists"),
        ({"outcome": {"instrument": "core10"}}, "Did you mean core_10?"),
        ({"outcome": {"instrument": "wai_sr_client"}}, "rates a therapy"),
        ({"outcome": {"covariates": ["age"]}}, "age is no covariate"),
        ({"arms": {"usual": {}}}, "2 to 6 arms"),
        ({"arms": {"a": {"therapists": 0}, "b": {"therapists": 0}}}, "No arm has therapists"),
        ({"arms": {"a": {"effect": WANTED}, "b": {}}}, "what the others are compared with"),
        ({"arms": {**ARMS, "c": {"policies": ["preference_match"]}}}, "allotted at intake"),
        ({"arms": {**ARMS, "c": {"policies": ["ethics"]}}}, "ethics is not a policy"),
        ({"arms": {"a": {}, "b": {"effect": {"d": 0.2, "by": "weeks"}}}}, "cannot be searched"),
        ({"arms": {"a": {}, "b": {"therapists": 0, "policies": ["video_sessions"]}}}, "nobody"),
        ({"arms": {"a": {}, "b": {"settings": {"clients": 5}}}}, "clients of [design]"),
        ({"settings": {"assignment": "random"}}, "everybody is allotted at intake"),
        ({"settings": {"empathi": 0.5}}, "Did you mean empathy?"),
        ({"design": {"allocation": [1, 1, 1]}}, "3 numbers for 2 arms"),
        ({"design": {"blocks": 3}}, "a multiple of 2"),
        ({"design": {"clinics": 3, "therapists": 4}}, "cannot be shared among clinics"),
        ({"design": {"randomise": "clinic", "clinics": 2}}, "its only clinic"),
        ({"design": {"randomise": "therapist"}, "arms": {"w": {"therapists": 0}, "u": {}}}, "none"),
        ({"settings": {"influence_on_client": 2}}, "influence_on_client is not a parameter"),
        ({"arms": {"a": {}, "b": {"effect": INFLUENCE}}}, "of another model of the dyad"),
        (
            {"preset": "good_enough_level", "estimand": {"planned_ending": "hypothetical"}},
            "a rule of its own",
        ),
        ({"missing": {"at_random": 1.5}}, "at_random"),
        ({"estimand": {"dropout": "completers"}}, "treatment_policy"),
        ({"design": {"clientss": 5}}, "Did you mean clients?"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_sentence(changes: dict, said: str) -> None:
    with pytest.raises(AllianceError) as refused:
        design(**changes)
    message = str(refused.value)
    assert said in message
    assert "\n" not in message


def test_a_trial_that_takes_longer_than_clinics_run_is_refused() -> None:
    with pytest.raises(AllianceError, match="take more therapists"):
        Trial(design(design={"clients": 50_000}))


def test_therapists_of_arms_must_add_up() -> None:
    arms = {"a": {"therapists": 3}, "b": {"therapists": 3}}
    with pytest.raises(AllianceError, match="make them equal"):
        design(arms=arms)
    assert design(arms=arms, design={"therapists": 6}).therapists_of_arms == (3, 3)
    open_arm = design(arms={"a": {"therapists": 3}, "b": {}}, design={"therapists": 8})
    assert open_arm.therapists_of_arms == (3, 5)


def test_the_example_is_the_one_that_the_page_shows_and_survives_being_written() -> None:
    made = TrialDesign.read(EXAMPLE)
    page = (ROOT / "docs/trials.md").read_text("utf-8")
    block = page.split("```toml\n", 1)[1].split("```", 1)[0]
    assert TrialDesign(**tomllib.loads(block)) == made
    assert TrialDesign(**tomllib.loads(made.to_toml())) == made


def test_a_name_and_analyses_are_not_what_data_depend_on() -> None:
    one = design()
    assert design(name="other", analysis=[{"kind": "welch"}]).fingerprint == one.fingerprint
    assert design(seed=2).fingerprint != one.fingerprint
    assert design(missing={"at_random": 0.1}).fingerprint != one.fingerprint


def test_whole_things_are_shared_out_in_proportion() -> None:
    assert shares(10, (1, 1)) == (5, 5)
    assert shares(10, (1, 2)) == (3, 7)
    assert shares(7, (1, 1, 1)) == (3, 2, 2)


@pytest.fixture
def fewer_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effect, "CLIENTS", 8_000)


@pytest.mark.usefixtures("fewer_clients")
def test_the_strength_found_gives_the_effect_that_is_wanted() -> None:
    arms = {"usual": {}, "supervision": {**ARMS["supervision"], "effect": WANTED}}
    made = design(arms=arms)
    strengths = strengths_for(made)
    (same,) = population_truth(made, 200, strengths)
    assert same.d == pytest.approx(WANTED["d"], abs=0.001)
    (fresh,) = population_truth(design(arms=arms, seed=77), 400, strengths)
    assert fresh.d == pytest.approx(WANTED["d"], abs=4 * (fresh.d_error + same.d_error))
    assert fresh.effect < 0, "fewer points of the CORE-10 are better"


@pytest.mark.parametrize("d", [0.02, 0.1, 0.2, -0.05])
def test_a_strength_is_found_with_few_simulations(
    d: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulated = []
    simulate = strength.truth_under

    def counted(design: TrialDesign, trials: int, *more: Any, **named: Any) -> TruthOfTrials:
        simulated.append(trials)
        return simulate(design, trials, *more, **named)

    monkeypatch.setattr(strength, "truth_under", counted)
    wanted = {"d": d, "by": "alliance_supervision_effect"}
    arm = {**ARMS["supervision"], "effect": wanted}
    if d < 0:
        arm = {"policies": [], "effect": {"d": d, "by": "dropout_first"}}
    made = design(arms={"usual": {}, "supervision": arm})
    strengths = strengths_for(made)
    trials = effect.enough_trials(made, effect.CLIENTS)
    assert sum(simulated) <= 5 * trials, "bisection took ten times as many as there are"
    (same,) = population_truth(made, trials, strengths)
    assert same.d == pytest.approx(d, abs=strength.CLOSE)


@pytest.mark.usefixtures("fewer_clients")
def test_an_effect_that_cannot_be_reached_is_refused_with_those_that_can() -> None:
    wanted = {"d": 2.0, "by": "alliance_supervision_effect"}
    made = design(arms={"usual": {}, "b": {**ARMS["supervision"], "effect": wanted}})
    with pytest.raises(AllianceError, match=r"d = 2 cannot be reached .* from 0\.00 to 0\.\d\d\."):
        strengths_for(made)


def test_clinics_that_are_randomised_are_in_the_default_analysis() -> None:
    random = []
    for randomise, therapists in (("client", 8), ("clinic", 8), ("clinic", 4)):
        own = {"randomise": randomise, "therapists": therapists, "clinics": 4}
        random.append(design(design=own, analysis=[]).analyses[0]["random"])
    assert random == [["therapist"], ["clinic", "therapist"], ["clinic"]]
