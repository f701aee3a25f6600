"""What a trial measures and when, what it asks for (its estimand), and which scores are missing."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from experiments.design.value import StudyError, Value
from simulation.assessing import ASSESSED_INSTRUMENTS
from simulation.errors import unknown_name
from simulation.instruments import INSTRUMENTS

__all__ = ["Estimand", "Missing", "Outcome", "Strategy"]

Strategy = Literal["treatment_policy", "hypothetical", "while_on_treatment"]


class Outcome(Value):
    """What is measured, and when.

    Attributes
    ----------
    instrument
        A questionnaire of symptoms or wellbeing, which means something without a therapist too.
    weeks
        Weeks since intake at which everybody fills it in; 0 is intake, which is always measured.
    primary
        The week whose score decides.
    covariates
        ``<instrument>_intake``, for analyses that adjust for it.
    """

    instrument: str = "core_10"
    weeks: tuple[int, ...] = (0, 6, 12, 26)
    primary: int = 12
    covariates: tuple[str, ...] = ("core_10_intake",)

    @model_validator(mode="before")
    @classmethod
    def _adjusts_for_intake(cls, given: Any) -> Any:
        if isinstance(given, dict) and "covariates" not in given:
            return {**given, "covariates": [f"{given.get('instrument', 'core_10')}_intake"]}
        return given

    @field_validator("instrument")
    @classmethod
    def _answered_by_week(cls, instrument: str) -> str:
        if instrument not in INSTRUMENTS:
            raise unknown_name(
                instrument,
                "an instrument",
                ASSESSED_INSTRUMENTS,
                see=f"A trial takes one of {', '.join(ASSESSED_INSTRUMENTS)}.",
            )
        if instrument not in ASSESSED_INSTRUMENTS:
            raise StudyError(
                f"{instrument} rates a therapy, and many assessments of a trial fall after it: take one of "
                f"{', '.join(ASSESSED_INSTRUMENTS)}."
            )
        return instrument

    @field_validator("weeks")
    @classmethod
    def _rising(cls, weeks: tuple[int, ...]) -> tuple[int, ...]:
        if any(later <= earlier for earlier, later in pairwise(weeks)):
            raise StudyError("weeks must rise, as in [0, 6, 12, 26].")
        if not weeks or weeks[0] < 0 or not 1 <= weeks[-1] <= 520:
            raise StudyError("weeks takes whole numbers from 0 to 520, one of them above 0.")
        return weeks

    @model_validator(mode="after")
    def _primary_is_measured(self) -> Outcome:
        if self.primary not in self.after_intake:
            raise StudyError(
                f"primary = {self.primary} is not among weeks = {list(self.weeks)} after intake: add it there, or "
                "choose one of them."
            )
        for name in self.covariates:
            if name != self.covariate:
                raise StudyError(
                    f"{name} is no covariate of this trial: it has {self.covariate}, the score at intake."
                )
        return self

    @property
    def covariate(self) -> str:
        """Name of the score at intake."""
        return f"{self.instrument}_intake"

    @property
    def after_intake(self) -> tuple[int, ...]:
        """Weeks of assessment after intake."""
        return tuple(week for week in self.weeks if week > 0)

    @property
    def place(self) -> int:
        """Place of the primary week among those asked."""
        return self.after_intake.index(self.primary)


class Estimand(Value):
    """What becomes of the score of a client for whom something else came first (ICH E9(R1)).

    Attributes
    ----------
    dropout
        After a dropout, or after having given up waiting: ``treatment_policy`` takes the score as it is then,
        ``hypothetical`` asks for the score had nobody dropped out, ``while_on_treatment`` takes the last one before.
    planned_ending
        After an ending as planned or at the session limit, likewise.
    """

    dropout: Strategy = "treatment_policy"
    planned_ending: Strategy = "treatment_policy"


class Missing(Value):
    """Which scores are not there.

    Attributes
    ----------
    after_dropout
        Share of the clients who dropped out, or gave up waiting, who cannot be reached any more.
    at_random
        Share of all scores after intake that are missing for no reason.
    """

    after_dropout: float = Field(default=0.0, ge=0, le=1)
    at_random: float = Field(default=0.0, ge=0, lt=1)
