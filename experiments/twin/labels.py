"""Which labels of the records a twin has: those of codes that it may have, and none that says who somebody is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from experiments.records.cells import text_of
from experiments.records.names import plain
from experiments.records.values import COMMA, POINT
from experiments.twin.margins import Categories
from experiments.twin.packages import is_declared
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.records.mapping import DataMapping
    from experiments.twin.learning import Learned
    from experiments.twin.original import Original
    from experiments.twin.packages import ColumnForms

__all__ = ["refuse_names", "shared_forms", "shared_mapping", "unlabelled"]

COUNTED = frozenset({"session", "episode"})
"""Columns that are counted, with the codes of the records."""


def shared_forms(original: Original, learned: Learned) -> ColumnForms:
    """Return what the records' file says of its columns, as far as a twin may say it.

    Labels of codes stay where five clients share the code, and for values that are declared missing; none stays in a
    column that says who somebody is, or is left empty. No label contains an entry of a column that says who.
    """
    forms, naming = original.forms, original.naming
    texts = original.survey.labels if original.survey is not None else {}
    value_labels = {}
    for column, labels in forms.value_labels.items():
        if column in naming.columns or _is_left_empty(original, learned, column):
            continue
        codes = _codes(original, learned, column)
        declared = forms.missing.get(column, ())
        value_labels[column] = {
            code: label
            for code, label in labels.items()
            if (text_of(code) in codes or is_declared(code, declared, spss=forms.form == "SPSS"))
            and not naming.found_in(label)
        }
    return replace(
        forms,
        labels={
            column: label
            for column, label in (texts or forms.labels).items()
            if not naming.found_in(label)
        },
        value_labels={column: labels for column, labels in value_labels.items() if labels},
        missing={n: values for n, values in forms.missing.items() if n not in naming.columns},
    )


def unlabelled(original: Original) -> tuple[str, ...]:
    """Return the columns whose label, or text of a question, contains an entry of a column that says who."""
    texts = original.written_survey.labels if original.written_survey is not None else {}
    return tuple(
        column
        for column, label in (texts or original.forms.labels).items()
        if original.naming.found_in(label)
    )


def shared_mapping(original: Original, learned: Learned, mapping: DataMapping) -> DataMapping:
    """Return how a twin is read, without words for endings that the records have and the twin has not."""
    column = original.rows.columns.names.get("ended", "")
    if not column:
        return mapping
    labels = original.file.labels.get(column, {})
    drawn = _codes(original, learned, column)
    there = {*original.texts(column), *labels, *labels.values()}
    stay = {plain(one) for code in drawn for one in (code, labels.get(code, code))}
    gone = {plain(one) for one in there} - stay
    return replace(
        mapping,
        endings={
            word: status
            for word, status in mapping.endings.items()
            if plain(word) not in gone and not original.naming.found_in(word)
        },
    )


def refuse_names(
    original: Original, columns: Mapping[str, Sequence[str]], forms: ColumnForms
) -> None:
    """Look a last time at every text of a twin that is one of the records, before it is written.

    Raises
    ------
    AllianceError
        If one contains an entry of a column that says who somebody is.
    """
    naming = original.naming
    for name, cells in columns.items():
        if naming.found_in(name):
            raise AllianceError(
                f"The name of the column {name!r} of {original.path} contains an entry of a column that says who or"
                " where somebody is: rename it, and no twin says so."
            )
        texts = {one for one in cells if one and not (POINT.fullmatch(one) or COMMA.fullmatch(one))}
        if not original.has_new_entries(name):
            _refuse(original, name, texts)
        _refuse(
            original, name, {forms.labels.get(name, ""), *forms.value_labels.get(name, {}).values()}
        )
    for heads in () if original.survey is None else original.survey.heads:
        for name, text in zip(original.file.header, heads, strict=True):
            _refuse(original, name, {text})


def _refuse(original: Original, column: str, texts: set[str]) -> None:
    if any(map(original.naming.found_in, texts)):
        raise AllianceError(
            f"No twin of {original.path} is written: what it would say in or of the column {column!r} contains an"
            " entry of a column that says who or where somebody is. Leave that column out of the records."
        )


def _is_left_empty(original: Original, learned: Learned, column: str) -> bool:
    other = learned.others.get(original.long_name(column))
    if other is not None:
        return other.kind == "empty"
    return not (original.long_name(column) in _known(original) or original.is_of_redcap(column))


def _known(original: Original) -> set[str]:
    return {*original.rows.columns.names.values(), *original.score_columns.values()}


def _codes(original: Original, learned: Learned, column: str) -> frozenset[str]:
    """Return the entries of a column that a twin may have, where it is one of categories; none in another."""
    name = original.long_name(column)
    meaning = {own: one for one, own in original.rows.columns.names.items()}.get(name, "")
    if meaning == "ended":
        return frozenset(one for words in learned.words.values() for one in words.entries)
    if meaning in COUNTED or original.is_of_redcap(column):
        entries = Categories.of(original.texts(name), original.person.tolist()).entries
        return frozenset(entries)
    other = learned.others.get(name)
    if other is None or other.kind != "category":
        return frozenset()
    return frozenset(other.categories.entries)
