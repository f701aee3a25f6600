"""What a lesson simulates: how much, and which clinics beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from dashboards.lessons.part import KEY, Part
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from simulation.parameters import Parameters

__all__ = ["Arm", "RunSettings"]


class RunSettings(Part):
    """How much is simulated.

    Attributes
    ----------
    seed
        Shared by all arms, so that they differ by nothing but their parameters.
    replicates
        Clinics of each arm.
    clients
        Clients of one clinic; the team is sized so that a therapist has as much work as in the arm's setting.
    """

    seed: int = Field(default=11, ge=0)
    replicates: int = Field(default=100, ge=10, le=2000)
    clients: int = Field(default=60, ge=10, le=1000)


class Arm(Part):
    """One kind of clinic: presets layered, then single parameters, then shifts of what these give.

    Attributes
    ----------
    name, title
        As findings name it, and as a student reads it in the middle of a sentence.
    presets, parameters
        What differs from the default clinic.
    shifts
        What to add to parameters, whatever their value is: so that "raised" stays true after a calibration.
    """

    name: str = Field(pattern=KEY)
    title: str = Field(min_length=3)
    presets: tuple[str, ...] = ()
    parameters: dict[str, Any] = Field(default_factory=dict)
    shifts: dict[str, float] = Field(default_factory=dict)

    def settings(self) -> Parameters:
        """Return the arm's parameters.

        Raises
        ------
        AllianceError
            For a preset or parameter that does not exist, or a value out of bounds.
        """
        from simulation.presets import layered

        settings = layered(self.presets, self.parameters)
        known = {
            name: value for name, value in settings.model_dump().items() if name in self.shifts
        }
        for name in self.shifts:
            if name not in known:
                raise unknown_name(name, "a parameter", type(settings).model_fields)
        return settings.replace(**{name: known[name] + self.shifts[name] for name in known})
