"""`audition`: a script over many simulated studies, in a folder like that of any study."""

from __future__ import annotations

import hashlib
import json
import shlex
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.audition.studies import MODEL, NULL, WORLD, SimulatedStudies, space, worlds
from experiments.design.replication import Fixed
from experiments.design.study import Study
from experiments.execution.model_source import model_source_hash
from experiments.execution.options import RunOptions
from experiments.execution.run import run_and_report
from experiments.validation.rival_mechanisms import MECHANISMS
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from experiments.audition.records_studies import StudiesLikeRecords
    from experiments.audition.scripts import Script
    from experiments.audition.studies import Arms
    from experiments.design.value import Scalar
    from experiments.execution.executors import StudyExecutor
    from experiments.execution.progress import Progress
    from experiments.execution.run import RunReport

__all__ = ["OUTCOMES", "Audition", "ScriptEvaluation"]

OUTCOMES = ("estimate", "error", "p", "low", "high", "effect")
"""What is stored of every study: the answer of the script, and the mean effect on the clients of the study."""

STUDIES_IN_A_CHUNK = 10
REMEMBERED = 4 * STUDIES_IN_A_CHUNK


@dataclass(frozen=True, slots=True)
class Audition:
    """What is asked of a script.

    Attributes
    ----------
    script
        Whose analysis.
    arms
        Of a trial; none for a cohort.
    rows
        What a row of the table is: ``"client"`` or ``"session"``.
    studies
        In each world.
    clients, therapists
        Of a study.
    preset, rivals
        The setting, and the presets layered on it as rivals.
    seed
        Of all studies; the same studies in every world have the same luck.
    like
        Records that studies look like, if any; they then say how many clients and therapists there are.
    """

    script: Script
    arms: Arms | None = None
    rows: str = "session"
    studies: int = 200
    clients: int = 100
    therapists: int = 10
    preset: str | None = None
    rivals: tuple[str, ...] = MECHANISMS
    seed: int = 1
    like: StudiesLikeRecords | None = None

    @property
    def study(self) -> Study:
        """The same as a study: worlds as points, studies as replicates."""
        return Study(
            name=f"audition of {self.script.text}",
            preset=self.preset,
            settings={
                "clients": self.clients,
                "therapists": self.therapists,
                # Clients a therapist are as many as in the default clinic, and so is what each week brings.
                "arrivals_per_week": max(0.01, 2.0 * self.therapists),
            },
            design=worlds(self.rivals, preset=self.preset, arms=self.arms is not None),
            outcomes=OUTCOMES,
            replication=Fixed(replicates=self.studies),
            seed=self.seed,
            chunk_runs=STUDIES_IN_A_CHUNK,
        )

    @property
    def evaluation(self) -> ScriptEvaluation:
        return ScriptEvaluation(self.script, self.like or SimulatedStudies(self.arms, self.rows))

    @property
    def world_names(self) -> tuple[str, ...]:
        return (MODEL, *self.rivals, NULL)

    def settings(self, world: str) -> dict[str, Scalar]:
        """Return everything that a world sets.

        Raises
        ------
        AllianceError
            If there is no such world.
        """
        from experiments.execution.plan import plan

        made = plan(self.study, space(self.world_names))
        for point in made.points.rows(0, len(made.points)):
            if point["world"] == world:
                return made.settings(point)
        raise AllianceError(
            f"{world} is no world of this audition: there are {', '.join(self.world_names)}."
        )

    def check(self) -> None:
        """Make sure that studies can run, before any does.

        Raises
        ------
        AllianceError
            If the outcome of a trial is no number of a client, or a script of Python cannot be loaded.
        """
        if self.like is None:
            SimulatedStudies(self.arms, self.rows).check()
        self.script.check()

    def run(
        self,
        folder: str | Path,
        *,
        executor: StudyExecutor | None = None,
        retry_failed: bool = False,
        progress: Progress | None = None,
        command: str = "",
    ) -> RunReport:
        """Run what is not yet in a folder; everything as for `experiments.run`.

        Raises
        ------
        AllianceError
            If the folder belongs to another audition, or to another version of the script; if no study could run.
        """
        self.check()
        options = RunOptions(retry_failed=retry_failed, command=command)
        if progress is not None:
            options = RunOptions(retry_failed=retry_failed, command=command, progress=progress)
        return run_and_report(
            self.study,
            folder,
            executor=executor,
            evaluate=self.evaluation,
            space=space(self.world_names),
            options=options,
        )


@dataclass(frozen=True)
class ScriptEvaluation:
    """A script as the model of a study: settings and numbers of studies in, its answers out."""

    script: Script
    simulated: SimulatedStudies | StudiesLikeRecords
    _before: OrderedDict[tuple[str, int, int], Any] = field(
        default_factory=OrderedDict, init=False, repr=False, compare=False
    )
    _lock: threading.Lock = field(
        default_factory=threading.Lock, init=False, repr=False, compare=False
    )

    def __getstate__(self) -> dict[str, Any]:
        return {"script": self.script, "simulated": self.simulated}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in {**state, "_before": OrderedDict(), "_lock": threading.Lock()}.items():
            object.__setattr__(self, name, value)

    @property
    def audition_of(self) -> str:
        """What the script is called."""
        return self.script.text

    @property
    def sources(self) -> dict[str, str]:
        """What answers depend on: the simulation, the files of the script, and what its studies are."""
        about = hashlib.sha256(repr(self.simulated).encode()).hexdigest()
        own = {f"script {name}": value for name, value in self.script.sources.items()}
        return {"simulation": model_source_hash(), "studies": about} | own

    def __call__(
        self, settings: Mapping[str, Scalar], seed: int, first_replicate: int, replicates: int, /
    ) -> dict[str, Any]:
        """Return each outcome, shape (`replicates`,).

        Raises
        ------
        Exception
            What the first study that failed raised; each of them is then asked for alone, and answered from memory.
        """
        numbers = range(first_replicate, first_replicate + replicates)
        found = [
            self._answered(settings, seed, number, alone=replicates == 1) for number in numbers
        ]
        for one in found:
            if isinstance(one, Exception):
                raise one
        return {
            name: np.array([one[place] for one in found]) for place, name in enumerate(OUTCOMES)
        }

    def replay(self, settings: Mapping[str, Scalar], _seed: int, replicate: int) -> str:
        """Write how to get the table of one study."""
        option = f"--data {settings.get(WORLD, MODEL)}:{replicate}"
        return f"alliance audition {shlex.quote(self.script.text)}, the same options and {option}"

    def _answered(
        self, settings: Mapping[str, Scalar], seed: int, replicate: int, *, alone: bool
    ) -> Any:
        key = (json.dumps(dict(settings), sort_keys=True), seed, replicate)
        with self._lock:
            before = self._before.pop(key, None) if alone else None
        if before is not None:
            return before
        answer: Any
        try:
            table, effect = self.simulated.study(settings, seed, replicate)
            given = self.script.answer(table, seed + replicate)
            answer = (given.estimate, given.error, given.p, given.low, given.high, effect)
        except AllianceError:
            raise
        except Exception as error:
            answer = error
        if not alone:
            with self._lock:
                self._before[key] = answer
                while len(self._before) > 16 * REMEMBERED:
                    self._before.popitem(last=False)
        return answer
