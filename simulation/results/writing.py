"""Writing tables and their manifest to a folder: all of the files or none."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

from simulation.files import StorageError, write_together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import polars as pl

__all__ = ["write_tables"]


def write_tables(
    directory: Path, frames: Mapping[str, pl.DataFrame | None], manifest: Mapping[str, Any]
) -> None:
    """Write each table as Parquet and the manifest as JSON, so that no mixture of two runs can be left.

    Parameters
    ----------
    directory
        Made if it is not there.
    frames
        Tables by name. None where this run has none: then the file of an earlier run is removed.
    manifest
        What the tables were made with.

    Raises
    ------
    StorageError
        If the directory cannot be written.
    """
    contents: dict[str, Any] = {
        f"{name}.parquet": _parquet(frame) for name, frame in frames.items() if frame is not None
    }
    contents["manifest.json"] = f"{json.dumps(dict(manifest), indent=2)}\n".encode()
    absent = [f"{name}.parquet" for name, frame in frames.items() if frame is None]
    made = not directory.exists()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        write_together(directory, contents, remove=absent)
    except OSError as error:
        raise StorageError(f"{directory} cannot be written: {error.strerror or error}.") from None
    finally:
        if made:
            # Only where nothing was written is it empty.
            with suppress(OSError):
                directory.rmdir()


def _parquet(frame: pl.DataFrame) -> Callable[[BinaryIO], None]:
    from polars.exceptions import PolarsError

    def write(file: BinaryIO) -> None:
        try:
            frame.write_parquet(file)
        except PolarsError as error:
            # A full disk reaches us in Polars' own words.
            number = re.search(r"os error (\d+)", str(error))
            if number is None:
                raise StorageError(f"{file.name} cannot be written: {error}.") from None
            raise OSError(int(number[1]), os.strerror(int(number[1]))) from None

    return write
