"""`analysis`: what a researcher does to the data of a trial, by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from inspect import signature
from typing import TYPE_CHECKING, Any

from experiments.inference.option_values import check_option_values
from experiments.inference.trial_rows import trial_rows
from experiments.quantities.intervals import CONFIDENCE
from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from experiments.inference.fitted import Fitted, FittedTrials
    from experiments.inference.trial_rows import TrialData, TrialRows
    from experiments.tables.columns import Integers

__all__ = ["KINDS", "Analysis", "analysis"]

KINDS: Mapping[str, tuple[str, str]] = {
    "t": ("experiments.inference.of_means", "t_test"),
    "welch": ("experiments.inference.of_means", "welch_test"),
    "t_of_therapist_means": ("experiments.inference.therapist_means", "t_of_therapist_means"),
    "ancova": ("experiments.inference.least_squares", "ancova"),
    "ancova_cr2": ("experiments.inference.robust_ancova", "ancova_cr2"),
    "lmm": ("experiments.inference.of_mixed", "lmm"),
    "lmm3": ("experiments.inference.of_time", "lmm3"),
    "hazard": ("experiments.inference.hazard", "hazard"),
    "cox": ("experiments.inference.cox", "cox"),
}
"""Where each kind of analysis is: a function from rows, a confidence and its options to fitted trials."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis that can be made of any trial.

    Attributes
    ----------
    kind, options
        As given to `analysis`.
    arms
        How many arms trials have; as many as the rows have where ``None``.
    """

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    arms: int | None = None
    confidence: float = CONFIDENCE
    _fit: Callable[[TrialRows, float], FittedTrials] = field(repr=False, kw_only=True)

    def __call__(self, data: TrialData) -> Fitted:
        """Analyse one trial of two arms."""
        fitted = self.contrasts(data)
        if len(fitted) > 1:
            raise AllianceError(
                "The trial has more than two arms: use contrasts, which gives one result for each after the first."
            )
        return fitted[0]

    def contrasts(self, data: TrialData) -> tuple[Fitted, ...]:
        """Analyse one trial: one result for each arm after the first."""
        return self.many(data).contrasts(0)

    def many(self, data: TrialData, offsets: Integers | None = None) -> FittedTrials:
        """Analyse many trials whose rows follow each other; see `experiments.inference.trial_rows`."""
        return self._fit(trial_rows(data, offsets, self.arms), self.confidence)


def analysis(
    kind: str, *, arms: int | None = None, confidence: float = CONFIDENCE, **options: Any
) -> Analysis:
    """Return an analysis by its name.

    Parameters
    ----------
    kind
        One of `KINDS`.
    arms
        How many arms the trials have, where the rows of one may lack some.
    confidence
        Of the interval.
    **options
        What the kind takes; see docs/trials.md.

    Raises
    ------
    AllianceError
        For a kind or an option that does not exist, or a value that the option cannot have.
    """
    from importlib import import_module

    if kind not in KINDS:
        raise unknown_name(kind, "a kind of analysis", KINDS, see=f"There are: {', '.join(KINDS)}.")
    module, name = KINDS[kind]
    function = getattr(import_module(module), name)
    known = list(signature(function).parameters)[2:]
    for option in options:
        if option not in known:
            raise unknown_name(
                option, f"an option of {kind}", known, see=f"It has: {', '.join(known) or 'none'}."
            )
    check_option_values(kind, function, options)
    if not 0 < confidence < 1:
        raise AllianceError(
            f"confidence = {confidence} is not allowed: give a share, such as 0.95."
        )
    return Analysis(kind, options, arms, confidence, _fit=partial(function, **options))
