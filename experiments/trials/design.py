"""Who is allotted to what: the table ``[design]`` of a trial."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from experiments.design.value import StudyError, Value
from experiments.trials.arms import listed

__all__ = ["MOST_CLIENTS", "MOST_CLINICS", "MOST_THERAPISTS", "Allotment"]

MOST_CLIENTS, MOST_THERAPISTS, MOST_CLINICS = 100_000, 10_000, 1_000
"""Of a trial."""


class Allotment(Value):
    """Who is allotted to what: ``[design]``.

    Attributes
    ----------
    randomise
        What is drawn into arms: clients, therapists with all their clients, or clinics with all their therapists.
    therapists_in_arms
        ``nested``: each has clients of one arm alone; ``crossed``: of all.
    clients, therapists, clinics
        How many in all.
    allocation
        How many clients (therapists, clinics) of each arm for how many of the others; equal where left out.
    blocks
        Clients in a permuted block; twice the sum of `allocation` where left out.
    stratify
        ``clinic``: blocks of their own for each clinic. ``therapist``: for each therapist, if they are crossed with
        arms; if nested, an arm's clients are dealt evenly to its therapists instead of at random.
    clinics_differ
        How much clinics differ, as a multiple of how much published studies do: in the distress of those who come,
        how readily they leave, how much therapists differ, how easily ruptures come about, how questionnaires are
        answered. 1 is as published, 0 makes all clinics alike. A single clinic is the one in the middle.
    """

    randomise: Literal["client", "therapist", "clinic"] = "client"
    therapists_in_arms: Literal["nested", "crossed"] = "nested"
    clients: int = Field(default=200, ge=4, le=MOST_CLIENTS)
    therapists: int = Field(default=10, ge=1, le=MOST_THERAPISTS)
    clinics: int = Field(default=1, ge=1, le=MOST_CLINICS)
    allocation: tuple[int, ...] = ()
    blocks: int | None = Field(default=None, ge=1, le=1_000)
    stratify: Annotated[tuple[Literal["therapist", "clinic"], ...], BeforeValidator(listed)] = ()
    clinics_differ: float = Field(default=1.0, ge=0, le=4)

    @field_validator("allocation")
    @classmethod
    def _everybody_gets_some(cls, allocation: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 1 <= share <= 20 for share in allocation):
            raise StudyError("allocation takes a whole number from 1 to 20 for each arm: [1, 1].")
        return allocation

    @model_validator(mode="after")
    def _fits(self) -> Allotment:
        if self.clients < self.therapists:
            raise StudyError(
                f"clients = {self.clients} is fewer than therapists = {self.therapists}: give each therapist one."
            )
        if self.therapists % self.clinics:
            raise StudyError(
                f"therapists = {self.therapists} cannot be shared among clinics = {self.clinics}: give a multiple."
            )
        if self.therapists_in_arms == "crossed" and self.randomise != "client":
            raise StudyError(
                f'randomise = "{self.randomise}" gives a therapist one arm, so they cannot be crossed with arms: '
                'take therapists_in_arms = "nested", or randomise = "client".'
            )
        return self
