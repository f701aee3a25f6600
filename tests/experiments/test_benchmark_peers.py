"""The model's equations over NumPy's arrays, against which the engine is measured, are the model's."""

from __future__ import annotations

import json

import numpy as np

from experiments.benchmarks.array_sessions import sessions_on_arrays
from experiments.benchmarks.engine import default_clinic
from experiments.benchmarks.peers import Peers, measure_peers
from simulation.coefficients import numbers, unpack
from simulation.randomness import key_of
from simulation.session import begin_therapy, draw_session, hold_session
from simulation.states import ClientTraits, Presence
from tests.programs import alliance


def test_sessions_over_arrays_have_the_bits_of_plain_python() -> None:
    people, dyads = np.linspace(0.1, 0.9, 40), np.arange(40, dtype=np.uint64)
    state, events = sessions_on_arrays(np)(people, dyads)
    p = unpack(numbers(default_clinic()))
    for i in range(40):
        client = ClientTraits(*[float(people[i])] * len(ClientTraits._fields))
        therapist = Presence(*[float(people[-1 - i])] * len(Presence._fields))
        begun = begin_therapy(client, client.severity, therapist.present_style, p)
        draws = draw_session(key_of(1), i, 1)
        after, happened = hold_session(client, begun, therapist, draws, p)
        for many, one in zip((*state, *events), (*after, *happened), strict=True):
            assert float(np.broadcast_to(many, 40)[i]) == float(one)


def test_the_engine_is_the_fastest_and_mesa_the_slowest() -> None:
    found = measure_peers(rounds=1, dyads=5_000)
    assert 0 < found.engine < found.numpy < found.mesa_batch_run


def test_the_command_says_what_is_not_installed(monkeypatch) -> None:
    found = Peers(engine=70.0, mesa_batch_run=20_000.0, numpy=400.0, jax=None)
    monkeypatch.setattr("experiments.benchmarks.peers.measure_peers", lambda: found)
    said = alliance("benchmark", "--peers")
    assert "20,000 ns" in said.stdout
    assert "not installed" in said.stdout
    said = alliance("benchmark", "--peers", "--json")
    assert json.loads(said.stdout)["numpy"] == 400.0
