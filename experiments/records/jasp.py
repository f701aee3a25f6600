"""Files of JASP (.jasp): before 0.18 numbers with a description, since then a database of SQLite.

Written from what JASP's own importer and exporter do with archive versions 1 to 6.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from experiments.records.archives import DATABASE, Archive
from experiments.records.binary_columns import labels_of, read_columns
from experiments.records.cells import cells_of, rows_text, text_of
from experiments.records.declared_missing import declared_note
from experiments.records.jasp_database import database_tables
from experiments.records.several_tables import one_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from experiments.records.binary_columns import BinaryColumn, Labels
    from experiments.records.cells import Cells

__all__ = ["jasp_cells"]

VERSION = re.compile(r"^JASP-Archive-Version: ?(\d{1,4})\.", re.MULTILINE)
NEWEST = 6


def jasp_cells(path: Path, content: bytes, table: str | None) -> Cells:
    """Read a file of JASP as a table of text.

    Labels are kept beside their values. A filter is not applied, but said.

    Parameters
    ----------
    path
        For messages.
    content
        The file.
    table
        The data set, where the file has several.

    Raises
    ------
    AllianceError
        When the file is damaged, or of a newer JASP.
    """
    archive = Archive(path, content, "JASP")
    if _version(archive) > NEWEST:
        raise archive.damaged("it was written by a newer JASP than is known here")
    if DATABASE in archive.names:
        found = one_table(path, database_tables(archive), table, "data set")
    else:
        found = _cells(archive)
    return found.noting("Read as a file of JASP.")


def _version(archive: Archive) -> int:
    """Return the version of the archive, from either form of its manifest."""
    if "manifest.json" in archive.names:
        said = str(archive.description("manifest.json").get("jaspArchiveVersion", ""))
        found = re.match(r"(\d{1,4})\.", said)
    else:
        manifest = archive.part("META-INF/MANIFEST.MF", 1 << 16).decode("utf-8", "replace")
        found = VERSION.search(manifest)
    if not found:
        raise archive.damaged("it does not say by which JASP it was written")
    return int(found[1])


def _cells(archive: Archive) -> Cells:
    """Read a file without a database."""
    columns, about = read_columns(archive, by_type=False)
    labels = labels_of(archive)
    notes: list[str] = []
    meanings: dict[str, dict[str, str]] = {}
    cells: list[list[str]] = []
    replaced = about.get("emptyValuesMap")
    for column in columns:
        values, coded = _decoded(archive, column, labels.get(column.name))
        cells.append([text_of(value) for value in values])
        if coded:
            meanings[column.name] = coded
        said = replaced.get(column.name) if isinstance(replaced, dict) else None
        note = _replaced_note(said)
        if note:
            notes.append(f"{column.name}: {note}")
    filtered = about.get("filterVector")
    if isinstance(filtered, list):
        out = [row for row, stays in enumerate(filtered, 1) if not stays]
        if out:
            notes.append(f"A filter leaves out {rows_text(out)} in JASP; they are read here.")
    rows = len(cells[0]) if cells else 0
    names = [column.name for column in columns]
    return cells_of(archive.path, names, cells, range(1, rows + 1), notes, labels=meanings)


def _decoded(
    archive: Archive, column: BinaryColumn, labels: Labels | None
) -> tuple[list[Any], dict[str, str]]:
    """Return the values of a column, and what its codes mean."""
    shown = labels.shown if labels else {}
    original = labels.original if labels else {}
    if column.about.get("measureType") != "NominalText":
        coded = {str(code): label for code, label in shown.items() if label != str(code)}
        return list(column.values), coded
    texts: dict[Any, str] = {**shown, **original}
    for value in column.values:
        if value is not None and value not in texts:
            raise archive.damaged(f"a value of {column.name} has no label")
    coded = {
        original[code]: label for code, label in shown.items() if original.get(code, label) != label
    }
    return [None if value is None else texts[value] for value in column.values], coded


def _replaced_note(said: Mapping[str, Any] | None) -> str:
    """Say which values JASP took for missing, and how often."""
    if not isinstance(said, dict):
        return ""
    missing: dict[str, list[int]] = defaultdict(list)
    for row, text in said.items():
        if text and row.isdecimal() and len(row) < 12:  # rows are counted from 0 there
            missing[text_of(text)].append(int(row) + 1)
    return declared_note(missing, {})
