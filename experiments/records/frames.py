"""Typed tables that polars reads: Parquet, Arrow and Feather, JSON lines."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from experiments.records.cells import cells_of, text_of
from experiments.records.libraries import reason, silent
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from experiments.records.cells import Cells

__all__ = ["frame_cells", "json_lines_cells", "polars_cells"]


def polars_cells(path: Path, content: bytes, form: str) -> Cells:
    """Read Parquet or Arrow.

    Parameters
    ----------
    path
        For messages.
    content
        The file.
    form
        ``"Parquet"``, ``"Arrow"`` or ``"Arrow stream"``.

    Raises
    ------
    AllianceError
        When the file is damaged.
    """
    import polars as pl

    read = {"Parquet": pl.read_parquet, "Arrow": pl.read_ipc, "Arrow stream": pl.read_ipc_stream}
    return _read(path, form, lambda: read[form](io.BytesIO(content)))


def json_lines_cells(path: Path, content: bytes) -> Cells:
    """Read JSON lines, one object a line, or a JSON list of objects; types are those of all lines together."""
    import polars as pl

    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    if text.startswith(b"["):
        return _read(path, "JSON", lambda: pl.read_json(io.BytesIO(text), infer_schema_length=None))
    return _read(
        path, "JSON lines", lambda: pl.read_ndjson(io.BytesIO(text), infer_schema_length=None)
    )


def frame_cells(path: Path, frame: pl.DataFrame, form: str) -> Cells:
    """Return a data frame as a table of text; its rows are numbered from 1."""
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    columns = [
        tuple(text_of(value) for value in frame[name].to_list())
        for name in frame.columns
        if name not in nested
    ]
    notes = [f"Read as {form}."]
    if nested:
        notes.append(f"Left out columns of lists: {', '.join(nested[:8])}.")
    names = [name for name in frame.columns if name not in nested]
    return cells_of(path, names, columns, range(1, frame.height + 1), notes)


def _read(path: Path, form: str, read: object) -> Cells:
    assert callable(read)
    try:
        with silent():
            frame: pl.DataFrame = read()
            return frame_cells(path, frame, form)
    except (KeyboardInterrupt, SystemExit, AllianceError):
        raise
    except BaseException as error:  # a panic inside polars is no Exception
        raise AllianceError(f"{path} is damaged {form}: {reason(error)}.") from None
