"""Failures: which runs of a study failed, why, and how to repeat each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

__all__ = ["Failure", "failure_frame"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Replicates of a point that could not be run.

    Attributes
    ----------
    point, first_replicate, replicates
        Which.
    error, message
        Why: the kind of error and what it said.
    settings
        What the point set, as JSON.
    replay
        Command or call that repeats the first of them, alone.
    traceback
        Where the first of them failed, innermost line last; without the folders of the machine.
    """

    point: int
    first_replicate: int
    replicates: int
    error: str
    message: str
    settings: str
    replay: str
    traceback: str = ""


def failure_frame(failures: Iterable[Failure]) -> pl.DataFrame:
    """Lay failures out as a table, one row a span of replicates of a point."""
    import polars as pl

    numbers = {"point", "first_replicate", "replicates"}
    schema = {
        field.name: pl.UInt32() if field.name in numbers else pl.String()
        for field in fields(Failure)
    }
    return pl.DataFrame([asdict(failure) for failure in failures], schema=schema)
