"""Playing a therapy: one client and one therapist, from the first session to an ending.

The same functions as in the clinic, called as plain Python: the same numbers give the same bits. Two things are
simpler than in a clinic. The client begins without having waited. And the therapist's fatigue stays what it was set
to: it follows a whole caseload, of which this client is one, so here it is a condition of the therapy to be chosen,
not an outcome of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dashboards.therapies.characters import (
    client_traits,
    find_client,
    find_therapist,
    therapist_traits,
)
from dashboards.therapies.stances import OWN_WAY, STANCES, find_stance, read_stances
from simulation.clinic import STATUS_OF_ENDING, presence
from simulation.coefficients import coefficients, unpack
from simulation.engine.records import BOUNDARY_EVENTS, RUPTURES
from simulation.equations import ending as e
from simulation.equations.boundaries import boundary_test_probability
from simulation.errors import AllianceError, whole_number
from simulation.instruments import core_10_at_intake, draw_reports, report_session
from simulation.parameters import Parameters
from simulation.population import draw_client
from simulation.randomness import SEED_LIMIT, key_of
from simulation.session import begin_therapy, draw_session, hold_session
from simulation.states import ClientTraits, TherapistState, TherapistTraits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.instruments import SessionReports
    from simulation.states import DyadState, Presence, Rater, SessionDraws, SessionEvents

__all__ = ["Record", "Setup", "Situation", "Therapy", "counterfactuals", "play"]

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
    """

    session: int
    tests: bool
    strain: float
    open_rupture: str = "none"
    unspoken: bool = False


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
        return _situation(setup, self.state, draws, self.records)

    def until(self, session: int) -> Therapy:
        """Return the therapy as it was after `session` sessions; all of it if it has fewer.

        Raises
        ------
        AllianceError
            If `session` is negative.
        """
        whole_number("session", session, 0, NUMBER_LIMIT)
        return replace(self, records=self.records[:session])


def play(setup: Setup, stances: Iterable[str] = (), sessions: int | None = None) -> Therapy:
    """Play a therapy until it ends.

    Parameters
    ----------
    setup
        Who meets.
    stances
        Letters, one for each session from the first; later sessions are held in the therapist's own way, letters
        beyond the ending stay unused.
    sessions
        Stop after so many; None to go on until the therapy ends.

    Raises
    ------
    AllianceError
        For an unknown stance or a negative number of sessions.
    """
    letters = read_stances(stances)
    rater, intake = _opening(setup)
    traits = setup.client
    start = begin_therapy(traits, traits.severity, setup.therapist.style, setup.parameters)
    return _go_on(Therapy(setup, start, intake, ()), rater, letters, sessions)


def counterfactuals(
    setup: Setup, stances: Iterable[str], at: int, sessions: int | None = None
) -> dict[str, Therapy]:
    """Play what every other choice at session `at` would have done from that session on.

    Sessions before it are those of ``play(setup, stances)``, later choices and all draws are the same.

    Parameters
    ----------
    setup, stances, sessions
        As for `play`.
    at
        The session in which another stance is taken.

    Returns
    -------
    dict
        The therapies by the letter of the stance taken at `at`, in the order of `STANCES`, without the one played.

    Raises
    ------
    AllianceError
        If the therapy has no session `at`.
    """
    letters = read_stances(stances)
    at = whole_number("at", at, 1, NUMBER_LIMIT)
    played = play(setup, letters, at - 1)
    if len(played) < at - 1 or played.ending is not None:
        raise AllianceError(
            f"There is no session {at} to hold otherwise: this therapy ended after session {len(played)}."
        )
    rater, _ = _opening(setup)
    padded = letters + (OWN_WAY.letter,) * (at - len(letters))
    return {
        letter: _go_on(played, rater, (*padded[: at - 1], letter, *padded[at:]), sessions)
        for letter in STANCES
        if letter != padded[at - 1]
    }


def _opening(setup: Setup) -> tuple[Rater, float]:
    """How this client uses questionnaires, and the first one."""
    p = setup.parameters
    _, rater, noise = draw_client(
        key_of(setup.seed), setup.number, unpack(coefficients(p).tolist())
    )
    return rater, core_10_at_intake(setup.client.severity, rater, noise, p)


def _go_on(
    therapy: Therapy, rater: Rater, letters: tuple[str, ...], sessions: int | None
) -> Therapy:
    """Play the sessions that are still to come."""
    setup = therapy.setup
    p = setup.parameters
    last = NUMBER_LIMIT if sessions is None else whole_number("sessions", sessions, 0, NUMBER_LIMIT)
    key = key_of(setup.seed)
    usual = presence(setup.therapist, TherapistState(setup.fatigue, 0.0), p)
    records = list(therapy.records)
    state = therapy.state
    over = therapy.ending is not None
    while not over and len(records) < last:
        session = len(records) + 1
        letter = letters[session - 1] if session <= len(letters) else OWN_WAY.letter
        met = find_stance(letter)(usual)
        draws = draw_session(key, setup.number, session)
        situation = _situation(setup, state, draws, records)
        after, events = hold_session(setup.client, state, met, draws, p)
        noise = draw_reports(key, setup.number, session)
        reports = report_session(rater, met.habit, noise, after, events, p)
        records.append(
            Record(session, letter, situation, met, state, after, draws, events, reports)
        )
        state = after
        over = events.ending != e.GOES_ON
    return replace(therapy, records=tuple(records))


def _situation(
    setup: Setup, state: DyadState, draws: SessionDraws, records: Iterable[Record]
) -> Situation:
    chance = boundary_test_probability(
        state.dependency, setup.client.attachment_anxiety, setup.parameters
    )
    ruptures = [record for record in (*records,)[-MEMORY:] if record.rupture != "none"]
    is_open = bool(ruptures) and not ruptures[-1].repaired
    return Situation(
        int(state.session) + 1,
        draws.test < chance,
        state.strain,
        ruptures[-1].rupture if is_open else "none",
        is_open and not ruptures[-1].noticed,
    )
