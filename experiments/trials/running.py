"""Running a simulated trial into its folder: chunk by chunk, to be interrupted and gone on with at any moment."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from experiments.execution.interruption import Interruption
from experiments.execution.progress import Progress, Silent
from experiments.trials.analysing import analysis_key, fits_frame
from experiments.trials.effect import null_advantages, strengths_for
from experiments.trials.folder import TrialFolder
from experiments.trials.frames import data_frame, from_data_frame
from experiments.trials.observing import simulate_trials
from experiments.trials.summaries import summary_frame
from simulation.cores import available_cores

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from experiments.tables.columns import Floats
    from experiments.trials.analysing import TrialAnalysis
    from experiments.trials.trial_design import TrialDesign

__all__ = ["Seconds", "TrialsStopped", "kinds", "run_trials"]

Frames: TypeAlias = "list[tuple[str, pl.DataFrame]]"


class TrialsStopped(KeyboardInterrupt):
    """The run was asked to stop by a signal, its only argument; everything that was finished has been stored."""


@dataclass
class Seconds:
    """How long simulating and analysing took, all threads together."""

    simulating: float = 0.0
    analysing: float = 0.0


def run_trials(
    design: TrialDesign,
    folder: str | Path,
    analyses: Sequence[TrialAnalysis],
    *,
    trials: int,
    null: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[TrialFolder, Seconds]:
    """Simulate and analyse what is not yet in a folder.

    Parameters
    ----------
    design, folder, analyses
        What is simulated, where it goes, and how it is analysed.
    trials
        How many.
    null
        Run the same trials without an effect as well.
    threads
        Chunks at a time; as many as there are cores if left out.
    progress
        Shows how it goes, counted in trials.

    Raises
    ------
    StorageError
        If the folder holds something else.
    TrialsStopped
        After Ctrl-C or SIGTERM, with everything finished stored.
    """
    stored = TrialFolder(Path(folder))
    stored.claim(design, lambda: strengths_for(design))
    stored.refuse_fewer(trials)
    key = analysis_key(analyses)
    work = _Work(
        design,
        stored,
        tuple(analyses),
        key,
        trials,
        Seconds(),
        null_advantages(design) if null else {},
    )
    worlds = ("", "null-") if null else ("",)
    shown = progress or Silent()
    interruption = Interruption()
    shown.begin(trials * len(worlds), 0)
    try:
        with interruption.handled():
            for world in worlds:
                work.through(world, threads or available_cores(), interruption, shown)
    except KeyboardInterrupt:
        raise TrialsStopped(interruption.heard) from None
    finally:
        shown.end()
    return stored, work.seconds


@dataclass
class _Work:
    """What is to be done in one folder."""

    design: TrialDesign
    folder: TrialFolder
    analyses: tuple[TrialAnalysis, ...]
    key: str
    trials: int
    seconds: Seconds
    advantages: dict[str, Floats]

    def through(
        self, world: str, threads: int, interruption: Interruption, progress: Progress
    ) -> None:
        """Do the chunks of one world: a few are in flight at a time, and one place writes."""
        whole = {kind: self.folder.finished(kind) for kind in kinds(world, self.key)}
        waiting: deque[tuple[int, Future[Frames]]] = deque()

        def store() -> None:
            number, future = waiting.popleft()
            made = future.result()
            with interruption.deferred():
                for kind, frame in made:
                    self.folder.write(kind, number, frame)
                progress.advance(len(self.folder.chunk(number, self.trials)), 0)

        with ThreadPoolExecutor(threads, "trials") as pool:
            try:
                for number in range(self.folder.chunks(self.trials)):
                    there = {kind for kind in whole if number in whole[kind]}
                    last = {kind for kind in there if number == max(whole[kind])}
                    there -= {kind for kind in last if not self._is_full(kind, number)}
                    waiting.append((number, pool.submit(self._chunk, world, number, there)))
                    if len(waiting) > 2 * threads:
                        store()
                while waiting:
                    store()
            finally:
                for _, future in waiting:
                    future.cancel()

    def _is_full(self, kind: str, number: int) -> bool:
        """Tell whether a chunk has all its trials: the last one of an earlier run with fewer may lack some."""
        last = self.folder.read(kind, number)["trial"].max()
        return last == self.folder.chunk(number, self.trials)[-1]

    def _chunk(self, world: str, number: int, there: set[str]) -> Frames:
        """Return what a chunk lacks."""
        data, summaries, fits = kinds(world, self.key)
        trials = self.folder.chunk(number, self.trials)
        made: Frames = []
        if there == {data, summaries, fits}:
            return made
        begun = time.perf_counter()
        if data in there:
            simulated = from_data_frame(self.design, self.folder.read(data, number))
        else:
            simulated = simulate_trials(
                self.design,
                trials,
                strengths=None if world else self.folder.strengths,
                null=bool(world),
                advantages=self.advantages if world else None,
            )
            made.append((data, data_frame(self.design, simulated)))
        if summaries not in there:
            made.append((summaries, summary_frame(self.design, simulated)))
        between = time.perf_counter()
        self.seconds.simulating += between - begun
        if fits not in there:
            frame = fits_frame(self.design, self.analyses, simulated)
            made.append((fits, frame))
            self.seconds.analysing += time.perf_counter() - between
        return made


def kinds(world: str, key: str) -> tuple[str, str, str]:
    """Return the names of the folders of data, summaries and fits of a world: ``""`` or ``"null-"``."""
    return (world.rstrip("-") or "data", f"{world}summaries", f"{world}fits-{key}")
