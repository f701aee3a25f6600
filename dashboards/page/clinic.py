"""What the page's clinic shows: outcomes with their names and units, controls, presets to start from."""

from __future__ import annotations

from typing import Any

from dashboards.addresses.address import PageState
from dashboards.addresses.parameter_controls import (
    BEYOND,
    REACH,
    bounds,
    control,
    label,
    step_between,
)
from dashboards.addresses.preset_choices import preset_choices
from dashboards.charts.figures import as_json
from dashboards.clinics.course_axes import AXES
from experiments.catalogue import outcome
from simulation.parameters import PARAMETERS, Parameters

__all__ = ["clinic"]

OUTCOMES = (
    "dropout_rate",
    "completion_rate",
    "reliable_improvement_rate",
    "recovery_rate",
    "mean_sessions",
    "core_10_change",
)
"""In the order of their cards; each can be swept."""

SET = (
    "empathy",
    "boundary",
    "repair_skill",
    "rupture_base",
    "trust_loss_ratio",
    "caseload_cap",
    "session_limit",
    "progress_feedback",
)
"""Parameters that can be set."""

KINDS = ("setting", "scenario", "policy", "mechanism")
LEVELS = 17
"""Of a parameter that is swept."""


def clinic() -> dict[str, Any]:
    """Return what the clinic needs beside the model's own tables."""
    base = Parameters()
    numeric = [name for name in SET if PARAMETERS[name].kind in {"number", "integer"}]
    return {
        "outcomes": [_outcome(name) for name in OUTCOMES],
        "controls": [as_json(control(PARAMETERS[name], getattr(base, name))) for name in SET],
        "sweeps": [
            {"name": name, "label": label(name), "levels": _levels(name)} for name in numeric
        ],
        "presets": [as_json(one) for one in preset_choices(*KINDS)],
        "start": PageState.preset,
        "reach": {name: list(ends) for name, ends in REACH.items()},
        "beyond": {name: list(words) for name, words in BEYOND.items()},
        "axes": {name: as_json(AXES[name]) for name in ("staying", "wai_sr_client", "core_10")},
    }


def _outcome(name: str) -> dict[str, Any]:
    found = outcome(name)
    low, high = found.unit.range
    return {
        "name": name,
        "title": found.title,
        "axis": found.axis,
        "percent": found.unit.percent,
        "digits": found.unit.digits,
        "range": [low, high if high < float("inf") else None],
    }


def _levels(name: str) -> list[float]:
    """Return the levels of a sweep, evenly over what a page may ask for."""
    row = PARAMETERS[name]
    low, high = bounds(row)
    assert low is not None
    assert high is not None
    if row.kind == "integer":
        step = max(1, round((high - low) / (LEVELS - 1)))
        return [float(value) for value in range(int(low), int(high) + 1, step)]
    digits = max(0, -int(f"{step_between(low, high):e}".split("e")[1]) + 1)
    return [round(low + (high - low) * place / (LEVELS - 1), digits) for place in range(LEVELS)]
