"""What is measured of a dyad, whatever model of the dyad it comes from, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.equation import equation

if TYPE_CHECKING:
    from simulation.scales import Share

__all__ = ["Ended", "Measured", "one_relationship"]


class Measured(NamedTuple):
    """What tables and questionnaires show after a session; all on [0, 1] unless said. Names as in `DyadState`."""

    trust: float
    bond: float
    task: float
    goal: float
    agency: float
    dependency: float
    strain: float
    distress: float
    distress_level: float
    """What distress varies around from week to week."""
    satisfaction: float
    safety: float
    disclosure: float
    attunement: float
    perceived_empathy: float
    rupture: float
    """0 none, 1 withdrawal, 2 confrontation."""
    noticed: float
    """1 if the therapist noticed a rupture, else 0."""
    repaired: float
    """1 if it was repaired, else 0."""
    depth: float
    """How deep the rupture went."""


class Ended(NamedTuple):
    """Whether and how therapy ends after a session."""

    dropout_probability: float
    """Chance of a unilateral ending, [0, 1], for the tables."""
    ending: float
    """A code of `simulation.equations.ending`: 0 goes on, 1 by plan, 2 by dropout, 3 at the session limit."""


@equation
def one_relationship(
    alliance: Share, empathy: Share, distress: Share, level: Share, satisfaction: Share
) -> Measured:
    """Return what is measured where a model has one number for the relationship, and no ruptures.

    Trust, bond, task, goal, safety and disclosure are the `alliance`, agency is one half, dependency and strain 0.

    Parameters
    ----------
    alliance, empathy
        The relationship, and empathy as the client perceives it.
    distress, level
        Distress, and the level it varies around.
    satisfaction
        Satisfaction with therapy.
    """
    return Measured(
        alliance,
        alliance,
        alliance,
        alliance,
        0.5,
        0.0,
        0.0,
        distress,
        level,
        satisfaction,
        alliance,
        alliance,
        empathy,
        empathy,
        0.0,
        0.0,
        0.0,
        0.0,
    )
