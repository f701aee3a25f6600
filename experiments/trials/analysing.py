"""Analyses of simulated trials: those that the design names, and functions of one's own."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from experiments.audition.protocol import answer_of
from experiments.execution.model_source import source_hash
from experiments.inference import FAILURES, FittedTrials, analysis, holm
from experiments.store.state import checksum
from experiments.trials.possible_analyses import OF_DROPOUT, check_possible
from experiments.trials.sources import sources_hash
from experiments.trials.table import long_table, rows_of
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

    from experiments.inference import Analysis
    from experiments.tables.columns import Integers
    from experiments.trials.observing import SimulatedTrials
    from experiments.trials.table import TrialTable
    from experiments.trials.trial_design import TrialDesign

__all__ = ["GivenAnalyses", "TrialAnalysis", "analyses_of", "analysis_key", "fits_frame"]

OwnAnalysis: TypeAlias = "Callable[[TrialTable], Any]"
"""From the table of one trial to what `experiments.audition.protocol.answer_of` reads, such as estimate, standard
error and degrees of freedom; with more than two arms, one such answer for each arm after the first.
"""

GivenAnalyses: TypeAlias = "Sequence[Mapping[str, Any] | OwnAnalysis] | Mapping[str, OwnAnalysis]"
"""What may be given instead of the analyses of a design: options or functions, or functions by name."""

OVER_TIME = ("lmm3",)
"""Kinds that take a row for each client and week."""

WITH_COVARIATES = ("ancova", "ancova_cr2", "lmm", "lmm3", "hazard", "cox")
"""Kinds that can adjust for the score at intake."""


@dataclass(frozen=True, slots=True)
class TrialAnalysis:
    """An analysis with a name.

    Attributes
    ----------
    name
        As tables and reports call it.
    options
        What the design says of it; empty for a function of one's own.
    function
        One's own; None for one of `experiments.inference`.
    """

    name: str
    options: Mapping[str, Any]
    function: OwnAnalysis | None = None

    @property
    def identity(self) -> str:
        """What tells its results from those of another analysis."""
        if self.function is None:
            return json.dumps(dict(self.options), sort_keys=True)
        return source_hash(self.function)

    def fit(self, design: TrialDesign, table: TrialTable, offsets: Integers) -> FittedTrials:
        """Analyse trials whose rows follow each other."""
        if self.function is not None:
            return _fit_own(self.function, len(design.arms), table, offsets)
        made = _made(design, self.options)
        if made.kind in OVER_TIME:
            weeks = design.outcome.after_intake
            return made.many(long_table(table, weeks), offsets * len(weeks))
        return made.many(table, offsets)

    @property
    def estimates_outcome(self) -> bool:
        """Whether it estimates what the estimand asks for, not a hazard or a slope."""
        options = self.options
        of_slope = options.get("time") == "linear" and "primary" not in options
        return options.get("kind") not in OF_DROPOUT and not of_slope


def analyses_of(
    design: TrialDesign, given: GivenAnalyses | None = None
) -> tuple[TrialAnalysis, ...]:
    """Return the analyses of a design, or those that are given instead, checked.

    Raises
    ------
    AllianceError
        If one is not known, cannot be taken for an analysis, or asks for what the data of the design never have.
    """
    chosen = design.analyses if given is None else given
    items: list[tuple[str, Any]] = (
        list(chosen.items()) if isinstance(chosen, Mapping) else [("", one) for one in chosen]
    )
    named = [_named(name, one) for name, one in items]
    if not named:
        raise AllianceError("There is no analysis: name one below [[analysis]].")
    for one in named:
        if one.function is None:
            _made(design, one.options)
            check_possible(design, one.options)
    return tuple(_distinct(named))


def _made(design: TrialDesign, given: Mapping[str, Any]) -> Analysis:
    """Return an analysis of `experiments.inference`.

    It adjusts for the design's covariates if it can and nothing else is said, and compares arms in the primary week
    if it has several.
    """
    options = {key: value for key, value in given.items() if key != "kind"}
    if given["kind"] in WITH_COVARIATES:
        names = options.get("covariates", design.outcome.covariates)
        options["covariates"] = [
            "base" if one == design.outcome.covariate else one for one in names
        ]
    if given["kind"] in OVER_TIME and options.get("time", "categorical") == "categorical":
        options.setdefault("primary", design.outcome.primary)
    return analysis(given["kind"], arms=len(design.arms), **options)


def _named(name: str, one: Any) -> TrialAnalysis:
    """Return an analysis from what is said of it."""
    if callable(one):
        if inspect.isclass(one):
            raise AllianceError(f"{one.__name__} is a class: give a function of a table.")
        return TrialAnalysis(name or getattr(one, "__name__", "own"), {}, one)
    if not isinstance(one, Mapping) or not isinstance(one.get("kind"), str):
        raise AllianceError('An analysis needs a kind, for example kind = "ancova".')
    return TrialAnalysis(name or _label(one), one)


def _label(options: Mapping[str, Any]) -> str:
    def said(value: Any) -> str:
        return " + ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)

    more = ", ".join(said(value) for key, value in options.items() if key != "kind")
    return f"{options['kind']} ({more})" if more else str(options["kind"])


def _distinct(named: list[TrialAnalysis]) -> list[TrialAnalysis]:
    names = [one.name for one in named]
    for name in names:
        if names.count(name) > 1:
            raise AllianceError(f"{name} is there twice: give each analysis once.")
    return named


def analysis_key(analyses: Sequence[TrialAnalysis]) -> str:
    """Return a name for the results of these analyses, 16 hexadecimal digits; it depends on their code as well."""
    named = (part for one in analyses for part in (one.name, one.identity))
    return checksum(sources_hash("experiments.inference"), *named)


def _fit_own(
    function: OwnAnalysis, arms: int, table: TrialTable, offsets: Integers
) -> FittedTrials:
    """Let a function of one's own analyse each trial; what it raises is a failed fit of that trial alone."""
    trials, contrasts = len(offsets) - 1, arms - 1
    numbers = np.full((6, trials, contrasts), np.nan)
    failed = np.zeros(trials, dtype=np.int64)
    for trial in range(trials):
        rows = slice(int(offsets[trial]), int(offsets[trial + 1]))
        try:
            given = function(rows_of(table, rows))
            answers = [answer_of(one) for one in ([given] if contrasts == 1 else given)]
        except Exception:  # whatever a function of a user raises is one failed fit among many
            answers = []
        if len(answers) != contrasts:
            failed[trial] = len(FAILURES)
            continue
        for place, one in enumerate(answers):
            numbers[:, trial, place] = one.estimate, one.error, one.df, one.p, one.low, one.high
    nothing = np.full(trials, np.nan)
    return FittedTrials(
        **dict(zip(("estimate", "se", "df", "p", "low", "high"), numbers, strict=True)),
        variances={},
        reml=nothing,
        boundary=np.zeros(trials, dtype=bool),
        failed=failed,
    )


def fits_frame(
    design: TrialDesign, analyses: Sequence[TrialAnalysis], simulated: SimulatedTrials
) -> pl.DataFrame:
    """Analyse trials and return one row a trial, analysis and contrast.

    ``p_holm`` is adjusted for the number of contrasts; ``failed`` says why there is no estimate, if there is none.
    """
    import polars as pl

    frames = []
    trials = simulated.trials
    contrasts = len(design.arms) - 1
    why = [*FAILURES, "The function gave no estimate, or raised an error."]
    for number, one in enumerate(analyses):
        fitted = one.fit(design, simulated.table, simulated.offsets)
        adjusted = holm(fitted.p)

        def each(values: Any) -> Any:
            return np.repeat(values, contrasts)

        nothing = np.full(len(trials), np.nan)
        frames.append(
            pl.DataFrame(
                {
                    "trial": each(np.array(trials, dtype=np.uint32)),
                    "analysis": np.full(len(trials) * contrasts, number, dtype=np.uint8),
                    "contrast": np.tile(np.arange(1, contrasts + 1, dtype=np.uint8), len(trials)),
                    "estimate": fitted.estimate.reshape(-1),
                    "se": fitted.se.reshape(-1),
                    "df": fitted.df.reshape(-1),
                    "p": fitted.p.reshape(-1),
                    "p_holm": adjusted.reshape(-1),
                    "low": fitted.low.reshape(-1),
                    "high": fitted.high.reshape(-1),
                    "therapist_variance": each(fitted.variances.get("therapist", nothing)),
                    "residual_variance": each(fitted.variances.get("residual", nothing)),
                    "boundary": each(fitted.boundary),
                    "failed": each(np.array(why)[fitted.failed]),
                }
            )
        )
    return pl.concat(frames)
