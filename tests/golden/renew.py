"""Golden runs: hashes of every table of a few clinics, to notice when a change moves results unintended.

The file `trajectories.json` holds for each clinic its full parameters, seed and replicate, and a hash of every
column of its tables. It is the same on every Python and platform. Calibration does not move it, since the
parameters are written down in it; a changed equation does. If the change is meant, renew it from the project's
root, and say in the commit why results moved::

    python tests/golden/renew.py
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.parameters import Parameters
from simulation.running import simulate

if TYPE_CHECKING:
    from simulation.results.result import Result

FILE = Path(__file__).with_name("trajectories.json")

CLINICS: dict[str, dict[str, Any]] = {
    "default": {},
    "busy": {"clients": 60, "therapists": 3, "caseload_cap": 6, "waiting_loss": 0.1, "weeks": 40},
    "porous": {
        "boundary": 0.2,
        "violation_rate": 0.2,
        "slippery_slope": 2.0,
        "assignment": "random",
    },
    "rigid and tired": {
        "boundary": 0.9,
        "fatigue_start": 0.8,
        "supervision_network": "none",
        "session_interval": 2,
    },
    "every policy": {
        "assignment": "preference_match",
        "progress_feedback": True,
        "alliance_supervision": True,
        "deliberate_practice": 2.0,
        "role_induction": True,
        "telehealth": True,
        "ethics_training": True,
        "supervision_network": "small_world",
    },
    "long": {"session_limit": 200, "good_enough": 0.05, "therapists": 45, "weeks": 150},
}
"""What differs from the default clinic of the day the file was renewed."""

TABLES = ("clients", "therapists", "sessions")


def run(parameters: dict[str, Any], seed: int, replicate: int) -> Result:
    """Run one golden clinic."""
    return simulate(
        Parameters(**parameters), seed=seed, first_replicate=replicate, histories=True, threads=1
    )


def hashes(result: Result) -> dict[str, dict[str, str]]:
    """Return a hash of every column of every table, as little-endian bytes."""
    found: dict[str, dict[str, str]] = {}
    for table in TABLES:
        found[table] = {}
        for name, values in result.columns(table).items():  # type: ignore[arg-type]
            array = np.ascontiguousarray(values)
            data = array.astype(array.dtype.newbyteorder("<")).tobytes()
            found[table][name] = hashlib.sha256(data).hexdigest()[:12]
    return found


def renew() -> None:
    """Run all golden clinics and write the file."""
    defaults = Parameters().model_dump()
    clinics = {}
    for place, (name, changes) in enumerate(CLINICS.items()):
        seed, replicate = 2**40 + place, place
        result = run({**defaults, **changes}, seed, replicate)
        clinics[name] = {
            "changes": changes,
            "seed": seed,
            "replicate": replicate,
            "sessions": int(result.client_rows["sessions"].sum()),
            "hashes": hashes(result),
        }
    text = json.dumps({"parameters": defaults, "clinics": clinics}, indent=1)
    FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    renew()
