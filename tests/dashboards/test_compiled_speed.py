"""Clinics in a browser take a few times as long as those of the engine on one thread, in turns with it."""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dashboards.compiled.build import engine_wasm
from dashboards.compiled.layout import engine_layout
from simulation.parameters import Parameters
from simulation.running import simulate
from tests.dashboards.engine_in_node import SCRIPTS, point
from tests.dashboards.node import run_node

SETTING = Parameters(clients=100)
REPLICATES = 1_000
ROUNDS = 5

MOST = {True: 5.0, False: 9.0}
"""Times the engine's own, with vectors and without, where the engine has vectors of 512 bits: eight numbers at once,
a browser two or one. Measured: 4.1 and 6.8 (docs/compiled.md)."""

# The whole work of a worker: clinics, outcomes, reports. The first rounds are for the browser's compiler.
WORK = """
import { readFileSync } from "node:fs";
const [scripts, file] = process.argv.slice(1);
const { loadEngine } = await import(`file://${scripts}/engine.js`);
const { work, turns } = await import(`file://${scripts}/jobs.js`);
const { layout, job } = JSON.parse(readFileSync(0));
const engine = await loadEngine(readFileSync(file), layout), pause = turns();
const now = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1e6; };
let seconds;
for (let round = 0; round < 4; round++) {
  const begun = now();
  await work(engine, job, { report() {}, cancelled: () => false, pause });
  seconds = now() - begun;
}
process.stdout.write(JSON.stringify(seconds), () => process.exit(0));
"""


def seconds_of_the_engine() -> float:
    """Processor time of one thread: other work on the machine is not counted."""
    begun = time.thread_time()
    simulate(SETTING, replicates=REPLICATES, threads=1)
    return time.thread_time() - begun


def seconds_in_node(simd: bool) -> float:
    job = {"points": [point(SETTING)], "seed": "1", "replicates": REPLICATES, "histories": False}
    given = json.dumps({"layout": engine_layout(), "job": job})
    with TemporaryDirectory() as folder:
        file = Path(folder) / "engine.wasm"
        file.write_bytes(engine_wasm(simd=simd))
        return float(run_node(WORK, str(SCRIPTS), str(file), given=given))


@pytest.mark.slow
@pytest.mark.alone
def test_clinics_in_a_browser_take_a_few_times_as_long_as_in_the_engine() -> None:
    seconds_of_the_engine()
    own: list[float] = []
    node: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        own.append(seconds_of_the_engine())
        for simd, found in node.items():
            found.append(seconds_in_node(simd))
    for simd, found in node.items():
        ratio = statistics.median(found) / statistics.median(own)
        print(f"simd={simd}: {ratio:.2f} times the engine's {statistics.median(own):.3f} s")  # noqa: T201
        assert ratio <= MOST[simd]
