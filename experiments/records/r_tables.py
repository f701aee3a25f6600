"""Data frames of R (.rds and .RData), read by rdata: factors as words, dates as days, labels beside numbers."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import warnings
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from experiments.records.cells import Cells, text_of
from experiments.records.declared_missing import declared_note, without_declared
from experiments.records.libraries import bounded_memory, library, reason
from experiments.records.several_tables import one_table
from simulation.errors import AllianceError
from simulation.input_files import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

__all__ = ["is_of_r", "r_cells", "unpacked"]

LARGEST_INSIDE = 1024 * MEBIBYTE
"""Of a file of R, once unpacked."""

PIECE = 8 * MEBIBYTE

START = datetime(1970, 1, 1, tzinfo=UTC)
NO_WHOLE_NUMBER = -(2**31)
"""How R stores a missing whole number."""
NO_LONG_NUMBER = -(2**63)
"""How bit64, and data.table with it, stores a missing whole number of 64 bits."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as R describes it: its values, what is to be said about them, and the labels of its codes."""

    values: list[Any]
    note: str = ""
    labels: Mapping[str, str] | None = None


def unpacked(content: bytes) -> bytes | None:
    """Return the content of a file compressed by gzip, bzip2 or xz; ``None`` where it is none or too large."""
    openers = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open))
    for magic, opener in openers:
        if content.startswith(magic):
            try:
                with opener(io.BytesIO(content)) as inside:
                    return _all_of(inside.read)
            except (OSError, EOFError, zlib.error, lzma.LZMAError):
                return None
    return None


def _all_of(read: Callable[[int], bytes]) -> bytes | None:
    """Return what is in a file, piece by piece: to ask for the most there may be would set so much aside."""
    pieces, size = [], 0
    while piece := read(PIECE):
        size += len(piece)
        if size > LARGEST_INSIDE:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def is_of_r(content: bytes) -> bool:
    """Whether unpacked bytes are a file of R."""
    if content.startswith((b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n", b"A\n2\n", b"A\n3\n")):
        return True
    return content.startswith(b"X\n") and content[2:6] in {b"\0\0\0\2", b"\0\0\0\3"}


def r_cells(path: Path, content: bytes, table: str | None) -> Cells:
    """Read a data frame of a file of R as a table of text.

    Parameters
    ----------
    path
        For messages.
    content
        The file, unpacked.
    table
        The data frame; without it, the one that has a column for the client.

    Raises
    ------
    AllianceError
        When rdata is not installed, the file is damaged, or has no data frame.
    """
    rdata = library("rdata", path, "R")
    classes = {
        **rdata.conversion.DEFAULT_CLASS_MAP,
        "data.frame": _frame,
        "Date": _dates,
        "POSIXct": _times,
        "POSIXlt": _clock_times,
        "difftime": _durations,
        "factor": _factor,
        "ordered": _factor,
        "integer64": _long_numbers,
        "haven_labelled": _labelled,
        "haven_labelled_spss": _labelled,
    }
    try:
        with warnings.catch_warnings(), bounded_memory(len(content)):
            warnings.simplefilter("ignore")
            found = rdata.conversion.convert(
                rdata.parser.parse_data(content), constructor_dict=classes
            )
        frames = {"": found} if isinstance(found, Frame) else _frames(found)
        tables = {name: frame.cells() for name, frame in frames.items() if frame.rows}
    except Exception as error:
        raise AllianceError(f"{path} cannot be read as a file of R: {reason(error)}.") from None
    return one_table(path, tables, table, "data frame").noting("Read as a file of R.")


@dataclass(frozen=True, slots=True)
class Frame:
    """A data frame of R."""

    columns: Mapping[str, Column]

    @property
    def rows(self) -> int:
        return max((len(column.values) for column in self.columns.values()), default=0)

    def cells(self) -> Cells:
        return Cells(
            tuple(self.columns),
            tuple(tuple(map(text_of, column.values)) for column in self.columns.values()),
            tuple(range(1, self.rows + 1)),
            notes=tuple(f"{name}: {one.note}" for name, one in self.columns.items() if one.note),
            labels={name: one.labels for name, one in self.columns.items() if one.labels},
        )


def _frames(found: Any) -> dict[str, Frame]:
    if not isinstance(found, dict):
        return {}
    return {str(name): one for name, one in found.items() if isinstance(one, Frame)}


def _frame(columns: Any, _: Mapping[str, Any]) -> Frame:
    """Take a data frame for its columns; lists within a cell are left out by being empty."""
    return Frame({str(name): _column(values) for name, values in dict(columns).items()})


def _column(values: Any) -> Column:
    if isinstance(values, Column):
        return values
    whole = getattr(getattr(values, "dtype", None), "kind", "") == "i"
    listed = values.tolist() if hasattr(values, "tolist") else list(values)
    plain = [
        None if _holds_several(one) or (whole and one == NO_WHOLE_NUMBER) else one for one in listed
    ]
    # What pandas calls missing is equal to nothing, itself included.
    return Column([None if str(one) in {"<NA>", "nan", "NaT"} else one for one in plain])


def _holds_several(cell: Any) -> bool:
    """Whether a cell is a list or a table of its own, as a column of a tibble may have it."""
    return isinstance(cell, Frame | Column) or (
        hasattr(cell, "__len__") and not isinstance(cell, str | bytes)
    )


def _factor(codes: Any, attributes: Mapping[str, Any]) -> Column:
    """Take a factor for its words; where nobody answered its code is missing, 0, or that of a missing level."""
    levels = _column(_listed(attributes.get("levels"))).values
    return Column(
        [
            None if code is None or code < 1 else levels[int(code) - 1]
            for code in _column(codes).values
        ]
    )


def _long_numbers(values: Any, _: Mapping[str, Any]) -> Column:
    """Take whole numbers of 64 bits, which R keeps in the places of its real numbers, for what they are."""
    numbers = np.asarray(values, dtype=np.float64).view(np.int64).tolist()
    return Column([None if number == NO_LONG_NUMBER else number for number in numbers])


def _durations(values: Any, attributes: Mapping[str, Any]) -> Column:
    units = "".join(map(str, _listed(attributes.get("units"))))
    return Column(_column(values).values, f"durations are in {units}." if units else "")


def _dates(values: Any, _: Mapping[str, Any]) -> Column:
    return Column(
        [
            None if day is None else (START + timedelta(days=float(day))).date().isoformat()
            for day in _column(values).values
        ]
    )


def _times(values: Any, attributes: Mapping[str, Any]) -> Column:
    zones = [str(one) for one in attributes.get("tzone", ()) if str(one)]
    try:
        zone: tzinfo = ZoneInfo(zones[0]) if zones else UTC
    except (KeyError, ValueError, OSError):
        zones, zone = [], UTC
    seconds = _column(values).values
    return Column(
        [
            None
            if one is None
            else (START + timedelta(seconds=float(one))).astimezone(zone).date().isoformat()
            for one in seconds
        ],
        f"days are those of the time zone {zones[0] if zones else 'UTC'}.",
    )


def _clock_times(fields: Any, attributes: Mapping[str, Any]) -> Column:
    """Take times in their parts, as strptime of R gives them, for the day that the clock showed."""
    parts = [_column(fields[name]).values for name in ("year", "mon", "mday", "hour", "min", "sec")]
    rows = max(map(len, parts)) if all(parts) else 0
    zones = [str(one) for one in _listed(attributes.get("tzone")) if str(one)]
    return Column(
        [_day(*(part[row % len(part)] for part in parts)) for row in range(rows)],
        f"days are those of the time zone {zones[0]}." if zones else "",
    )


def _day(
    years: float | None,
    months: float | None,
    day: float | None,
    hours: float | None,
    minutes: float | None,
    seconds: float | None,
) -> str | None:
    """Return the day of a time given by years since 1900, months since January and so on; R lets each run over."""
    if years is None or months is None or day is None:
        return None
    more_years, month = divmod(int(months), 12)
    first = datetime(1900 + int(years) + more_years, month + 1, 1, tzinfo=UTC)
    of_day = timedelta(hours=hours or 0, minutes=minutes or 0, seconds=seconds or 0)
    return (first + timedelta(days=int(day) - 1) + of_day).date().isoformat()


def _labelled(values: Any, attributes: Mapping[str, Any]) -> Column:
    """Take codes with labels, as haven stores them, for their codes; values declared missing are missing."""
    declared = [text_of(one) for one in _listed(attributes.get("na_values"))]
    bounds = [float(one) for one in _listed(attributes.get("na_range"))]

    def is_declared(value: Any) -> bool:
        if text_of(value) in declared:
            return True
        return (
            len(bounds) == 2 and isinstance(value, int | float) and bounds[0] <= value <= bounds[1]
        )

    rest, missing = without_declared(_column(values).values, is_declared)
    labels = _labels(attributes.get("labels"))
    return Column(rest, declared_note(missing, labels), labels)


def _labels(labels: Any) -> dict[str, str]:
    """Return labels by code; rdata gives named vectors as arrays with coordinates."""
    names = getattr(labels, "coords", {}).get("dim_0") if hasattr(labels, "coords") else None
    if names is None:
        return {}
    return {
        text_of(code): str(name)
        for code, name in zip(_listed(labels.values), names.values.tolist(), strict=True)
    }


def _listed(values: Any) -> Sequence[Any]:
    if values is None:
        return ()
    return values.tolist() if hasattr(values, "tolist") else tuple(values)
