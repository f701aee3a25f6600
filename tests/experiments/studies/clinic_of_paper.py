"""A model small enough to know by heart, in place of the simulation."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.design.designs import Grid
from experiments.design.parameter_space import ParameterSpace
from experiments.design.replication import Fixed
from experiments.design.study import Study

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from experiments.design.value import Scalar


@dataclass(frozen=True)
class Dial:
    name: str
    kind: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


DIALS = {
    dial.name: dial
    for dial in (
        Dial("empathy", "number", 0.0, 1.0),
        Dial("boundary", "number", 0.0, 1.0),
        Dial("clients", "integer", 1, 100_000),
        Dial("session_limit", "integer", 1, 500),
        Dial("caseload", "integer", 1, 40),
        Dial("feedback", "switch"),
        Dial("network", "choice", choices=("none", "ring", "hub")),
    )
}

BASE: dict[str, Scalar] = {
    "empathy": 0.5,
    "boundary": 0.5,
    "clients": 100,
    "session_limit": 20,
    "caseload": 15,
    "feedback": False,
    "network": "none",
}

PRESETS: dict[str | None, dict[str, Scalar]] = {
    None: BASE,
    "warm": {**BASE, "empathy": 0.8},
    "rigid": {**BASE, "boundary": 0.9},
    "warm+rigid": {**BASE, "empathy": 0.8, "boundary": 0.9},
}

SPACE = ParameterSpace(DIALS, ("warm", "rigid"), lambda name: PRESETS[name])


@dataclass(frozen=True)
class PaperClinic:
    """Outcomes that are a known function of the settings plus luck shared by replicate number."""

    pause: float = 0.0
    fail_below_empathy: float = -1.0
    fail_replicate: int = -1
    die_at_empathy: float = -1.0
    die_once: str = ""
    luck: float = 1.0
    source_hash: str = "paper"
    noise: float = field(default=0.0)

    def __call__(
        self, settings: Mapping[str, Scalar], seed: int, first: int, count: int
    ) -> dict[str, NDArray[np.float64]]:
        full = {**PRESETS[settings.get("preset")], **settings}
        empathy = float(full["empathy"])
        if self.pause:
            time.sleep(self.pause * count)
        if empathy < self.fail_below_empathy:
            raise ZeroDivisionError(f"empathy {empathy} is too little to go on")
        if first <= self.fail_replicate < first + count:
            raise FloatingPointError("this replicate breaks")
        if self.die_at_empathy >= 0 and abs(empathy - self.die_at_empathy) < 1e-9:
            self._die()
        luck = np.array(
            [np.random.default_rng([seed, r]).normal() for r in range(first, first + count)]
        )
        own = np.array(
            [
                np.random.default_rng([seed, r, int(empathy * 1e6)]).normal()
                for r in range(first, first + count)
            ]
        )
        rate = 0.3 - 0.2 * empathy + 0.1 * float(full["boundary"]) - 0.05 * bool(full["feedback"])
        return {
            "dropout": rate + 0.05 * (self.luck * luck + self.noise * own),
            "change": 5.0 * empathy + luck + 0.1 * own,
        }

    def _die(self) -> None:
        if self.die_once:
            marker = Path(self.die_once)
            if marker.exists():
                return
            marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def small_study(**changes: object) -> Study:
    """Twelve points, eight replicates, in seven chunks that cut through points."""
    values: dict[str, object] = {
        "design": Grid(factors={"empathy": "0.2:0.8:4", "boundary": [0.1, 0.5, 0.9]}),
        "outcomes": ("dropout", "change"),
        "replication": Fixed(replicates=8),
        "seed": 3,
        "chunk_runs": 15,
    }
    return Study(**{**values, **changes})


def result_bytes(folder: Path) -> dict[str, bytes]:
    """Every byte that a result consists of, by file name."""
    files = [*sorted((folder / "results").iterdir()), folder / "failures.parquet"]
    files += sorted((folder / "failures").iterdir())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}
