"""Presets: named, documented sets of parameters on top of the default clinic.

Four kinds, each a folder of TOML files beside this module: *settings* (where therapy takes place), *scenarios*
(for teaching), *mechanisms* (rival explanations: the same model with paths closed) and *policies* (what a clinic
can decide).
"""

from __future__ import annotations

from simulation.presets.catalogue import (
    KINDS,
    Kind,
    Preset,
    all_presets,
    find_preset,
    layered,
    preset,
    read_preset,
)

__all__ = [
    "KINDS",
    "Kind",
    "Preset",
    "all_presets",
    "find_preset",
    "layered",
    "preset",
    "read_preset",
]
