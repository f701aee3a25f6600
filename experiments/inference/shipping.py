"""Making what is shipped of the loops of this room, after one of them was edited; it takes a quarter of a minute.

python -m experiments.inference.shipping
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.compilation import INFERENCE
from experiments.inference.df_methods import KENWARD_ROGER
from experiments.inference.mixed_model import RandomTerm, fit_model
from experiments.inference.mixed_moments import evaluate
from experiments.inference.one_intercept import fit_intercepts, make_workspace
from experiments.inference.small_samples import small_samples
from simulation.shipping import ship

if TYPE_CHECKING:
    from simulation.engine.compilation import Compiled

__all__ = ["CALLED", "kernels_called"]

CALLED = "experiments.inference.shipping:kernels_called"
"""See `simulation.lowering.lowered`."""


def kernels_called() -> list[Compiled[..., None]]:
    """Return the kernels, compiled for what they are given."""
    group = np.repeat(np.arange(3), 2)
    numbers = np.array([[1.0, 2.0, 4.0, 7.0, 3.0, 5.0]])
    contrasts, output = np.zeros((1, 1, 3)), np.zeros((1, 4))
    fit_intercepts(
        numbers, np.arange(6) % 2, group, np.array([0, 6]), KENWARD_ROGER,
        make_workspace(1, 2, 3, 6), contrasts, output,
    )  # fmt: skip
    fit_model(
        numbers[0], np.ones((6, 1)), [RandomTerm(group, np.ones((6, 1)), ("group",))],
        np.ones((1, 1)), KENWARD_ROGER,
    )  # fmt: skip
    return [evaluate, fit_intercepts, small_samples]


if __name__ == "__main__":
    ship(INFERENCE, CALLED)
