"""Kills, full disks, damaged files: nothing finished is lost, nothing wrong is kept."""

from __future__ import annotations

import errno
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import polars as pl
import pytest

from experiments.design.designs import Grid
from experiments.design.replication import Fixed
from experiments.execution.dask_executor import Dask
from experiments.execution.evaluation import ClinicEvaluation
from experiments.execution.executors import Processes, Serial, Threads
from experiments.execution.options import RunOptions, Shard
from experiments.execution.run import run, run_and_report
from experiments.store.study_folder import StudyFolder
from simulation import files
from simulation.files import StorageError
from tests.experiments.studies.clinic_of_paper import SPACE, PaperClinic, result_bytes, small_study
from tests.lost import interrupted_in_a_library
from tests.programs import environment


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed") / "study"
    run(small_study(), folder, evaluate=PaperClinic(), space=SPACE, executor=Serial())
    return result_bytes(folder)


def run_again(folder, **options):
    return run_and_report(
        small_study(), folder, evaluate=PaperClinic(), space=SPACE, executor=Serial(), **options
    )


def wait_for_chunks(folder, count):
    deadline = time.monotonic() + 60
    while len(list((folder / "results").glob("chunk-*"))) < count:
        assert time.monotonic() < deadline, "the study did not get going"
        time.sleep(0.002)


def test_a_damaged_chunk_is_named_set_aside_and_run_again(undisturbed, tmp_path):
    run_again(tmp_path / "s")
    victim = sorted((tmp_path / "s" / "results").iterdir())[2]
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    with pytest.raises(StorageError, match=victim.name):
        StudyFolder.open(tmp_path / "s").results()
    report = run_again(tmp_path / "s")
    assert report.damaged == (victim.name,)
    assert report.finished == 15
    assert (tmp_path / "s" / "damaged" / victim.name).read_bytes() == bytes(content)
    assert result_bytes(tmp_path / "s") == undisturbed


@pytest.mark.parametrize(
    "spoil", [lambda p: p.unlink(), lambda p: p.write_bytes(p.read_bytes()[:99])]
)
def test_a_lost_or_cut_chunk_is_run_again(spoil, undisturbed, tmp_path):
    run_again(tmp_path / "s")
    spoil(min((tmp_path / "s" / "results").iterdir()))
    assert run_again(tmp_path / "s").finished == 15
    assert result_bytes(tmp_path / "s") == undisturbed


def test_a_full_disk_keeps_what_is_finished_and_says_so(undisturbed, tmp_path, monkeypatch):
    written = []
    real = os.fsync

    def fill_up(handle):
        written.append(handle)
        if len(written) > 12:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(files.os, "fsync", fill_up)
    with pytest.raises(StorageError, match=r"disk is full.*same command again"):
        run_again(tmp_path / "s")
    monkeypatch.undo()
    kept = len(StudyFolder.open(tmp_path / "s").finished())
    assert 0 < kept < 7
    assert not list((tmp_path / "s").rglob("*.tmp*"))
    assert run_again(tmp_path / "s").finished_before >= 15 * (kept - 1)
    assert result_bytes(tmp_path / "s") == undisturbed


def test_a_small_real_disk_that_fills_up_keeps_what_is_finished(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs to be root")
    try:
        study = small_study(replication=Fixed(replicates=400), chunk_runs=400)
        with pytest.raises(StorageError, match="disk is full"):
            run(study, disk / "s", evaluate=PaperClinic(), space=SPACE, executor=Threads(2))
        folder = StudyFolder.open(disk / "s")
        assert folder.finished()
        assert not folder.damaged()
        assert not list(disk.rglob(".*tmp*"))
        subprocess.run(["mount", "-o", "remount,size=10m", str(disk)], check=True)
        run(study, disk / "s", evaluate=PaperClinic(), space=SPACE)
        run(study, tmp_path / "whole", evaluate=PaperClinic(), space=SPACE)
        assert result_bytes(disk / "s") == result_bytes(tmp_path / "whole")
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def test_a_folder_of_another_study_is_refused_with_what_differs(tmp_path):
    run_again(tmp_path / "s")
    for change, said in [
        ({"seed": 4}, "seed was 3 and is now 4"),
        ({"replication": Fixed(replicates=9)}, "replication.replicates was 8 and is now 9"),
        ({"outcomes": ("dropout",)}, "outcomes was"),
        (
            {"design": {"kind": "grid", "factors": {"empathy": [0.5]}}},
            r"design.factors.empathy was .*0\.8.* and is now \[0\.5\]",
        ),
        (
            {"design": {"kind": "presets", "names": ["warm"]}},
            "its design was a grid and is now a presets",
        ),
    ]:
        with pytest.raises(StorageError, match=said):
            run(small_study(**change), tmp_path / "s", evaluate=PaperClinic(), space=SPACE)


def test_other_words_about_the_same_study_are_no_other_study(tmp_path):
    run_again(tmp_path / "s")
    before = result_bytes(tmp_path / "s")
    report = run_and_report(
        small_study(name="another name", question="Why?"),
        tmp_path / "s",
        evaluate=PaperClinic(),
        space=SPACE,
        executor=Serial(),
    )
    assert (report.finished_before, report.finished, report.failed) == (96, 0, 0)
    assert result_bytes(tmp_path / "s") == before


def test_results_of_two_versions_of_the_model_do_not_mix(tmp_path):
    run_again(tmp_path / "s")
    with pytest.raises(StorageError, match="another version of the model"):
        run(small_study(), tmp_path / "s", evaluate=PaperClinic(source_hash="newer"), space=SPACE)


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(StorageError, match=r"thesis\.docx"):
        run_again(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_failing_points_do_not_stop_the_others_and_are_written_down(tmp_path):
    folder = run(
        small_study(), tmp_path / "s", evaluate=PaperClinic(fail_below_empathy=0.3), space=SPACE
    )
    assert folder.results()["point"].unique().to_list() == list(range(3, 12))
    failures = pl.read_parquet(tmp_path / "s" / "failures.parquet")
    assert failures["replicates"].sum() == 24
    assert failures["error"].unique().to_list() == ["ZeroDivisionError"]
    assert "too little to go on" in failures["message"][0]
    assert '"empathy": 0.2' in failures["settings"][0]


@pytest.mark.parametrize("executor", [Serial(), Processes(2)], ids=["serial", "processes"])
def test_a_failure_keeps_where_it_came_from_the_same_everywhere(executor, tmp_path):
    model = PaperClinic(fail_replicate=5)
    folder = run(small_study(), tmp_path / "s", evaluate=model, space=SPACE, executor=executor)
    (trace,) = folder.failures()["traceback"].unique()
    lines = trace.splitlines()
    assert re.fullmatch(
        r'File "studies/clinic_of_paper\.py", line \d+, in __call__: raise Float.*', lines[0]
    )
    assert lines[1:] == ["FloatingPointError: this replicate breaks"]
    assert str(tmp_path) not in trace


def test_the_replay_of_a_failure_is_that_replicate_alone(tmp_path):
    model = PaperClinic(fail_replicate=5)
    folder = run(small_study(), tmp_path / "s", evaluate=model, space=SPACE)
    with pytest.raises(FloatingPointError, match="this replicate breaks"):
        eval(folder.failures()["replay"][0], {"evaluate": model})
    command = ClinicEvaluation(("dropout_rate",)).replay({"empathy": 0.4}, 3, 5)
    assert command == "alliance run --set empathy=0.4 --seed 3 --first-replicate 5"


def test_one_failing_replicate_costs_only_itself(tmp_path):
    folder = run(small_study(), tmp_path / "s", evaluate=PaperClinic(fail_replicate=5), space=SPACE)
    assert folder.results().height == 12 * 7
    assert folder.failures()["first_replicate"].unique().to_list() == [5]
    assert folder.failures()["replicates"].sum() == 12


def test_failed_points_are_run_again_when_asked(undisturbed, tmp_path):
    study = small_study()
    run(study, tmp_path / "s", evaluate=PaperClinic(fail_below_empathy=0.3), space=SPACE)
    kept = run(study, tmp_path / "s", evaluate=PaperClinic(), space=SPACE)
    assert kept.failures().height > 0
    run_again(tmp_path / "s", options=RunOptions(retry_failed=True))
    assert result_bytes(tmp_path / "s") == undisturbed


def test_a_point_that_kills_its_process_is_the_only_one_lost(tmp_path):
    # Four points in two chunks: the point that kills shares its chunk with one that does not.
    folder = run(
        small_study(design=Grid(factors={"empathy": "0.2:0.8:4"}), chunk_runs=16),
        tmp_path / "s",
        evaluate=PaperClinic(die_at_empathy=0.4),
        space=SPACE,
        executor=Processes(2),
    )
    assert folder.results()["point"].to_list() == [0] * 8 + [2] * 8 + [3] * 8
    assert folder.failures()["point"].to_list() == [1]
    assert folder.failures()["replicates"].to_list() == [8]
    assert folder.failures()["error"].unique().to_list() == ["WorkerDiedError"]


@pytest.mark.parametrize("executor", [Processes(2), Dask("local", 2)], ids=["processes", "dask"])
def test_a_worker_killed_once_costs_nothing(executor, undisturbed, tmp_path):
    if isinstance(executor, Dask):
        pytest.importorskip("distributed")
    model = PaperClinic(die_at_empathy=0.4, die_once=str(tmp_path / "died"))
    run(small_study(), tmp_path / "s", evaluate=model, space=SPACE, executor=executor)
    assert (tmp_path / "died").exists()
    assert result_bytes(tmp_path / "s") == undisturbed


@pytest.mark.parametrize("executor", [Serial(), Threads(1), Processes(1)], ids=repr)
@pytest.mark.parametrize("message", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_is_finished_and_the_same_call_goes_on(
    executor, message, undisturbed, tmp_path
):
    def interrupt():
        wait_for_chunks(tmp_path / "s", 2)
        os.kill(os.getpid(), message)

    threading.Thread(target=interrupt).start()
    report = run_and_report(
        small_study(),
        tmp_path / "s",
        evaluate=PaperClinic(pause=0.01),
        space=SPACE,
        executor=executor,
    )
    assert report.stopped_by == message
    assert 0 < report.finished < 96
    assert run_again(tmp_path / "s").finished_before == report.finished
    assert result_bytes(tmp_path / "s") == undisturbed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_lost_in_a_library_is_no_failed_run(undisturbed, tmp_path, monkeypatch):
    calls = iter(range(1_000))
    evaluate = PaperClinic.__call__

    def interrupted_once(model, *arguments):
        if next(calls) == 8:
            interrupted_in_a_library()
            raise RuntimeError("no compiled object yet")
        return evaluate(model, *arguments)

    monkeypatch.setattr(PaperClinic, "__call__", interrupted_once)
    report = run_again(tmp_path / "s")
    assert report.stopped_by == signal.SIGINT
    assert report.failed == 0
    assert run_again(tmp_path / "s").finished_before == report.finished > 0
    assert result_bytes(tmp_path / "s") == undisturbed


def begin(folder, *words):
    script = Path(__file__).with_name("run_paper_study.py")
    return subprocess.Popen([sys.executable, str(script), str(folder), *words], env=environment())


@pytest.mark.slow
@pytest.mark.parametrize("moment", range(6))
def test_killed_at_any_moment_and_resumed_gives_the_same_bytes(moment, undisturbed, tmp_path):
    process = begin(tmp_path / "s", "0.003")
    wait_for_chunks(tmp_path / "s", moment)
    time.sleep(random.uniform(0, 0.05))
    process.kill()
    assert process.wait() == -signal.SIGKILL
    run_again(tmp_path / "s")
    assert result_bytes(tmp_path / "s") == undisturbed
    assert not list((tmp_path / "s").rglob(".*tmp*"))


@pytest.mark.slow
def test_two_shards_at_once_one_of_them_killed_give_the_same_bytes(undisturbed, tmp_path):
    one, two = begin(tmp_path / "s", "0.004", "1/2"), begin(tmp_path / "s", "0.004", "2/2")
    wait_for_chunks(tmp_path / "s", 2)
    one.kill()
    assert one.wait() == -signal.SIGKILL
    assert two.wait() == 0
    assert len(StudyFolder.open(tmp_path / "s").finished()) < 7
    run_again(tmp_path / "s", options=RunOptions(shard=Shard(1, 2)))
    assert result_bytes(tmp_path / "s") == undisturbed


@pytest.mark.slow
def test_workers_do_not_outlive_a_study_that_is_killed(tmp_path):
    psutil = pytest.importorskip("psutil")
    process = begin(tmp_path / "s", "0.02", "1/1", "processes")
    wait_for_chunks(tmp_path / "s", 1)
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 2
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
