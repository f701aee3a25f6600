from .agents.model import AllianceModel
from .agents.people import Client, Therapist
from .errors import AllianceError
from .parameters import PARAMETERS, Parameters
from .presets import all_presets, preset
from .running import simulate
from .session import hold_session

__all__ = [
    "PARAMETERS",
    "AllianceError",
    "AllianceModel",
    "Client",
    "Parameters",
    "Therapist",
    "all_presets",
    "hold_session",
    "preset",
    "simulate",
]
