"""The settings that calibration starts from, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.evidence.facts_by_setting import DEFAULT
from simulation.presets import layered

if TYPE_CHECKING:
    from simulation.parameters import Parameters

__all__ = ["base_of"]


def base_of(setting: str) -> Parameters:
    """Return a setting as it stands: a preset, a model of the dyad, a preset's file; `DEFAULT` is the default clinic.

    Raises
    ------
    AllianceError
        If there is none of this name.
    """
    return layered([] if setting == DEFAULT else [setting], {})
