"""Published models of the dyad are named where a preset is: in runs, studies, validation and rivals."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING

import pytest

from experiments import results
from experiments.design.designs import Grid
from experiments.design.listed_designs import Presets
from experiments.design.parameter_space import model_space
from experiments.design.replication import Fixed
from experiments.design.study import Study
from experiments.evidence.explain import explain, preset_explained
from experiments.execution.evaluation import ClinicEvaluation
from experiments.execution.executors import Serial
from experiments.execution.run import run
from experiments.reports.rivals_table import rivals_page
from experiments.validation.rival_mechanisms import rivals
from experiments.validation.validate import validate
from simulation import preset, simulate
from simulation.dyads import catalogue
from simulation.dyads.catalogue import added_parameters, dyad_names, published_dyad
from simulation.errors import AllianceError
from simulation.parameters import PARAMETERS
from tests.programs import alliance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simulation.parameters import Parameter

SMALL = {"clients": 20, "therapists": 3}


def test_a_study_varies_a_parameter_of_its_own_like_the_models(tmp_path: Path) -> None:
    study = Study(
        design=Grid(factors={"influence_on_client": [-1.5, 1.5], "empathy": [0.4]}),
        preset="liebovitch_peluso",
        settings=SMALL,
        outcomes=("early_wai_sr_client", "dropout_rate"),
        replication=Fixed(replicates=3),
    )
    run(study, tmp_path / "study", executor=Serial())
    table = results(tmp_path / "study")
    means = table.group_by("influence_on_client").mean().sort("influence_on_client")
    repelled, drawn = means["early_wai_sr_client"].to_list()
    assert repelled < drawn - 1.0
    setting = preset("liebovitch_peluso", influence_on_client=-1.5, empathy=0.4, **SMALL)
    clients = simulate(setting, seed=study.seed, replicates=3).clients
    expected = (clients["status"] == "dropped_out").sum() / len(clients)
    assert means["dropout_rate"][0] == pytest.approx(expected)


def test_models_are_levels_of_a_design_beside_presets() -> None:
    levels = ("causal", "good_enough_level")
    points = Presets(name="mechanism", names=levels).points(model_space())
    assert [point["mechanism"] for point in points.rows(0, 2)] == list(levels)
    evaluate = ClinicEvaluation(("dropout_rate",))
    one, other = (
        evaluate({"preset": name, **SMALL}, 1, 0, 5)["dropout_rate"].mean() for name in levels
    )
    assert one > other == 0.0


def test_a_parameter_without_its_model_is_refused() -> None:
    evaluate = ClinicEvaluation(("dropout_rate",))
    with pytest.raises(AllianceError, match=r"^influence_on_client is not a parameter"):
        evaluate({"influence_on_client": 2.0}, 1, 0, 1)


def test_the_space_of_a_study_has_their_bounds() -> None:
    space = model_space()
    assert space.checked("influence_on_client", 2) == 2.0
    with pytest.raises(AllianceError, match="influence_on_client takes a number from -10 to 10"):
        space.checked("influence_on_client", 11)
    assert space.values("liebovitch_peluso")["influence_on_client"] == 1.5
    assert "influence_on_client" not in space.values(None)


def test_models_are_imported_only_for_what_the_simulation_does_not_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def added_and_noted() -> Mapping[str, Parameter]:
        asked.append("added")
        return added_parameters()

    monkeypatch.setattr(catalogue, "added_parameters", added_and_noted)
    space = model_space.__wrapped__()
    assert space.checked("empathy", 0.5) == 0.5
    assert asked == []
    assert list(space.parameters) == [*PARAMETERS, *added_parameters()]
    assert asked == ["added"]
    with pytest.raises(AllianceError, match="Did you mean influence_on_client"):
        space.column("influence_on_clients")


def test_findings_are_compared_with_a_model_by_its_name() -> None:
    found = validate("liebovitch_peluso", studies=20)
    assert (found.preset, found.setting) == ("liebovitch_peluso", "default")
    same = validate(published_dyad("liebovitch_peluso")(), studies=20)
    assert [row.simulated for row in found.rows] == pytest.approx(
        [row.simulated for row in same.rows], nan_ok=True
    )


def test_rivals_may_be_any_models() -> None:
    names = ("causal", "liebovitch_peluso", "good_enough_level")
    found = rivals(names, studies=20)
    assert tuple(one.preset for one in found.validations) == names
    assert set(found.to_dicts()[0]["mechanisms"]) == set(names)
    assert found.discriminating()
    assert not found.reaches_headline(
        "good_enough_level"
    )  # no relationship, no correlation with it
    assert list(rivals_page(found))


def test_the_command_line_names_runs_and_explains_them() -> None:
    listed = alliance("presets").output
    for name in dyad_names():
        assert name in listed
    words = ("--set", "influence_on_client=-1.5", "--clients", 20, "--therapists", 3, "--json")
    done = alliance("run", "--preset", "liebovitch_peluso", *words)
    assert done.exit_code == 0, done.output
    refused = alliance("run", "--set", "influence_on_client=2", "--clients", 20)
    assert refused.exit_code == 2
    assert "influence_on_client is not a parameter" in refused.stderr
    compared = alliance(
        "rivals", "--rival", "causal", "--rival", "tschacher_haken", "--studies", 20, "--json"
    )
    assert compared.exit_code == 0, compared.output
    assert set(json.loads(compared.stdout)[0]["mechanisms"]) == {"causal", "tschacher_haken"}


@pytest.mark.parametrize("name", added_parameters())
def test_each_parameter_is_explained_with_its_source(name: str) -> None:
    models = [dyad for dyad in dyad_names() if name in published_dyad(dyad).own]
    explained = [one for one in explain(name) if one.kind != "parameter"]
    assert len(explained) == len(models)
    for one, dyad in zip(explained, models, strict=True):
        entries = dict(one.entries)
        assert entries["source"] == published_dyad(dyad).rows[name].source
        assert dyad in entries["belongs to"]


@pytest.mark.parametrize("name", dyad_names())
def test_each_model_is_explained(name: str) -> None:
    one = preset_explained(name)
    assert one == explain(name)[0]
    assert len(one.entries) == len(published_dyad(name).own)
    assert len(one.meaning) > 60


OWN = '''
from typing import ClassVar, NamedTuple

from simulation.dyads.measured import one_relationship
from simulation.dyads.model import DyadModel
from simulation.dyads.outcome import outcome_of
from simulation.parameters import Parameters
from simulation.parameters.declaration import number


class Warmth(NamedTuple):
    felt: float


def begin(client, distress, style, p):
    return Warmth(p.first_warmth)


def session(client, state, therapist, draws, p):
    return state


def measured(client, state, before, therapist, draws, p):
    after = outcome_of(0.1, state.felt, client, before, draws, p)
    return one_relationship(state.felt, state.felt, after.distress, after.level, after.satisfaction)


class Warm(Parameters):
    """Warmth."""

    dyad: ClassVar[DyadModel] = DyadModel(Warmth, begin, session, measured)

    first_warmth: float = number(0.5, 0, 1, "Warmth.")
'''

OWN_STUDY = """
outcomes = ["early_wai_sr_client"]

[settings]
clients = 20
therapists = 3

[design]
kind = "grid"
factors = { first_warmth = [0.3, 0.8] }

[replication]
kind = "fixed"
replicates = 2
"""


def test_a_model_of_ones_own_is_a_rule_of_a_sweep_and_of_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "warm_dyad.py").write_text(OWN)
    (tmp_path / "study.toml").write_text(OWN_STUDY)
    rule = ("--rule", "warm_dyad.py:Warm")
    done = alliance("sweep", "study.toml", "--out", "swept", *rule)
    assert done.exit_code == 0, done.output
    means = results("swept").group_by("first_warmth").mean().sort("first_warmth")
    cold, warm = means["early_wai_sr_client"].to_list()
    assert cold < warm - 5.0
    ran = alliance("run", *rule, "--set", "first_warmth=0.3", "--clients", 20, "--therapists", 3)
    assert ran.exit_code == 0, ran.output
    refused = alliance("run", *rule, "--preset", "tschacher_haken", "--clients", 20)
    assert "tschacher_haken and Warm are models of the dyad" in " ".join(refused.output.split())


def test_results_belong_to_the_model_that_gave_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))

    def sources(name: str, text: str) -> list[str]:
        (tmp_path / f"{name}.py").write_text(text)
        kind = importlib.import_module(name).Warm
        return list(ClinicEvaluation(("dropout_rate",), (kind,)).sources.values())

    first = sources("dyad_a", OWN)
    changes = (("outcome_of(0.1", "outcome_of(0.2"), ("number(0.5", "number(0.6"))
    for place, (old, new) in enumerate(changes):
        assert old in OWN
        changed = sources(f"dyad_b{place}", OWN.replace(old, new))
        assert len(changed) == len(first)
        assert sum(a not in first for a in changed) == 1
