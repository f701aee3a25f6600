"""Clinics for a page: outcomes by the catalogue's definitions, in pieces, answered and cancelled while they run."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from dashboards.clinics.courses import curves, survival
from dashboards.compiled.build import engine_wasm
from dashboards.compiled.layout import engine_layout
from dashboards.compiled.scripts import page_script, worker_script
from dashboards.computing.outcome_runs import tables_of
from dashboards.portable.model import model_script
from dashboards.sweeps.refinement import coarse_first, rounds
from experiments.catalogue import outcome
from experiments.quantities.intervals import mean_of, share_of, t_quantile
from simulation.clinic import STATUSES
from simulation.coefficients import coefficients
from simulation.errors import AllianceError
from simulation.parameters import Parameters
from simulation.presets import all_presets
from simulation.running import simulate
from tests.dashboards.engine_in_node import SCRIPTS, point
from tests.dashboards.javascript import run
from tests.dashboards.node import run_node

SETTINGS = (
    Parameters(clients=40, therapists=4),
    Parameters(clients=60, therapists=3, caseload_cap=6, waiting_loss=0.1, weeks=40),
    Parameters(clients=25, therapists=5, boundary=0.2, violation_rate=0.2),
)

# A worker without a browser: its script is given a scope, and what it says is kept.
WORKER = """
import { readFileSync } from "node:fs";
const { script, layout, forms, orders } = JSON.parse(readFileSync(0));
const said = [];
let heard = () => {};
const scope = { postMessage: (message) => { said.push(message); heard(); } };
new Function("self", script)(scope);
const tell = (data) => scope.onmessage({ data });
const until = (met) => new Promise((resolve) => { heard = () => { if (met()) resolve(); }; heard(); });
const bytes = (text) => Buffer.from(text, "base64");
tell({ kind: "start", layout, forms: forms.map(([form, text]) => ({ form, bytes: bytes(text) })) });
await until(() => said.length);
for (const { job, cancelAfter } of orders) {
  const id = said.length, over = (one) => one.id === id && one.kind !== "progress";
  tell({ kind: "run", id, job });
  if (cancelAfter) {
    await until(() => said.filter((one) => one.id === id && one.kind === "progress").length >= cancelAfter);
    tell({ kind: "cancel", id });
  }
  await until(() => said.some(over));
}
process.stdout.write(JSON.stringify(said), () => process.exit(0));  // its channel would keep it
"""


def say(*orders: dict[str, Any], forms: dict[str, bytes] | None = None) -> list[dict[str, Any]]:
    """Return all that the worker says."""
    given = {
        "script": worker_script(),
        "layout": engine_layout(),
        "forms": [
            (form, base64.b64encode(module).decode())
            for form, module in (forms or {"simd": engine_wasm()}).items()
        ],
        "orders": orders,
    }
    said: list[dict[str, Any]] = json.loads(run_node(WORKER, given=json.dumps(given)))
    return said


def job(*points: dict[str, Any], **asked: Any) -> dict[str, Any]:
    return {"job": {"points": points, "seed": "7", "replicates": 12, "histories": True, **asked}}


def assert_estimate(found: dict[str, Any], value: float, low: float, high: float) -> None:
    """Assert that an estimate is the same but for the last digits; JSON has no NaN, so it is null."""
    numbers = [np.nan if found[name] is None else found[name] for name in ("value", "low", "high")]
    assert numbers == pytest.approx([value, low, high], rel=1e-6, abs=1e-9, nan_ok=True)


def test_outcomes_of_a_page_are_those_of_the_catalogue() -> None:
    ready, *_, done = say(job(*map(point, SETTINGS)))
    assert ready == {"kind": "ready", "form": "simd"}
    assert done["kind"] == "done"
    for parameters, found in zip(SETTINGS, done["result"]["points"], strict=True):
        tables = tables_of(parameters, 7, 0, 12)
        assert found["replicates"] == 12
        assert len(found["outcomes"]) == 14
        for name, estimate in found["outcomes"].items():
            expected = mean_of(outcome(name).compute(tables))
            assert_estimate(estimate, expected.value, expected.low, expected.high)


def test_curves_of_a_page_are_those_of_the_clinic_room() -> None:
    *_, done = say(job(*map(point, SETTINGS)))
    for parameters, found in zip(SETTINGS, done["result"]["points"], strict=True):
        clinics = simulate(parameters, seed=7, replicates=12, histories=True, threads=1)
        began = clinics.client_rows["sessions"] > 0
        held, status = (clinics.client_rows[name][began] for name in ("sessions", "status"))
        expected = survival(held, status)
        assert [one["number"] for one in found["staying"]] == expected.at_risk.tolist()
        for one, *numbers in zip(found["staying"], *estimates(expected.staying), strict=True):
            assert_estimate(one, *numbers)
        sessions = clinics.columns("sessions")
        last = int(sessions["session"].max())
        ending = np.zeros(len(sessions["session"]), dtype=np.int64)
        measures = {name: sessions[name] for name in found["curves"]}
        for name, groups in curves(sessions["session"], ending, measures, last).items():
            curve = groups["everybody"]
            assert [one["number"] for one in found["curves"][name]] == curve.number.tolist()
            for one, *numbers in zip(found["curves"][name], *estimates(curve.mean), strict=True):
                assert_estimate(one, *numbers)


def estimates(found: Any) -> tuple[Any, Any, Any]:
    return found.value, found.low, found.high


def test_people_of_a_clinic_are_its_rows() -> None:
    *_, done = say(job(point(SETTINGS[1]), replicates=3, people=True))
    people = done["result"]["people"]
    clinic = simulate(SETTINGS[1], seed=7, replicates=1, histories=True, threads=1)
    assert [one["sessions"] for one in people] == clinic.client_rows["sessions"].tolist()
    assert [one["status"] for one in people] == [STATUSES[i] for i in clinic.client_rows["status"]]
    assert [one["distress_last"] for one in people] == clinic.client_rows["distress_last"].tolist()
    rated = [value for one in people for value in one["wai_sr_client"]]
    assert clinic.session_rows is not None
    assert rated == clinic.session_rows["wai_sr_client"].astype(float).tolist()


def test_a_share_of_one_clinic_has_wilsons_interval() -> None:
    *_, done = say(job(point(SETTINGS[0]), replicates=1, histories=False))
    clients = simulate(SETTINGS[0], seed=7, threads=1).client_rows
    began = clients["sessions"] > 0
    dropped = int((clients["status"] == STATUSES.index("dropped_out")).sum())
    expected = share_of(dropped, int(began.sum()))
    (found,) = done["result"]["points"]
    assert_estimate(found["outcomes"]["dropout_rate"], expected.value, expected.low, expected.high)
    assert found["curves"]["core_10"] == []


def test_what_is_known_comes_while_it_runs_and_a_cancelled_job_ends() -> None:
    long = job(*map(point, SETTINGS), replicates=100_000, histories=False)
    short = job(point(SETTINGS[0]), replicates=2, histories=False)
    _, *said = say({**long, "cancelAfter": 3}, short)
    progress = [one for one in said if one["kind"] == "progress" and one["of"] == 300_000]
    assert len(progress) >= 3
    assert [one["done"] for one in progress] == sorted(one["done"] for one in progress)
    assert progress[-1]["done"] < 300_000
    assert progress[-1]["result"]["points"][0]["replicates"] > 0
    assert [one["kind"] for one in said if one["kind"] != "progress"] == ["cancelled", "done"]


def test_a_point_that_cannot_be_run_does_not_stop_the_others() -> None:
    *_, done = say(job({"failed": "No population can have these."}, point(SETTINGS[0])))
    failed, other = done["result"]["points"]
    assert failed["failed"] == "No population can have these."
    assert failed["outcomes"]["dropout_rate"]["value"] is None
    assert other["replicates"] == 12
    *_, done = say(job({"failed": "None can."}))
    assert done["kind"] == "done"


@pytest.mark.parametrize(
    ("changes", "asked", "says"),
    [
        ({"supervision_network": "file"}, {}, "choose another network"),
        ({}, {"seed": str(2**64)}, "seed must be from 0 to 18446744073709551615"),
        ({}, {"seed": "-1"}, "seed must be from 0"),
    ],
)
def test_what_cannot_be_run_is_said_in_a_sentence(
    changes: dict[str, Any], asked: dict[str, Any], says: str
) -> None:
    *_, last = say(job(point(SETTINGS[0].replace(**changes)), **asked))
    assert last["kind"] == "failed"
    assert says in last["message"]


def test_the_scalar_form_takes_over_where_there_are_no_vectors() -> None:
    ready, *_ = say(
        forms={"simd": b"\0asm\1\0\0\0 not of this browser", "scalar": engine_wasm(simd=False)}
    )
    assert ready == {"kind": "ready", "form": "scalar"}
    (blocked,) = say(forms={"simd": b"nothing"})
    assert blocked["kind"] == "blocked"


MORE = """
const { studentQuantile } = await import(`file://${process.argv[1]}/estimates.js`);
const { rounds, coarseFirst } = await import(`file://${process.argv[1]}/jobs.js`);
console.log(JSON.stringify({
  quantiles: Array.from({ length: 400 }, (_, place) => studentQuantile(place + 1)),
  rounds: [1, 2, 3, 20, 100, 999].map(rounds),
  order: [1, 2, 9, 17, 40].map(coarseFirst),
}));
"""


def test_intervals_rounds_and_order_are_those_of_python() -> None:
    found = json.loads(run_node(MORE, str(SCRIPTS)))
    expected = [t_quantile(freedom) for freedom in range(1, 401)]
    assert found["quantiles"] == pytest.approx(expected, rel=2e-7)
    assert found["rounds"] == [[[*one] for one in rounds(n)] for n in (1, 2, 3, 20, 100, 999)]
    assert found["order"] == [[*coarse_first((n,))] for n in (1, 2, 9, 17, 40)]


def test_the_translated_model_makes_the_numbers_that_the_engine_takes() -> None:
    settings = [Parameters(**one.parameters) for one in all_presets()] + [*SETTINGS]
    numbers = "return given.map(Alliance.python.numbers)"
    found = run(model_script(), numbers, [one.model_dump() for one in settings])
    assert found == [coefficients(one).tolist() for one in settings]


def test_correlations_that_contradict_each_other_are_refused_in_pythons_sentence() -> None:
    changes = {
        "anxiety_with_avoidance": 0.9,
        "anxiety_with_trust": 0.9,
        "avoidance_with_trust": -0.9,
    }
    contradictory = Parameters(**changes)
    with pytest.raises(AllianceError) as refused:
        coefficients(contradictory)
    tried = "try { Alliance.python.numbers(given); } catch (error) { return error.message; }"
    assert run(model_script(), tried, contradictory.model_dump()) == str(refused.value)


def test_the_script_of_a_page_has_one_name_and_asks_for_nothing() -> None:
    script = page_script()
    assert script.count("export ") == 1
    assert script.startswith("export const startClinics = ")
    for forbidden in ("import ", "fetch(", "http", "XMLHttpRequest", "eval("):
        assert forbidden not in script
        assert forbidden not in worker_script()
