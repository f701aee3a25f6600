"""Columns as jamovi and JASP (before 0.18) store them: described in JSON, one after the other as numbers.

Every column is as many numbers as there are rows, doubles or 32-bit integers, little end first. An integer is a
value, or the key of a label; the lowest of all integers, and what is not a number, is a missing value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.records.archives import Archive

__all__ = ["BinaryColumn", "Labels", "labels_of", "read_columns"]

NO_VALUE = -(2**31)
"""How a missing whole number is stored."""

WIDTHS = {"number": 8, "integer": 4, "string": 4}
"""Bytes a value, by how the description calls it."""


@dataclass(frozen=True, slots=True)
class BinaryColumn:
    """A column of the file.

    Attributes
    ----------
    about
        What the description says about it.
    values
        Its numbers, shape (rows,); ``None`` for a missing one.
    """

    about: Mapping[str, Any]
    values: Sequence[Any]

    @property
    def name(self) -> str:
        return str(self.about.get("name", ""))


@dataclass(frozen=True, slots=True)
class Labels:
    """What the numbers of a column stand for.

    Attributes
    ----------
    shown
        The label of each.
    original
        The text that it was in the data that were imported, where it was another one.
    """

    shown: Mapping[int, str]
    original: Mapping[int, str] = field(default_factory=dict)


def read_columns(archive: Archive, *, by_type: bool) -> tuple[list[BinaryColumn], dict[str, Any]]:
    """Read ``metadata.json`` and ``data.bin``.

    Parameters
    ----------
    archive
        The file.
    by_type
        Whether the description says of each column as what it is stored, as jamovi does; else a ``Continuous``
        one is stored as doubles, as by JASP.

    Returns
    -------
    columns, about
        The columns, and the description of the data set.

    Raises
    ------
    AllianceError
        When the description is none, or ``data.bin`` does not have the bytes that it tells of.
    """
    about = archive.description("metadata.json").get("dataSet")
    fields = about.get("fields") if isinstance(about, dict) else None
    rows = about.get("rowCount") if isinstance(about, dict) else None
    if (
        not isinstance(about, dict)
        or not isinstance(fields, list)
        or not all(isinstance(one, dict) for one in fields)
        or type(rows) is not int
        or rows < 0
    ):
        raise archive.damaged("its description names no columns and rows")
    kinds = [_kind(one, by_type=by_type) for one in fields]
    content = archive.part("data.bin")
    expected = sum(WIDTHS[kind] for kind in kinds) * rows
    if len(content) != expected:
        raise archive.damaged(
            f"it has {len(content)} bytes of data where its description makes {expected}"
        )
    columns: list[BinaryColumn] = []
    place = 0
    for one, kind in zip(fields, kinds, strict=True):
        end = place + WIDTHS[kind] * rows
        columns.append(BinaryColumn(one, _values(content[place:end], kind)))
        place = end
    return columns, about


def _kind(about: Mapping[str, Any], *, by_type: bool) -> str:
    """Return as what a column is stored."""
    stored = about.get("type")
    if by_type and stored in WIDTHS:
        return str(stored)
    return "number" if about.get("measureType") == "Continuous" else "integer"


def _values(content: bytes, kind: str) -> list[Any]:
    if kind == "number":
        numbers = np.frombuffer(content, dtype="<f8")
        return [None if value != value else value for value in numbers.tolist()]  # noqa: PLR0124
    return [
        None if value == NO_VALUE else value
        for value in np.frombuffer(content, dtype="<i4").tolist()
    ]


def labels_of(archive: Archive) -> dict[str, Labels]:
    """Return the labels of each column that has some, from ``xdata.json`` or from the descriptions of the columns.

    Raises
    ------
    AllianceError
        When they are none.
    """
    found = archive.description("xdata.json") if "xdata.json" in archive.names else {}
    labels: dict[str, Labels] = {}
    for name, one in found.items():
        if not isinstance(one, dict):
            raise archive.damaged("xdata.json in it has no labels")
        labels[name] = Labels(
            _pairs(archive, one.get("labels")), _pairs(archive, one.get("orgStringValues"))
        )
    return labels


def _pairs(archive: Archive, listed: Any) -> dict[int, str]:
    """Return a list of lists that begin with a number and a text as a mapping."""
    pairs: dict[int, str] = {}
    for one in listed if isinstance(listed, list) else ():
        if not isinstance(one, list) or len(one) < 2 or type(one[0]) is not int:
            raise archive.damaged("its labels cannot be read")
        pairs[one[0]] = str(one[1]).strip()
    return pairs
