"""Promise 1: a run is a pure function of parameters, seed and replicate, to the bit."""

from __future__ import annotations

import concurrent.futures
import importlib
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.agents.model import AllianceModel
from simulation.clinic import (
    STATUSES,
    STRAIN_UNIT,
    arrival_week,
    presence,
    therapist_after_week,
)
from simulation.coefficients import coefficients, unpack
from simulation.correlations import loadings
from simulation.engine.workspace import workspace
from simulation.equations import ending
from simulation.equations.therapist import carried
from simulation.instruments import draw_reports, report_session
from simulation.parameters import PARAMETERS, Parameters
from simulation.plain.running import simulate_plainly
from simulation.population import draw_client, draw_therapist
from simulation.randomness import key_of
from simulation.results.result import Result
from simulation.running import simulate
from simulation.session import begin_therapy, draw_session, hold_session
from tests.simulation.clinics import (
    UNCOUPLED,
    as_bytes,
    assert_same,
    colder_from_session_5,
    network_for,
    parameter_sets,
)

ENGINE_ROOM: Any = importlib.import_module("simulation.running")
"""The module, whose name in the package is that of its function."""

seeds = st.integers(0, 2**64 - 1)
SMALL: dict[str, Any] = {
    "clients": 25,
    "therapists": 4,
    "session_limit": 12,
    "arrivals_per_week": 6,
}
HARD = Parameters(
    **SMALL,
    caseload_cap=4,
    waiting_loss=0.2,
    session_interval=2,
    deliberate_practice=2,
    violation_rate=0.1,
    slippery_slope=3,
)
"""A clinic in which everything happens: waiting, giving up, violations, learning."""


def by_mesa(parameters: Parameters, seed: int, replicate: int = 0, **options: Any) -> Result:
    """Run a clinic agent by agent."""
    model = AllianceModel(
        parameters,
        rng=seed,
        replicate=replicate,
        network=network_for(parameters),
        histories=True,
        **options,
    )
    return model.run().result()


def by_engine(parameters: Parameters, seed: int, **options: Any) -> Result:
    """Run a clinic compiled."""
    options = {"histories": True, "threads": 1, **options}
    return simulate(parameters, seed=seed, network=network_for(parameters), **options)


@given(parameter_sets(), seeds, st.integers(0, 2**31 - 1))
def test_mesa_and_engine_give_the_same_bits_for_any_clinic(
    parameters: Parameters, seed: int, replicate: int
) -> None:
    mesa = by_mesa(parameters, seed, replicate)
    assert_same(mesa, by_engine(parameters, seed, first_replicate=replicate))


@settings(max_examples=60, deadline=None)
@given(parameter_sets(), seeds, st.integers(0, 2**31 - 1), st.booleans())
def test_plain_python_and_engine_give_the_same_bits_for_any_clinic(
    parameters: Parameters, seed: int, replicate: int, histories: bool
) -> None:
    asked: dict[str, Any] = {
        "seed": seed,
        "first_replicate": replicate,
        "replicates": 2,
        "histories": histories,
        "network": network_for(parameters),
    }
    assert_same(simulate_plainly(parameters, **asked), simulate(parameters, **asked))


def test_plain_python_and_engine_give_the_same_bits_with_a_session_function_of_ones_own() -> None:
    plain = simulate_plainly(HARD, seed=3, histories=True, session=colder_from_session_5)
    assert_same(plain, by_engine(HARD, 3, session=colder_from_session_5))


@pytest.mark.slow
@settings(max_examples=600)
@given(parameter_sets(), seeds, st.integers(0, 2**31 - 1))
def test_mesa_and_engine_give_the_same_bits_for_very_many_clinics(
    parameters: Parameters, seed: int, replicate: int
) -> None:
    mesa = by_mesa(parameters, seed, replicate)
    assert_same(mesa, by_engine(parameters, seed, first_replicate=replicate))


@pytest.mark.parametrize(
    "change",
    [
        *({"supervision_network": kind} for kind in PARAMETERS["supervision_network"].choices),
        *({"assignment": policy} for policy in PARAMETERS["assignment"].choices),
        *({name: True} for name, row in PARAMETERS.items() if row.kind == "switch"),
        {"deliberate_practice": 5.0, "supervision_network": "hub"},
        {"experience_effect": 0.001},
        {"caseload_cap": 1},
        {"session_interval": 3},
        {"weeks": 5},
        {"session_limit": 1},
        {"clients": 1, "therapists": 1},
        {"clients": 83, "therapists": 41},  # more than one block of lanes each, none of them full
    ],
    ids=str,
)
def test_mesa_and_engine_give_the_same_bits_under_every_policy(change: dict[str, Any]) -> None:
    parameters = HARD.replace(**change)
    engine = by_engine(parameters, 11, first_replicate=2)
    assert_same(by_mesa(parameters, 11, 2), engine)
    asked: dict[str, Any] = {"network": network_for(parameters), "histories": True}
    assert_same(simulate_plainly(parameters, seed=11, first_replicate=2, **asked), engine)


def test_the_clinic_of_these_tests_is_one_in_which_everything_happens() -> None:
    clients = simulate(HARD, seed=11, replicates=50).columns("clients")
    happened = {STATUSES[code] for code in np.unique(clients["status"])}
    assert {"completed", "dropped_out", "never_started", "boundary_violation"} <= happened
    assert clients["ruptures_repaired"].sum() > 0


def part(result: Result, replicate: int) -> Result:
    """One replicate of a run, as if it had been run alone."""
    place = replicate - result.first_replicate
    clients, team = result.parameters.clients, result.parameters.therapists
    rows = result.session_rows
    return Result(
        parameters=result.parameters,
        seed=result.seed,
        first_replicate=replicate,
        replicates=1,
        client_rows=result.client_rows[place * clients : (place + 1) * clients],
        therapist_rows=result.therapist_rows[place * team : (place + 1) * team],
        session_rows=None if rows is None else rows[rows["replicate"] == replicate],
    )


@settings(max_examples=15)
@given(parameter_sets(), seeds, st.integers(2, 40), st.integers(0, 1000))
def test_replicates_run_together_or_one_by_one_are_the_same(
    parameters: Parameters, seed: int, replicates: int, first: int
) -> None:
    together = by_engine(parameters, seed, replicates=replicates, first_replicate=first)
    for replicate in {first, first + replicates // 2, first + replicates - 1}:
        alone = by_engine(parameters, seed, first_replicate=replicate)
        assert_same(part(together, replicate), alone)


@settings(max_examples=10)
@given(parameter_sets(), seeds, st.integers(16, 80), st.integers(2, 5))
def test_the_number_of_threads_changes_nothing(
    parameters: Parameters, seed: int, replicates: int, threads: int
) -> None:
    one = by_engine(parameters, seed, replicates=replicates)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ENGINE_ROOM, "LEAST_CHUNK", 1)
        assert len(ENGINE_ROOM._chunks(replicates, parameters.clients, threads)) > threads
        assert_same(one, by_engine(parameters, seed, replicates=replicates, threads=threads))


@settings(max_examples=25, deadline=None)
@given(parameter_sets(), seeds, st.integers(1, 40), seeds)
def test_a_run_finds_nothing_of_the_one_before_in_the_memory_they_share(
    parameters: Parameters, seed: int, replicates: int, seed_before: int
) -> None:
    assert workspace(Parameters(), 1) is workspace(Parameters(), 1)
    by_engine(parameters, seed_before, replicates=replicates)
    again = by_engine(parameters, seed, replicates=replicates)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:  # a thread that has run nothing yet
        fresh = pool.submit(by_engine, parameters, seed, replicates=replicates).result()
    assert_same(fresh, again)


@pytest.mark.parametrize("therapists", [1, 5000])
def test_large_working_memory_is_not_left_to_the_next_run(therapists: int) -> None:
    large = Parameters(clients=300_000, therapists=therapists)
    assert workspace(large, 1) is not workspace(large, 1)


def test_correlations_that_differ_by_a_sign_of_zero_alone_are_not_taken_for_each_other() -> None:
    for zero in (0.0, -0.0, 0.0):
        factor = loadings(Parameters(anxiety_with_avoidance=zero))
        assert math.copysign(1, factor[1]) == math.copysign(1, zero)


def test_few_large_clinics_are_shared_between_threads_and_one_small_one_is_not() -> None:
    assert len(ENGINE_ROOM._chunks(10, 10_000, 2)) > 2
    assert ENGINE_ROOM._chunks(10, 20, 2) == [(0, 10)]
    for replicates, clients, threads in ((1000, 100, 2), (7, 900, 3), (2, 5000, 8), (50, 1, 4)):
        chunks = ENGINE_ROOM._chunks(replicates, clients, threads)
        assert [i for first, last in chunks for i in range(first, last)] == list(range(replicates))
        assert all(last > first for first, last in chunks)


@settings(max_examples=20)
@given(parameter_sets(), seeds)
def test_recording_every_session_changes_nothing(parameters: Parameters, seed: int) -> None:
    recorded = by_engine(parameters, seed, replicates=3)
    bare = by_engine(parameters, seed, replicates=3, histories=False)
    assert bare.session_rows is None
    assert as_bytes(recorded.client_rows) == as_bytes(bare.client_rows)
    assert as_bytes(recorded.therapist_rows) == as_bytes(bare.therapist_rows)


def test_runs_at_the_same_time_do_not_disturb_each_other() -> None:
    alone = [by_engine(HARD, seed, replicates=4) for seed in range(8)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        beside = list(pool.map(lambda seed: by_engine(HARD, seed, replicates=4), range(8)))
    for one, other in zip(alone, beside, strict=True):
        assert_same(one, other)


def test_looking_at_a_mesa_model_changes_nothing() -> None:
    watched = AllianceModel(HARD, rng=5, histories=True)
    while watched.running:
        watched.step()
        watched.result()
        watched.datacollector.get_model_vars_dataframe()
        watched.random.random()  # Mesa's own generators are nobody's
        watched.rng.random()
        for client in watched.clients:
            if client.events is not None:
                client.report()
                client.report()
    assert_same(watched.result(), by_engine(HARD, 5))


def test_a_session_function_of_ones_own_gives_the_same_bits_in_mesa_and_engine() -> None:
    mesa = by_mesa(HARD, 3, session=colder_from_session_5)
    engine = by_engine(HARD, 3, session=colder_from_session_5)
    assert_same(mesa, engine)
    assert as_bytes(engine.client_rows) != as_bytes(by_engine(HARD, 3).client_rows)


def test_a_session_function_of_ones_own_does_not_stay_behind() -> None:
    before = by_engine(HARD, 4)
    by_engine(HARD, 4, session=colder_from_session_5)
    assert_same(before, by_engine(HARD, 4))


@settings(max_examples=25)
@given(parameter_sets(clients=1, therapists=1), seeds)
def test_the_engine_is_a_loop_over_hold_session(parameters: Parameters, seed: int) -> None:
    if parameters.supervision_network == "file":
        parameters = parameters.replace(supervision_network="none")
    engine = by_engine(parameters, seed)
    p: Any = unpack(coefficients(parameters).tolist())
    key = key_of(seed)
    client, rater, _ = draw_client(key, 0, p)
    traits, therapist = draw_therapist(key, 0, p)
    assert engine.session_rows is not None
    rows = iter(engine.session_rows)
    begins = arrival_week(key, 0, p)
    state = begin_therapy(client, client.severity, traits.style, p)
    end = ending.GOES_ON
    for week in range(parameters.weeks):
        met, carries = 0, 0.0
        if week >= begins and end == ending.GOES_ON:
            met = 1
            if (week - begins) % parameters.session_interval == 0:
                session = int(state.session) + 1
                draws = draw_session(key, 0, session)
                here = presence(traits, therapist, p)
                state, events = hold_session(client, state, here, draws, p)
                row = next(rows)
                assert (row["week"], row["session"]) == (week, session)
                for name, value in {**state._asdict(), **events._asdict()}.items():
                    if name in row.dtype.names and name != "session":
                        assert row[name] == value, name
                noise = draw_reports(key, 0, session)
                reports = report_session(rater, traits.rating_habit, noise, state, events, p)
                assert [row[name] for name in reports._fields] == np.array(
                    reports, dtype=np.float32
                ).tolist()
                end = events.ending
            porosity = presence(traits, therapist, p).present_porosity
            carries = carried(state.strain, state.dependency, porosity, p)
        therapist = therapist_after_week(therapist, met, int(carries * STRAIN_UNIT), 0.0, 0, p)
        if end != ending.GOES_ON:
            break
    assert next(rows, None) is None
    assert engine.therapist_rows["fatigue_last"][0] == therapist.fatigue
    assert engine.therapist_rows["skill_gain"][0] == therapist.skill
    if engine.client_rows["sessions"][0]:
        assert engine.client_rows["distress_last"][0] == state.distress


def test_the_same_clinic_with_another_seed_or_replicate_is_another_clinic() -> None:
    rows = {
        as_bytes(by_engine(HARD, seed, first_replicate=replicate).client_rows)
        for seed, replicate in [(1, 0), (2, 0), (1, 1), (2**32 + 1, 0)]
    }
    assert len(rows) == 4


def test_clients_without_ties_to_each_other_have_the_same_bits_too() -> None:
    parameters = HARD.replace(**UNCOUPLED)
    assert_same(by_mesa(parameters, 9), by_engine(parameters, 9))
