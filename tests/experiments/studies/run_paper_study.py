"""Run the small study slowly, for tests that kill it: FOLDER PAUSE [SHARD [processes]]."""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.execution.executors import Processes, Threads
from experiments.execution.options import RunOptions, Shard
from experiments.execution.run import run_and_report
from tests.experiments.studies.clinic_of_paper import SPACE, PaperClinic, small_study

if __name__ == "__main__":
    run_and_report(
        small_study(),
        Path(sys.argv[1]),
        evaluate=PaperClinic(pause=float(sys.argv[2])),
        space=SPACE,
        executor=Processes(2) if "processes" in sys.argv else Threads(1),
        options=RunOptions(shard=Shard.parse(sys.argv[3] if len(sys.argv) > 3 else "1/1")),
    )
