"""Writing tables and their manifest to a folder: all of the files or none."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

from simulation.files import StorageError, write_together
from simulation.input_files import MEBIBYTE, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import polars as pl

__all__ = ["check_run_folder", "write_tables"]

RUN = "alliance-dynamics run"
"""Name that the manifest of a run bears."""

TABLES = ("clients.parquet", "therapists.parquet", "sessions.parquet", "settings.parquet")

OTHERS = {"study.toml": "a study", "calibration.json": "a calibration"}
"""Files that say that a folder belongs to something else."""


def check_run_folder(directory: Path, *, overwrite: bool = False) -> None:
    """Make sure that the tables of a run replace nothing that somebody may need.

    Parameters
    ----------
    directory
        Where they are to go; it need not be there.
    overwrite
        Whether those of an earlier run may be replaced.

    Raises
    ------
    StorageError
        If the folder holds a study, a calibration, or an earlier run that may not be replaced, or is the root.
    """
    if not os.path.abspath(directory).strip("/"):  # noqa: PTH100  a path that cannot be resolved is refused later
        raise StorageError(
            f"{directory} is the root of the file system: name a folder for this run."
        )
    for name, what in OTHERS.items():
        if os.path.lexists(directory / name):
            raise StorageError(f"{directory} holds {what}: choose another folder for this run.")
    manifest = directory / "manifest.json"
    if manifest.exists() and _name_in(manifest) != RUN:
        raise StorageError(
            f"{manifest} is not the manifest of a run: choose another folder for this run."
        )
    if not overwrite and any(
        os.path.lexists(directory / name) for name in (*TABLES, manifest.name)
    ):
        raise StorageError(
            f"{directory} holds an earlier run: choose another folder, or add --overwrite "
            "(in Python: overwrite=True) to replace it."
        )


def _name_in(manifest: Path) -> object:
    """Return the name in a manifest; None if there is none."""
    try:
        content = json.loads(read_text(manifest, most=MEBIBYTE))
    except (ValueError, RecursionError):
        return None
    return content.get("name") if isinstance(content, dict) else None


def write_tables(
    directory: Path,
    frames: Mapping[str, pl.DataFrame | None],
    manifest: Mapping[str, Any],
    *,
    overwrite: bool = False,
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
    overwrite
        Whether the tables of an earlier run may be replaced.

    Raises
    ------
    StorageError
        If the directory cannot be written, or `check_run_folder` refuses it.
    """
    check_run_folder(directory, overwrite=overwrite)
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
