"""When the clients of a trial come, and how long its clinics run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from experiments.design.value import StudyError
from experiments.trials.allotting import team_of_clinic
from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from experiments.trials.trial_design import TrialDesign

__all__ = ["Calendar"]


@dataclass(frozen=True)
class Calendar:
    """How many clients a clinic receives, and how long it runs, so that the trial's are followed to the end."""

    design: TrialDesign

    def check(self) -> None:
        """Refuse a trial that would take longer than clinics run.

        Raises
        ------
        StudyError
            With what to change.
        """
        most = PARAMETERS["weeks"].high
        assert most is not None
        if self.weeks > most:
            own = self.design.design
            raise StudyError(
                f"clients = {own.clients:,} of therapists = {own.therapists:,} would take {self.weeks:,} weeks, and "
                f"clinics run {most:,} at most: take more therapists, or set arrivals_per_week in [settings]."
            )

    @property
    def followed(self) -> int:
        """Clients of a clinic who are in the trial, at most."""
        return -(-self.design.design.clients // self.design.design.clinics)

    @cached_property
    def arrivals(self) -> float:
        """Clients who come to a clinic in a week: for each therapist as many as in the preset, if nothing is set."""
        base = self.design.base_parameters()
        if "arrivals_per_week" in self.design.settings:
            return base.arrivals_per_week
        row = PARAMETERS["arrivals_per_week"]
        assert row.low is not None
        assert row.high is not None
        rate = base.arrivals_per_week / base.therapists * sum(team_of_clinic(self.design))
        return min(max(rate, row.low), row.high)

    @property
    def weeks(self) -> int:
        """Weeks until the last client of the trial has been asked for the last time."""
        return int(self.followed / self.arrivals) + self.design.outcome.weeks[-1] + 1

    @property
    def clients(self) -> int:
        """Clients who come to a clinic until then."""
        return max(self.followed, math.ceil(self.arrivals * self.weeks))
