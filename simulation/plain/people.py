"""The people of a clinic: clients and therapists, and what they do.

What they do is computed by the same equations as in the engine. `simulation.agents.people` makes Mesa agents of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.clinic import (
    STATUS_OF_ENDING,
    STRAIN_UNIT,
    distress_after_waiting,
    presence,
    therapist_after_week,
)
from simulation.engine.records import BOUNDARY_EVENTS
from simulation.equations import boundaries, rupture
from simulation.equations.boundaries import effective_boundary
from simulation.equations.therapist import carried
from simulation.instruments import draw_reports, report_session
from simulation.numerics import logistic
from simulation.population import draw_client, draw_therapist
from simulation.session import draw_session, hold_session

if TYPE_CHECKING:
    from simulation.instruments import SessionReports
    from simulation.plain.surroundings import Surroundings
    from simulation.states import DyadState, Presence, SessionEvents, TherapistState

__all__ = ["PlainClient", "PlainTherapist"]


class PlainClient:
    """Someone who asks for therapy: traits from birth, a state once they have a therapist.

    Attributes
    ----------
    number
        From 0, in the order of arrival; the draws of a client are keyed by it.
    traits, rater
        What the client brings, and how they use questionnaires.
    state
        Where they stand with their therapist; None before the first session.
    therapist
        Their therapist; None before they have one.
    status
        One of `simulation.clinic.STATUSES`.
    events
        What happened in the last session; None before it.
    sessions, week_arrived, week_started, week_ended
        Sessions so far; weeks of the clinic, None where there was none.
    """

    def __init__(self, model: Surroundings, number: int, week_arrived: int) -> None:
        self.model = model
        self.number = number
        self.traits, self.rater, self.intake_noise = draw_client(model.key, number, model.p)
        self.state: DyadState | None = None
        self.therapist: PlainTherapist | None = None
        self.status = "waiting"
        self.events: SessionEvents | None = None
        self.sessions = 0
        self.week_arrived = week_arrived
        self.week_started: int | None = None
        self.week_ended: int | None = None
        self.ruptures = 0
        self.ruptures_noticed = 0
        self.ruptures_repaired = 0
        self.boundary_tests = 0

    def begin(self, therapist: PlainTherapist, week: int) -> None:
        """Begin therapy: a first impression, after what waiting has done."""
        p = self.model.p
        waited = week - self.week_arrived
        traits = self.traits
        distress = distress_after_waiting(traits.severity, waited, traits.social_support, p)
        self.state = self.model.begin_therapy(traits, distress, therapist.traits.style, p)
        self.therapist = therapist
        self.week_started = week
        self.status = "in_treatment"

    def hold_session(self, therapist: Presence) -> tuple[DyadState, SessionEvents]:
        """Hold the next session with a therapist as present this week: override to change a rule.

        Returns
        -------
        tuple
            The state after the session and what happened in it. Call ``super().hold_session(therapist)`` for
            both as the model has them.
        """
        assert self.state is not None
        draws = draw_session(self.model.key, self.number, self.sessions + 1)
        hold = self.model.session or hold_session
        return hold(self.traits, self.state, therapist, draws, self.model.p)

    def ends(self, events: SessionEvents) -> str | None:
        """Return the status in which therapy ends after this session, or None: override to change a rule."""
        return STATUS_OF_ENDING.get(events.ending)

    def meet(self) -> None:
        """Hold the next session and count what happens in it."""
        assert self.therapist is not None
        self.state, events = self.hold_session(self.therapist.presence)
        self.events = events
        self.sessions += 1
        self.ruptures += events.rupture != rupture.NO_RUPTURE
        self.ruptures_noticed += int(events.noticed)
        self.ruptures_repaired += int(events.repaired)
        self.boundary_tests += events.boundary_event != boundaries.NO_TEST

    def report(self) -> SessionReports:
        """Return what the questionnaires say after the last session."""
        assert self.state is not None
        assert self.events is not None
        assert self.therapist is not None
        draws = draw_reports(self.model.key, self.number, self.sessions)
        habit = self.therapist.traits.rating_habit
        return report_session(self.rater, habit, draws, self.state, self.events, self.model.p)

    @property
    def in_treatment(self) -> bool:
        """Whether the client is in treatment."""
        return self.status == "in_treatment"

    @property
    def trust(self) -> float:
        """Trust in the therapist, [0, 1]; before therapy, the propensity to trust."""
        return self.traits.propensity_to_trust if self.state is None else self.state.trust

    @property
    def alliance(self) -> float | None:
        """Mean of bond, task and goal, [0, 1]; None before therapy."""
        return None if self.state is None else self.state.alliance

    @property
    def distress(self) -> float:
        """Distress, [0, 1]; before therapy, the severity at intake."""
        return self.traits.severity if self.state is None else self.state.distress

    @property
    def empathy(self) -> float | None:
        """Empathy perceived in the last session, [0, 1]; None before it."""
        return None if self.events is None else self.events.perceived_empathy

    @property
    def boundary(self) -> str | None:
        """What happened to the frame in the last session; None before it."""
        return None if self.events is None else BOUNDARY_EVENTS[int(self.events.boundary_event)]

    @property
    def dropout_probability(self) -> float | None:
        """Chance of a unilateral ending after the last session; None before it."""
        return None if self.events is None else self.events.dropout_probability


class PlainTherapist:
    """Someone who treats a caseload, tires and learns from week to week.

    Attributes
    ----------
    number
        From 0; the draws of a therapist are keyed by it.
    traits, state
        What the therapist is like; fatigue and skill gained.
    presence
        The therapist as clients meet them this week.
    caseload
        Clients in treatment, in the order in which they began.
    clients_seen
        Clients who ever began with this therapist.
    """

    def __init__(self, model: Surroundings, number: int) -> None:
        self.model = model
        self.number = number
        self.traits, self.state = draw_therapist(model.key, number, model.p)
        self.caseload: list[PlainClient] = []
        self.clients_seen = 0
        self.fatigue_sum = 0.0
        self.presence = self.appear()

    def appear(self) -> Presence:
        """Return how clients meet the therapist this week: override to change a rule."""
        return presence(self.traits, self.state, self.model.p)

    def end_week(self, met: list[PlainClient], skill_around: float, ties: int) -> TherapistState:
        """Return the state after a week: override to change a rule.

        Parameters
        ----------
        met
            Clients who were in treatment this week.
        skill_around
            Skill gained by colleagues tied in the supervision network, summed.
        ties
            How many colleagues.
        """
        porosity, p = self.presence.present_porosity, self.model.p
        units = sum(
            int(carried(client.state.strain, client.state.dependency, porosity, p) * STRAIN_UNIT)
            for client in met
            if client.state
        )
        return therapist_after_week(self.state, len(met), units, skill_around, ties, self.model.p)

    @property
    def empathy(self) -> float:
        """Effective empathy this week, [0, 1]: the trait, less fatigue, plus training."""
        return logistic(self.presence.empathy_logit)

    @property
    def boundary(self) -> float:
        """Boundary as lived, [0, 1]: 0 porous, 1 rigid."""
        return effective_boundary(self.traits.boundary, self.model.p)

    @property
    def trust(self) -> float | None:
        """Mean trust of the clients in treatment, [0, 1]; None without any."""
        if not self.caseload:
            return None
        return sum(client.trust for client in self.caseload) / len(self.caseload)

    @property
    def fatigue(self) -> float:
        """From 0, rested, to 1."""
        return self.state.fatigue

    @property
    def skill(self) -> float:
        """Skill gained by training, logits."""
        return self.state.skill
