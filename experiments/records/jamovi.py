"""Files of jamovi (.omv): labels, missing values and filters as their description has them.

Written from what jamovi's own reader and the R package jmvReadWrite do with archive versions 1 to 11.
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from experiments.records.archives import MANIFESTS, Archive
from experiments.records.binary_columns import BinaryColumn, Labels, labels_of, read_columns
from experiments.records.cells import cells_of, rows_text, text_of
from experiments.records.declared_missing import declared_note, without_declared

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from experiments.records.cells import Cells

__all__ = ["jamovi_cells"]

VERSION = re.compile(r"^jamovi-Archive-Version: ?(\d{1,4})\.\d+", re.MULTILINE)
NEWEST = 11

RULE = re.compile(
    r"""\s*(==|!=|<=|>=|<|>)\s*(?:([-+]?[\d.]+(?:[eE][-+]?\d+)?)|'([^']*)'|"([^"]*)")\s*"""
)
"""A value that counts as missing: ``== 99``, ``< 0`` or ``== 'k.A.'``."""

COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}


def jamovi_cells(path: Path, content: bytes) -> Cells:
    """Read a file of jamovi as a table of text.

    Words are their labels; whole numbers keep theirs beside them. Values that the file declares missing are
    empty cells, and counted. A filter is not applied, but said.

    Parameters
    ----------
    path
        For messages.
    content
        The file.

    Raises
    ------
    AllianceError
        When the file is damaged, or of a newer jamovi.
    """
    archive = Archive(path, content, "jamovi")
    manifest = next((name for name in MANIFESTS if name in archive.names), MANIFESTS[-1])
    version = VERSION.search(archive.part(manifest, 1 << 16).decode("utf-8", "replace"))
    if not version:
        raise archive.damaged("it does not say by which jamovi it was written")
    if int(version[1]) > NEWEST:
        raise archive.damaged("it was written by a newer jamovi than is known here")
    columns, _ = read_columns(archive, by_type=True)
    labels = labels_of(archive)
    texts = _strings(archive, [one for one in columns if one.about.get("type") == "string"])
    notes = ["Read as a file of jamovi."]
    meanings: dict[str, dict[str, str]] = {}
    header: list[str] = []
    cells: list[list[str]] = []
    for column in columns:
        if column.about.get("columnType") == "Filter":
            notes += _filter_notes(column)
            continue
        values, coded = _decoded(archive, column, labels.get(column.name), texts)
        values, said = _without_missing(column, values)
        notes += [f"{column.name}: {note}" for note in said]
        header.append(column.name)
        cells.append([text_of(value) for value in values])
        if coded:
            meanings[column.name] = coded
    rows = len(cells[0]) if cells else 0
    return cells_of(path, header, cells, range(1, rows + 1), notes, labels=meanings)


def _decoded(
    archive: Archive,
    column: BinaryColumn,
    labels: Labels | None,
    texts: Mapping[str, Sequence[Any]],
) -> tuple[Sequence[Any], dict[str, str]]:
    """Return the values of a column, and what its codes mean."""
    if column.name in texts:
        return texts[column.name], {}
    words = (
        column.about.get("dataType") == "Text" or column.about.get("measureType") == "NominalText"
    )
    shown = labels.shown if labels else {}
    if not words:
        return column.values, {
            str(code): label for code, label in shown.items() if label != str(code)
        }
    if column.about.get("measureType") == "ID":
        return column.values, {}
    for value in column.values:
        if value is not None and value not in shown:
            raise archive.damaged(f"a value of {column.name} has no label")
    return [None if value is None else shown[value] for value in column.values], {}


def _strings(archive: Archive, columns: Sequence[BinaryColumn]) -> dict[str, list[Any]]:
    """Return the texts of columns that point into ``strings.bin``.

    Texts lie there in the order of columns and rows. Where they begin is counted in letters by some versions
    of jamovi, in bytes by others; only bytes are right where a letter has two.
    """
    if not columns or "strings.bin" not in archive.names:
        return {}
    content = archive.part("strings.bin")
    texts = content.split(b"\0")[:-1]
    places = [place for one in columns for place in one.values if place is not None]
    begin, at = 0, {}
    for number, text in enumerate(texts):
        at[begin] = number
        begin += len(text) + 1
    if not all(place in at for place in places):
        if len(places) != len(texts):
            raise archive.damaged("texts in strings.bin are not where its columns look for them")
        at = {}
    order = iter(range(len(places)))
    decoded = [text.decode("utf-8", "replace") for text in texts]
    found: dict[str, list[Any]] = {}
    for one in columns:
        found[one.name] = [
            None if place is None else decoded[at[place] if at else next(order)]
            for place in one.values
        ]
    return found


def _without_missing(
    column: BinaryColumn, values: Sequence[Any]
) -> tuple[Sequence[Any], list[str]]:
    """Return values without those that the column declares missing, and what to say about them."""
    declared = column.about.get("missingValues")
    rules, unknown = [], []
    for one in declared if isinstance(declared, list) else ():
        rule = RULE.fullmatch(str(one))
        try:
            number = float(rule[2]) if rule and rule[2] else None
        except ValueError:
            rule, number = None, None
        if rule:
            text = rule[3] if rule[3] is not None else rule[4]
            rules.append((COMPARED[rule[1]], text if number is None else number))
        else:
            unknown.append(str(one)[:30])
    said = []
    if rules:
        values, missing = without_declared(
            values,
            lambda value: any(
                isinstance(value, str) == isinstance(other, str) and compared(value, other)
                for compared, other in rules
            ),
        )
        if missing:
            said.append(declared_note(missing, {}))
    if unknown:
        said.append(
            f"missing values declared as {', '.join(map(repr, unknown))} are not known here."
        )
    return values, said


def _filter_notes(column: BinaryColumn) -> list[str]:
    """Say which rows a filter leaves out; all of them are read."""
    out = [row for row, value in enumerate(column.values, 1) if value == 0]
    if not column.about.get("active", True) or not out:
        return []
    return [
        f"{column.name or 'A filter'} leaves out {rows_text(out)} in jamovi; they are read here."
    ]
