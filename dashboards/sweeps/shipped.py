"""A sweep that was run before: the picture that the room opens with, until one of one's own is run.

``python -m dashboards.tools.shipped_sweep`` runs it again after the model has changed; a test says when.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from dashboards.addresses.address import PageState
from dashboards.sweeps.inputs import sweep_of
from dashboards.sweeps.refinement import SweepProgress, SweepRun
from experiments.quantities.estimate import Estimates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.sweeps.spec import Sweep

__all__ = ["FILE", "VIEW", "as_text", "run_again", "shipped"]

FILE = Path(__file__).with_name("shipped.json")

VIEW: Mapping[str, Any] = MappingProxyType(
    {"x": "empathy", "x_count": 15, "y": "boundary", "y_count": 15, "repeats": 40, "size": 200}
)
"""What it varies, as an address of the room says it."""

PARTS = ("value", "low", "high")


@cache
def shipped() -> SweepProgress:
    """Return the sweep as it was stored, finished."""
    stored = json.loads(FILE.read_text("utf-8"))
    sweep = _sweep()
    found = Estimates(*(np.array(stored[part]) for part in PARTS))
    number = np.full(sweep.points, sweep.replicates, dtype=np.int64)
    return SweepProgress(sweep, sweep.runs, number, found, MappingProxyType({}))


def run_again() -> SweepProgress:
    """Run it; some seconds."""
    run = SweepRun(_sweep())
    while not run.finished:
        run.step(1.0)
    return run.progress()


def as_text(progress: SweepProgress) -> str:
    """Return its estimates as they are stored."""
    parts = {part: getattr(progress.found, part).round(6).tolist() for part in PARTS}
    return json.dumps(parts, separators=(",", ":")) + "\n"


def _sweep() -> Sweep:
    return sweep_of(PageState(room="sweep", view=VIEW))
