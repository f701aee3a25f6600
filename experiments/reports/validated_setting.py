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
        return [entry | self._predicted(entry["id"]) for entry in rows]

    def _predicted(self, name: str) -> dict[str, Any]:
        """Return what the ensemble predicts for a finding."""
        assert self.prediction is not None
        row = self.prediction.by_id[name]
        return {
            "ensemble_low": row.clinics.low,
            "ensemble_middle": row.middle,
            "ensemble_high": row.clinics.high,
            "ensemble_estimate_low": row.estimates.low,
            "ensemble_estimate_high": row.estimates.high,
            "ensemble_scale": row.scale,
            "ensemble_sd_clinics": row.clinics_spread,
            "ensemble_sd_model": row.model_error,
            "ensemble_sd_published": row.published_error.error,
            "ensemble_sd_published_from": row.published_error.source,
            "ensemble_holds": self.prediction.holds,
        }
