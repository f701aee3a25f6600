"""More replicates, more levels, another outcome: what is there is taken over, the bytes are those of a new run."""

from __future__ import annotations

import pytest

from experiments.design.designs import Grid
from experiments.design.replication import Adaptive, Fixed
from experiments.execution.executors import Processes, Serial
from experiments.execution.options import RunOptions
from experiments.execution.run import extend, run, run_and_report
from experiments.store.study_folder import StudyFolder
from simulation.errors import AllianceError
from simulation.files import StorageError
from tests.experiments.studies.clinic_of_paper import SPACE, PaperClinic, result_bytes, small_study
from tests.programs import alliance

LARGER = {
    "replicates": {"replication": Fixed(replicates=13)},
    "levels": {
        "design": Grid(
            factors={"empathy": [0.1, 0.2, 0.4, 0.5, 0.8], "boundary": [0.1, 0.5, 0.9, 1.0]}
        )
    },
    "both": {
        "design": Grid(factors={"empathy": "0.2:0.8:4", "boundary": [0.1, 0.3, 0.5, 0.9]}),
        "replication": Fixed(replicates=10),
    },
    "precision": {
        "replication": Adaptive(within={"dropout": 0.02}, minimum=5, batch=5, ceiling=60)
    },
}


class Counting(PaperClinic):
    """A clinic of paper that counts the replicates it runs."""

    runs = 0

    def __call__(self, settings, seed, first, count):
        type(self).runs += count
        return super().__call__(settings, seed, first, count)


@pytest.fixture
def earlier(tmp_path):
    run(small_study(), tmp_path / "earlier", evaluate=PaperClinic(), space=SPACE)
    Counting.runs = 0
    return tmp_path / "earlier"


@pytest.mark.parametrize("executor", [Serial(), Processes(2)], ids=["serial", "processes"])
@pytest.mark.parametrize("change", LARGER.values(), ids=LARGER)
def test_the_larger_study_has_the_bytes_of_one_run_afresh(change, executor, earlier, tmp_path):
    larger = small_study(**change)
    grown = extend(
        larger,
        tmp_path / "grown",
        earlier,
        evaluate=PaperClinic(),
        space=SPACE,
        executor=executor,
    )
    run(larger, tmp_path / "afresh", evaluate=PaperClinic(), space=SPACE)
    assert result_bytes(grown.path) == result_bytes(tmp_path / "afresh")


def test_only_what_is_missing_is_run(earlier, tmp_path):
    report = run_and_report(
        small_study(replication=Fixed(replicates=13)),
        tmp_path / "grown",
        evaluate=Counting(),
        space=SPACE,
        executor=Serial(),
        options=RunOptions(earlier=earlier),
    )
    assert (report.finished, report.taken_over) == (12 * 13, 12 * 8)
    assert Counting.runs == 12 * 5 + 1  # one run is repeated, to compare


def test_another_outcome_runs_again_and_compares_what_was_stored(tmp_path):
    few = small_study(outcomes=("dropout",))
    run(few, tmp_path / "earlier", evaluate=PaperClinic(), space=SPACE)
    grown = extend(
        small_study(), tmp_path / "grown", tmp_path / "earlier", evaluate=PaperClinic(), space=SPACE
    )
    assert grown.results().columns[-2:] == ["dropout", "change"]
    assert grown.failures().is_empty()
    other = PaperClinic(luck=1.5)
    with pytest.raises(StorageError, match="was run again before going on"):
        extend(small_study(), tmp_path / "x", tmp_path / "earlier", evaluate=other, space=SPACE)


def test_what_failed_before_is_run_again(tmp_path):
    run(small_study(), tmp_path / "earlier", evaluate=PaperClinic(fail_replicate=5), space=SPACE)
    grown = extend(
        small_study(replication=Fixed(replicates=10)),
        tmp_path / "grown",
        tmp_path / "earlier",
        evaluate=PaperClinic(),
        space=SPACE,
    )
    assert grown.results().height == 12 * 10


@pytest.mark.parametrize(
    ("change", "model", "said"),
    [
        ({"seed": 4}, PaperClinic(), "has seed 3, and this study 4"),
        ({}, PaperClinic(source_hash="newer"), "another version of the model"),
    ],
)
def test_runs_that_do_not_belong_to_it_are_refused(change, model, said, earlier, tmp_path):
    with pytest.raises(AllianceError, match=said):
        extend(small_study(**change), tmp_path / "grown", earlier, evaluate=model, space=SPACE)
    assert not (tmp_path / "grown").exists()


def test_the_command_line_extends_a_sweep(tmp_path):
    words = ("sweep", "--vary", "empathy=0.3,0.7", "--set", "clients=10", "--set", "therapists=2")
    alliance(*words, "--replicates", 3, "--out", tmp_path / "small")
    more = ("--replicates", 5, "--out", tmp_path / "large", "--extend", tmp_path / "small")
    done = alliance(*words, *more)
    assert done.exit_code == 0, done.output
    assert "6 of them were taken over" in done.output
    assert StudyFolder.open(tmp_path / "large").results().height == 10
