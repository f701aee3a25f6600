"""Scripts as researchers write them: what works, and what is said when it cannot."""

from __future__ import annotations

import json
import subprocess
import sys

import polars as pl
import pytest

from tests.programs import environment, finished

IMPORTS = """
import numpy as np
import sys
from experiments import Dask, Fixed, Grid, Processes, Study, Threads, run
"""

STUDY = """
study = Study(
    design=Grid(factors={"empathy": "0.3:0.7:3"}), outcomes=("y",), replication=Fixed(replicates=4)
)
"""

EVALUATE = """
def evaluate(settings, seed, first, count):
    return {"y": np.full(count, float(settings["empathy"]))}
"""

REPORT = """
print("runs", folder.results().height, "failures", folder.failures().height)
"""


def script(tmp_path, text, *words, name="study.py", code=None):
    """Run a script in a folder of its own and return what it said."""
    (tmp_path / name).write_text(text)
    call = [sys.executable, name] if code is None else [sys.executable, "-c", code]
    return subprocess.run(
        [*call, *words],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def sentence(said):
    """The last line of a traceback."""
    return said.stderr.strip().splitlines()[-1]


def test_processes_without_the_main_guard_are_refused_before_they_start(tmp_path):
    text = (
        IMPORTS
        + STUDY
        + EVALUATE
        + 'folder = run(study, "s", executor=Processes(2), evaluate=evaluate)\n'
    )
    said = script(tmp_path, text + REPORT)
    assert said.returncode == 1
    assert "study.py runs a study in other processes at line" in sentence(said)
    assert 'if __name__ == "__main__":' in sentence(said)
    assert said.stderr.count("Traceback") == 1
    assert not (tmp_path / "s").exists()


def test_a_guard_within_which_a_function_runs_the_study_is_one(tmp_path):
    text = f"""{IMPORTS}{STUDY}{EVALUATE}
def main():
    folder = run(study, "s", executor=Processes(2), evaluate=evaluate)
    print("runs", folder.results().height, "failures", folder.failures().height)

if "__main__" == __name__:
    main()
"""
    said = script(tmp_path, text)
    assert said.stdout.strip() == "runs 12 failures 0", said.stderr
    names = [path.name.split("-")[1] for path in (tmp_path / "s" / "results").iterdir()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("model", "said_so"),
    [
        ('lambda s, seed, f, n: {"y": np.full(n, float(s["empathy"]))}', "is a lambda"),
        ("nested()", "stands within another function"),
    ],
)
def test_a_model_that_cannot_be_sent_is_refused_for_processes_and_runs_elsewhere(
    tmp_path, model, said_so
):
    text = f"""{IMPORTS}{STUDY}
def nested():
    def evaluate(settings, seed, first, count):
        return {{"y": np.full(count, float(settings["empathy"]))}}
    return evaluate

if __name__ == "__main__":
    executor = {{"processes": Processes(2), "threads": Threads(2)}}[sys.argv[1]]
    folder = run(study, sys.argv[1], executor=executor, evaluate={model})
    print("runs", folder.results().height, "failures", folder.failures().height)
"""
    said = script(tmp_path, text, "processes")
    assert said.returncode == 1
    assert said_so in sentence(said)
    assert "Threads()" in sentence(said)
    assert not (tmp_path / "processes").exists()
    assert script(tmp_path, text, "threads").stdout.strip() == "runs 12 failures 0"


@pytest.mark.slow
def test_dask_takes_a_lambda(tmp_path):
    pytest.importorskip("distributed")
    text = f"""{IMPORTS}{STUDY}
if __name__ == "__main__":
    model = lambda s, seed, f, n: {{"y": np.full(n, float(s["empathy"]))}}
    folder = run(study, "s", executor=Dask("local", 2), evaluate=model)
    print("runs", folder.results().height, "failures", folder.failures().height)
"""
    said = script(tmp_path, text)
    assert said.stdout.strip() == "runs 12 failures 0", said.stderr


def test_a_function_of_a_notebook_is_refused_for_processes(tmp_path):
    text = IMPORTS + STUDY + EVALUATE
    said = script(
        tmp_path, "", code=text + 'run(study, "s", executor=Processes(2), evaluate=evaluate)'
    )
    assert "evaluate was made in a notebook or an interactive session" in sentence(said)
    assert not (tmp_path / "s").exists()


def test_a_study_whose_points_all_fail_is_told_in_python_and_on_the_command_line(tmp_path):
    text = f"""{IMPORTS}{STUDY}
def evaluate(settings, seed, first, count):
    raise ValueError("always")

if __name__ == "__main__":
    folder = run(study, "s", evaluate=evaluate)
    print(folder.results().shape, folder.failures().shape[0], folder.has_runs())
"""
    assert script(tmp_path, text).stdout.strip() == "(0, 4) 3 False"
    for command in ("results", "report"):
        said = finished(command, "s", cwd=tmp_path)
        assert said.returncode == 1
        assert "No run of s gave a result: 12 failed" in said.stderr
        assert "Traceback" not in said.stderr


def test_rare_failures_and_gaps_are_counted(tmp_path):
    text = f"""{IMPORTS}
study = Study(
    design=Grid(factors={{"empathy": "0.3:0.7:3"}}), outcomes=("y",), replication=Fixed(replicates=40)
)

def evaluate(settings, seed, first, count):
    if settings["empathy"] > 0.6 and first + count > 30:
        raise ValueError("boom at a rare replicate")
    y = np.arange(first, first + count, dtype=float)
    y[np.arange(first, first + count) % 7 == 0] = np.nan
    return {{"y": y}}

if __name__ == "__main__":
    run(study, "s", evaluate=evaluate)
    import json
    from experiments import summarise
    print(json.dumps(summarise("s").points.select("replicates", "y_n").rows()))
"""
    assert json.loads(script(tmp_path, text).stdout) == [[40, 34], [40, 34], [30, 25]]
    failures = pl.read_parquet(tmp_path / "s" / "failures.parquet")
    assert failures.select("first_replicate", "replicates").rows() == [(30, 10)]


PERSISTENT = """
from simulation import AllianceModel, Client, Parameters

class Persistent(Client):
    def ends(self, events):
        status = super().ends(events)
        return None if status == "dropped_out" and self.sessions < 3 else status

def evaluate(settings, seed, first, count):
    rates = []
    for replicate in range(first, first + count):
        model = AllianceModel(Parameters(**settings), rng=seed, replicate=replicate, client_class=Persistent)
        rates.append((model.run().result().clients["status"] == "dropped_out").mean())
    return {"y": np.array(rates)}

if __name__ == "__main__":
    study = study.model_copy(update={"settings": {"clients": 10, "therapists": 2}})
    executor = {"threads": Threads(2), "processes": Processes(2)}[sys.argv[1]]
    print(run(study, sys.argv[2], executor=executor, evaluate=evaluate).results()["y"].to_list())
"""


@pytest.mark.slow
def test_a_changed_class_of_clients_runs_anywhere_and_is_noticed_when_it_changes(tmp_path):
    text = IMPORTS + STUDY + PERSISTENT
    threads = script(tmp_path, text, "threads", "one")
    assert threads.returncode == 0, threads.stderr
    assert script(tmp_path, text, "processes", "other").stdout == threads.stdout
    said = script(
        tmp_path, text.replace("self.sessions < 3", "self.sessions < 15"), "threads", "one"
    )
    assert "changed since: study.Persistent" in sentence(said)


def test_a_session_function_counts_with_its_constants(tmp_path):
    (tmp_path / "rule.py").write_text("""
from simulation import hold_session
from simulation.numerics import where
from simulation.states import changed

CAP = 0.0


def capped_session(client, state, therapist, draws, p):
    after, events = hold_session(client, state, therapist, draws, p)
    return changed(after, strain=where(after.strain > CAP, CAP, after.strain)), events
""")
    text = f"""{IMPORTS}
import rule
from simulation import simulate

def evaluate(settings, seed, first, count):
    return simulate(**settings, seed=seed, session=rule.capped_session)

from experiments.execution.model_source import sources_of
print(set(sources_of(evaluate)) >= {{"rule.CAP", "rule.capped_session", "study.evaluate", "the simulation"}})
"""
    said = script(tmp_path, text)
    assert said.stdout.strip() == "True", said.stderr
