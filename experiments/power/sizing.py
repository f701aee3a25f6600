"""What can be looked for in the design of a trial, and the design that has so much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from experiments.design.value import StudyError
from experiments.power.search import Sizes
from experiments.trials.design import MOST_CLIENTS, MOST_CLINICS, MOST_THERAPISTS
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from experiments.trials.trial_design import TrialDesign

__all__ = ["LOOKED_FOR", "LookedFor", "checked", "designed", "size_of", "sizes_of", "words_of"]

LookedFor = Literal["clients", "therapists", "clients_per_therapist", "clinics", "effect"]
LOOKED_FOR: tuple[LookedFor, ...] = get_args(LookedFor)

STEP_OF_EFFECT, LARGEST_EFFECT = 0.005, 2.0
"""In standard deviations (d); the step is the smallest effect, too."""

WORDS: dict[LookedFor, str] = {
    "clients": "clients",
    "therapists": "therapists",
    "clients_per_therapist": "clients of each therapist",
    "clinics": "clinics",
    "effect": "d",
}


def words_of(find: LookedFor) -> str:
    """Return what is looked for as texts and axes call it."""
    return WORDS[find]


def checked(find: str, design: TrialDesign) -> LookedFor:
    """Return what is looked for, if it is something that this design can change.

    Raises
    ------
    AllianceError
        If it is not.
    """
    if find not in LOOKED_FOR:
        raise unknown_name(
            find, "something to look for", LOOKED_FOR, see=f"There are: {', '.join(LOOKED_FOR)}."
        )
    known: LookedFor = LOOKED_FOR[LOOKED_FOR.index(find)]
    own = design.design
    if known in ("therapists", "clients_per_therapist") and own.clients % own.therapists:
        raise StudyError(
            f"clients = {own.clients} cannot be dealt evenly to therapists = {own.therapists}, so there is no number "
            "of clients of each therapist to keep or to change: make one a multiple of the other."
        )
    if known == "clinics" and own.clients % own.clinics:
        raise StudyError(
            f"clients = {own.clients} cannot be dealt evenly to clinics = {own.clinics}, so there is no number of "
            "clients of each clinic to keep: make it a multiple."
        )
    if known in ("therapists", "clinics") and any(arm.therapists for arm in design.arms.values()):
        raise StudyError(
            f"The number of {known} cannot be looked for while arms say how many they have: leave out therapists "
            "of the arms."
        )
    if known == "effect" and sum(arm.effect is not None for arm in design.arms.values()) != 1:
        raise StudyError(
            "The smallest effect can be looked for in one arm: give exactly one an effect = { d = ..., by = ... }."
        )
    return known


def size_of(find: LookedFor, design: TrialDesign) -> float:
    """Return how much of it a design has."""
    own = design.design
    if find == "effect":
        return next(abs(arm.effect.d) for arm in design.arms.values() if arm.effect is not None)
    sizes = {
        "clients": own.clients,
        "therapists": own.therapists,
        "clients_per_therapist": own.clients // own.therapists,
        "clinics": own.clinics,
    }
    return float(sizes[find])


def sizes_of(find: LookedFor, design: TrialDesign) -> Sizes:
    """Return which sizes can be run.

    Clients come in multiples of the allocation, so that arms can be as unequal as it says and no more. Therapists
    come so that each clinic, and each arm if they are nested in arms, has its share. Clinics come with as many
    therapists and clients each as before, two at least; in multiples of the allocation where they are randomised.
    """
    own, share = design.design, sum(design.allocation)
    if find == "effect":
        return Sizes(STEP_OF_EFFECT, STEP_OF_EFFECT, LARGEST_EFFECT, "linear")
    if find == "clients_per_therapist":
        return Sizes(1, 1 + (own.therapists < 4), MOST_CLIENTS // own.therapists)
    if find == "clients":
        return Sizes(share, max(own.therapists, 4, 2 * share), MOST_CLIENTS)
    if find == "clinics":
        most = min(
            MOST_CLINICS,
            MOST_THERAPISTS * own.clinics // own.therapists,
            MOST_CLIENTS * own.clinics // own.clients,
        )
        if own.randomise != "clinic":
            return Sizes(1, 2, most)
        return Sizes(share, share * -(-2 // min(design.allocation)), most)
    nested = own.therapists_in_arms == "nested" and own.randomise != "clinic"
    step = own.clinics * (share if nested else 1)
    most = min(MOST_THERAPISTS, MOST_CLIENTS // (own.clients // own.therapists))
    lowest = step * (-(-2 * len(design.arms) // share) if nested else 1)
    return Sizes(step, max(lowest, step, 2), most)


def designed(find: LookedFor, design: TrialDesign, size: float) -> TrialDesign:
    """Return the design that has so much of what is looked for, all else as it was."""
    own = design.design
    if find == "effect":
        given = design.model_dump()
        for arm in given["arms"].values():
            if arm["effect"] is not None:
                arm["effect"]["d"] = round(size if arm["effect"]["d"] >= 0 else -size, 6)
        return type(design)(**given)
    whole = round(size)
    if find == "clients":
        return design.changed(clients=whole)
    if find == "therapists":
        return design.changed(therapists=whole, clients=whole * (own.clients // own.therapists))
    if find == "clinics":
        each = {"therapists": own.therapists // own.clinics, "clients": own.clients // own.clinics}
        return design.changed(
            clinics=whole, **{name: whole * number for name, number in each.items()}
        )
    return design.changed(clients=whole * own.therapists)
