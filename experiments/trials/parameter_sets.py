"""The parameter sets that trials may be run with: those of the joint ensemble of their preset."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from experiments.calibration.clinic_ensembles import ensemble
from experiments.evidence.facts_by_setting import DEFAULT

if TYPE_CHECKING:
    from experiments.calibration.clinic_ensembles import ClinicEnsemble

__all__ = ["sets_of_preset"]


@lru_cache(maxsize=8)
def sets_of_preset(preset: str | None) -> ClinicEnsemble:
    """Return the parameter sets of a preset, None being the default clinic; read once a process.

    Raises
    ------
    AllianceError
        If it has none.
    """
    return ensemble(preset or DEFAULT)
