"""Calibration: which parameters make the simulated clinic agree with the facts it may be fitted to.

Ensemble smoothing with multiple data assimilation (Emerick & Reynolds 2013, Computers & Geosciences 55, 3-15;
an iterated ensemble Kalman inversion, Iglesias, Law & Stuart 2013, Inverse Problems 29, 045001) moves an ensemble
of parameter sets from a wide prior towards the facts. What remains is then ruled out or not by implausibility, as
in history matching (Vernon, Goldstein & Bower 2010, Bayesian Analysis 5, 619-669): a set stays if no target is
further from it than three times what the field's own spread and the simulation's noise explain.
"""

from __future__ import annotations

from experiments.calibration.clinic_ensembles import ClinicEnsemble, ensemble
from experiments.calibration.fitting import calibrate
from experiments.calibration.priors import Prior, priors_for
from experiments.calibration.result import Calibration
from experiments.calibration.smoothing import Ensemble
from experiments.calibration.targets import Target, Targets, targets_for

__all__ = [
    "Calibration",
    "ClinicEnsemble",
    "Ensemble",
    "Prior",
    "Target",
    "Targets",
    "calibrate",
    "ensemble",
    "priors_for",
    "targets_for",
]
