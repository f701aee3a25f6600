"""How fast trials are analysed: the compiled mixed model beside lme4's, where R is installed, in turns.

What a whole power curve costs is measured in `experiments.benchmarks.trial_curves`.

Times are those of the processor, on one core, so that other work on the machine counts for little. Both fit ``score ~
base + arm + (1 | therapist)`` to the same trials; ours gives Kenward-Roger's standard error and degrees of freedom as
well, lme4's ``lmer`` alone neither.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.benchmarks.pages import measured_on, write_between
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from experiments.benchmarks.trial_curves import CurveCost
    from experiments.tables.columns import Floats, Integers

__all__ = ["TrialSpeed", "measure_trials", "write_trials"]

BEGIN, END = "<!-- begin trials -->", "<!-- end trials -->"
"""Marks of a page between which the measures stand."""

THERAPISTS, CLIENTS, TRIALS, TRIALS_OF_R = 10, 20, 5_000, 60
TURNS = 5

R_SCRIPT = """
if (!requireNamespace("lme4", quietly = TRUE)) quit(status = 3)
suppressMessages(library(lme4))
files <- commandArgs(TRUE)
rows <- read.csv(files[1])
trials <- split(rows, rows$trial)
fit <- function(trial) suppressMessages(lmer(score ~ base + arm + (1 | therapist), trial))
invisible(fit(trials[[1]]))
spent <- system.time(criteria <- vapply(trials, function(trial) REMLcrit(fit(trial)), 0))
cat((spent[["user.self"]] + spent[["sys.self"]]) / length(trials), "\\n")
writeLines(format(criteria, digits = 15), files[2])
"""


@dataclass(frozen=True, slots=True)
class TrialSpeed:
    """Seconds of the processor that a trial takes; ``None`` where R or lme4 is not installed.

    Attributes
    ----------
    clients, therapists
        Of a trial.
    ours, lme4
        Seconds for a trial, the least of some turns.
    with_gaps
        Seconds here for a trial in which a fifth of the scores is missing, so that clusters differ in size.
    ratio
        How many trials of ours one of lme4's takes as long as.
    farthest
        By how much our REML criterion is above lme4's at most.
    """

    clients: int
    therapists: int
    ours: float
    with_gaps: float
    lme4: float | None
    ratio: float | None
    farthest: float | None

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def text(self) -> str:
        """Return some lines to read."""
        lines = [
            f"Mixed model with one random intercept, Kenward-Roger; {self.clients} clients, "
            f"{self.therapists} therapists, one core:",
            f"  here   {self.ours * 1e6:10,.1f} µs a trial",
            f"         {self.with_gaps * 1e6:10,.1f} µs where a fifth of the scores is missing",
        ]
        if self.lme4 is None or self.ratio is None:
            return "\n".join([*lines, "  lme4   not measured: R with lme4 is not installed"])
        lines.append(f"  lme4   {self.lme4 * 1e6:10,.0f} µs a trial, without degrees of freedom")
        lines.append(
            f"  {self.ratio:,.0f} times as fast; criterion above lme4's by at most {self.farthest:.1e}"
        )
        return "\n".join(lines)


def _trials() -> tuple[dict[str, Floats | Integers], Integers]:
    """Return trials whose therapists have an intraclass correlation of .05."""
    random = np.random.default_rng(16)
    rows = CLIENTS * THERAPISTS
    therapist = np.tile(np.repeat(np.arange(THERAPISTS), CLIENTS), TRIALS)
    base = random.standard_normal(TRIALS * rows)
    level = np.repeat(random.standard_normal(TRIALS * THERAPISTS), CLIENTS) * 0.05**0.5
    score = 0.5 * base + level + 0.95**0.5 * random.standard_normal(TRIALS * rows)
    columns = {"therapist": therapist, "arm": therapist % 2, "base": base, "score": score}
    return columns, np.arange(TRIALS + 1) * rows


def measure_trials() -> TrialSpeed:
    """Measure both in turns; R is left out where it is not installed."""
    from experiments.inference import analysis

    columns, offsets = _trials()
    mixed = analysis("lmm")
    fitted = mixed.many(columns, offsets)  # compiles
    missing = np.random.default_rng(17).random(len(columns["score"])) < 0.2
    gaps = {**columns, "score": np.where(missing, np.nan, columns["score"])}
    ours: list[float] = []
    with_gaps: list[float] = []
    theirs: list[float] = []
    criteria: Floats | None = None
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(TURNS):
            for data, taken in ((columns, ours), (gaps, with_gaps)):
                began = time.process_time()
                mixed.many(data, offsets)
                taken.append((time.process_time() - began) / TRIALS)
            measured = _measure_r(Path(folder), columns)
            if measured is not None:
                theirs.append(measured[0])
                criteria = measured[1]
    lme4 = min(theirs) if theirs else None
    return TrialSpeed(
        clients=CLIENTS * THERAPISTS,
        therapists=THERAPISTS,
        ours=min(ours),
        with_gaps=min(with_gaps),
        lme4=lme4,
        ratio=None if lme4 is None else lme4 / min(ours),
        farthest=None
        if criteria is None
        else float(np.max(fitted.reml[: len(criteria)] - criteria)),
    )


def write_trials(page: Path, speed: TrialSpeed, curve: CurveCost) -> None:
    """Write the measures between two marks of a page in Markdown.

    Raises
    ------
    AllianceError
        If the page cannot be read or written, or has no such marks.
    """
    text = f"```text\n{speed.text()}\n\n{curve.text()}\n```"
    write_between(page, BEGIN, END, (measured_on(), text))


def _measure_r(folder: Path, columns: dict[str, Floats | Integers]) -> tuple[float, Floats] | None:
    """Return seconds a trial and the criteria of lme4; None where it is not installed."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    script, data, answers = folder / "lme4.R", folder / "trials.csv", folder / "criteria.txt"
    if not data.exists():
        import polars as pl

        script.write_text(R_SCRIPT, encoding="utf-8")
        rows = TRIALS_OF_R * CLIENTS * THERAPISTS
        trial = np.repeat(np.arange(TRIALS_OF_R), CLIENTS * THERAPISTS)
        pl.DataFrame(
            {"trial": trial, **{name: values[:rows] for name, values in columns.items()}}
        ).write_csv(data)
    call = [program, "--vanilla", str(script), str(data), str(answers)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode == 3:
        return None
    if done.returncode:
        raise AllianceError(f"Rscript failed: {' '.join(done.stderr.split()[-20:])}")
    return float(done.stdout), np.loadtxt(answers)
