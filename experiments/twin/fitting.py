"""A quick fit of the model to records: one regression over an ensemble, enough for a twin and said in its report.

`alliance calibrate --data` fits with care. Here an ensemble around the default clinic is simulated once and moved
once towards the statistics of the records, as in the first step of `experiments.calibration`. What was simulated
serves every part of the records that is fitted again, so attacks can be tried on many twins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.base import base_of
from experiments.calibration.priors import priors_for
from experiments.calibration.real_data import targets_from_records
from experiments.calibration.settings import SETTING_PARAMETERS
from experiments.calibration.simulating import simulate_each, simulated_statistics, study_size
from experiments.calibration.smoothing import moved
from experiments.calibration.targets import Targets, targets_for
from experiments.evidence.facts_by_setting import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.records.reading import Records
    from experiments.tables.columns import Floats
    from simulation.parameters import Parameters

__all__ = ["ENSEMBLE", "QuickFit"]

ENSEMBLE = 32
"""Parameter sets in the ensemble."""

STUDIES = 50
"""Simulated studies of each."""

REACH = 0.45
"""Spread of the ensemble around the setting, in standard deviations of the priors: one move does not go far."""


@dataclass(frozen=True, eq=False)
class QuickFit:
    """Fits the parameters that may differ between settings; the same for the same seed.

    Attributes
    ----------
    seed
        Of the ensemble.
    """

    seed: int = 1

    @cached_property
    def base(self) -> Parameters:
        return base_of(DEFAULT)

    @cached_property
    def _targets(self) -> Targets:
        return targets_for(DEFAULT)

    @cached_property
    def _ensemble(self) -> tuple[Floats, Floats]:
        """Places of the members, and all statistics of each, shapes (members, parameters), (members, targets)."""
        priors = priors_for(self.base, SETTING_PARAMETERS)
        middle = np.array([one.place(float(getattr(self.base, one.name))) for one in priors])
        drawn = np.random.default_rng(self.seed).standard_normal((ENSEMBLE, len(priors)))
        places = middle + REACH * drawn
        settings = [self._setting(row) for row in places]

        def simulator(one: Parameters) -> Floats:
            return simulated_statistics(study_size(one), self._targets, studies=STUDIES, threads=1)

        return places, np.array(list(simulate_each(simulator, settings, None)))

    def parameters(self, records: Records) -> tuple[Parameters, Mapping[str, float]]:
        """Return the fitted setting, and the values that were fitted.

        Raises
        ------
        AllianceError
            If the records support no statistic; says why.
        """
        targets = targets_from_records(records)
        ids = [one.id for one in self._targets.rows]
        places, statistics = self._ensemble
        columns = [ids.index(one.id) for one in targets.rows]
        random = np.random.default_rng(self.seed)
        mean = moved(places, statistics[:, columns], targets, 1, random).mean(axis=0)
        priors = priors_for(self.base, SETTING_PARAMETERS)
        values = {one.name: float(f"{one.value(mean)[i]:.6g}") for i, one in enumerate(priors)}
        return self.base.replace(**values), values

    def _setting(self, row: Floats) -> Parameters:
        priors = priors_for(self.base, SETTING_PARAMETERS)
        return self.base.replace(
            **{one.name: float(one.value(row[i])) for i, one in enumerate(priors)}
        )
