"""Trials for tests: small, and quick to simulate."""

from __future__ import annotations

from typing import Any

from experiments.trials.trial_design import TrialDesign

__all__ = ["design"]

ARMS: dict[str, Any] = {"usual": {}, "supervision": {"policies": ["alliance_supervision"]}}


def design(**changes: Any) -> TrialDesign:
    """Return a trial of 40 clients and 4 therapists; a mapping changes some entries of its table."""
    values: dict[str, Any] = {
        "preset": "university_counselling",
        "arms": ARMS,
        "design": {"clients": 40, "therapists": 4},
        "outcome": {"weeks": [2, 6, 12], "primary": 6},
        "analysis": [{"kind": "t"}, {"kind": "t_of_therapist_means"}],
    }
    for name, value in changes.items():
        merged = isinstance(value, dict) and name not in {"arms", "settings"}
        values[name] = {**values.get(name, {}), **value} if merged else value
    return TrialDesign(**values)
