"""What each stage of a session leaves: new state, and what the stages after it need. Named tuples of floats."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "AgencyDependency",
    "Agreement",
    "Attunement",
    "Bond",
    "Change",
    "Ending",
    "Frame",
    "Opening",
    "Repair",
    "Rupture",
    "Trust",
]


class Opening(NamedTuple):
    """How safe the client feels, and what is said."""

    safety: float
    disclosure: float


class Attunement(NamedTuple):
    """What is understood, and what the session gives."""

    attunement: float
    perceived_empathy: float
    gain: float
    """Share of distress that the session takes away."""
    usual_alliance: float


class Frame(NamedTuple):
    """Whether the frame was tested, with which answer, and crossings so far."""

    boundary_event: float
    crossings: float
    porosity: float
    rigidity: float


class Rupture(NamedTuple):
    """Whether there is a rupture, of which kind and how deep."""

    rupture: float
    depth: float
    off_track: float
    """1 if progress feedback warns."""


class Repair(NamedTuple):
    """Whether a rupture is noticed and repaired, and what stays of it."""

    noticed: float
    repaired: float
    taken_up: float
    """1 if a rupture, or strain from before, was taken up."""
    mended: float
    """How much was repaired: 1 for a rupture of average depth."""
    hurt: float
    """How deep a rupture was left open."""
    strain: float


class Trust(NamedTuple):
    """What the session and its ruptures leave of trust."""

    trust: float


class Bond(NamedTuple):
    """What trust, empathy, ruptures and crossings leave of the bond."""

    bond: float


class Agreement(NamedTuple):
    """Agreement on tasks and goals after the session."""

    task: float
    goal: float
    allied: float
    """Mean of bond, task and goal."""


class AgencyDependency(NamedTuple):
    """How far the client acts for themselves, and how far they lean on the therapist."""

    agency: float
    dependency: float


class Change(NamedTuple):
    """Distress, its recent fall and satisfaction after the session."""

    distress: float
    distress_level: float
    relief: float
    satisfaction: float


class Ending(NamedTuple):
    """Sessions so far, and whether the therapy ends."""

    session: float
    dropout_probability: float
    ending: float
