"""Golden runs have the bits they had, when a browser's engine runs them."""

from __future__ import annotations

import json
from typing import Any

from simulation.parameters import Parameters
from tests.dashboards.engine_in_node import Run, run_in_node
from tests.golden.renew import FILE, hashes

GOLDEN: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def test_golden_clinics_have_the_bits_they_had_in_a_browser() -> None:
    clinics = GOLDEN["clinics"]
    runs = [
        Run(
            Parameters(**{**GOLDEN["parameters"], **clinic["changes"]}),
            clinic["seed"],
            clinic["replicate"],
        )
        for clinic in clinics.values()
    ]
    for (name, clinic), found in zip(clinics.items(), run_in_node(runs), strict=True):
        assert hashes(found) == clinic["hashes"], name
