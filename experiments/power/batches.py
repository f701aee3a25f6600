"""The folder of a search for power: every batch of trials that was run, so that a search goes on where it stopped.

::

    trial.toml                         the design that was begun with
    search.json                        what was looked for, versions, source of the model
    batches/chunk-000007-<hash>.parquet    what the analyses gave in the trials of one batch
    confirmed/                         fresh trials of the answer: the folder of a simulated trial
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.execution.interruption import Interruption
from experiments.execution.model_source import model_source_hash
from experiments.power.search import PRECISION, find_size
from experiments.power.sizing import designed
from experiments.power.trial_counts import analysed, counted
from experiments.store.claims import begin_folder, refuse_another, refuse_another_version
from experiments.store.files import read_chunk, scan_chunks, write_chunk
from experiments.store.state import checksum, read_checked_json, with_checksum
from experiments.trials.analysing import analysis_key
from experiments.trials.clinics import clinics_hash
from experiments.trials.effect import strengths_for
from experiments.trials.folder import ROWS_IN_A_CHUNK
from experiments.trials.running import TrialsStopped
from experiments.trials.sources import sources_hash
from simulation.cores import available_cores
from simulation.files import remove_abandoned, write_once

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import polars as pl

    from experiments.power.power_curve import Batch
    from experiments.power.search import Sizes, SizeSearch
    from experiments.power.sizing import LookedFor
    from experiments.trials.analysing import TrialAnalysis
    from experiments.trials.trial_design import TrialDesign
    from experiments.trials.worlds import Strengths

__all__ = ["CONFIRMED", "FIRST_NUMBER", "Batches"]

DESIGN, SEARCH, BATCHES, CONFIRMED = "trial.toml", "search.json", "batches", "confirmed"

BATCH = 100
"""Trials of a round."""

FIRST_NUMBER = 1_000_000
"""Trials of a search are numbered from here, so that those which confirm its answer are fresh."""


@dataclass
class Batches:
    """Runs the trials that a search asks for, or reads them where they have been run.

    Attributes
    ----------
    path
        The folder.
    design
        What was begun with.
    find
        What is looked for.
    analyses
        All are made of every trial; the first decides.
    contrast
        Which arm's effect counts, 1 for the second arm.
    """

    path: Path
    design: TrialDesign
    find: LookedFor
    analyses: Sequence[TrialAnalysis]
    contrast: int = 1
    threads: int | None = None
    interruption: Interruption = field(default_factory=Interruption)
    frames: list[tuple[float, pl.DataFrame]] = field(default_factory=list)
    _strengths: dict[float, Strengths] = field(default_factory=dict)

    def _claim(self, inputs: dict[str, Any]) -> None:
        """Make the folder this search's own, or check that it is.

        Parameters
        ----------
        inputs
            Everything that the search depends on beside the design.

        Raises
        ------
        StorageError
            If it holds something else.
        """
        content = {
            "format": 1,
            "design": self.design.identity(),
            "analyses": [one.identity for one in self.analyses],
            "search": {"find": self.find, "contrast": self.contrast, **inputs},
            "source_hash": self._source(),
        }
        begin_folder(
            self.path,
            mark=SEARCH,
            holds="search for power",
            own=(BATCHES, DESIGN),
            inside=(BATCHES,),
        )
        if not (self.path / SEARCH).exists():
            write_once(self.path / DESIGN, self.design.to_toml().encode())
            write_once(self.path / SEARCH, with_checksum(content))
        stored = read_checked_json(self.path / SEARCH)
        for part in ("design", "search", "analyses"):
            then, now = _plain(stored[part]), _plain(content[part])
            refuse_another(self.path, "search", then, now, again="ask the same again")
        refuse_another_version(
            self.path,
            stored["source_hash"],
            content["source_hash"],
            what="trials",
            of="the model or of its analyses",
        )
        remove_abandoned([self.path, self.path / BATCHES])

    def _source(self) -> str:
        parts = [sources_hash(name) for name in ("experiments.trials", "experiments.power")]
        return checksum(
            model_source_hash(), analysis_key(self.analyses), clinics_hash(self.design), *parts
        )

    def __call__(self, size: float, first: int, trials: int) -> Batch:
        """Return how many of some trials of a size were significant by the first analysis."""
        number = len(self.frames)
        frame = self._stored(number, size, first, trials)
        if frame is None:
            frame = self._run(size, first, trials)
            with self.interruption.deferred():
                write_chunk(self.path / BATCHES, self._name, number, frame)
        self.frames.append((size, frame))
        return counted(frame, size, 0, self.contrast)

    def find_size(
        self,
        power: float,
        sizes: Sizes,
        start: float,
        *,
        most: int,
        precision: float = PRECISION,
        on_round: Callable[[SizeSearch], None] | None = None,
    ) -> SizeSearch:
        """Find a size; see `experiments.power.search.find_size`.

        Raises
        ------
        StorageError
            If the folder holds something else.
        TrialsStopped
            After Ctrl-C or SIGTERM, with every batch that was finished stored.
        """
        self._claim({"power": power, "start": start, "batch": BATCH, "most": most})
        try:
            with self.interruption.handled():
                return find_size(
                    self, power, sizes, start,
                    batch=BATCH, most=most, precision=precision, on_round=on_round,
                )  # fmt: skip
        except KeyboardInterrupt:
            raise TrialsStopped(self.interruption.heard) from None

    @property
    def _name(self) -> str:
        """What every batch is bound to."""
        return checksum((self.path / SEARCH).read_bytes())

    def _stored(self, number: int, size: float, first: int, trials: int) -> pl.DataFrame | None:
        files = scan_chunks(self.path / BATCHES, self._name).get(number, [])
        for file in files:
            if len(files) == 1 and file.intact():
                frame = read_chunk(file)
                numbers = frame["trial"]
                begin = FIRST_NUMBER + first
                wanted = (begin, begin + trials - 1, size)
                if (numbers.min(), numbers.max(), frame["size"][0]) == wanted:
                    return frame
            file.path.unlink(missing_ok=True)
        return None

    def _run(self, size: float, first: int, trials: int) -> pl.DataFrame:
        import polars as pl

        design = designed(self.find, self.design, size)
        if size not in self._strengths:
            self._strengths[size] = strengths_for(design)
        begin, end = FIRST_NUMBER + first, FIRST_NUMBER + first + trials
        threads = self.threads or available_cores()
        step = max(1, min(ROWS_IN_A_CHUNK // design.design.clients, -(-trials // threads)))
        parts = [range(one, min(one + step, end)) for one in range(begin, end, step)]
        one_part = partial(analysed, design, self.analyses, self._strengths[size])
        with ThreadPoolExecutor(threads, "power") as pool:
            frames = list(pool.map(one_part, parts))
        frame = pl.concat(frames).sort("trial", "analysis", "contrast", maintain_order=True)
        return frame.with_columns(size=pl.lit(float(size)))

    def of_analysis(self, place: int) -> list[Batch]:
        """Return every batch so far, as one of the analyses sees it."""
        return [counted(frame, size, place, self.contrast) for size, frame in self.frames]


def _plain(value: Any) -> dict[str, Any]:
    """Return a value as JSON has it, below a name, so that differences can be said."""
    plain = json.loads(json.dumps(value))
    return plain if isinstance(plain, dict) else {"analyses": plain}
