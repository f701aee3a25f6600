"""The database in which JASP keeps its data since 0.18: columns, labels, and a table a data set.

A column has two in the table of its data set: ``Column_7_DBL``, its number, and ``Column_7_INT``, the key of its
label, -1 for a number without one.
"""

from __future__ import annotations

import json
import math
import sqlite3
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.records.archives import DATABASE
from experiments.records.cells import Cells, rows_text, text_of
from experiments.records.declared_missing import declared_note, without_declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from experiments.records.archives import Archive

__all__ = ["database_tables"]

NUMBER = -1
"""Key of the label of a number that has none."""

NO_VALUE = -(2**31)
NUMBERS = {"nan": math.nan, "inf": math.inf, "neg_inf": -math.inf}
"""How a double is stored that SQLite has no form for."""

STEPS = 2_000_000_000
"""Steps of SQLite's machine after which a query is taken for one that does not end."""

EACH = 1_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the database describes it; `empty` are texts that JASP takes for missing."""

    number: int
    name: str
    is_scale: bool
    empty: frozenset[str]


def database_tables(archive: Archive) -> dict[str, Cells]:
    """Return the data sets that have rows, by name.

    Raises
    ------
    AllianceError
        When the database is damaged or none of JASP's.
    """
    content = archive.part(DATABASE)
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        _guard(connection)
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise archive.damaged("its database fails its own check")
        return dict(_tables(connection))
    except (sqlite3.Error, OverflowError, ValueError, TypeError, MemoryError):
        raise archive.damaged("its database cannot be read") from None
    finally:
        connection.close()


def _guard(connection: sqlite3.Connection) -> None:
    """Let nothing in a file of somebody run without end, or do anything but be read."""
    left = [STEPS // EACH]

    def count_down() -> bool:
        left[0] -= 1
        return left[0] < 0

    connection.set_progress_handler(count_down, EACH)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")


def _tables(connection: sqlite3.Connection) -> Iterator[tuple[str, Cells]]:
    known = dict(connection.execute("SELECT name, type FROM sqlite_master"))
    if any(known.get(name) != "table" for name in ("DataSets", "Columns", "Labels")):
        raise ValueError
    everywhere = {}
    for number, empty in connection.execute("SELECT id, emptyValuesJson FROM DataSets"):
        everywhere[int(number)] = _workspace_empty(_parsed(empty))
    for number, empty in everywhere.items():
        table = f"DataSet_{number}"
        columns = list(_columns(connection, number, empty))
        if known.get(table) != "table" or not columns:
            continue
        cells = _cells(connection, table, columns)
        if cells.lines:
            yield table, cells


def _columns(
    connection: sqlite3.Connection, number: int, workspace: frozenset[str]
) -> Iterator[Column]:
    """Yield the columns of a data set in their order."""
    has = {row[1] for row in connection.execute("PRAGMA table_info(Columns)")}
    own = "emptyValuesJson" if "emptyValuesJson" in has else "NULL"
    rows = connection.execute(
        f"SELECT id, name, columnType, {own} FROM Columns WHERE dataSet = ? ORDER BY colIdx",
        (number,),
    )
    for column, name, kind, empty in rows:
        yield Column(
            int(column), str(name or ""), kind == "scale", _empty(_parsed(empty), workspace)
        )


def _cells(connection: sqlite3.Connection, table: str, columns: Sequence[Column]) -> Cells:
    chosen = ", ".join(f"Column_{one.number}_INT, Column_{one.number}_DBL" for one in columns)
    rows = connection.execute(f"SELECT {chosen} FROM {table} ORDER BY rowNumber").fetchall()
    notes: list[str] = []
    meanings: dict[str, dict[str, str]] = {}
    cells = []
    for place, column in enumerate(columns):
        labels = _labels(connection, column)
        values, missing = without_declared(
            (_value(row[2 * place], row[2 * place + 1], column, labels) for row in rows),
            partial(_is_empty, column.empty),
        )
        note = declared_note(missing, {})
        if note:
            notes.append(f"{column.name}: {note}")
        coded = {text: label for text, label in labels.values() if text != label and label}
        if coded:
            meanings[column.name] = coded
        cells.append(tuple(map(text_of, values)))
    notes += _filter_notes(connection, table)
    return Cells(
        tuple(column.name for column in columns),
        tuple(cells),
        tuple(range(1, len(rows) + 1)),
        tuple(notes),
        labels=meanings,
    )


def _is_empty(empty: frozenset[str], value: Any) -> bool:
    return text_of(value) in empty


def _labels(connection: sqlite3.Connection, column: Column) -> dict[int, tuple[str, str]]:
    """Return the value and the label of each key."""
    found = {}
    for key, label, original in connection.execute(
        "SELECT value, label, originalValueJson FROM Labels WHERE columnId = ?", (column.number,)
    ):
        shown = str(label or "").strip()
        meant = _parsed(original)
        value = text_of(meant) if isinstance(meant, str | int | float) else ""
        found[int(key)] = (value or shown, shown)
    return found


def _value(key: Any, number: Any, column: Column, labels: Mapping[int, tuple[str, str]]) -> Any:
    """Return the value of a cell: its number, or what its label stands for."""
    if isinstance(number, str):
        number = NUMBERS.get(number, math.nan)
    has_number = isinstance(number, int | float) and math.isfinite(number)
    if has_number and (column.is_scale or key == NUMBER):
        return float(number)
    if key is None or key == NO_VALUE or (key == NUMBER and not has_number):
        return None
    return labels[key][0] if key in labels else int(key)


def _filter_notes(connection: sqlite3.Connection, table: str) -> list[str]:
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    filters = [name for name in names if name.startswith("Filter_") and name[7:].isdigit()]
    if not filters:
        return []
    kept = connection.execute(f"SELECT {filters[0]} FROM {table} ORDER BY rowNumber")
    out = [row for row, (stays,) in enumerate(kept, 1) if not stays]
    return [f"A filter leaves out {rows_text(out)} in JASP; they are read here."] if out else []


def _parsed(text: Any) -> Any:
    """Return a text that is JSON as what it means; itself where it is none, as some versions write."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text


def _workspace_empty(said: Any) -> frozenset[str]:
    """Return the texts that a whole data set takes for missing, in any form that JASP has written them."""
    if isinstance(said, dict):
        said = said.get("strings", said.get("workspaceEmptyValues"))
    return frozenset(map(str, said)) if isinstance(said, list) else frozenset()


def _empty(said: Any, workspace: frozenset[str]) -> frozenset[str]:
    """Return those that a column takes for missing: its own, if it has some, else the whole data set's."""
    if isinstance(said, dict) and said.get("custom"):
        return _workspace_empty(said)
    if isinstance(said, list) and said:
        return _workspace_empty(said)
    return workspace
