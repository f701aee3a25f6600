"""Playing a therapy: one client and one therapist, from the first session to an ending.

The same functions as in the clinic, called as plain Python: the same numbers give the same bits. Two things are
simpler than in a clinic. The client begins without having waited. And the therapist's fatigue stays what it was set
to: it follows a whole caseload, of which this client is one, so here it is a condition of the therapy to be chosen,
not an outcome of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dashboards.therapies.stances import OWN_WAY, STANCES, find_stance, read_stances
from dashboards.therapies.therapy import (
    NUMBER_LIMIT,
    Record,
    Setup,
    Therapy,
    situation_of,
    usual_presence,
)
from simulation.coefficients import numbers, unpack
from simulation.equations import ending as e
from simulation.errors import AllianceError, whole_number
from simulation.instruments import core_10_at_intake, draw_reports, report_session
from simulation.population import draw_client
from simulation.randomness import key_of
from simulation.session import begin_therapy, draw_session, hold_session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.states import Rater

__all__ = ["counterfactuals", "play"]


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
    _, rater, noise = draw_client(key_of(setup.seed), setup.number, unpack(numbers(p)))
    return rater, core_10_at_intake(setup.client.severity, rater, noise, p)


def _go_on(
    therapy: Therapy, rater: Rater, letters: tuple[str, ...], sessions: int | None
) -> Therapy:
    """Play the sessions that are still to come."""
    setup = therapy.setup
    p = setup.parameters
    last = NUMBER_LIMIT if sessions is None else whole_number("sessions", sessions, 0, NUMBER_LIMIT)
    key = key_of(setup.seed)
    usual = usual_presence(setup)
    records = list(therapy.records)
    state = therapy.state
    over = therapy.ending is not None
    while not over and len(records) < last:
        session = len(records) + 1
        letter = letters[session - 1] if session <= len(letters) else OWN_WAY.letter
        met = find_stance(letter)(usual)
        draws = draw_session(key, setup.number, session)
        situation = situation_of(setup, state, draws, records)
        after, events = hold_session(setup.client, state, met, draws, p)
        noise = draw_reports(key, setup.number, session)
        reports = report_session(rater, met.habit, noise, after, events, p)
        records.append(
            Record(session, letter, situation, met, state, after, draws, events, reports)
        )
        state = after
        over = events.ending != e.GOES_ON
    return replace(therapy, records=tuple(records))
