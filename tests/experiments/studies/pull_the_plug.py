"""Kill a study of the clinic with SIGKILL again and again, resume it, and compare every byte.

Usage: ``python -m tests.experiments.studies.pull_the_plug [KILLS] [threads|processes|shards]``
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from experiments.design.designs import Grid
from experiments.design.replication import Fixed
from experiments.design.study import Study
from experiments.execution.executors import Processes, Serial, StudyExecutor, Threads
from experiments.execution.options import RunOptions, Shard
from experiments.execution.run import run_and_report
from tests.experiments.studies.clinic_of_paper import result_bytes
from tests.programs import environment

STUDY = Study(
    design=Grid(factors={"empathy": "0.2:0.8:40", "boundary": [0.3, 0.6]}),
    replication=Fixed(replicates=250),
)
"""20,000 runs in 32 chunks: about two seconds on one core."""


def work(folder: Path, where: str, shard: str) -> None:
    executor: StudyExecutor = Processes(2) if where == "processes" else Threads(1)
    run_and_report(STUDY, folder, executor=executor, options=RunOptions(shard=Shard.parse(shard)))


def start(folder: Path, where: str, shard: str = "1/1") -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "tests.experiments.studies.pull_the_plug"]
    return subprocess.Popen([*words, "work", str(folder), where, shard], env=environment())


def torment(kills: int, where: str) -> None:
    room = Path(tempfile.mkdtemp())
    run_and_report(STUDY, room / "undisturbed", executor=Serial())
    wanted, survived, rounds = result_bytes(room / "undisturbed"), 0, 0
    while survived < kills:
        rounds += 1
        folder, ended = room / f"round-{rounds}", False
        while not ended and survived < kills:
            shards = ("1/2", "2/2") if where == "shards" else ("1/1",)
            processes = [start(folder, where, shard) for shard in shards]
            time.sleep(random.uniform(0.8, 4.0))
            victim = random.choice(processes)
            ended = victim.poll() is not None
            victim.kill()
            survived += not ended
            for process in processes:
                process.wait()
        run_and_report(STUDY, folder, executor=Threads(2))
        assert result_bytes(folder) == wanted, f"the bytes differ in {folder}"
        assert not list(folder.rglob(".*tmp*")), f"something half-written is left in {folder}"
        print(f"{survived} kills, {rounds} studies, every byte the same", flush=True)  # noqa: T201


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        work(Path(sys.argv[2]), sys.argv[3], sys.argv[4])
    else:
        torment(int((sys.argv[1:2] or ["50"])[0]), (sys.argv[2:3] or ["threads"])[0])
