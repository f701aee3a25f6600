"""Mutated files by the hundred thousand.

``python -m tests.experiments.records.many_mutations COUNT FIRST PROCESSES`` tries COUNT of them, from FIRST on.

Files of SPSS, Stata and spreadsheet programs are read in the process that tries them, which is replaced when it dies
or stands still: `experiments.records.own_process` reads each in a process of its own for that reason, which takes a
second.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from experiments.records import own_process
from experiments.records.libraries import silent
from tests.experiments.records.mutations import SECONDS, failed

MEMORY = 16 << 30
BECAME = ("read", "refused")


class OnePlace:
    """What `own_process` takes for the module ``subprocess``, and reads in this process."""

    TimeoutExpired = subprocess.TimeoutExpired

    @staticmethod
    def run(arguments: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        module, name, *rest = arguments[3:]
        with silent():
            found = json.dumps(getattr(import_module(module), name)(*rest))
        return subprocess.CompletedProcess(arguments, 0, found)


def work(first: int, last: int, report: str) -> None:
    """Try files; every number is written down before it is tried."""
    own_process.subprocess = OnePlace  # type: ignore[attr-defined]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with Path(report).open("a", buffering=1) as lines:
        failed(
            range(first, last),
            packages=True,
            on_file=lambda number, text: lines.write(f"{number} {text}\n"),
        )


class Job:
    """A process that tries a range of files, and its successors where it dies."""

    def __init__(self, report: Path, first: int, last: int) -> None:
        self.report, self.next, self.last = report, first, last
        self.died: Counter[str] = Counter()
        self._start()

    def _start(self) -> None:
        self.report.touch()
        call = f"work({self.next}, {self.last}, {str(self.report)!r})"
        code = f"from tests.experiments.records.many_mutations import work; {call}"
        self.process = subprocess.Popen([sys.executable, "-c", code])

    def lines(self) -> list[str]:
        return self.report.read_text().splitlines()

    def goes_on(self) -> bool:
        """Look after the process; whether there is something left to do."""
        stands = time.time() - self.report.stat().st_mtime > 3 * SECONDS
        if self.process.poll() is None:
            if not stands:
                return True
            self.process.kill()
            self.process.wait()
        if self.process.returncode == 0:
            return False
        number, name = next(one for one in reversed(self.lines()) if one[0].isdigit()).split(" ", 1)
        self.died[f"{name}: {'stands still' if stands else self.process.returncode}"] += 1
        self.next = int(number) + 1
        self._start()
        return True


def main(count: int = 2000, first: int = 0, processes: int = 1) -> None:
    folder, begin = Path(tempfile.mkdtemp()), time.monotonic()
    step = -(-count // processes)
    jobs = [
        Job(folder / f"{place}.txt", place, min(place + step, first + count))
        for place in range(first, first + count, step)
    ]
    while [job for job in jobs if job.goes_on()]:
        time.sleep(0.5)
    lines = [line for job in jobs for line in job.lines()]
    became = Counter(
        line[3:] if line[3:] in BECAME else "wrong" for line in lines if line.startswith("-1 ")
    )
    forms = Counter(line.split(" ", 1)[1] for line in lines if line[0].isdigit())
    died = sum((job.died for job in jobs), Counter())
    for before, line in pairwise(lines):
        if line.startswith("-1 ") and line[3:] not in BECAME:
            print(f"{before}: {line[3:]}")  # noqa: T201
    print(f"{sum(forms.values())} files in {time.monotonic() - begin:.0f} s: {dict(became)}")  # noqa: T201
    print(f"Processes that died or stood still: {dict(died) or 'none'}")  # noqa: T201
    print(f"Files of each form: {dict(sorted(forms.items()))}")  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
