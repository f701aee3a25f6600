"""Exports: the results of a study as one CSV or Parquet file, in the fixed order of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from experiments.store.tables import Decimal, csv_options
from simulation.files import write_output

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.store.study_folder import StudyFolder

__all__ = ["export_csv", "export_parquet"]

ROWS_IN_A_GROUP = 100_000
"""Rows in a row group of an exported Parquet file."""


def export_csv(
    folder: StudyFolder, target: Path, *, decimal: Decimal = ".", overwrite: bool = False
) -> None:
    """Write every finished run as CSV, chunk by chunk, so that memory does not grow with the study.

    Numbers are written with as many digits as it takes to read the same bits back; with a decimal comma, a semicolon
    stands between columns.

    Raises
    ------
    StorageError
        If the file cannot be written, is there and `overwrite` is not set, or a chunk is damaged.
    """

    def fill(file: BinaryIO) -> None:
        for place, chunk in enumerate(folder.chunks()):
            chunk.write_csv(file, include_header=place == 0, **csv_options(decimal))

    write_output(target, fill, overwrite=overwrite)


def export_parquet(folder: StudyFolder, target: Path, *, overwrite: bool = False) -> None:
    """Write every finished run as one Parquet file with row groups of a fixed size.

    Raises
    ------
    StorageError
        If the file cannot be written, is there and `overwrite` is not set, or a chunk is damaged.
    """

    def fill(file: BinaryIO) -> None:
        folder.results().write_parquet(
            file,
            compression="zstd",
            compression_level=3,
            statistics=True,
            row_group_size=ROWS_IN_A_GROUP,
        )

    write_output(target, fill, overwrite=overwrite)
