"""A study's results are the same bytes however, wherever and in however many goes it is run."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.design.replication import Adaptive
from experiments.execution.dask_executor import Dask
from experiments.execution.executors import Futures, Processes, Serial, Threads
from experiments.execution.options import RunOptions, Shard
from experiments.execution.plan import plan
from experiments.execution.run import run, run_and_report
from experiments.execution.streaming import TaskStream
from experiments.execution.tasks import ChunkResult
from tests.experiments.studies.clinic_of_paper import SPACE, PaperClinic, result_bytes, small_study

MODEL = PaperClinic(fail_below_empathy=0.3)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed") / "study"
    run(small_study(), folder, evaluate=MODEL, space=SPACE, executor=Serial())
    return result_bytes(folder)


@pytest.mark.parametrize("executor", [Threads(1), Threads(3), Processes(2)], ids=repr)
def test_threads_and_processes_write_the_same_bytes(executor, undisturbed, tmp_path):
    run(small_study(), tmp_path / "s", evaluate=MODEL, space=SPACE, executor=executor)
    assert result_bytes(tmp_path / "s") == undisturbed


def test_any_executor_writes_the_same_bytes_and_stays_open(undisturbed, tmp_path):
    with ThreadPoolExecutor(2) as pool:
        run(small_study(), tmp_path / "s", evaluate=MODEL, space=SPACE, executor=Futures(pool))
        assert pool.submit(lambda: 1).result() == 1
    assert result_bytes(tmp_path / "s") == undisturbed


@pytest.mark.slow
def test_two_dask_workers_write_the_same_bytes(undisturbed, tmp_path):
    pytest.importorskip("distributed")
    run(small_study(), tmp_path / "s", evaluate=MODEL, space=SPACE, executor=Dask("local", 2))
    assert result_bytes(tmp_path / "s") == undisturbed


def test_shards_fill_one_folder_with_the_same_bytes(undisturbed, tmp_path):
    for number in (2, 3, 1):
        report = run_and_report(
            small_study(),
            tmp_path / "s",
            evaluate=MODEL,
            space=SPACE,
            options=RunOptions(shard=Shard(number, 3)),
        )
        assert report.finished < 72
    assert result_bytes(tmp_path / "s") == undisturbed


def test_shards_share_out_every_chunk_exactly_once():
    for of in (1, 2, 5):
        owners = [[n for n in range(1, of + 1) if Shard(n, of).has(chunk)] for chunk in range(23)]
        assert all(len(owner) == 1 for owner in owners)


def test_a_finished_study_runs_nothing_again_but_one_run_to_compare(undisturbed, tmp_path):
    calls = []

    class Counting(PaperClinic):
        def __getattribute__(self, name):
            if (
                name == "pause"
            ):  # looked up once a call; a call of its own would stand in tracebacks
                calls.append(name)
            return super().__getattribute__(name)

    model = Counting(fail_below_empathy=0.3)
    for expected in (72, 0):
        report = run_and_report(
            small_study(), tmp_path / "s", evaluate=model, space=SPACE, executor=Serial()
        )
        assert report.finished == expected
        if not expected:
            assert len(calls) == 1
        calls.clear()
    assert report.finished_before == 96
    assert result_bytes(tmp_path / "s") == undisturbed


def test_rows_come_point_by_point_and_replicate_by_replicate(tmp_path):
    table = run(small_study(), tmp_path / "s", evaluate=PaperClinic(), space=SPACE).results()
    assert table["point"].to_list() == [point for point in range(12) for _ in range(8)]
    assert table["replicate"].to_list() == list(range(8)) * 12
    assert table["empathy"].to_list() == [e for e in (0.2, 0.4, 0.6, 0.8) for _ in range(24)]
    assert table["boundary"].to_list() == [b for b in (0.1, 0.5, 0.9) for _ in range(8)] * 4


@given(chunk_runs=st.integers(1, 120))
@settings(max_examples=15)
def test_the_numbers_do_not_depend_on_how_a_study_is_cut_into_chunks(chunk_runs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("chunks")
    table = run(
        small_study(chunk_runs=chunk_runs),
        folder / "s",
        evaluate=PaperClinic(),
        space=SPACE,
        executor=Serial(),
    )
    whole = run(
        small_study(chunk_runs=96),
        folder / "whole",
        evaluate=PaperClinic(),
        space=SPACE,
        executor=Serial(),
    )
    assert table.results().equals(whole.results())


def test_an_adaptive_study_is_the_same_in_threads_processes_and_shards(tmp_path):
    study = small_study(
        replication=Adaptive(within={"dropout": 0.02}, minimum=5, batch=5, ceiling=60),
        chunk_runs=40,
    )
    reference = run(study, tmp_path / "a", evaluate=PaperClinic(), space=SPACE, executor=Serial())
    counts = reference.results().group_by("point").len()["len"]
    assert 5 < counts.max() <= 60
    run(study, tmp_path / "b", evaluate=PaperClinic(), space=SPACE, executor=Processes(2))
    for number in (1, 2):
        run(
            study,
            tmp_path / "c",
            evaluate=PaperClinic(),
            space=SPACE,
            shard=Shard(number, 2),
        )
    assert result_bytes(tmp_path / "b") == result_bytes(tmp_path / "a")
    assert result_bytes(tmp_path / "c") == result_bytes(tmp_path / "a")


class Recorded(Executor):
    """Takes parts of chunks and gives results that took a certain time each, at once."""

    def __init__(self, seconds):
        self.seconds, self.sizes = seconds, []

    def submit(self, run_them, tasks, evaluate):
        self.sizes.append(len(tasks))
        done = Future()
        done.set_result(
            [replace(one, seconds=self.seconds) for one in run_them(tasks[:1], evaluate)]
            + [ChunkResult(one.chunk, None, None, {}, (), self.seconds) for one in tasks[1:]]
        )
        return done


@pytest.mark.parametrize(
    ("seconds", "wanted", "sizes"),
    [(0.1, 1.0, {10}), (3.0, 1.0, {1}), (0.25, 1.0, {4}), (0.1, 0.0, {1})],
)
def test_parts_sent_at_one_go_follow_the_cost_of_their_chunks(seconds, wanted, sizes):
    (first,) = plan(small_study(), SPACE).tasks([0])
    tasks = [replace(first, chunk=number) for number in range(43)]
    executor, accepted = Recorded(seconds), []
    stream = TaskStream(iter(tasks), MODEL, accepted.append, window=2, part_seconds=wanted)
    assert stream.run_through(lambda: executor) == []
    assert sorted(result.chunk for result in accepted) == list(range(43))
    assert executor.sizes[:2] == [1, 1]  # nothing is known yet
    assert set(executor.sizes[2:-1]) == sizes
