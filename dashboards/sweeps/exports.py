"""What a sweep found, as files: one row a point, as CSV or Parquet."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from simulation.errors import unknown_name

if TYPE_CHECKING:
    import polars as pl

    from dashboards.sweeps.refinement import SweepProgress

__all__ = ["FORMS", "Format", "exported", "points_table"]

Format: TypeAlias = Literal["csv", "parquet"]

FORMS: Final[tuple[tuple[str, Format, str], ...]] = (
    ("CSV", "csv", "text/csv"),
    ("Parquet", "parquet", "application/vnd.apache.parquet"),
)
"""Forms of a file: as a button names it, as `exported` does, and its media type."""


def points_table(progress: SweepProgress) -> pl.DataFrame:
    """Return one row a point.

    ``point``, the parameters, ``replicates``, and the outcome with ``_low`` and ``_high``, named as in the summary
    of a study; missing where there is nothing yet.
    """
    import polars as pl

    sweep, found = progress.sweep, progress.found
    columns = [pl.Series("point", np.arange(sweep.points), dtype=pl.UInt32)]
    columns += [pl.Series(name, values) for name, values in sweep.axes_columns.items()]
    columns.append(pl.Series("replicates", progress.number, dtype=pl.UInt32))
    ends = {"": found.value, "_low": found.low, "_high": found.high}
    columns += [
        pl.Series(f"{sweep.outcome}{end}", values).fill_nan(None) for end, values in ends.items()
    ]
    return pl.DataFrame(columns)


def exported(table: pl.DataFrame, form: Format = "csv") -> bytes:
    """Return a table as the bytes of a file.

    Raises
    ------
    AllianceError
        If it is neither ``csv`` nor ``parquet``.
    """
    into = io.BytesIO()
    match form:
        case "csv":
            table.write_csv(into)
        case "parquet":
            table.write_parquet(into)
        case _:
            raise unknown_name(form, "a form of export", ("csv", "parquet"))
    return into.getvalue()
