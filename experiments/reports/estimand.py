"""What a trial estimates, by the five attributes of ICH E9(R1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.quantities.writing import significant
from experiments.trials.clinic_sentences import clinics_sentence
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from experiments.trials.trial_design import TrialDesign

__all__ = ["estimand_rows"]

STRATEGIES = {
    "treatment_policy": "the score is taken as it is then (treatment policy)",
    "hypothetical": "the score is asked for as it would be had it not happened (hypothetical)",
    "while_on_treatment": "the last score before it is taken (while on treatment)",
}


def estimand_rows(design: TrialDesign) -> tuple[tuple[str, str], ...]:
    """Return the estimand by its five attributes (ICH E9(R1), A.3)."""
    names = list(design.arms)
    outcome = design.outcome
    points = INSTRUMENTS[outcome.instrument].name
    return (
        (
            "Population",
            f"Clients who begin therapy in the simulated setting {design.preset or 'default clinic'}."
            + (f" {said}" if (said := clinics_sentence(design)) else ""),
        ),
        (
            "Treatments",
            f"{'; '.join(_arm(design, name) for name in names[1:])}; compared with {_arm(design, names[0])}.",
        ),
        (
            "Variable",
            f"{points} in week {outcome.primary} after intake, whether or not therapy still goes on.",
        ),
        (
            "Intercurrent events",
            f"After a dropout {STRATEGIES[design.estimand.dropout]}; after an ending as planned "
            f"{STRATEGIES[design.estimand.planned_ending]}.",
        ),
        ("Summary", f"Difference of means, each arm less {names[0]}."),
    )


def _arm(design: TrialDesign, name: str) -> str:
    arm = design.arms[name]
    parts = list(arm.policies)
    parts += [f"{key} = {value}" for key, value in arm.settings.items()]
    if arm.therapists == 0:
        parts.append("no therapists")
    if arm.effect is not None:
        parts.append(f"{arm.effect.by} set so that d = {significant(arm.effect.d)}")
    return f"{name} ({', '.join(parts)})" if parts else name
