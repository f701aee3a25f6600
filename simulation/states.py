"""The nouns of a session: who meets, in what state, what is drawn and what happened. Named tuples of floats."""

from __future__ import annotations

from typing import NamedTuple

from simulation.equation import listing
from simulation.equations.alliance import alliance

__all__ = [
    "ClientTraits",
    "DyadState",
    "Presence",
    "Rater",
    "SessionDraws",
    "SessionEvents",
    "TherapistState",
    "TherapistTraits",
    "changed",
]


class ClientTraits(NamedTuple):
    """What a client brings, once and for all; all on [0, 1] but the impression."""

    attachment_anxiety: float
    attachment_avoidance: float
    propensity_to_trust: float
    severity: float
    motivation: float
    social_support: float
    responsiveness: float
    preference: float
    alliance_sensitivity: float
    good_enough: float
    impression: float
    """First impression, for reasons the model does not have: standard normal."""


class Rater(NamedTuple):
    """What lastingly colours the questionnaires of one client: standard normals."""

    goodwill: float
    """In all that the client rates."""
    leniency: float
    """In the client's ratings of the relationship."""
    symptom_bias: float
    """In the client's symptom scores."""
    therapist_bias: float
    """In what the therapist rates about this client."""


class TherapistTraits(NamedTuple):
    """What a therapist is like; all on [0, 1] but the habit. `boundary`: 0 porous, 1 rigid."""

    empathy: float
    acceptance: float
    collaboration: float
    boundary: float
    repair_skill: float
    style: float
    rating_habit: float
    """How kindly the therapist rates in general: standard normal."""
    retention: float
    """What keeps or loses this therapist's clients beside all else: standard normal."""


class TherapistState(NamedTuple):
    """What changes in a therapist from week to week."""

    fatigue: float
    """[0, 1]."""
    skill: float
    """Skill gained by training, in logits added to empathy, collaboration, noticing and repair."""


class Presence(NamedTuple):
    """The therapist as met in this week's sessions; fixed until the week is over."""

    empathy_logit: float
    present_acceptance: float
    present_collaboration: float
    present_porosity: float
    """How porous limits are this week, [0, 1]."""
    present_rigidity: float
    """How rigid."""
    yields: float
    """Chance to yield to a test of the frame."""
    rebuffs: float
    """Chance to rebuff it."""
    notices: float
    """Logits added to noticing a rupture."""
    repairs: float
    """Logits added to repairing it."""
    present_style: float
    """0 directive, 1 exploratory."""
    habit: float
    """How kindly the therapist rates in general: standard normal."""
    retains: float
    """Logits taken from the hazard of dropout."""


class DyadState(NamedTuple):
    """Where a client stands with their therapist; all on [0, 1] unless said."""

    trust: float
    bond: float
    task: float
    goal: float
    agency: float
    dependency: float
    strain: float
    distress: float
    satisfaction: float
    relief: float
    """Recent fall in distress; may be negative."""
    session: float
    """Sessions so far."""
    crossings: float
    """Boundary crossings so far, a count."""
    usual_alliance: float
    """Weighted alliance the client has become used to."""
    distress_at_start: float
    disposition: float
    """What lifts or lowers this dyad's alliance lastingly, logits."""
    match: float
    """How well the therapist's style matches the preferred one."""
    confronting: float
    """Share of this client's ruptures that are confrontations."""
    sensitivity: float
    """How strongly this client's change depends on the alliance; 1 is average."""
    distress_level: float
    """What distress varies around from week to week."""

    @property
    def alliance(self) -> float:
        """Mean of bond, task and goal."""
        return alliance(self.bond, self.task, self.goal)


class SessionDraws(NamedTuple):
    """The randomness of one session: uniform on (0, 1); the last three are standard normal."""

    test: float
    response: float
    crossing: float
    ending: float
    rupture: float
    notice: float
    repair: float
    attunement: float
    life: float
    fluctuation: float


class SessionEvents(NamedTuple):
    """What happened in one session, for the record."""

    safety: float
    disclosure: float
    attunement: float
    perceived_empathy: float
    dropout_probability: float
    rupture: float
    """0 none, 1 withdrawal, 2 confrontation."""
    noticed: float
    repaired: float
    depth: float
    """How deep the rupture went, [0, 1]."""
    boundary_event: float
    """0 none, 1 held, 2 crossing, 3 rebuff, 4 violation."""
    porosity: float
    rigidity: float
    ending: float
    """0 goes on, 1 by plan, 2 by dropout, 3 at the session limit, 4 after a violation."""


changed = listing(
    f"changed(state, {', '.join(f'{name}=None' for name in DyadState._fields)})",
    "return DyadState("
    + ", ".join(f"state.{name} if {name} is None else {name}" for name in DyadState._fields)
    + ")",
    DyadState=DyadState,
)
changed.__doc__ = """Return a dyad's state with some fields changed: ``changed(state, trust=0.5)``.

Does what ``state._replace`` does, and can be compiled.
"""
