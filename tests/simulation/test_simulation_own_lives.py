"""Promise 2: a life depends on its own draws and on what it shares, and a change works forward only.

Clients reach each other through the room their therapists have, through who is least loaded, and through what a
caseload does to the therapist: fatigue from its size and the strain in it, and skill from mere experience. Where
these are closed (`clinics.UNCOUPLED`) lives are independent to the bit; what is open is tested to couple.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.agents.model import AllianceModel
from simulation.parameters import PARAMETERS, Parameters
from simulation.running import simulate
from simulation.session import hold_session
from simulation.states import ClientTraits, Rater, TherapistTraits, changed
from tests.simulation.clinics import (
    UNCOUPLED,
    assert_same,
    colder_from_session_5,
    names_of,
    parameter_sets,
)

if TYPE_CHECKING:
    from simulation.results.result import Result

seeds = st.integers(0, 2**64 - 1)
BORN_WITH = (*ClientTraits._fields, *Rater._fields)
"""What a client is and stays, and how the client rates."""

PEOPLE = [
    name for name, row in PARAMETERS.items() if row.group in {"Client traits", "Therapist traits"}
]
CLINIC = Parameters(
    **UNCOUPLED, clients=30, therapists=4, session_limit=12, arrivals_per_week=8, weeks=200
)


def run(parameters: Parameters, seed: int = 5, **options: Any) -> Result:
    """Run one clinic with every session, and a graph of nobody if one is needed."""
    if parameters.supervision_network == "file":
        parameters = parameters.replace(supervision_network="ring")
    return simulate(parameters, seed=seed, histories=True, threads=1, **options)


def first_clients(result: Result, count: int) -> tuple[bytes, bytes]:
    """What was written about the first `count` clients."""
    assert result.session_rows is not None
    rows = result.session_rows[result.session_rows["client"] < count]
    return result.client_rows[:count].tobytes(), rows.tobytes()


def first_sessions(result: Result, count: int) -> dict[str, bytes]:
    """What was written about everybody's first `count` sessions, column by column."""
    rows = result.session_rows
    assert rows is not None
    rows = rows[rows["session"] <= count]
    return {name: rows[name].tobytes() for name in names_of(rows)}


@settings(max_examples=25)
@given(parameter_sets(**UNCOUPLED), seeds, st.integers(1, 60))
def test_a_life_does_not_depend_on_how_many_other_clients_there_are(
    parameters: Parameters, seed: int, more: int
) -> None:
    few = parameters.clients
    with_more = run(parameters.replace(clients=few + more), seed)
    assert first_clients(run(parameters, seed), few) == first_clients(with_more, few)


@pytest.mark.parametrize("coupling", ["fatigue_load", "fatigue_strain", "experience_effect"])
def test_clients_who_share_a_therapist_reach_each_other_through_what_they_do_to_him(
    coupling: str,
) -> None:
    coupled = CLINIC.replace(**{coupling: 0.1 if coupling == "experience_effect" else 3.0})
    alone = first_clients(run(coupled), 30)
    assert alone != first_clients(run(coupled.replace(clients=60)), 30)
    apart = CLINIC.replace(clients=60)
    assert first_clients(run(CLINIC), 30) == first_clients(run(apart), 30)


def test_a_full_clinic_makes_later_clients_wait() -> None:
    full = CLINIC.replace(caseload_cap=2, waiting_loss=0)
    started = run(full).columns("clients")
    assert (started["week_started"] > started["week_arrived"]).any()
    free = run(CLINIC).columns("clients")
    assert (free["week_started"] == free["week_arrived"]).all()


def test_another_clients_dropout_changes_nothing_for_those_who_stay() -> None:
    leaving = run(CLINIC.replace(dropout_later=-1.0))
    staying = run(CLINIC)
    a, b = leaving.client_rows, staying.client_rows
    same = a["sessions"] == b["sessions"]
    assert 0 < same.sum() < len(same)
    for client in np.flatnonzero(same):
        assert leaving.session_rows is not None
        assert staying.session_rows is not None
        one = leaving.session_rows[leaving.session_rows["client"] == client]
        other = staying.session_rows[staying.session_rows["client"] == client]
        assert one["distress"].tobytes() == other["distress"].tobytes()


@settings(max_examples=15)
@given(parameter_sets(**UNCOUPLED), seeds, st.floats(-10, 5))
def test_a_later_hazard_leaves_the_first_session_untouched(
    parameters: Parameters, seed: int, hazard: float
) -> None:
    changed_later = run(parameters.replace(dropout_later=hazard), seed)
    assert first_sessions(changed_later, 1) == first_sessions(run(parameters, seed), 1)


def test_a_session_limit_leaves_every_session_before_it_untouched() -> None:
    short = first_sessions(run(CLINIC.replace(session_limit=5)), 5)
    assert short == first_sessions(run(CLINIC), 5)


def test_a_change_at_session_5_leaves_sessions_1_to_4_untouched() -> None:
    before = run(CLINIC)
    after = run(CLINIC, session=colder_from_session_5)
    assert first_sessions(after, 4) == first_sessions(before, 4)
    assert first_sessions(after, 5)["trust"] != first_sessions(before, 5)["trust"]


@pytest.mark.parametrize("k", [1, 2, 3, 6, 9])
def test_a_change_at_any_session_leaves_every_session_before_it_untouched(k: int) -> None:
    def colder(client: Any, state: Any, therapist: Any, draws: Any, p: Any) -> Any:
        after, events = hold_session(client, state, therapist, draws, p)
        return changed(after, trust=0.0) if state.session >= k - 1 else after, events

    changed_at_k = AllianceModel(CLINIC, rng=5, session=colder, histories=True).run().result()
    assert first_sessions(changed_at_k, k - 1) == first_sessions(run(CLINIC), k - 1)
    assert first_sessions(changed_at_k, k) != first_sessions(run(CLINIC), k)


@settings(max_examples=15)
@given(parameter_sets(), parameter_sets(), seeds)
def test_two_settings_with_the_same_seed_share_the_same_people(
    one: Parameters, other: Parameters, seed: int
) -> None:
    people = {name: getattr(one, name) for name in PEOPLE}
    other = other.replace(**people, clients=one.clients, therapists=one.therapists)
    a, b = run(one, seed), run(other, seed)
    for name in BORN_WITH:
        assert a.client_rows[name].tobytes() == b.client_rows[name].tobytes(), name
    for name in TherapistTraits._fields:
        assert a.therapist_rows[name].tobytes() == b.therapist_rows[name].tobytes(), name


def test_a_median_moves_a_trait_and_no_other() -> None:
    a, b = run(CLINIC), run(CLINIC.replace(severity=0.7))
    for name in BORN_WITH:
        same = a.client_rows[name].tobytes() == b.client_rows[name].tobytes()
        assert same == (name != "severity"), name
    assert (b.client_rows["severity"] > a.client_rows["severity"]).all()


def test_a_parameter_without_effect_here_changes_no_bit() -> None:
    assert_same(run(CLINIC), run(CLINIC.replace(feedback_notice=7.0, telehealth_bond=1.5)))
