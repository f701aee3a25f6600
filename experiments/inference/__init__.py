"""Analyses of trials whose clients are nested in therapists: compiled, with small-sample degrees of freedom."""

from __future__ import annotations

from experiments.inference.analyses import KINDS, Analysis, analysis
from experiments.inference.failures import FAILURES
from experiments.inference.fitted import Fitted, FittedTrials
from experiments.inference.significance import holm
from experiments.inference.trial_rows import TrialData

__all__ = [
    "FAILURES",
    "KINDS",
    "Analysis",
    "Fitted",
    "FittedTrials",
    "TrialData",
    "analysis",
    "holm",
]
