"""What is said of the clinics of a trial, and of which uncertainties its power holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.quantities.writing import significant
from experiments.trials.clinics import do_clinics_differ

if TYPE_CHECKING:
    from experiments.trials.trial_design import TrialDesign

__all__ = ["clinics_sentence", "power_sentence"]


def clinics_sentence(design: TrialDesign) -> str:
    """Say how the clinics of a trial differ; empty where it has one that is not drawn."""
    own = design.design
    if not do_clinics_differ(design):
        return "All clinics have the same parameters." if own.clinics > 1 else ""
    times = "" if own.clinics_differ == 1 else f"{significant(own.clinics_differ)} times "
    if own.clinics == 1:
        return (
            f"The clinic of each trial is drawn anew, {times}as far off as published studies are."
        )
    return (
        f"Clinics of each trial are drawn anew and differ {times}as much as published studies do."
    )


def power_sentence(design: TrialDesign) -> str:
    """Say which uncertainties power, truth and their intervals hold."""
    parts = ["chance", *(["how clinics differ"] if do_clinics_differ(design) else [])]
    if (known := design.parameter_sets) is None:
        return (
            f"Power holds {' and '.join(parts)}, for the one set of parameters of the setting; not how well those "
            "are known, nor what the model gets wrong."
        )
    parts = ["how well parameters are known", *parts[1:], "chance"]
    return (
        f"Each trial is run with one of the {len(known)} of {known.tried} parameter sets that the findings leave: "
        f"power holds {', '.join(parts[:-1])} and {parts[-1]}; not what the model gets wrong. The true effect is the "
        "mean over the sets, and bias and coverage are those of it."
    )
