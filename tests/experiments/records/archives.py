"""Files of jamovi and JASP, written for tests from what is known of their formats."""

from __future__ import annotations

import io
import json
import math
import sqlite3
import struct
import zipfile
from typing import Any

NO_VALUE = -(2**31)


def archive(parts: dict[str, bytes | str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def number(name: str, values: list, **more: Any) -> dict:
    """Return a column of decimal numbers."""
    return {"name": name, "type": "number", "dataType": "Decimal", "measureType": "Continuous",
            "columnType": "Data", "values": values, **more}  # fmt: skip


def whole(name: str, values: list, labels: dict[int, str] | None = None, **more: Any) -> dict:
    """Return a column of whole numbers, with labels for some."""
    return {"name": name, "type": "integer", "dataType": "Integer", "measureType": "Nominal",
            "columnType": "Data", "values": values, "labels": labels or {}, **more}  # fmt: skip


def words(name: str, values: list[str | None], **more: Any) -> dict:
    """Return a column of words, each stored as the number of its label."""
    levels = sorted({value for value in values if value is not None})
    return whole(
        name,
        [None if value is None else levels.index(value) for value in values],
        dict(enumerate(levels)),
        dataType="Text",
        **more,
    )


def identity(name: str, values: list[str | None]) -> dict:
    """Return a column of texts that have no labels: jamovi keeps them in a part of their own."""
    return whole(name, values, type="string", dataType="Text", measureType="ID")


def omv(
    columns: list[dict], version: str = "11.0", *, letters: bool = False, **parts: Any
) -> bytes:
    """Return a file of jamovi; with `letters`, places of texts are counted in letters, as older versions do."""
    strings, begin, data = b"", 0, b""
    for column in columns:
        for value in column["values"]:
            if column["type"] == "number":
                data += struct.pack("<d", math.nan if value is None else value)
            elif column["type"] == "string" and value is not None:
                data += struct.pack("<i", begin)
                strings += value.encode() + b"\0"
                begin += len(value if letters else value.encode()) + 1
            else:
                data += struct.pack("<i", NO_VALUE if value is None else value)
    fields = [
        {key: value for key, value in column.items() if key not in {"values", "labels"}}
        for column in columns
    ]
    about = {"rowCount": len(columns[0]["values"]), "columnCount": len(fields), "fields": fields}
    xdata = {
        column["name"]: {
            "labels": [[code, label, str(code), False] for code, label in column["labels"].items()]
        }
        for column in columns
        if column.get("labels")
    }
    manifest = (
        f"Manifest-Version: 1.0\nData-Archive-Version: 1.0.2\njamovi-Archive-Version: {version}\n"
    )
    found = {
        "meta" if float(version) > 8 else "META-INF/MANIFEST.MF": manifest,
        "metadata.json": json.dumps({"dataSet": about}),
        "xdata.json": json.dumps(xdata),
        "data.bin": data,
        **({"strings.bin": strings} if strings else {}),
        **parts,
    }
    return archive({name: part for name, part in found.items() if part is not None})


def jasp_before_018(columns: list[dict], *, empty: dict | None = None, **more: Any) -> bytes:
    """Return a file of JASP before 0.18; words have keys from 1, and the texts that were imported."""
    data, fields, xdata = b"", [], {}
    for column in columns:
        text = column.get("dataType") == "Text"
        shift = 1 if text else 0
        for value in column["values"]:
            if column["type"] == "number":
                data += struct.pack("<d", math.nan if value is None else value)
            else:
                data += struct.pack("<i", NO_VALUE if value is None else value + shift)
        kind = "NominalText" if text else column["measureType"]
        fields.append({"name": column["name"], "measureType": kind, "type": column["type"]})
        labels = column.get("labels") or {}
        if labels:
            shown = column.get("shown", {})
            xdata[column["name"]] = {
                "labels": [[code + shift, shown.get(label, label), True] for code, label in labels.items()],
                "orgStringValues": [[code + shift, label] for code, label in labels.items()] if text else [],
            }  # fmt: skip
    about = {
        "rowCount": len(columns[0]["values"]),
        "columnCount": len(fields),
        "fields": fields,
        "emptyValuesMap": empty or {},
        **more,
    }
    manifest = "Manifest-Version: 1.0\nCreated-By: JASP 0.17.3\nJASP-Archive-Version: 3.1.0\n"
    return archive(
        {
            "META-INF/MANIFEST.MF": manifest,
            "metadata.json": json.dumps({"dataSet": about}),
            "xdata.json": json.dumps(xdata),
            "data.bin": data,
        }
    )


TABLES = """
CREATE TABLE DataSets (id INTEGER PRIMARY KEY, dataFilePath TEXT, emptyValuesJson TEXT);
CREATE TABLE Filters (id INTEGER PRIMARY KEY, dataSet INT, rFilter TEXT);
CREATE TABLE Columns (id INTEGER PRIMARY KEY, dataSet INT, name TEXT, columnType TEXT, colIdx INT,
  emptyValuesJson TEXT);
CREATE TABLE Labels (id INTEGER PRIMARY KEY, columnId INT, value INT, ordering INT, label TEXT,
  originalValueJson TEXT);
"""


def jasp(
    columns: list[dict], *, empty: str = "[]", kept: list[int] | None = None, version: str = "6.0.0"
) -> bytes:
    """Return a file of JASP since 0.18, its data in a database; `kept` is its filter."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    connection.execute("INSERT INTO DataSets VALUES (1, '', ?)", (empty,))
    pairs = "".join(
        f", Column_{i}_DBL REAL NULL, Column_{i}_INT INT NULL" for i in range(1, len(columns) + 1)
    )
    connection.execute(
        f"CREATE TABLE DataSet_1 (rowNumber INTEGER PRIMARY KEY, Filter_1 INT NOT NULL DEFAULT 1{pairs})"
    )
    stored: list[list] = []
    for i, column in enumerate(columns, 1):
        scale, labels = column["type"] == "number", column.get("labels") or {}
        connection.execute(
            "INSERT INTO Columns VALUES (?, 1, ?, ?, ?, ?)",
            (i, column["name"], "scale" if scale else "nominal", i - 1, column.get("empty")),
        )
        text = column.get("dataType") == "Text"
        for code, label in labels.items():
            original = json.dumps(label if text else code)
            connection.execute(
                "INSERT INTO Labels (columnId, value, ordering, label, originalValueJson) VALUES (?, ?, ?, ?, ?)",
                (i, code, code, column.get("shown", {}).get(label, label), original),
            )
        numbers, keys = [], []
        for value in column["values"]:
            is_number = value is not None and not text
            numbers.append(value if is_number else "nan")
            keys.append(value if value in labels else -1 if is_number else NO_VALUE)
        stored += [numbers, keys]
    rows = len(columns[0]["values"])
    kept = kept or [1] * rows
    marks = ", ".join("?" * (2 + len(stored)))
    for row in range(rows):
        connection.execute(
            f"INSERT INTO DataSet_1 VALUES ({marks})",
            (row + 1, kept[row], *(one[row] for one in stored)),
        )
    connection.commit()
    manifest = json.dumps({"jaspArchiveVersion": version, "jaspVersion": "0.95.0"})
    return archive(
        {
            "manifest.json": manifest,
            "analyses.json": "[]",
            "internal.sqlite": connection.serialize(),
        }
    )
