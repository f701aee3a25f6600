"""A study of a custom model is continued by the same model only; every part that it reaches counts."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments.design.designs import Grid
from experiments.design.replication import Fixed
from experiments.design.study import Study
from experiments.design.value import StudyError
from experiments.execution.model_source import sources_of
from experiments.execution.repeating import same_bits
from experiments.execution.run import run
from experiments.execution.verify import verify
from experiments.store.files import read_chunk, write_chunk
from simulation.files import StorageError

ROOT = Path(__file__).parents[3]

RULE = """
import numpy as np
from dataclasses import dataclass

CAP = 0.5  # the most there may be
UNUSED = 1


def capped(values):
    return np.minimum(values, CAP)


@dataclass(frozen=True)
class Tilt:
    by: float = 0.1

    def of(self, values):
        return values + self.by
"""

SCRIPT = """
import sys
import numpy as np
import rule
from experiments import Fixed, Grid, Study, run

TILT = rule.Tilt()


def luck(seed, first, count):
    from extra import scale
    return scale * np.array([np.random.default_rng([seed, r]).random() for r in range(first, first + count)])


def evaluate(settings, seed, first, count):
    return {"y": TILT.of(rule.capped(settings["empathy"] * luck(seed, first, count)))}


if __name__ == "__main__":
    study = Study(
        design=Grid(factors={"empathy": "0.3:0.9:3"}), outcomes=("y",), replication=Fixed(replicates=4)
    )
    print(run(study, "results", evaluate=evaluate).results()["y"].sum())
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "rule.py").write_text(RULE)
    (tmp_path / "extra.py").write_text("scale = 1.0\n")
    (tmp_path / "study.py").write_text(SCRIPT)
    assert go_on(tmp_path).returncode == 0
    return tmp_path


def go_on(folder, script="study.py"):
    return subprocess.run(
        [sys.executable, script],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("rule.py", "CAP = 0.5", "CAP = 0.4", "rule.CAP"),
        ("rule.py", "np.minimum(values, CAP)", "np.minimum(values, CAP) * 1", "rule.capped"),
        ("rule.py", "values + self.by", "values - self.by", "rule.Tilt.of"),
        ("rule.py", "by: float = 0.1", "by: float = 0.2", "rule.Tilt"),
        ("extra.py", "scale = 1.0", "scale = 2.0", "extra.scale"),
        ("study.py", "rule.Tilt()", "rule.Tilt(0.3)", "study.TILT"),
        ("study.py", ".random()", ".normal()", "study.luck"),
        ("study.py", 'settings["empathy"] *', "", "study.evaluate"),
    ],
)
def test_a_change_anywhere_in_reach_is_refused_and_named(project, file, old, new, named):
    text = (project / file).read_text()
    assert old in text
    (project / file).write_text(text.replace(old, new))
    said = go_on(project)
    assert said.returncode != 0
    assert "another version of the model" in said.stderr
    assert named in said.stderr


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rule.py", "UNUSED = 1", "UNUSED = 2"),
        ("rule.py", "# the most there may be", "# no more than this"),
        ("study.py", "print(run", "print('again', run"),
        ("study.py", "import sys", "import sys\n\n# a word on what this is"),
    ],
)
def test_what_cannot_change_a_result_may_change(project, file, old, new):
    text = (project / file).read_text()
    assert old in text
    (project / file).write_text(text.replace(old, new))
    said = go_on(project)
    assert said.returncode == 0, said.stderr


def test_the_manifest_names_the_parts(project):
    parts = json.loads((project / "results" / "manifest.json").read_text())["sources"]
    assert {"study.evaluate", "study.luck", "study.TILT", "rule.capped", "rule.CAP"} <= set(parts)
    assert "rule.UNUSED" not in parts
    assert "the simulation" not in parts


def study(**changes):
    values = {
        "design": Grid(factors={"empathy": [0.3, 0.7]}),
        "outcomes": ("y",),
        "replication": Fixed(replicates=6),
        "chunk_runs": 4,
    }
    return Study(**{**values, **changes})


class FromAFile:
    """A model that reads a number from a file, which no hash of source can see."""

    def __init__(self, path):
        self.path = path

    def __call__(self, settings, seed, first, count):
        return {"y": np.full(count, float(self.path.read_text()))}


def test_what_no_hash_sees_is_noticed_by_the_run_that_is_repeated(tmp_path):
    (tmp_path / "number").write_text("1")
    model = FromAFile(tmp_path / "number")
    folder = run(study(), tmp_path / "s", evaluate=model)
    folder.forget(1)
    (tmp_path / "number").write_text("1.0000000000000002")
    with pytest.raises(StorageError, match=r"gave y = 1\.0000000000000002, and 1\.0 is stored"):
        run(study(), tmp_path / "s", evaluate=model)
    assert sorted(folder.finished()) == [0, 2]
    (tmp_path / "number").unlink()
    with pytest.raises(StorageError, match="failed: FileNotFoundError"):
        run(study(), tmp_path / "s", evaluate=model)
    (tmp_path / "number").write_text("1")
    assert run(study(), tmp_path / "s", evaluate=model).results().height == 12


def test_a_model_may_say_its_version_instead(tmp_path):
    def evaluate(settings, seed, first, count):
        return {"y": np.zeros(count)}

    evaluate.source_hash = "version 1"
    run(study(), tmp_path / "s", evaluate=evaluate)
    evaluate.source_hash = "version 2"
    with pytest.raises(StorageError, match="changed since: version"):
        run(study(), tmp_path / "s", evaluate=evaluate)


def test_a_model_without_source_is_asked_for_a_version(tmp_path):
    with pytest.raises(StudyError, match=r"give the model a version: evaluate.source_hash"):
        run(study(), tmp_path / "s", evaluate=max)
    assert not (tmp_path / "s").exists()


def test_a_model_that_uses_the_simulation_reaches_it():
    def evaluate(settings, seed, first, count):
        from simulation import simulate

        return {"y": simulate(**settings, seed=seed, replicates=count)}

    assert "the simulation" in sources_of(evaluate)


def test_verify_repeats_runs_of_a_custom_model(tmp_path):
    (tmp_path / "number").write_text("1")
    model = FromAFile(tmp_path / "number")
    folder = run(study(), tmp_path / "s", evaluate=model)
    found = verify(folder, 8, evaluate=model)
    assert found.holds
    assert found.same_source
    assert len(found.rows) == 8
    (tmp_path / "number").write_text("2")
    assert len(verify(folder, 8, evaluate=model).mismatches) == 8


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (0.1, 0.1, True),
        (1.0, 1.0 + 2**-52, False),
        (0.0, -0.0, False),
        (np.nan, -np.nan, True),
        (np.nan, 1.0, False),
        (np.inf, np.inf, True),
    ],
)
def test_numbers_are_the_same_to_the_bit_and_not_defined_is_not_defined(one, other, same):
    assert same_bits(one, other) == same_bits(other, one) == same


def test_a_study_that_lost_a_part_does_not_hold(tmp_path):
    (tmp_path / "number").write_text("1")
    model = FromAFile(tmp_path / "number")
    folder = run(study(), tmp_path / "s", evaluate=model)
    folder.forget(1)
    found = verify(folder, 8, evaluate=model)
    assert (found.missing, found.damaged, found.mismatches) == ((1,), (), ())
    assert not found.holds
    victim = min((tmp_path / "s" / "results").iterdir())
    victim.write_bytes(victim.read_bytes()[:-1])
    found = verify(folder, 8, evaluate=model)
    assert found.damaged == (victim.name,)
    assert not replace(found, missing=()).holds
    assert replace(found, missing=(), damaged=()).holds


def test_a_part_that_has_a_run_twice_and_lacks_another_is_damaged(tmp_path):
    (tmp_path / "number").write_text("1")
    model = FromAFile(tmp_path / "number")
    folder = run(study(), tmp_path / "s", evaluate=model)
    file = folder.finished()[1]
    rows = read_chunk(file)
    file.path.unlink()
    twice = pl.concat([rows[:1], rows[:1], rows[2:]])
    written = write_chunk(folder.results_path, folder.fingerprint, 1, twice)
    assert verify(folder, 8, evaluate=model).damaged == (written.path.name,)


def test_what_is_wrapped_counts_with_what_wraps_it():
    def made(number):
        @functools.lru_cache
        def inner(settings, seed, first, count):
            return {"y": np.full(count, number)}

        @functools.wraps(inner)
        def outer(*arguments):
            return inner(*arguments)

        return outer

    assert sources_of(made(1)) == sources_of(made(1))
    assert sources_of(made(1)) != sources_of(made(2))


def test_code_without_a_module_is_the_researchers_own():
    names = {}
    exec("def evaluate(settings, seed, first, n): return {'y': [settings['empathy']] * n}", names)
    assert list(sources_of(names["evaluate"])) == ["?.evaluate"]
