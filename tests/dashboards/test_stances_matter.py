"""Whether a stance is a choice: each is best somewhere, and none is worst nearly everywhere."""

from __future__ import annotations

import itertools
import tomllib
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dashboards.therapies.characters import CLIENTS, THERAPISTS
from dashboards.therapies.stances import OWN_WAY, STANCES
from dashboards.therapies.therapy import Setup
from simulation import stages
from simulation.clinic import presence
from simulation.randomness import key_of
from simulation.session import begin_therapy, draw_session, hold_session
from simulation.stages import Meeting
from simulation.states import TherapistState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from simulation.states import DyadState, Presence, SessionDraws

PLAN: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("stance_situations.toml").read_text("utf-8")
)
SITUATIONS: Mapping[str, Mapping[str, Any]] = PLAN["situations"]
PAIRS = list(itertools.product(CLIENTS, THERAPISTS))
NO, YES = 1.0 - 1e-12, 1e-12
"""Uniform draws with which something never happens, and always."""
OUTCOMES = [f"{name}, {when}" for when in ("at once", "later") for name in PLAN["outcomes"]]


def put_in(
    situation: Mapping[str, Any],
    setup: Setup,
    state: DyadState,
    usual: Presence,
    draws: SessionDraws,
) -> SessionDraws:
    """Return the draws with which the session brings the situation."""
    draws = draws._replace(test=YES if situation["tests"] else NO, rupture=NO)
    if situation["depth"] == 0.0:
        return draws
    # The smallest draw brings the deepest rupture: it is 1 − draw / chance, so one look gives the chance.
    seen = draws._replace(rupture=1e-3)
    meeting, p = Meeting(setup.client, state, usual, seen), setup.parameters
    attuned = stages.attune(meeting, stages.open_up(meeting, p), p)
    torn = stages.draw_rupture(meeting, attuned, stages.hold_frame(meeting, p), p)
    chance = 1e-3 / (1.0 - torn.depth)
    return draws._replace(rupture=chance * (1.0 - situation["depth"]))


def measured(state: DyadState) -> list[float]:
    """The outcomes, so that more is better."""
    return [
        -getattr(state, n) if n == "distress_level" else getattr(state, n) for n in PLAN["outcomes"]
    ]


def courses(client: str, therapist: str, situation: str, seed: int) -> list[list[float]]:
    """What each stance gives under one draw, at once and later."""
    setup = Setup.of(client, therapist, seed=seed)
    p, key = setup.parameters, key_of(seed)
    usual = presence(setup.therapist, TherapistState(setup.fatigue, 0.0), p)
    before = begin_therapy(setup.client, setup.client.severity, setup.therapist.style, p)
    first = PLAN["session"]
    for session in range(1, first):
        before, _ = hold_session(setup.client, before, usual, draw_session(key, 0, session), p)
    draws = put_in(SITUATIONS[situation], setup, before, usual, draw_session(key, 0, first))
    found = []
    for stance in STANCES.values():
        after, _ = hold_session(setup.client, before, stance(usual), draws, p)
        later = after
        for session in range(first + 1, first + 1 + PLAN["later"]):
            later, _ = hold_session(setup.client, later, usual, draw_session(key, 0, session), p)
        found.append([*measured(after), *measured(later)])
    return found


@cache
def all_courses(client: str, therapist: str, situation: str) -> NDArray[np.float64]:
    """Shape (draws, stances, outcomes)."""
    return np.array(
        [courses(client, therapist, situation, seed) for seed in range(1, PLAN["draws"] + 1)]
    )


def ahead(values: NDArray[np.float64]) -> str | None:
    """The stance whose mean is above every other's by more than two standard errors; shape (draws, stances)."""
    order = np.argsort(-values.mean(axis=0))
    gap = values[:, order[0]] - values[:, order[1]]
    error = gap.std(ddof=1) / np.sqrt(len(gap))
    return [*STANCES][order[0]] if gap.mean() > max(2.0 * error, 1e-9) else None


def standings() -> Iterator[tuple[tuple[str, str], str, str | None, str | None]]:
    """Who is best and who worst, for each pair, situation and outcome."""
    for pair, situation in itertools.product(PAIRS, SITUATIONS):
        found = all_courses(*pair, situation)
        for place in range(len(OUTCOMES)):
            yield pair, situation, ahead(found[:, :, place]), ahead(-found[:, :, place])


@pytest.mark.slow
def test_each_stance_is_best_somewhere_for_a_quarter_of_the_pairs() -> None:
    best = defaultdict(set)
    for pair, _, winner, _ in standings():
        best[winner].add(pair)
    shares = {
        stance.name: len(best[letter]) / len(PAIRS)
        for letter, stance in STANCES.items()
        if stance is not OWN_WAY
    }
    assert min(shares.values()) >= 0.25, shares


@pytest.mark.slow
def test_no_stance_is_worst_in_more_than_two_thirds_of_the_pairs() -> None:
    """Worst for a pair is who is most often worst over situations, each counted once."""
    worst: Counter[str] = Counter()
    for pair in PAIRS:
        votes: Counter[str] = Counter()
        for situation in SITUATIONS:
            losers = Counter(
                loser
                for who, where, _, loser in standings_of(pair)
                if where == situation and loser is not None
            )
            if losers:
                votes[losers.most_common(1)[0][0]] += 1
        ranked = votes.most_common(2)
        if len(ranked) == 1 or (len(ranked) == 2 and ranked[0][1] > ranked[1][1]):
            worst[ranked[0][0]] += 1
    shares = {STANCES[letter].name: n / len(PAIRS) for letter, n in worst.items()}
    assert max(shares.values()) <= 2 / 3, shares


@cache
def standings_of(pair: tuple[str, str]) -> tuple[tuple[Any, str, str | None, str | None], ...]:
    return tuple(row for row in all_standings() if row[0] == pair)


@cache
def all_standings() -> tuple[tuple[tuple[str, str], str, str | None, str | None], ...]:
    return tuple(standings())


@pytest.mark.slow
def test_to_hold_or_to_bend_matters_to_those_who_test_the_frame() -> None:
    """Over ten sessions in which every test is answered one way."""
    clinging, secure = (held_minus_bent(client) for client in ("clinging", "ready"))
    assert clinging["trust"] > 0.1
    assert clinging["dependency"] < -0.05
    assert abs(secure["trust"]) < 0.03
    assert abs(secure["dependency"]) < 0.03


def held_minus_bent(client: str) -> dict[str, float]:
    """Mean difference after ten sessions, over all therapists and forty draws."""
    hold, bend = (next(s for s in STANCES.values() if s.name == name) for name in ("hold", "bend"))
    gaps: dict[str, list[float]] = {"trust": [], "dependency": []}
    for therapist, seed in itertools.product(THERAPISTS, range(1, 41)):
        setup = Setup.of(client, therapist, seed=seed)
        p, key = setup.parameters, key_of(seed)
        usual = presence(setup.therapist, TherapistState(setup.fatigue, 0.0), p)
        ends = []
        for stance in (hold, bend):
            state = begin_therapy(setup.client, setup.client.severity, setup.therapist.style, p)
            for session in range(1, 11):
                draws = draw_session(key, 0, session)
                state, _ = hold_session(setup.client, state, stance(usual), draws, p)
            ends.append(state)
        for name, values in gaps.items():
            values.append(getattr(ends[0], name) - getattr(ends[1], name))
    return {name: float(np.mean(values)) for name, values in gaps.items()}
