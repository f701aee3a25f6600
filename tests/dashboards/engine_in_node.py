"""The engine's WebAssembly module in node, driven by the page's own script: what it leaves, as a `Result`."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

import dashboards.compiled
from dashboards.compiled.build import engine_wasm
from dashboards.compiled.layout import engine_layout
from simulation.coefficients import coefficients
from simulation.engine.records import CLIENT_ROW, SESSION_ROW, THERAPIST_ROW
from simulation.results.result import Result
from tests.dashboards.node import run_node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.parameters import Parameters

SCRIPTS = Path(dashboards.compiled.__file__).parent

RUN = """
import { readFileSync } from "node:fs";
const [scripts, file] = process.argv.slice(1);
const { loadEngine } = await import(`file://${scripts}/engine.js`);
const { layout, runs } = JSON.parse(readFileSync(0));
const engine = await loadEngine(readFileSync(file), layout);
for (const run of runs) {
  const tables = engine.run(run);
  const written = (table) => table && Buffer.from(table.copy()).toString("base64");
  const rows = Object.entries(tables).map(([name, table]) => [name, written(table)]);
  console.log(JSON.stringify(Object.fromEntries(rows)));
}
"""


def point(parameters: Parameters) -> dict[str, Any]:
    """Return a setting as a page's script is told it."""
    return {
        "parameters": parameters.model_dump(),
        "numbers": coefficients(parameters).tolist(),
    }


@dataclass(frozen=True)
class Run:
    """Clinics to run."""

    parameters: Parameters
    seed: int = 1
    first: int = 0
    replicates: int = 1
    histories: bool = True

    def given(self) -> dict[str, Any]:
        """Say what the script is given; a seed of 64 bits is a string."""
        return {
            **point(self.parameters),
            "seed": str(self.seed),
            "first": self.first,
            "replicates": self.replicates,
            "histories": self.histories,
        }


def run_in_node(runs: Sequence[Run], module: bytes | None = None) -> list[Result]:
    """Run clinics in node, with vectors unless another module is given."""
    given = json.dumps({"layout": engine_layout(), "runs": [run.given() for run in runs]})
    with TemporaryDirectory() as folder:
        file = Path(folder) / "engine.wasm"
        file.write_bytes(engine_wasm() if module is None else module)
        printed = run_node(RUN, str(SCRIPTS), str(file), given=given, timeout=600).splitlines()
    return [_result(run, json.loads(line)) for run, line in zip(runs, printed, strict=True)]


def _result(run: Run, rows: dict[str, str | None]) -> Result:
    def table(name: str, layout: np.dtype[Any]) -> Any:
        encoded = rows[name]
        return None if encoded is None else np.frombuffer(base64.b64decode(encoded), dtype=layout)

    return Result(
        parameters=run.parameters,
        seed=run.seed,
        first_replicate=run.first,
        replicates=run.replicates,
        client_rows=table("clients", CLIENT_ROW),
        therapist_rows=table("therapists", THERAPIST_ROW),
        session_rows=table("sessions", SESSION_ROW),
    )
