"""What came of an audition: bias, coverage, power, type I error, failures, and which rivals the script tells apart.

Measures and their Monte Carlo errors are those of Morris, White & Crowther (2019, *Statistics in Medicine*
38:2074-2102).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.audition.audition import OUTCOMES
from experiments.audition.studies import NULL
from experiments.quantities.monte_carlo import (
    LEVEL,
    MOST_FAILED,
    NOTHING,
    Measured,
    measured_share,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from experiments.store.study_folder import StudyFolder
    from experiments.tables.columns import Floats

__all__ = ["AuditionSummary", "TellsApart", "WorldSummary", "summarise_audition"]

APART = 0.8
"""Share of studies that must tell two worlds apart."""


@dataclass(frozen=True, slots=True)
class WorldSummary:
    """A script in one world.

    Attributes
    ----------
    world
        Its name.
    studies, failed
        Studies that gave an answer, and studies that failed.
    truth
        What the script should find; ``nan`` where nothing was said.
    estimate
        Mean of its estimates.
    bias, coverage
        Against the truth: of the estimate, and share of 95 % intervals that hold it.
    spread, model_error
        Standard deviation of the estimates, and the root mean square of the standard errors that the script gives.
    rejected
        Share of studies with p below .05: power, or type I error where the truth is 0.
    withheld
        Why coverage and the share rejected are not given; empty if they are.
    """

    world: str
    studies: int
    failed: int
    truth: Measured
    estimate: Measured
    bias: Measured
    coverage: Measured
    spread: Measured
    model_error: float
    rejected: Measured
    withheld: str


@dataclass(frozen=True, slots=True)
class TellsApart:
    """Whether a script tells two worlds apart.

    Attributes
    ----------
    one, other
        The worlds.
    chance
        Share of studies of one whose 95 % interval leaves out the mean estimate of the other, the smaller of both
        ways round.
    """

    one: str
    other: str
    chance: float

    @property
    def apart(self) -> bool:
        """Whether four studies in five tell them apart."""
        return self.chance >= APART


@dataclass(frozen=True, slots=True)
class AuditionSummary:
    """A script in all worlds.

    Attributes
    ----------
    worlds
        One each, the model first, the null last.
    pairs
        All pairs of worlds but the null, and but those in which too many studies failed.
    first_error
        The first failure; empty if there is none.
    replay
        How to get the table of the study that failed first.
    """

    worlds: tuple[WorldSummary, ...]
    pairs: tuple[TellsApart, ...]
    first_error: str
    replay: str

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            **asdict(self),
            "pairs": [{**asdict(one), "apart": one.apart} for one in self.pairs],
        }


def summarise_audition(
    folder: StudyFolder, truths: Mapping[str, Measured] | None = None
) -> AuditionSummary:
    """Summarise a folder.

    Parameters
    ----------
    folder
        Of an audition that has run.
    truths
        What the script should find in each world; left out for a trial, whose effect is stored with every study.

    Raises
    ------
    StorageError
        If nothing has run, or everything failed.
    """
    results, failures = folder.results(), folder.failures()
    names = [str(one) for one in results.schema["world"].categories]  # type: ignore[attr-defined]
    failed = _failed(names, failures)
    worlds = tuple(
        _of_world(one, _columns(results, one), failed.get(one, 0), (truths or {}).get(one))
        for one in names
    )
    columns = {
        one.world: _columns(results, one.world)
        for one in worlds
        if one.world != NULL and not one.withheld
    }
    pairs = [TellsApart(a, b, _chance(columns[a], columns[b])) for a, b in combinations(columns, 2)]
    first = failures.row(0, named=True) if failures.height else None
    return AuditionSummary(
        worlds,
        tuple(pairs),
        "" if first is None else f"{first['error']}: {first['message']}",
        "" if first is None else str(first["replay"]),
    )


def _failed(names: list[str], failures: pl.DataFrame) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in failures.iter_rows(named=True):
        name = names[int(row["point"])]
        found[name] = found.get(name, 0) + int(row["replicates"])
    return found


def _columns(results: pl.DataFrame, world: str) -> dict[str, Floats]:
    own = results.filter(results["world"].cast(str) == world)
    return {name: own[name].to_numpy().astype(np.float64) for name in OUTCOMES}


def _of_world(
    world: str, columns: Mapping[str, Floats], failed: int, truth: Measured | None
) -> WorldSummary:
    estimate = columns["estimate"]
    n = estimate.size
    if truth is None:
        effect = columns["effect"][np.isfinite(columns["effect"])]
        truth = _mean(effect) if effect.size else NOTHING
    if n < 2:
        return WorldSummary(
            world,
            n,
            failed,
            truth,
            NOTHING,
            NOTHING,
            NOTHING,
            NOTHING,
            math.nan,
            NOTHING,
            "too few studies",
        )
    mean = _mean(estimate)
    spread = float(estimate.std(ddof=1))
    share = failed / (failed + n)
    withheld = ""
    if share > MOST_FAILED:
        withheld = f"{failed} of {failed + n} studies failed, and failing may depend on the data"
    covered = (columns["low"] <= truth.value) & (truth.value <= columns["high"])
    bias = Measured(mean.value - truth.value, math.hypot(mean.error, truth.error))
    if np.isfinite(columns["effect"]).all() and np.ptp(columns["effect"]) > 0:
        # The luck of a study is in its effect, too: the difference is known better than either.
        bias = Measured(bias.value, _mean(estimate - columns["effect"]).error)
    return WorldSummary(
        world,
        n,
        failed,
        truth,
        mean,
        bias if math.isfinite(truth.value) else NOTHING,
        NOTHING if withheld or not math.isfinite(truth.value) else measured_share(covered),
        Measured(spread, spread / math.sqrt(2.0 * (n - 1))),
        float(np.sqrt((columns["error"] ** 2).mean())),
        NOTHING if withheld else measured_share(columns["p"] < LEVEL),
        withheld,
    )


def _mean(values: Floats) -> Measured:
    n = values.size
    error = float(values.std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan
    return Measured(float(values.mean()), error)


def _chance(one: Mapping[str, Floats], other: Mapping[str, Floats]) -> float:
    def out(a: Mapping[str, Floats], b: Mapping[str, Floats]) -> float:
        mean = float(b["estimate"].mean())
        return float(((a["low"] > mean) | (a["high"] < mean)).mean())

    return min(out(one, other), out(other, one))
