"""Rules and models of one's own use the built-in outcomes, and the command line."""

from __future__ import annotations

import functools
import html
import shlex

import numpy as np
import pytest

from experiments.design.designs import Grid
from experiments.design.replication import Fixed
from experiments.design.study import Study
from experiments.execution.evaluation import ClinicEvaluation
from experiments.execution.executors import Processes, Serial
from experiments.execution.model_source import source_hash
from experiments.execution.own_code import own_code, stored_own_code
from experiments.execution.rules import Rules
from experiments.execution.run import run
from experiments.execution.verify import verify
from experiments.reports.study import study_document
from experiments.reports.study_table import results_page
from experiments.store.study_folder import StudyFolder
from simulation import Client, Therapist
from simulation.errors import AllianceError
from tests.experiments.studies.clinic_of_paper import result_bytes
from tests.programs import finished

RULES = """
from simulation import Client, hold_session
from simulation.numerics import where
from simulation.states import changed

CAP = 0.5


def capped_session(client, state, therapist, draws, p):
    after, events = hold_session(client, state, therapist, draws, p)
    return changed(after, strain=where(after.strain > CAP, CAP, after.strain)), events


class Persistent(Client):
    def ends(self, events):
        status = super().ends(events)
        return None if status == "dropped_out" and self.sessions < 3 else status
"""

MODEL = """
import numpy as np


def evaluate(settings, seed, first, count):
    if settings["empathy"] > 0.6:
        raise ValueError("too warm")
    return {"gain": settings["empathy"] + np.arange(first, first + count)}
"""


class Persistent(Client):
    """A client who never drops out before the third session."""

    def ends(self, events):
        status = super().ends(events)
        return None if status == "dropped_out" and self.sessions < 3 else status


def study(**changes):
    values = {
        "design": Grid(factors={"empathy": [0.3, 0.7]}),
        "settings": {"clients": 20, "therapists": 3},
        "outcomes": ("early_dropout_share", "dropout_rate"),
        "replication": Fixed(replicates=3),
    }
    return Study(**{**values, **changes})


def alliance(folder, *words):
    """Run the program in a folder that has rules.py and model.py."""
    (folder / "rules.py").write_text(RULES)
    (folder / "model.py").write_text(MODEL)
    return finished(*words, cwd=folder)


SMALL = ("--set", "clients=20", "--set", "therapists=3")
SWEEP = ("sweep", "--vary", "empathy=0.3,0.7", *SMALL, "--replicates", "3", "--out", "s")


def test_a_class_of_clients_is_studied_with_the_built_in_outcomes(tmp_path):
    changed = ClinicEvaluation(study().outcomes, rules=(Persistent,))
    shares = run(study(), tmp_path / "s", evaluate=changed).results()["early_dropout_share"]
    usual = run(study(), tmp_path / "usual").results()["early_dropout_share"]
    assert shares.fill_nan(0.0).max() == 0.0
    assert usual.fill_nan(0.0).max() > 0.0


def test_a_study_names_its_rule_wherever_it_is_shown_or_repeated(tmp_path):
    changed = ClinicEvaluation(study().outcomes, rules=(Persistent,))
    folder = run(study(), tmp_path / "s", evaluate=changed)
    name, option = (
        "test_rules_of_ones_own.py:Persistent",
        "--rule test_rules_of_ones_own.py:Persistent",
    )
    sha256 = folder.manifest["sources"][f"{__name__}.Persistent"]
    page = html.unescape(study_document(folder))
    assert f"<h1>{study().name}, with {name}</h1>" in page
    assert f"{name} (sha256 {sha256[:16]}), instead of the model's own" in page
    assert f"alliance sweep study.toml {option} --out AGAIN " in page
    assert f"alliance verify DIR {option} " in page
    shown = " ".join(str(one) for one in results_page(folder, 40, 80))
    assert f"{name} (sha256 {sha256[:16]})" in shown
    with pytest.raises(AllianceError, match=f"name it with {option}"):
        verify(folder)


def test_a_study_of_the_simulation_as_it_is_names_no_rule(tmp_path):
    page = study_document(run(study(), tmp_path / "s"))
    assert f"<h1>{study().name}</h1>" in page
    assert "alliance sweep study.toml --out AGAIN " in page


def evaluate(settings, seed, first, count):
    """Return the number of each replicate."""
    return {"dropout_rate": np.arange(first, first + count, dtype=float)}


again = functools.partial(evaluate)


def test_a_model_is_named_where_a_command_can_be_given_its_name():
    def local(settings, seed, first, count):
        return evaluate(settings, seed, first, count)

    place = "test_rules_of_ones_own.py"
    for model, name, by_name in (
        (evaluate, f"{place}:evaluate", True),
        (local, "local", False),
        (again, "partial", False),
    ):
        (one,) = own_code(model)
        assert (one.kind, one.by_name, one.sha256) == ("model", by_name, source_hash(model))
        assert one.name.endswith(name)


def test_rules_of_earlier_versions_are_read_from_their_command_or_their_sources():
    sources = {"the simulation": "1", "capped.capped_session": "2", "hope.py:Hope": "3"}
    command = "alliance sweep --rule capped.py:capped_session --rule=hope.py:Hope --out s"
    found = stored_own_code({"sources": sources, "command": command})
    assert [one.option for one in found] == [
        "--rule capped.py:capped_session",
        "--rule hope.py:Hope",
    ]
    assert [one.sha256 for one in found] == ["2", "3"]
    (code,) = stored_own_code({"sources": sources, "command": ""})
    assert (code.name, code.by_name) == ("capped.capped_session, hope.py:Hope", False)
    assert stored_own_code({"sources": {"the simulation": "1"}, "command": "it's"}) == ()


def test_a_rule_that_changes_nothing_gives_the_same_bits_as_the_engine(tmp_path):
    class Same(Client):
        pass

    agents = ClinicEvaluation(study().outcomes, rules=(Same,))
    one = run(study(), tmp_path / "agents", evaluate=agents).results()
    assert one.equals(run(study(), tmp_path / "engine").results())


def test_a_rule_runs_in_processes_with_the_same_bytes(tmp_path):
    changed = ClinicEvaluation(study().outcomes, rules=(Persistent,))
    for name, executor in (("serial", Serial()), ("processes", Processes(2))):
        run(study(), tmp_path / name, evaluate=changed, executor=executor)
    assert result_bytes(tmp_path / "serial") == result_bytes(tmp_path / "processes")


@pytest.mark.slow
def test_the_command_line_takes_a_class_and_verifies_it(tmp_path):
    done = alliance(tmp_path, *SWEEP, "--rule", "rules.py:Persistent", "--outcome", "dropout_rate")
    assert done.returncode == 0, done.stderr
    folder = StudyFolder.open(tmp_path / "s")
    assert {"rules.Persistent", "the simulation"} <= set(folder.manifest["sources"])
    refused = alliance(tmp_path, "verify", "s")
    assert refused.returncode == 2
    assert "name it with --rule rules.py:Persistent" in refused.stderr
    done = alliance(tmp_path, "verify", "s", "--rule", "rules.py:Persistent", "--rows", "4")
    assert "4 runs repeated" in done.stdout
    assert "same to the bit" in done.stdout


@pytest.mark.slow
def test_the_command_line_takes_a_session_and_compiles_it(tmp_path):
    done = alliance(
        tmp_path, *SWEEP, "--rule", "rules.py:capped_session", "--outcome", "dropout_rate"
    )
    assert done.returncode == 0, done.stderr
    assert {"rules.CAP", "rules.capped_session"} <= set(
        StudyFolder.open(tmp_path / "s").manifest["sources"]
    )
    run_ = alliance(tmp_path, "run", *SMALL, "--rule", "rules.py:capped_session")
    assert "--rule rules.py:capped_session" in " ".join(run_.stdout.split())


def test_the_command_line_takes_a_model(tmp_path):
    model = ("--model", "model.py:evaluate")
    done = alliance(tmp_path, *SWEEP, *model, "--outcome", "gain")
    assert done.returncode == 0, done.stderr
    assert StudyFolder.open(tmp_path / "s").failures()["error"].to_list() == ["ValueError"]
    done = alliance(tmp_path, "verify", "s", *model)
    assert "same to the bit" in done.stdout, done.stderr


def test_the_replay_of_a_changed_rule_names_the_rule():
    replay = ClinicEvaluation(("dropout_rate",), rules=(Persistent,)).replay({"empathy": 0.3}, 1, 7)
    assert shlex.split(replay)[-5:] == [
        "test_rules_of_ones_own.py:Persistent", "--seed", "1", "--first-replicate", "7"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rule", "rules.py:Persistant"), "Did you mean Persistent?"),
        (("--rule", "nowhere.py:Persistent"), "nowhere.py does not exist"),
        (("--rule", "Persistent"), "write FILE.py:NAME"),
        (("--rule", "rules.py:CAP"), "is no rule"),
        (("--rule", "json:loads", "--model", "model.py:evaluate"), "give one"),
        (("--rule", "broken.py:x"), "broken.py cannot be imported: SyntaxError"),
    ],
)
def test_what_is_no_rule_gets_one_sentence(words, said, tmp_path):
    (tmp_path / "broken.py").write_text("def x(:\n")
    done = alliance(tmp_path, *SWEEP, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "s").exists()


def test_two_rules_of_a_kind_are_refused():
    class Other(Client):
        pass

    with pytest.raises(AllianceError, match="are both a client class"):
        Rules.of([Persistent, Other])
    assert Rules.of([Persistent, Therapist]).need_agents
