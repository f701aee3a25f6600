"""Simulated trials of what a clinic can decide, with clients nested in therapists and a known true effect."""

from __future__ import annotations

from experiments.trials.table import TrialTable
from experiments.trials.trial import Trial

__all__ = ["Trial", "TrialTable"]
