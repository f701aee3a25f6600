"""Verification: run random rows of a study again and compare every bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.design.value import StudyError
from experiments.execution.evaluation import ClinicEvaluation
from experiments.execution.model_source import source_hash
from experiments.execution.own_code import stored_own_code
from experiments.execution.plan import plan
from experiments.execution.repeating import Mismatch, differences
from experiments.store.files import read_chunk
from experiments.store.study_folder import StudyFolder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import polars as pl

    from experiments.design.parameter_space import ParameterSpace
    from experiments.execution.plan import Plan
    from experiments.execution.tasks import Evaluate
    from experiments.store.files import ChunkFile

__all__ = ["Mismatch", "Verification", "verify"]


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found.

    Attributes
    ----------
    chunks, damaged
        Chunks whose checksums were compared, and the names of those that differ, are there twice, belong elsewhere or
        hold other runs than planned.
    missing
        Chunks of the study that are not there.
    rows
        Runs that were run again, as (point, replicate).
    mismatches
        Numbers that differ.
    same_source
        Whether the model is the version that made the results.
    """

    chunks: int
    damaged: tuple[str, ...]
    missing: tuple[int, ...]
    rows: tuple[tuple[int, int], ...]
    mismatches: tuple[Mismatch, ...]
    same_source: bool

    @property
    def holds(self) -> bool:
        """Whether everything came out the same."""
        return not self.damaged and not self.missing and not self.mismatches


def verify(
    folder: StudyFolder | str | Path,
    rows: int = 20,
    *,
    seed: int | None = None,
    evaluate: Evaluate | None = None,
    space: ParameterSpace | None = None,
) -> Verification:
    """Compare the checksum of every chunk, then run random rows again, each alone, and compare bits.

    Parameters
    ----------
    folder
        A study with results.
    rows
        How many runs to repeat, each once; all if there are no more.
    seed
        Of the choice of rows; different ones each time if None.
    evaluate, space
        The model, if it is not the simulation.
    """
    folder = StudyFolder.open(folder)
    study = folder.study
    model = evaluate or _simulation(folder)
    planned = plan(study, space)
    damaged = {chunk.path.name for chunk in folder.damaged()}
    finished = folder.finished()
    sound: list[tuple[ChunkFile, int]] = []
    for number, file in finished.items():
        frame = read_chunk(file)
        if not _as_planned(planned, frame, number):
            damaged.add(file.path.name)
        elif file.path.name not in damaged:
            sound.append((file, frame.height))
    repeated = list(_random_rows(sound, rows, seed))
    mismatches = [one for stored in repeated for one in differences(planned, model, stored)]
    return Verification(
        chunks=len(finished) + len(folder.damaged()),
        damaged=tuple(sorted(damaged)),
        missing=tuple(folder.missing()),
        rows=tuple((stored["point"], stored["replicate"]) for stored in repeated),
        mismatches=tuple(mismatches),
        same_source=folder.manifest.get("source_hash") == source_hash(model),
    )


def _random_rows(
    chunks: Sequence[tuple[ChunkFile, int]], most: int, seed: int | None
) -> Iterator[dict[str, Any]]:
    """Yield random runs of chunks, given with how many each has, none of them twice, in their order."""
    import numpy as np

    if not chunks:
        return
    ends = np.cumsum([height for _, height in chunks], dtype=np.int64)
    total = int(ends[-1])
    chosen = np.sort(np.random.default_rng(seed).choice(total, min(most, total), replace=False))
    places = np.split(chosen, np.searchsorted(chosen, ends[:-1]))
    for (chunk, height), end, there in zip(chunks, ends, places, strict=True):
        if len(there):
            yield from read_chunk(chunk)[there - (end - height)].iter_rows(named=True)


def _as_planned(planned: Plan, frame: pl.DataFrame, chunk: int) -> bool:
    """Whether a chunk has the study's columns, and each run once, of those that were planned for it."""
    schema = planned.schema()
    if dict(frame.schema) != schema:
        return False
    keys = frame.select("point", "replicate")
    spans = planned.spans(chunk)
    inside = all(
        point in spans and spans[point][0] <= replicate < sum(spans[point])
        for point, replicate in keys.iter_rows()
    )
    return inside and not keys.is_duplicated().any()


def _simulation(folder: StudyFolder) -> Evaluate:
    """Return the simulation as it is, if that made the results of a folder."""
    if own := stored_own_code(folder.manifest):
        if own[0].kind == "script":
            raise StudyError(
                f"{folder.path} holds an audition of {own[0].name}, which verify does not run again: give its "
                f"command with another --out and compare: {folder.manifest['command']}"
            )
        shown = ", ".join(one.name for one in own)
        options = " ".join(one.option for one in own if one.by_name)
        how = (
            "with --rule FILE.py:NAME or --model FILE.py:NAME" if not options else f"with {options}"
        )
        raise StudyError(
            f"{folder.path} was made with code of your own ({shown}): name it {how}, in Python evaluate=."
        )
    return ClinicEvaluation(folder.study.outcomes)
