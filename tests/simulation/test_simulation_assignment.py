"""The engine's choice of a therapist, which does not ask everybody, is the model's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.clinic import choose_therapist
from simulation.coefficients import coefficients, unpack
from simulation.engine import assignment
from simulation.engine.assignment import (
    Team,
    choose_in_team,
    leaves_for,
    load_team,
    note_caseload,
    place_with,
)
from simulation.parameters import PARAMETERS, Parameters
from simulation.plain.running import simulate_plainly
from simulation.running import simulate
from tests.simulation.clinics import assert_same

if TYPE_CHECKING:
    from collections.abc import Sequence

POLICIES = PARAMETERS["assignment"].choices

shares = st.floats(0, 1, exclude_max=True)
near = st.sampled_from([0.0, 0.25, 0.3, np.nextafter(0.3, 1), 0.5 - 2.0**-54, 0.5, 0.7, 1.0])
"""Styles that are often equal, or so near each other that they match equally well."""


def idle_team(styles: Sequence[float], p: Any) -> Team:
    """A team without clients."""
    size = len(styles)
    order, places, tree = (
        np.zeros(length, dtype=np.int64) for length in (size, size, 2 * leaves_for(size))
    )
    team = Team(order, places, np.array(styles, float), tree)
    load_team(team, p)
    return team


def setting(policy: str, cap: int) -> Any:
    """Coefficients with this policy."""
    return unpack(
        coefficients(Parameters(assignment=policy, caseload_cap=cap)).tolist()  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=300)
@given(st.data())
def test_whoever_begins_and_ends_the_choice_is_that_of_the_model(
    policy: str, data: st.DataObject
) -> None:
    style = data.draw(st.sampled_from([shares, near]))
    styles = data.draw(st.lists(style, min_size=1, max_size=40))
    p = setting(policy, data.draw(st.integers(1, 3)))
    team, caseloads = idle_team(styles, p), [0] * len(styles)
    for _ in range(data.draw(st.integers(1, 60))):
        draw, preference = data.draw(shares), data.draw(style)
        plain = choose_therapist(draw, preference, caseloads, styles, p)
        assert choose_in_team(draw, preference, team, p) == plain
        if plain >= 0 and data.draw(st.integers(0, 3)):
            caseloads[plain] += 1
            note_caseload(team, plain, caseloads[plain], p)
        busy = [one for one, load in enumerate(caseloads) if load]
        if busy and not data.draw(st.integers(0, 2)):
            leaving = data.draw(st.sampled_from(busy))
            caseloads[leaving] -= 1
            note_caseload(team, leaving, caseloads[leaving], p)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_choice_is_that_of_the_model_until_everybody_is_full(policy: str) -> None:
    chance = np.random.default_rng(5)
    styles = chance.choice(np.round(chance.random(30), 2), 100).tolist()
    p = setting(policy, 2)
    team, caseloads, chosen = idle_team(styles, p), [0] * 100, []
    for _ in range(201):
        draw, preference = chance.random(2).tolist()
        chosen.append(choose_in_team(draw, preference, team, p))
        assert chosen[-1] == choose_therapist(draw, preference, caseloads, styles, p)
        if chosen[-1] >= 0:
            caseloads[chosen[-1]] += 1
            note_caseload(team, chosen[-1], caseloads[chosen[-1]], p)
    assert chosen[-1] == -1
    assert caseloads == [2] * 100


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.integers(-1, 70), st.integers(0, 3))
def test_the_nearest_place_with_few_enough_clients_is_found_on_either_side(
    caseloads: list[int], start: int, most: int
) -> None:
    p = setting("least_loaded", 4)
    team = idle_team([0.5] * len(caseloads), p)
    for therapist, caseload in enumerate(caseloads):
        note_caseload(team, therapist, caseload, p)
    fitting = [place for place, caseload in enumerate(caseloads) if caseload <= most]
    leaves = leaves_for(len(caseloads))
    after = min((one for one in fitting if one >= start), default=-1)
    before = max((one for one in fitting if one <= start), default=-1)
    inside = 0 <= start < leaves
    assert place_with(team.tree, start, most, 1) == (after if inside else -1)
    assert place_with(team.tree, start, most, -1) == (before if inside else -1)


class Asked(np.ndarray[Any, Any]):
    """A tree that counts how often it is looked at."""

    times = 0

    def __getitem__(self, place: Any) -> Any:
        """Count."""
        Asked.times += 1
        return super().__getitem__(place)


@pytest.mark.parametrize("policy", POLICIES)
def test_of_ten_thousand_therapists_few_are_looked_at(policy: str) -> None:
    chance = np.random.default_rng(3)
    p = setting(policy, 3)
    team = idle_team(chance.random(10_000).tolist(), p)
    team = team._replace(tree=team.tree.view(Asked))
    caseloads = np.zeros(10_000, dtype=int)
    for _ in range(300):
        Asked.times = 0
        draw, preference = chance.random(2).tolist()
        therapist = choose_in_team(draw, preference, team, p)
        caseloads[therapist] += 1
        note_caseload(team, therapist, int(caseloads[therapist]), p)
        assert 0 < Asked.times < 300


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(POLICIES),
    st.integers(1, 90),
    st.integers(1, 150),
    st.integers(1, 3),
    st.fixed_dictionaries(
        {
            "style_spread": st.sampled_from([0.0, 0.9]),
            "arrivals_per_week": st.sampled_from([3.0, 60.0]),
            "deliberate_practice": st.sampled_from([0.0, 0.0, 2.0]),
            "experience_effect": st.sampled_from([0.0, 0.0, 0.01]),
            "supervision_network": st.sampled_from(["none", "pairs", "ring", "hub"]),
            "waiting_loss": st.sampled_from([0.0, 0.1]),
        }
    ),
    st.integers(0, 2**64 - 1),
)
def test_clinics_with_more_therapists_than_have_work_are_those_of_plain_python(
    policy: Any, clients: int, therapists: int, cap: int, values: Any, seed: int
) -> None:
    parameters = Parameters(
        assignment=policy,
        clients=clients,
        therapists=therapists,
        caseload_cap=cap,
        session_limit=6,
        weeks=40,
        **values,
    )
    plain = simulate_plainly(parameters, seed=seed, replicates=3)
    assert_same(plain, simulate(parameters, seed=seed, replicates=3, threads=1))


def test_a_choice_that_goes_astray_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        assignment, "preference_match", lambda preference, style: preference - style
    )
    p = setting("preference_match", 2)
    styles = [0.1, 0.4, 0.6, 0.9]
    team = idle_team(styles, p)
    wrong = [choose_in_team(0.5, preference, team, p) for preference in (0.2, 0.5, 0.8)]
    right = [choose_therapist(0.5, one, [0] * 4, styles, p) for one in (0.2, 0.5, 0.8)]
    assert wrong != right
