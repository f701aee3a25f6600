"""What a power curve costs here and with statsmodels' mixed model, which share is the analysis, and how much memory.

The curve is that of the mixed model in a simulated trial, one core, a point for each number of therapists. The same
simulated trials are given to statsmodels, a few of each point, and the time of all is extrapolated from those.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.benchmarks.memory import own_peak_megabytes
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from experiments.tables.columns import Floats
    from experiments.trials.observing import SimulatedTrials
    from experiments.trials.trial_design import TrialDesign

__all__ = ["CurveCost", "measure_curve", "peak_megabytes", "python_with_statsmodels"]

CLIENTS, POINTS, TRIALS, AT_ONCE, SAMPLE = 200, 12, 1_000, 100, 10
MEMORY_TRIALS = (200, 2_000)

SCRIPT = """
import json, math, sys, time, warnings
import pandas as pd
from statsmodels.regression.mixed_linear_model import MixedLM
warnings.simplefilter("ignore")
rows = pd.read_csv(sys.argv[1]).dropna()
trials = [trial for _, trial in rows.groupby("trial")]
fit = lambda trial: MixedLM.from_formula("score ~ base + arm", trial, groups="therapist").fit(reml=True)
fit(trials[0])
begun = time.process_time()
fits = [fit(trial) for trial in trials]
spent = (time.process_time() - begun) / len(trials)
estimates = [float(one.params["arm"]) if one.converged and math.isfinite(one.llf) else None for one in fits]
print(json.dumps({"seconds": spent, "estimates": estimates}))
"""


@dataclass(frozen=True, slots=True)
class CurveCost:
    """Seconds of the processor on one core, and megabytes.

    Attributes
    ----------
    points, trials, clients
        Of the curve: trials of each point, clients of each trial.
    simulating, analysing
        What they took here, all points.
    analysis_share
        Analysing as a share of simulating.
    statsmodels_trial
        What statsmodels takes for one trial, the mean of `sample` trials of each point; None where it was not given.
    ratio
        How many curves are done here while one is simulated here and analysed by statsmodels, extrapolated.
    without
        In how many of the sampled trials statsmodels did not converge or gave no finite likelihood, as it often does
        where the variance of therapists is 0.
    farthest
        How far the estimates of the two are from each other at most in the others, in standard errors.
    peak_megabytes
        Greatest memory of a process that runs `alliance trial`, by the number of trials.
    """

    points: int
    trials: int
    clients: int
    simulating: float
    analysing: float
    analysis_share: float
    sample: int
    statsmodels_trial: float | None
    ratio: float | None
    without: int | None
    farthest: float | None
    peak_megabytes: dict[int, float]

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def text(self) -> str:
        """Return some lines to read."""
        lines = [
            f"A power curve of {self.points} points x {self.trials:,} trials x {self.clients} clients, one core:",
            f"  simulating {self.simulating:9,.1f} s",
            f"  analysing  {self.analysing:9,.2f} s, {self.analysis_share:.1%} of simulating",
        ]
        if self.statsmodels_trial is None or self.ratio is None:
            lines.append(
                "  statsmodels not measured: give a Python that has it with --statsmodels PYTHON"
            )
        else:
            lines += [
                f"  statsmodels {self.statsmodels_trial * 1e3:8,.1f} ms a trial, from {self.sample} trials of each "
                f"point; all of them: {self.statsmodels_trial * self.points * self.trials:,.0f} s, extrapolated",
                f"  the curve is {self.ratio:,.0f} times as fast as with statsmodels, which had no answer in "
                f"{self.without} of {self.sample * self.points} trials",
            ]
            if self.farthest is not None:
                lines.append(
                    f"  estimates of the others differ by at most {self.farthest:.1g} standard errors"
                )
        memory = ", ".join(
            f"{megabytes:.0f} MB for {trials:,} trials"
            for trials, megabytes in self.peak_megabytes.items()
        )
        return "\n".join([*lines, f"  memory at most {memory}"])


def _design() -> TrialDesign:
    """Return the trial of the curve: nested therapists, missing scores, one mixed model."""
    from experiments.trials.trial_design import TrialDesign

    return TrialDesign.model_validate(
        {
            "preset": "university_counselling",
            "arms": {"usual": {}, "supervision": {"policies": ["alliance_supervision"]}},
            "design": {"clients": CLIENTS, "therapists": 10, "therapists_in_arms": "nested"},
            "outcome": {"instrument": "core_10", "weeks": [0, 12], "primary": 12},
            "missing": {"after_dropout": 0.6, "at_random": 0.05},
            "analysis": [{"kind": "lmm", "df": "kenward_roger"}],
        }
    )


def measure_curve(
    statsmodels: str | None = None,
    *,
    points: int = POINTS,
    trials: int = TRIALS,
    sample: int = SAMPLE,
    memory_trials: tuple[int, ...] = MEMORY_TRIALS,
) -> CurveCost:
    """Measure a curve.

    Parameters
    ----------
    statsmodels
        A Python that has statsmodels; it is not measured where left out.
    points, trials
        Of the curve; the first point has 4 therapists, each other one 2 more.
    sample
        Trials of each point that statsmodels gets.
    memory_trials
        Numbers of trials of which the memory is measured, in processes of their own.

    Raises
    ------
    AllianceError
        If the other Python cannot be run, or has no statsmodels.
    """
    from experiments.trials.analysing import analyses_of, fits_frame
    from experiments.trials.observing import simulate_trials

    design = _design()
    analyses = analyses_of(design)
    fits_frame(design, analyses, simulate_trials(design, range(1, 3)))  # compiles
    simulating = analysing = 0.0
    samples: list[SimulatedTrials] = []
    ours: list[float] = []
    errors: list[float] = []
    for point in range(points):
        sized = design.changed(therapists=4 + 2 * point)
        for first in range(1, trials + 1, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, trials + 1))
            begun = time.process_time()
            simulated = simulate_trials(sized, numbers)
            between = time.process_time()
            fits = fits_frame(sized, analyses, simulated)
            analysing += time.process_time() - between
            simulating += between - begun
            if first == 1:
                samples.append(simulated)
                ours += fits["estimate"][:sample].to_list()
                errors += fits["se"][:sample].to_list()
    theirs = _measure_statsmodels(statsmodels, samples, sample) if statsmodels else None
    if memory_trials:
        peak_megabytes(2)  # compiles, which takes memory of its own
    apart = np.abs(theirs[1] - np.array(ours)) / errors if theirs else np.empty(0)
    return CurveCost(
        points=points,
        trials=trials,
        clients=CLIENTS,
        simulating=simulating,
        analysing=analysing,
        analysis_share=analysing / simulating,
        sample=sample,
        statsmodels_trial=theirs[0] if theirs else None,
        ratio=(simulating + theirs[0] * points * trials) / (simulating + analysing)
        if theirs
        else None,
        without=int(np.isnan(theirs[1]).sum()) if theirs else None,
        farthest=float(np.nanmax(apart)) if np.isfinite(apart).any() else None,
        peak_megabytes={count: peak_megabytes(count) for count in memory_trials},
    )


def python_with_statsmodels() -> str | None:
    """Return this Python if it has statsmodels."""
    return sys.executable if importlib.util.find_spec("statsmodels") is not None else None


def _measure_statsmodels(
    python: str, samples: list[SimulatedTrials], sample: int
) -> tuple[float, Floats]:
    """Return seconds a trial and the estimates of the first trials of each point, nan where there is none."""
    import polars as pl

    rows = sample * CLIENTS
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "trials.csv"
        names = ("therapist", "arm", "base", "score")
        frames = [
            pl.DataFrame(
                {
                    "trial": np.repeat(np.arange(sample), CLIENTS) + point * sample,
                    **{name: getattr(one.table, name)[:rows] for name in names},
                }
            )
            for point, one in enumerate(samples)
        ]
        pl.concat(frames).fill_nan(None).write_csv(data)
        try:
            done = subprocess.run(
                [python, "-c", SCRIPT, str(data)], capture_output=True, text=True, check=False
            )
        except OSError as error:
            raise AllianceError(f"{python} cannot be run: {error.strerror}.") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise AllianceError(
            f"{python} did not fit the trials ({last}): give a Python that has statsmodels."
        )
    found = json.loads(done.stdout.splitlines()[-1])
    return float(found["seconds"]), np.array(found["estimates"], dtype=np.float64)


def peak_megabytes(trials: int) -> float:
    """Return the greatest memory of a process that simulates and analyses so many trials into a folder."""
    call = [sys.executable, "-m", "experiments.benchmarks.trial_curves", str(trials)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AllianceError(f"Measuring memory failed: {' '.join(done.stderr.split()[-20:])}")
    return float(done.stdout)


def main(words: list[str]) -> None:
    """Run as many trials as is said, and print the megabytes that this process had at most."""
    from experiments.trials.trial import Trial

    with tempfile.TemporaryDirectory() as folder:
        Trial(_design()).run(Path(folder) / "trials", int(words[0]))
    print(own_peak_megabytes())  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
