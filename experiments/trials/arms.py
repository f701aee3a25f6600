"""The arms of a trial: policies, settings of their own, the effect that is wanted."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from experiments.design.value import Scalar, StudyError, Value
from simulation.dyads.catalogue import added_parameters
from simulation.errors import unknown_name
from simulation.parameters import PARAMETERS
from simulation.presets import all_presets, find_preset

__all__ = ["OF_THE_DESIGN", "Arm", "Effect", "checked_settings", "listed"]

OF_THE_DESIGN = {
    "clients": "clients of [design]",
    "therapists": "therapists of [design]",
    "weeks": "weeks of [outcome]",
    "assignment": "stratify of [design], for everybody is allotted at intake",
}
"""Parameters that a trial sets itself, and where they are said."""


def listed(given: Any) -> Any:
    """Return a single text as a list of one."""
    return [given] if isinstance(given, str) else given


def _refuse_unknown(name: str) -> None:
    """Refuse what is no parameter of the model or of a published model of the dyad."""
    if name not in PARAMETERS and name not in added_parameters():
        raise unknown_name(name, "a parameter", PARAMETERS, see="See: alliance explain")


def checked_settings(settings: dict[str, Scalar]) -> dict[str, Scalar]:
    """Return settings that a trial may have.

    Raises
    ------
    AllianceError
        For a parameter that does not exist, or that the trial sets itself.
    """
    for name in settings:
        _refuse_unknown(name)
        if name in OF_THE_DESIGN:
            raise StudyError(f"{name} cannot be set for a trial: it has {OF_THE_DESIGN[name]}.")
    return settings


class Effect(Value):
    """A true effect that is wanted.

    Attributes
    ----------
    d
        In standard deviations of the first arm's primary score; above 0 where clients are better off.
    by
        The parameter whose value is found so that the effect is this large.
    """

    d: float
    by: str

    @field_validator("by")
    @classmethod
    def _can_be_searched(cls, by: str) -> str:
        _refuse_unknown(by)
        row = PARAMETERS.get(by) or added_parameters()[by]
        if row.kind != "number":
            raise StudyError(
                f"effect.by = {by} cannot be searched: name a parameter that takes any number in a range."
            )
        return by


class Arm(Value):
    """What is done with the clients of an arm.

    Attributes
    ----------
    policies
        Presets of policies, later ones winning.
    settings
        Parameters of this arm alone.
    effect
        The true effect that is wanted; None takes what comes of policies and settings.
    therapists
        How many of the trial's therapists the arm has; 0: none, as on a waiting list. None shares them out.
    """

    policies: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    settings: dict[str, Scalar] = Field(default_factory=dict)
    effect: Effect | None = None
    therapists: int | None = Field(default=None, ge=0)

    @field_validator("policies")
    @classmethod
    def _known(cls, policies: tuple[str, ...]) -> tuple[str, ...]:
        names = [one.name for one in all_presets() if one.kind == "policy"]
        for name in policies:
            if name not in names and not name.endswith(".toml"):
                raise unknown_name(name, "a policy", names, see=f"There are: {', '.join(names)}.")
            if "assignment" in find_preset(name).parameters:
                raise StudyError(
                    f"{name} changes whom clients are given, and in a trial everybody is allotted at intake: take "
                    "another policy."
                )
            checked_settings(dict(find_preset(name).parameters))
        return policies

    @field_validator("settings")
    @classmethod
    def _not_of_the_design(cls, settings: dict[str, Scalar]) -> dict[str, Scalar]:
        return checked_settings(settings)

    @model_validator(mode="after")
    def _has_somebody_to_follow(self) -> Arm:
        if self.therapists == 0 and (self.policies or self.settings or self.effect):
            raise StudyError(
                "An arm with therapists = 0 has nobody to follow a policy: leave out its policies, settings and "
                "effect."
            )
        return self
