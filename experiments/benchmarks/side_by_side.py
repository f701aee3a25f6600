"""What users wait for, in this build and in another, in turns: processor time of whole commands, and their ratio.

Two builds are compared on one machine in one run: ratios keep their meaning on a machine that is shared, which times
do not. Processor time, of a command with all it starts, leaves out what others take.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.benchmarks.pages import measured_on, write_between
from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["JOBS", "Job", "SideBySide", "side_by_side", "side_table", "write_side_by_side"]

BEGIN, END = "<!-- begin side by side -->", "<!-- end side by side -->"

PROGRAM = "from experiments.cli.program import main; main()"

BYTECODE = (
    "import compileall, experiments, simulation\n"
    "for house in (experiments, simulation):\n"
    "    compileall.compile_dir(house.__path__[0], quiet=2)\n"
)
"""Writes what an installation has beside its sources, and a repository may lack."""

SIMULATE = (
    "from simulation import Parameters, simulate\n"
    "for seed in range({times}):\n"
    "    simulate(Parameters({parameters}), seed=seed, replicates={replicates}, threads=1{more})\n"
)


@dataclass(frozen=True, slots=True)
class Job:
    """Something a user waits for.

    Attributes
    ----------
    name, words
        By which it is chosen, and what the table calls it.
    arguments
        Of the program ``alliance``; `script` instead runs Python.
    compiles
        Whether compiled code is made anew; else it is there already.
    minus
        A job whose time is taken off, so that loading is not counted.
    """

    name: str
    words: str
    arguments: tuple[str, ...] = ()
    script: str = ""
    compiles: bool = False
    minus: str = ""


def _simulation(parameters: str, replicates: int, more: str = "", times: int = 1) -> str:
    return SIMULATE.format(parameters=parameters, replicates=replicates, more=more, times=times)


LARGE = "clients=100_000, therapists=10_000, arrivals_per_week=20_000"
GRID = ("--vary", "empathy=0.1:0.9:40", "--vary", "boundary=0.1:0.9:50")
SWEEP = ("sweep", *GRID, "--replicates", "1", "--threads", "1", "--out", "out")

JOBS = (
    Job("first", "the very first `alliance run`, nothing compiled", ("run",), compiles=True),
    Job(
        "compile",
        "a first run that compiles, `alliance run --replicates 2000`",
        ("run", "--replicates", "2000"),
        compiles=True,
    ),
    Job("warm", "a later `alliance run`", ("run",)),
    Job("loaded", "one compiled clinic, all loaded", script=_simulation("", 1)),
    Job(
        "runs",
        "40,000 default clinics, without loading",
        script=_simulation("", 1000, times=40),
        minus="loaded",
    ),
    Job(
        "histories",
        "10,000 default clinics with histories, without loading",
        script=_simulation("", 500, ", histories=True", times=20),
        minus="loaded",
    ),
    Job(
        "large",
        "100,000 clients, 10,000 therapists, four times",
        script=_simulation(LARGE, 1, times=4),
        minus="loaded",
    ),
    Job("sweep", "2,000 points, one replicate each", SWEEP),
    Job("validate", "`alliance validate --studies 100`", ("validate", "--studies", "100")),
    Job("rivals", "`alliance rivals`", ("rivals",)),
    Job(
        "calibrate",
        "`alliance calibrate --members 8`",
        ("calibrate", "--members", "8", "--out", "out"),
    ),
)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Processor seconds of a job in both builds, medians over turns, and the ratio of the pairs.

    Attributes
    ----------
    job, words
        Which.
    this, other
        Seconds; NaN is never among them: a job that fails raises.
    ratio, low, high
        This build to the other: median, least and greatest over the turns.
    """

    job: str
    words: str
    this: float
    other: float
    ratio: float
    low: float
    high: float

    def as_json(self) -> dict[str, float | str]:
        return asdict(self)


def side_by_side(other: str, names: Sequence[str] = (), *, turns: int = 3) -> list[SideBySide]:
    """Run jobs in this build and in another in turns, each once before to compile and to warm up.

    Both get Python's bytecode beside their sources, as an installation has it, even with ``PYTHONDONTWRITEBYTECODE``.

    Parameters
    ----------
    other
        Python interpreter of an environment in which the other build is installed.
    names
        Which of `JOBS`; all if empty. One whose time is taken off another's runs with it.
    turns
        How often.

    Raises
    ------
    AllianceError
        For a job that does not exist or that fails in one of the builds.
    """
    if not hasattr(os, "wait4"):
        raise AllianceError("Processor times of other programs cannot be had on this system.")
    wanted = _with_those_taken_off(names)
    with tempfile.TemporaryDirectory() as folder:
        builds = [
            _Build(sys.executable, Path(folder, "this"), os.environ.get("PYTHONPATH", "")),
            _Build(other, Path(folder, "other")),
        ]
        for build in builds:
            build.seconds(Job("bytecode", "Python's bytecode", script=BYTECODE))
            for job in wanted:
                if not job.compiles:
                    build.seconds(job)
        taken = {
            job.name: [[build.seconds(job) for build in builds] for _ in range(turns)]
            for job in wanted
        }
    shown = set(names) or {job.name for job in wanted}
    return [_compared(job, taken) for job in wanted if job.name in shown]


@dataclass(frozen=True, slots=True)
class _Build:
    """One of the two: its interpreter, a folder for what it compiles, and where else it finds modules."""

    python: str
    folder: Path
    path: str = ""

    def seconds(self, job: Job) -> float:
        """Return the processor seconds of a job with everything that it starts."""
        self.folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as place:
            cache = Path(place, "compiled") if job.compiles else self.folder / "compiled"
            environment = {**os.environ, "PYTHONPATH": self.path, "ALLIANCE_CACHE_DIR": str(cache)}
            words = ("-c", job.script) if job.script else ("-c", PROGRAM, *job.arguments)
            with Path(place, "said").open("wb+") as said:
                running = subprocess.Popen(
                    (self.python, *words), cwd=place, env=environment, stdout=said, stderr=said
                )
                _, status, used = os.wait4(running.pid, 0)
                running.returncode = os.waitstatus_to_exitcode(status)
                if running.returncode:
                    said.seek(0)
                    last = said.read().decode(errors="replace").strip().splitlines()[-1:]
                    raise AllianceError(
                        f"{job.name} failed in {self.python}: {''.join(last) or running.returncode}"
                    )
        return used.ru_utime + used.ru_stime


def _with_those_taken_off(names: Iterable[str]) -> list[Job]:
    known = {job.name: job for job in JOBS}
    wanted = set(names)
    for name in wanted - known.keys():
        raise unknown_name(name, "a job", known)
    wanted |= {known[name].minus for name in wanted if known[name].minus}
    return [job for job in JOBS if not wanted or job.name in wanted]


def _compared(job: Job, taken: dict[str, list[list[float]]]) -> SideBySide:
    pairs = taken[job.name]
    if job.minus:
        off = [statistics.median(column) for column in zip(*taken[job.minus], strict=True)]
        pairs = [[max(a - off[0], 1e-3), max(b - off[1], 1e-3)] for a, b in pairs]
    ratios = [this / other for this, other in pairs]
    this, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    return SideBySide(
        job.name, job.words, this, other, statistics.median(ratios), min(ratios), max(ratios)
    )


def side_table(rows: Iterable[SideBySide]) -> str:
    """Return the comparison as a table in Markdown."""
    lines = [
        "| What | this build, CPU s | the other, CPU s | ratio | least to greatest |",
        "|:--|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row.words} | {row.this:.2f} | {row.other:.2f} | **{row.ratio:.2f}** | {row.low:.2f} to {row.high:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)


def write_side_by_side(page: Path, rows: Iterable[SideBySide], label: str) -> None:
    """Write the comparison between two marks of a page in Markdown.

    Raises
    ------
    AllianceError
        If the page cannot be read or written, or has no such marks.
    """
    beside = f" The other build: {label}." if label else ""
    write_between(page, BEGIN, END, (measured_on() + beside, side_table(rows)))
