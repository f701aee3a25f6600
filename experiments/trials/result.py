"""What came of simulated trials, as one typed value: the true effect, every analysis, clusters, missing scores."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.quantities.monte_carlo import LEVEL
from experiments.trials.characteristics import Characteristics, characteristics_of
from experiments.trials.running import kinds
from experiments.trials.truth import TrueEffect, TruthOfTrials, true_effects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from experiments.trials.analysing import TrialAnalysis
    from experiments.trials.folder import TrialFolder
    from experiments.trials.running import Seconds
    from experiments.trials.trial_design import TrialDesign

__all__ = ["SKETCH", "Clustering", "TrialResult", "result_of"]

SKETCH = 200
"""Fewer trials are a sketch: power of .8 is then known to no better than ± .06."""


@dataclass(frozen=True, slots=True)
class Clustering:
    """What therapists and clinics do to a contrast.

    Attributes
    ----------
    arm
        Compared with the first.
    icc
        Realised intraclass correlation of the primary score within therapists and arms, given score at intake.
    clinic_icc
        The same within clinics, between clients of different therapists; 0 in a single clinic.
    design_effect
        Variance of the contrast as a multiple of what it would be if clients had no therapist and no clinic.
    naive_type_1
        Type I error that this predicts for a test, with a normal reference, that ignores both.
    """

    arm: str
    icc: float
    clinic_icc: float
    design_effect: float
    naive_type_1: float


@dataclass(frozen=True, slots=True, eq=False)
class TrialResult:
    """What came of simulated trials of one design.

    Attributes
    ----------
    design
        The design.
    trials
        How many trials were simulated.
    effects
        The true effect of each arm after the first.
    analyses
        Their names; the first is the primary one.
    options
        Kind and options of each; empty for a function of one's own.
    characteristics
        Of each analysis and arm.
    clustering
        Of each arm after the first, in the trials with the effect.
    missing
        Share of primary scores that are missing, by arm.
    strengths
        Arm to the parameter that was found for the effect that is wanted, and its value.
    seconds
        How long simulating and analysing took just now.
    """

    design: TrialDesign
    trials: int
    effects: tuple[TrueEffect, ...]
    analyses: tuple[str, ...]
    options: tuple[Mapping[str, Any], ...]
    characteristics: tuple[Characteristics, ...]
    clustering: tuple[Clustering, ...]
    missing: dict[str, float]
    strengths: dict[str, dict[str, float]]
    seconds: Seconds

    @property
    def sketch(self) -> bool:
        """Whether there are too few trials for more than a sketch."""
        return self.trials < SKETCH

    @property
    def primary(self) -> tuple[Characteristics, ...]:
        """How the primary analysis does, for each arm after the first."""
        return tuple(one for one in self.characteristics if one.analysis == self.analyses[0])

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, without the design and how long it took."""
        return {
            "name": self.design.name,
            "trials": self.trials,
            "sketch": self.sketch,
            "effects": [asdict(one) for one in self.effects],
            "analyses": list(self.analyses),
            "characteristics": [asdict(one) for one in self.characteristics],
            "clustering": [asdict(one) for one in self.clustering],
            "missing": dict(self.missing),
            "strengths": self.strengths,
        }


def result_of(
    folder: TrialFolder,
    design: TrialDesign,
    analyses: Sequence[TrialAnalysis],
    key: str,
    *,
    trials: int,
    null: bool,
    seconds: Seconds,
) -> TrialResult:
    """Read what was stored of so many trials."""
    summaries, fits = (_whole(folder, kind, trials) for kind in kinds("", key)[1:])
    null_fits = _whole(folder, kinds("null-", key)[2], trials) if null else None
    arms = list(design.arms)
    means = np.column_stack([summaries[f"mean_{arm}"].to_numpy() for arm in range(len(arms))])
    effects = true_effects(design, [TruthOfTrials(means, summaries["square_0"].to_numpy())])
    found = []
    for number, one in enumerate(analyses):
        for contrast, effect in enumerate(effects, 1):
            rows, null_rows = (
                None
                if frame is None
                else frame.filter((frame["analysis"] == number) & (frame["contrast"] == contrast))
                for frame in (fits, null_fits)
            )
            assert rows is not None
            own = means[:, contrast] - means[:, 0]
            found.append(
                characteristics_of(
                    (one.name, arms[contrast]),
                    rows,
                    own,
                    effect,
                    null_rows,
                    of_outcome=one.estimates_outcome,
                )
            )
    return TrialResult(
        design,
        trials,
        effects,
        tuple(one.name for one in analyses),
        tuple(one.options for one in analyses),
        tuple(found),
        tuple(_clustering(arm, place, summaries) for place, arm in enumerate(arms) if place),
        {
            arm: float(summaries[f"missing_{place}"].to_numpy().mean())
            for place, arm in enumerate(arms)
        },
        folder.strengths,
        seconds,
    )


def _whole(folder: TrialFolder, kind: str, trials: int) -> pl.DataFrame:
    import polars as pl

    return pl.concat([folder.read(kind, number) for number in range(folder.chunks(trials))])


def _clustering(arm: str, place: int, summaries: pl.DataFrame) -> Clustering:
    """Return what clusters do, from means over trials: of one trial, a variance may be below 0."""

    def mean(column: str) -> float:
        return float(np.nanmean(summaries[column].to_numpy()))

    of_clinic, of_therapist = mean("clinic_variance"), mean("therapist_variance")
    total = of_clinic + of_therapist + mean("client_variance")
    clinic, therapist = (
        (of_clinic / total, of_therapist / total) if total > 0 else (math.nan, math.nan)
    )
    effect = (
        1
        + clinic * (mean(f"clinic_clustering_{place}") - 1)
        + therapist * (mean(f"clustering_{place}") - 1)
    )
    normal = NormalDist()
    reach = normal.inv_cdf(1 - LEVEL / 2)
    naive = 2 * normal.cdf(-reach / math.sqrt(effect)) if effect > 0 else math.nan
    return Clustering(arm, clinic + therapist, clinic, effect, naive)
