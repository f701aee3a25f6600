"""Writing a run to a folder: all of its files or none, and one clear sentence where that is not possible."""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.errors import AllianceError
from simulation.results.manifest import manifest

if TYPE_CHECKING:
    from simulation.results.result import Result

__all__ = ["write_result"]


def write_result(result: Result, directory: Path, *, command: str) -> None:
    """Write the tables and the manifest into `directory`.

    They are written beside each other under other names first, so that a full disk or an interruption leaves no
    half-written table, and no mixture of two runs.

    Raises
    ------
    AllianceError
        If the directory cannot be written.
    """
    from polars.exceptions import PolarsError

    made = not directory.exists()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=".writing-") as unfinished:
            _write(result, Path(unfinished), command)
            if result.session_rows is None:
                (directory / "sessions.parquet").unlink(missing_ok=True)
            for file in sorted(Path(unfinished).iterdir()):
                file.replace(directory / file.name)
    except OSError as error:
        raise AllianceError(f"{directory} cannot be written: {error.strerror or error}.") from None
    except PolarsError as error:
        # A full disk reaches us in Polars' own words.
        number = re.search(r"os error (\d+)", str(error))
        reason = os.strerror(int(number[1])) if number else str(error)
        raise AllianceError(f"{directory} cannot be written: {reason}.") from None
    finally:
        if made:
            # Only where nothing was written is it empty.
            with suppress(OSError):
                directory.rmdir()


def _write(result: Result, directory: Path, command: str) -> None:
    result.clients.write_parquet(directory / "clients.parquet")
    result.therapists.write_parquet(directory / "therapists.parquet")
    if result.session_rows is not None:
        result.sessions.write_parquet(directory / "sessions.parquet")
    text = json.dumps(manifest(result, command=command), indent=2)
    (directory / "manifest.json").write_text(text + "\n", encoding="utf-8")
