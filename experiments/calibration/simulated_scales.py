"""Statistics of many settings, each on the scale on which its differences add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.scales import on_scale
from experiments.calibration.simulating import simulate_each, simulated_statistics, study_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from experiments.calibration.scales import Scale
    from experiments.calibration.targets import Targets
    from simulation.parameters import Parameters

    Array = NDArray[np.float64]

__all__ = ["short", "simulated_on_scales"]


def simulated_on_scales(
    settings: Sequence[Parameters], rows: Targets, scales: Sequence[Scale]
) -> Array:
    """Return the statistics of settings, each on its scale, shape (settings, statistics)."""

    def run(setting: Parameters) -> Array:
        return simulated_statistics(study_size(setting), rows, threads=1)

    given = np.array(list(simulate_each(run, settings, None)))
    for place, scale in enumerate(scales):
        given[:, place] = on_scale(given[:, place], scale)
    return given


def short(value: float) -> float:
    """Return a number with four significant digits."""
    return float(f"{value:.4g}")
