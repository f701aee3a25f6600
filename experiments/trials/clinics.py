"""How the clinics of a trial differ: each has parameters of its own, drawn once for it and its trial.

The traits that clinics differ in, and how much, are those of the joint ensembles
(`experiments.calibration.between_clinics`); published differences between studies give them. A clinic has the same
place in each trait under every arm, so that its worlds differ by the policy alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.between_clinics import clinic_traits
from experiments.quantities.writing import significant
from experiments.store.state import checksum
from simulation.allotment import clinic_places, moved_values

if TYPE_CHECKING:
    from experiments.calibration.between_clinics import ClinicTrait
    from experiments.tables.columns import Floats
    from experiments.trials.trial_design import TrialDesign
    from simulation.parameters import Parameters

__all__ = ["clinics_hash", "clinics_sentence", "differing_values", "do_clinics_differ"]


def do_clinics_differ(design: TrialDesign) -> bool:
    """Tell whether the clinics of a trial differ: a single one is the clinic in the middle of its setting."""
    return design.design.clinics > 1 and design.design.clinics_differ > 0


def differing_values(
    design: TrialDesign, parameters: Parameters, trials: range
) -> dict[str, Floats]:
    """Return what the clinics of some trials differ in, under one arm.

    Parameters
    ----------
    design, trials
        Of the trials, and their numbers.
    parameters
        The setting of the arm, in the middle of its clinics.

    Returns
    -------
    dict
        By the name of a parameter its value in each clinic, shape (trials × clinics,); empty if all are alike.
    """
    if not do_clinics_differ(design):
        return {}
    own, traits = design.design, clinic_traits()
    places = clinic_places(design.seed, trials, own.clinics, len(traits))
    places = own.clinics_differ * places.reshape(-1, len(traits))
    found: dict[str, Floats] = {}
    for number, trait in enumerate(traits):
        if trait.spread > 0.0:
            found.update(_moved(trait, parameters, places[:, number]))
    return found


def _moved(trait: ClinicTrait, parameters: Parameters, places: Floats) -> dict[str, Floats]:
    """Return the values of the parameters that a trait moves; `places` are in its standard deviations."""
    found = {}
    for name in trait.parameters:
        row = type(parameters).rows[name]
        assert row.low is not None
        assert row.high is not None
        middle = np.full(len(places), float(getattr(parameters, name)))
        found[name] = moved_values(middle, trait.spread * places, (row.low, row.high), trait.scale)
    return found


def clinics_sentence(design: TrialDesign) -> str:
    """Say how the clinics of a trial differ; empty where there is one."""
    own = design.design
    if own.clinics == 1:
        return ""
    if not do_clinics_differ(design):
        return "All clinics have the same parameters."
    times = "" if own.clinics_differ == 1 else f"{significant(own.clinics_differ)} times "
    return (
        f"Clinics of each trial are drawn anew and differ {times}as much as published studies do."
    )


def clinics_hash() -> str:
    """Return a hash of what clinics differ in and how much: data of other spreads are other data."""
    return checksum(repr(clinic_traits()))
