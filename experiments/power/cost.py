"""What a trial costs: so much a client, so much a therapist."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.design.value import StudyError

if TYPE_CHECKING:
    from experiments.trials.trial_design import TrialDesign

__all__ = ["Cost"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a trial costs, in any currency.

    Attributes
    ----------
    client, therapist
        Of one client, and of one therapist (training, supervision, rent), beside its clients.
    """

    client: float
    therapist: float

    @classmethod
    def read(cls, text: str) -> Cost:
        """Read ``client=400, therapist=3000``.

        Raises
        ------
        StudyError
            If it says something else.
        """
        parts: dict[str, float] = {}
        for part in text.split(","):
            name, _, value = (piece.strip() for piece in part.partition("="))
            try:
                amount = float(value)
            except ValueError:
                amount = math.nan
            if name not in ("client", "therapist") or name in parts or not 0 <= amount < math.inf:
                raise StudyError(
                    f"cost = {text} cannot be read: write what a client and a therapist cost, as in "
                    '"client=400, therapist=3000".'
                )
            parts[name] = amount
        cost = cls(parts.get("client", 0.0), parts.get("therapist", 0.0))
        if not cost.client + cost.therapist > 0:
            raise StudyError(
                "A trial that costs nothing has no cheapest form: give client or therapist a cost."
            )
        return cost

    def of(self, design: TrialDesign) -> float:
        """Return what a trial costs."""
        return self.client * design.design.clients + self.therapist * design.design.therapists
