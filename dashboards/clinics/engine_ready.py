"""Whether the engine is ready: compiled, or read from its cache."""

from __future__ import annotations

import threading

from dashboards.clinics.pictures import clinic_picture
from simulation.presets import layered

__all__ = ["is_warm", "warm_up"]

_READY = threading.Event()


def warm_up() -> None:
    """Make the engine ready, before the first visitor asks for a clinic; takes some seconds the first time."""
    clinic_picture(layered(["university_counselling"], {"clients": 20}))
    _READY.set()


def is_warm() -> bool:
    """Tell whether a small clinic can be run at once."""
    return _READY.is_set()
