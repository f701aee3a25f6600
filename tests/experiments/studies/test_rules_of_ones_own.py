"""Rules and models of one's own use the built-in outcomes, and the command line."""

from __future__ import annotations

import shlex

import pytest

from experiments.design.designs import Grid
from experiments.design.replication import Fixed
from experiments.design.study import Study
from experiments.execution.evaluation import ClinicEvaluation
from experiments.execution.executors import Processes, Serial
from experiments.execution.rules import Rules
from experiments.execution.run import run
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
    assert "rules or a model of your own (rules.Persistent" in refused.stderr
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
