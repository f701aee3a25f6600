"""Supervision networks in JavaScript are those of Python, small worlds too."""

from __future__ import annotations

import json

import numpy as np

from simulation.network import colleagues_of, ties
from simulation.parameters import PARAMETERS, Parameters
from tests.dashboards.engine_in_node import SCRIPTS
from tests.dashboards.node import run_node

TIES = """
import { readFileSync } from "node:fs";
const { supervisionTies } = await import(`file://${process.argv[1]}/network.js`);
const asked = JSON.parse(readFileSync(0));
console.log(JSON.stringify(asked.map(({ parameters, seed }) => supervisionTies(parameters, seed))));
"""

KINDS = [kind for kind in PARAMETERS["supervision_network"].choices if kind != "file"]


def test_every_network_is_the_one_that_python_draws() -> None:
    chance = np.random.default_rng(5)
    asked = [
        (
            Parameters(
                therapists=team,
                supervision_network=kind,
                small_world_rewiring=float(chance.choice([0, 0.1, 0.5, 1, chance.random()])),
            ),
            int(chance.choice([0, 1, 2**32, chance.integers(2**64, dtype=np.uint64)])),
        )
        for kind in KINDS
        for team in [*range(1, 12), 30, 75]
        for _ in range(6 if kind == "small_world" else 1)
    ]
    given = [{"parameters": p.model_dump(), "seed": str(seed)} for p, seed in asked]
    found = json.loads(run_node(TIES, str(SCRIPTS), given=json.dumps(given)))
    for (parameters, seed), one in zip(asked, found, strict=True):
        expected = ties(colleagues_of(parameters, seed))
        assert one["begins"] == expected.begins.tolist()
        assert one["colleagues"] == expected.colleagues.tolist(), parameters
