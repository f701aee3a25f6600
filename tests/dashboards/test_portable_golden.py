"""Golden clinics come out of JavaScript as well."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboards.portable.model import HERE
from dashboards.portable.primitives import PRIMITIVES
from dashboards.portable.program import Program
from simulation.coefficients import numbers, unpack
from simulation.engine.records import CLIENT_ROW, SESSION_ROW, THERAPIST_ROW
from simulation.instruments import SessionReports
from simulation.network import supervision_network
from simulation.parameters import Parameters
from simulation.randomness import key_of
from simulation.results.result import Result
from simulation.states import DyadState, SessionEvents, TherapistTraits
from tests.dashboards.javascript import run
from tests.dashboards.plain_clinic import TherapistRow, run_clinic

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/trajectories.json").read_text("utf-8"))

EVENTS = tuple(
    {"noticed": "rupture_noticed", "repaired": "rupture_repaired"}.get(name, name)
    for name in SessionEvents._fields
)

RUN = """
const [parameters, seed, replicate, ties] = given;
const [held, team] = run_clinic(key_of(seed, replicate), unpack(numbers(parameters)), ties);
const values = (records) => records.map((one) => Object.values(one));
return [
  held.map(({ client, therapist, week, session, after, events, reports }) =>
    [[client, therapist, week, session], ...values([after, events, reports])]),
  team.map(({ traits, ...rest }) => [...values([traits]).flat(), ...Object.values(rest)]),
];
"""


@cache
def module() -> str:
    """Return the clinic in JavaScript."""
    program = Program(PRIMITIVES)
    for function in (run_clinic, key_of, unpack, numbers):
        program.function(function)
    return (HERE / "runtime.js").read_text("utf-8") + program.script()


def in_javascript(parameters: Parameters, seed: int, replicate: int) -> Result:
    """Run a clinic in JavaScript, and read what it wrote down of sessions and therapists."""
    graph = supervision_network(parameters, seed, None)
    ties = [sorted(graph.neighbors(one)) for one in graph]
    held, team = run(module(), RUN, [parameters.model_dump(), str(seed), replicate, ties])
    held.sort(key=lambda row: (row[0][0], row[0][3]))
    sessions = np.zeros(len(held), SESSION_ROW)
    for part, names in enumerate(
        (
            ("client", "therapist", "week", "session"),
            DyadState._fields,
            EVENTS,
            SessionReports._fields,
        )
    ):
        for place, name in enumerate(names):
            if name in SESSION_ROW.fields and (part == 0 or name != "session"):
                sessions[name] = [row[part][place] for row in held]
    therapists = np.zeros(len(team), THERAPIST_ROW)
    for place, name in enumerate((*TherapistTraits._fields, *TherapistRow._fields[1:])):
        therapists[name] = [row[place] for row in team]
    sessions["replicate"] = replicate
    nobody = np.zeros(0, CLIENT_ROW)
    return Result(parameters, seed, replicate, 1, nobody, therapists, sessions)


def hashed(values: Any) -> str:
    """Return the hash of a column, as the golden file has it."""
    array = np.ascontiguousarray(values)
    data = array.astype(array.dtype.newbyteorder("<")).tobytes()
    return hashlib.sha256(data).hexdigest()[:12]


@pytest.mark.parametrize("name", GOLDEN["clinics"])
def test_a_golden_clinic_comes_out_of_javascript(name: str) -> None:
    golden = GOLDEN["clinics"][name]
    parameters = Parameters(**{**GOLDEN["parameters"], **golden["changes"]})
    found = in_javascript(parameters, golden["seed"], golden["replicate"])
    for table in ("sessions", "therapists"):
        columns = found.columns(table)  # type: ignore[arg-type]
        now = {name: hashed(values) for name, values in columns.items()}
        assert now == golden["hashes"][table]
