"""A setting beside the findings, with what other models pass and, where asked for, what its ensemble predicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.validation.nulls import beside_nulls, role_line

if TYPE_CHECKING:
    from experiments.calibration.predictive import Prediction
    from experiments.evidence.informed import FullRole
    from experiments.validation.nulls import Nulls
    from experiments.validation.results import Validation

__all__ = ["ValidatedSetting"]


@dataclass(frozen=True, slots=True)
class ValidatedSetting:
    """What is shown of one setting.

    Attributes
    ----------
    validation
        The comparison.
    nulls
        Other models beside the same findings; None where they were not run.
    prediction
        What the setting's ensemble predicts; None where that was not asked for.
    """

    validation: Validation
    nulls: Nulls | None = None
    prediction: Prediction | None = None

    def role_line(self, role: FullRole) -> str:
        """Say how many findings of a role lie inside, how many other clinics pass, and the scores."""
        return role_line(self.validation, role, self.nulls)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as plain values for JSON."""
        rows = beside_nulls(self.validation, self.nulls)
        if self.prediction is None:
            return rows
        by_id = self.prediction.by_id
        return [
            entry
            | {
                "ensemble_low": by_id[entry["id"]].low,
                "ensemble_middle": by_id[entry["id"]].middle,
                "ensemble_high": by_id[entry["id"]].high,
                "ensemble_holds": self.prediction.holds,
            }
            for entry in rows
        ]
