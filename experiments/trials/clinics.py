"""What a trial's clinics have for parameters: its parameter set, where an ensemble gives it one, and how they differ.

The traits that clinics differ in, and how much, are those of the joint ensembles
(`experiments.calibration.between_clinics`); published differences between studies give them. A clinic has the same
place in each trait under every arm, and a trial the same parameter set, so that worlds differ by the policy alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.between_clinics import clinic_traits
from experiments.store.state import checksum
from simulation import allotment
from simulation.allotment import clinic_places, moved_values, trial_draws

if TYPE_CHECKING:
    from collections.abc import Collection

    from experiments.calibration.between_clinics import ClinicTrait
    from experiments.tables.columns import Floats, Integers
    from experiments.trials.trial_design import TrialDesign
    from simulation.parameters import Parameters

__all__ = [
    "clinics_hash",
    "differing_values",
    "do_clinics_differ",
    "sets_of_trials",
]


def _traits(design: TrialDesign) -> tuple[ClinicTrait, ...]:
    """Return what clinics differ in; nothing where an ensemble is of one clinic's own records."""
    known = design.parameter_sets
    return clinic_traits() if known is None else known.traits


def do_clinics_differ(design: TrialDesign) -> bool:
    """Tell whether clinics differ.

    A single one is the clinic in the middle of its setting; with an ensemble it is drawn, as several are.
    """
    own = design.design
    several = own.clinics > 1 or design.ensemble
    return several and own.clinics_differ > 0 and bool(_traits(design))


def sets_of_trials(design: TrialDesign, trials: range) -> Integers:
    """Return the parameter set of each trial, a row of the ensemble; a block of trials has each of them once."""
    known = design.parameter_sets
    assert known is not None
    count = len(known)
    first, last = trials.start // count, -(-trials.stop // count)
    whole = range(first * count, last * count)
    draws = trial_draws(design.seed, whole, 1, allotment.CLINIC, draws=2)[:, 0, 1]
    order: Integers = draws.reshape(-1, count).argsort(-1).argsort(-1).reshape(-1)
    return order[trials.start - whole.start : trials.stop - whole.start]


def differing_values(
    design: TrialDesign, parameters: Parameters, trials: range, fixed: Collection[str] = ()
) -> dict[str, Floats]:
    """Return what the clinics of some trials differ in, under one arm.

    Parameters
    ----------
    design, trials
        Of the trials, and their numbers.
    parameters
        The setting of the arm, in the middle of its clinics.
    fixed
        Parameters that the design or the arm sets: all sets of an ensemble have their value, and clinics differ
        around it.

    Returns
    -------
    dict
        By the name of a parameter its value in each clinic, shape (trials × clinics,); empty if all are alike.
    """
    own = design.design
    found: dict[str, Floats] = {}
    if (known := design.parameter_sets) is not None:
        rows = np.repeat(known.values[sets_of_trials(design, trials)], own.clinics, axis=0)
        found = {name: rows[:, k] for k, name in enumerate(known.names) if name not in fixed}
    if not do_clinics_differ(design):
        return found
    traits = _traits(design)
    places = clinic_places(design.seed, trials, own.clinics, len(traits))
    places = own.clinics_differ * places.reshape(-1, len(traits))
    for number, trait in enumerate(traits):
        if trait.spread > 0.0:
            found |= _moved(trait, parameters, found, places[:, number])
    return found


def _moved(
    trait: ClinicTrait, parameters: Parameters, values: dict[str, Floats], places: Floats
) -> dict[str, Floats]:
    """Return the values of the parameters that a trait moves; `places` are in its standard deviations.

    They are moved from where `values` has them in each clinic, else from those of the setting.
    """
    found = {}
    for name in trait.parameters:
        row = type(parameters).rows[name]
        assert row.low is not None
        assert row.high is not None
        middle = values.get(name)
        if middle is None:
            middle = np.full(len(places), float(getattr(parameters, name)))
        found[name] = moved_values(middle, trait.spread * places, (row.low, row.high), trait.scale)
    return found


def clinics_hash(design: TrialDesign) -> str:
    """Return a hash of the parameter sets and of how clinics differ: data of others are other data."""
    known = design.parameter_sets
    sets = () if known is None else (repr(known.names), known.values.tobytes())
    return checksum(repr(_traits(design)), *sets)
