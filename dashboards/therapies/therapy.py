"""A therapy as a value: who meets, what awaits the therapist, what happened in each session."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dashboards.therapies.characters import (
    client_traits,
    find_client,
    find_therapist,
    therapist_traits,
)
from simulation.clinic import STATUS_OF_ENDING, presence
from simulation.engine.records import BOUNDARY_EVENTS, RUPTURES
from simulation.equations.boundaries import boundary_test_probability
from simulation.errors import whole_number
from simulation.parameters import Parameters
from simulation.randomness import SEED_LIMIT, key_of
from simulation.session import draw_session
from simulation.stages import Meeting, attune, draw_rupture, hold_frame, open_up
from simulation.states import TherapistState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.instruments import SessionReports
    from simulation.states import (
        ClientTraits,
        DyadState,
        Presence,
        SessionDraws,
        SessionEvents,
        TherapistTraits,
    )

__all__ = [
    "NUMBER_LIMIT",
    "Record",
    "Setup",
    "Situation",
    "Therapy",
    "situation_of",
    "usual_presence",
]

NUMBER_LIMIT = 1_000_000

MEMORY = 3
"""Sessions for which an unrepaired rupture counts as open."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Who meets, and under what draws.

    Attributes
    ----------
    client, therapist
        Traits.
    fatigue
        The therapist's, [0, 1]; it stays.
    parameters
        All of the model but the traits, which are given above.
    seed, number
        Of the draws: what client number `number` of a clinic with this seed would meet with. They also decide how
        the client uses questionnaires.

    Raises
    ------
    AllianceError
        For a value out of bounds.
    """

    client: ClientTraits = field(default_factory=lambda: client_traits({}))
    therapist: TherapistTraits = field(default_factory=lambda: therapist_traits({})[0])
    fatigue: float = field(default_factory=lambda: therapist_traits({})[1])
    parameters: Parameters = field(default_factory=Parameters)
    seed: int = 1
    number: int = 0

    def __post_init__(self) -> None:
        client_traits(self.client._asdict())
        therapist_traits({**self.therapist._asdict(), "fatigue": self.fatigue})
        whole_number("seed", self.seed, 0, SEED_LIMIT - 1)
        whole_number("number", self.number, 0, NUMBER_LIMIT - 1)

    @classmethod
    def of(
        cls,
        client: str,
        therapist: str,
        parameters: Parameters | None = None,
        seed: int = 1,
        number: int = 0,
    ) -> Setup:
        """Return the setup of two described characters.

        Raises
        ------
        AllianceError
            If there is no such character.
        """
        traits, fatigue = therapist_traits(find_therapist(therapist).traits)
        return cls(
            client_traits(find_client(client).traits),
            traits,
            fatigue,
            parameters or Parameters(),
            seed,
            number,
        )


@dataclass(frozen=True, slots=True)
class Situation:
    """What awaits the therapist in a session, before a stance is chosen; no stance of this session changes it.

    Attributes
    ----------
    session
        Its number, from 1.
    tests
        Whether the client tests the frame.
    strain
        Strain from before, [0, 1].
    open_rupture
        Kind of the latest rupture of the last three sessions if it was not repaired: none, withdrawal,
        confrontation.
    unspoken
        Whether that rupture was not even noticed.
    tension
        Depth of the rupture that comes if the therapist works in their own way, [0, 1]; 0 if none does.
    """

    session: int
    tests: bool
    strain: float
    open_rupture: str = "none"
    unspoken: bool = False
    tension: float = 0.0


@dataclass(frozen=True, slots=True)
class Record:
    """One session held.

    Attributes
    ----------
    session
        Its number, from 1.
    stance
        Letter of the stance chosen.
    situation
        What was known before it was chosen.
    presence
        The therapist as met, in that stance.
    before, after
        State of the dyad.
    draws
        The randomness used.
    events
        What happened.
    reports
        What the questionnaires say afterwards.
    """

    session: int
    stance: str
    situation: Situation
    presence: Presence
    before: DyadState
    after: DyadState
    draws: SessionDraws
    events: SessionEvents
    reports: SessionReports

    @property
    def rupture(self) -> str:
        """Kind of rupture: none, withdrawal, confrontation."""
        return RUPTURES[int(self.events.rupture)]

    @property
    def noticed(self) -> bool:
        """Whether a rupture was noticed."""
        return self.events.noticed > 0.5

    @property
    def repaired(self) -> bool:
        """Whether a rupture was repaired."""
        return self.events.repaired > 0.5

    @property
    def boundary_event(self) -> str:
        """What happened to the frame: none, held, crossing, rebuff, violation."""
        return BOUNDARY_EVENTS[int(self.events.boundary_event)]

    @property
    def ending(self) -> str | None:
        """How the therapy ended after this session, as in `simulation.clinic.STATUSES`; None if it goes on."""
        return STATUS_OF_ENDING.get(self.events.ending)


@dataclass(frozen=True, slots=True)
class Therapy:
    """A therapy as far as it has been played.

    Attributes
    ----------
    setup
        Who meets.
    start
        State of the dyad before the first session.
    core_10_intake
        CORE-10 before the first session, 0-40.
    records
        The sessions held, in order.
    """

    setup: Setup
    start: DyadState
    core_10_intake: float
    records: tuple[Record, ...]

    def __len__(self) -> int:
        """Sessions held."""
        return len(self.records)

    @property
    def stances(self) -> tuple[str, ...]:
        """Letters of the stances, one for each session held."""
        return tuple(record.stance for record in self.records)

    @property
    def state(self) -> DyadState:
        """State of the dyad now."""
        return self.records[-1].after if self.records else self.start

    @property
    def ending(self) -> str | None:
        """How it ended, as in `simulation.clinic.STATUSES`; None if it can go on."""
        return self.records[-1].ending if self.records else None

    @property
    def situation(self) -> Situation | None:
        """What awaits the therapist in the next session; None if the therapy is over."""
        if self.ending is not None:
            return None
        setup = self.setup
        session = len(self) + 1
        draws = draw_session(key_of(setup.seed), setup.number, session)
        return situation_of(setup, self.state, draws, self.records)

    def until(self, session: int) -> Therapy:
        """Return the therapy as it was after `session` sessions; all of it if it has fewer.

        Raises
        ------
        AllianceError
            If `session` is negative.
        """
        whole_number("session", session, 0, NUMBER_LIMIT)
        return replace(self, records=self.records[:session])


def usual_presence(setup: Setup) -> Presence:
    """Return the therapist as met in their own way."""
    return presence(setup.therapist, TherapistState(setup.fatigue, 0.0), setup.parameters)


def situation_of(
    setup: Setup, state: DyadState, draws: SessionDraws, records: Sequence[Record]
) -> Situation:
    """Return what awaits the therapist in the next session, if it is held in the therapist's own way."""
    meeting, p = Meeting(setup.client, state, usual_presence(setup), draws), setup.parameters
    chance = boundary_test_probability(state.dependency, setup.client.attachment_anxiety, p)
    attunement = attune(meeting, open_up(meeting, p), p)
    ruptures = [record for record in records[-MEMORY:] if record.rupture != "none"]
    is_open = bool(ruptures) and not ruptures[-1].repaired
    return Situation(
        int(state.session) + 1,
        draws.test < chance,
        state.strain,
        ruptures[-1].rupture if is_open else "none",
        is_open and not ruptures[-1].noticed,
        draw_rupture(meeting, attunement, hold_frame(meeting, p), p).depth,
    )
