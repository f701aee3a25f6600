"""Analyses that a design can never have: said when it is read, not when every fit has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.trials.trial_design import TrialDesign

__all__ = ["OF_DROPOUT", "check_possible"]

OF_DROPOUT = ("hazard", "cox")
"""Kinds whose effect is on the hazard of dropout: no estimate of the outcome, so without bias or coverage."""


def check_possible(design: TrialDesign, options: Mapping[str, Any]) -> None:
    """Check that what an analysis asks for is in the data of a design.

    Raises
    ------
    AllianceError
        Where every fit would fail: for clinics where there is one, therapists that differ in the effect where each
        has one arm, and dropout where an arm has no therapy to drop out of.
    """
    kind, random = options["kind"], options.get("random", ())
    effects = (random,) if isinstance(random, str) else tuple(random)
    if design.design.clinics == 1 and ("clinic" in effects or options.get("clinic") is True):
        raise AllianceError(
            f"{kind} asks how clinics differ, and [design] has clinics = 1: leave clinic out of it, or give several."
        )
    if "therapist_by_arm" in effects and not _therapists_have_all_arms(design):
        raise AllianceError(
            f"{kind} asks how the effect differs between therapists, and each of them has one arm: take "
            'random = ["therapist"], or therapists_in_arms = "crossed".'
        )
    without = [name for name, arm in design.arms.items() if arm.therapists == 0]
    if kind in OF_DROPOUT and without:
        raise AllianceError(
            f"{kind} analyses dropout from therapy, and arms.{without[0]} has no therapists: leave {kind} out."
        )


def _therapists_have_all_arms(design: TrialDesign) -> bool:
    own = design.design
    return own.randomise == "client" and own.therapists_in_arms == "crossed"
