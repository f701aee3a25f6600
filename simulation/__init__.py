"""The model: what happens between therapists and clients, session by session.

What is named here is all that most scripts need, and is imported when it is first used:

>>> from simulation import preset, simulate
>>> result = simulate(preset("university_counselling"), seed=1)  # doctest: +SKIP
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.agents.model import AllianceModel
    from simulation.agents.people import Client, Therapist
    from simulation.errors import AllianceError
    from simulation.parameters import PARAMETERS, Parameters
    from simulation.presets import preset, presets
    from simulation.running import simulate
    from simulation.session import hold_session

__all__ = [
    "PARAMETERS",
    "AllianceError",
    "AllianceModel",
    "Client",
    "Parameters",
    "Therapist",
    "hold_session",
    "preset",
    "presets",
    "simulate",
]

_HOME = {
    "PARAMETERS": "simulation.parameters",
    "AllianceError": "simulation.errors",
    "AllianceModel": "simulation.agents.model",
    "Client": "simulation.agents.people",
    "Parameters": "simulation.parameters",
    "Therapist": "simulation.agents.people",
    "hold_session": "simulation.session",
    "preset": "simulation.presets",
    "presets": "simulation.presets",
    "simulate": "simulation.running",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for from the module it lives in (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """Name what can be imported from here."""
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """A package in which ``presets`` stays a function.

    Importing the package ``simulation.presets`` would otherwise put the package in the function's place, and what
    ``from simulation import presets`` gives would depend on what has been imported before.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
