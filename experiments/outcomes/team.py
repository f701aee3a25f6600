"""What the work does to the therapists."""

from __future__ import annotations

from experiments.outcomes.kinds import mean_over_therapists
from experiments.quantities.measure import Measure
from experiments.quantities.unit import LATENT, LOGITS

__all__ = ["MEASURES"]

THERAPISTS = ("therapists",)

MEASURES = (
    Measure(
        "mean_fatigue",
        "fatigue of the team",
        "Fatigue of the therapists over the weeks.",
        LATENT,
        mean_over_therapists("fatigue_mean"),
        THERAPISTS,
    ),
    Measure(
        "last_fatigue",
        "fatigue of the team at the end",
        "Fatigue of the therapists at the end of follow-up.",
        LATENT,
        mean_over_therapists("fatigue_last"),
        THERAPISTS,
    ),
    Measure(
        "skill_gain",
        "skill gained by the team",
        "Skill the therapists gained by training.",
        LOGITS,
        mean_over_therapists("skill_gain"),
        THERAPISTS,
    ),
)
