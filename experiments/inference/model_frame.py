"""The columns of a formula, read from a file of any form that `experiments.records` knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.formula import term_name
from experiments.inference.words_of_columns import (
    NO_GROUP,
    check_strata,
    level_name,
    numbered_words,
)
from experiments.records.cells import rows_text
from experiments.records.files import table_of_cells
from experiments.records.missing_codes import unused_codes, unused_note
from experiments.records.tidying import tidy
from experiments.records.values import read_numbers
from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from experiments.inference.formula import Formula, Term
    from experiments.records.cells import Cells
    from experiments.records.values import Numbers
    from experiments.tables.columns import Booleans, Floats, Integers

__all__ = ["Frame", "read_frame"]


LARGEST = 1e100
"""Size of a number beyond which products of a few of them, as every fit has them, are infinite."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The rows of a file that a model is fitted to.

    Attributes
    ----------
    outcome
        Shape (rows,).
    names, predictors
        Of the coefficients, and their columns, shape (rows, p).
    effects
        For each random part, the columns of its effects, shape (rows, effects).
    groups
        For each random part, the group of each row; -1 where all its effects are 0. Shape (rows,).
    strata, levels
        Which residual variance each row has, and what they are called.
    left_out
        Rows of the file that are not used.
    notes
        What was found on the way.
    """

    outcome: Floats
    names: tuple[str, ...]
    predictors: Floats
    effects: tuple[Floats, ...]
    groups: tuple[Integers, ...]
    strata: Integers | None
    levels: tuple[str, ...]
    left_out: int
    notes: tuple[str, ...]


def read_frame(
    path: Path,
    formula: Formula,
    *,
    variance_by: str | None = None,
    table: str | None = None,
    missing: Sequence[str] = (),
) -> Frame:
    """Read what a formula needs.

    Parameters
    ----------
    path, variance_by, table, missing
        As for `experiments.inference.formula_fit.fit_formula`.
    formula
        The model.

    Raises
    ------
    AllianceError
        When a column does not exist or has a cell that is no number, or no row is complete.
    """
    cells = tidy(table_of_cells(path, table))
    words: dict[str, Sequence[str]] = {}
    numbers: dict[str, Floats] = {}
    unused: list[Sequence[str]] = []
    for name in formula.columns:
        column = _texts(cells, name)
        read = read_numbers(column, missing)
        unused.append(read.unused)
        if name in formula.factors and read.unreadable:
            words[name], numbers[name] = numbered_words(column, missing)
        else:
            numbers[name] = _numbers(cells, name, read)
    texts = {name: _texts(cells, name) for name in formula.groups}
    known = np.ones(len(cells.lines), dtype=bool)
    for values in numbers.values():
        known &= np.isfinite(values)
    effects = [
        np.column_stack([_product(numbers, term, len(known)) for term in part.terms])
        for part in formula.random
    ]
    codes = [_codes(texts, part.group) for part in formula.random]
    notes = list(cells.notes)
    if nowhere := unused_note(unused_codes((missing, one) for one in unused)):
        notes.append(nowhere)
    nameless = np.zeros(len(known), dtype=bool)
    for columns, code in zip(effects, codes, strict=True):
        # A row whose effects are all 0 needs no group: the arm without therapists.
        nameless |= (code < 0) & (columns != 0).any(axis=1)
    strata = (
        None
        if variance_by is None
        else _codes({variance_by: _texts(cells, variance_by)}, (variance_by,))
    )
    if strata is not None:
        nameless |= strata < 0
    notes += _left_out(cells, ~known, "a number is missing")
    notes += _left_out(cells, known & nameless, "a group is missing")
    keep = known & ~nameless
    if not keep.any():
        raise AllianceError(f"{path} has no row with all columns of the formula.")
    numbers = {name: values[keep] for name, values in numbers.items()}
    names, predictors = _predictors(formula, numbers, words, int(keep.sum()))
    for part, columns in zip(formula.random, effects, strict=True):
        _refuse_large(cells, keep, [*map(term_name, part.terms)], [*columns[keep].T])
    _refuse_large(cells, keep, [formula.outcome, *names], [numbers[formula.outcome], *predictors.T])
    levels: tuple[str, ...] = ("residual",)
    if strata is not None:
        assert variance_by is not None
        named = np.array(_texts(cells, variance_by), dtype=object)[keep]
        strata = strata[keep]
        shown, strata = np.unique(strata, return_inverse=True)
        check_strata(variance_by, np.bincount(strata))
        levels = tuple(
            f"residual {variance_by}={named[np.flatnonzero(strata == place)[0]]}"
            for place in range(len(shown))
        )
    chosen = [columns[keep] for columns in effects]
    return Frame(
        outcome=numbers[formula.outcome],
        names=names,
        predictors=predictors,
        effects=tuple(chosen),
        groups=tuple(
            np.where((columns != 0).any(axis=1), code[keep], -1)
            for columns, code in zip(chosen, codes, strict=True)
        ),
        strata=strata,
        levels=levels,
        left_out=int((~keep).sum()),
        notes=tuple(notes),
    )


def _place(cells: Cells, name: str) -> int:
    if name not in cells.header:
        shown = ", ".join(cells.header[:12])
        raise unknown_name(name, "a column of the file", cells.header, see=f"It has: {shown}.")
    return cells.header.index(name)


def _texts(cells: Cells, name: str) -> Sequence[str]:
    return cells.columns[_place(cells, name)]


def _numbers(cells: Cells, name: str, read: Numbers) -> Floats:
    column = _texts(cells, name)
    if read.unreadable:
        first = read.unreadable[0]
        raise AllianceError(
            f"{name} is not numeric: {column[first]!r} in {rows_text([cells.lines[first]])}; "
            f"code it in numbers, such as 0 and 1, write factor({name}) where it is a predictor, or name codes for "
            "missing with --missing."
        )
    return read.values


def _refuse_large(
    cells: Cells, keep: Booleans, names: Sequence[str], columns: Sequence[Floats]
) -> None:
    """Refuse numbers whose squares and sums would be infinite."""
    lines = np.flatnonzero(keep)
    for name, values in zip(names, columns, strict=True):
        wrong = np.flatnonzero(~(np.abs(values) <= LARGEST))
        if wrong.size:
            raise AllianceError(
                f"{name} is {values[wrong[0]]:g} in {rows_text([cells.lines[lines[wrong[0]]]])}, too far from 0 to"
                " compute with: give it in another unit, or name it with --missing if it is a code."
            )


def _codes(texts: dict[str, Sequence[str]], group: Term) -> Integers:
    """Return the combinations of columns of text, numbered; -1 where one is missing."""
    rows = list(zip(*(texts[name] for name in group), strict=True))
    numbered: dict[tuple[str, ...], int] = {}
    return np.array(
        [
            -1
            if any(cell.lower() in NO_GROUP for cell in row)
            else numbered.setdefault(row, len(numbered))
            for row in rows
        ],
        dtype=np.int64,
    )


def _product(numbers: dict[str, Floats], term: Term, rows: int) -> Floats:
    product = np.ones(rows)
    for name in term:
        product = product * numbers[name]
    return product


def _left_out(cells: Cells, rows: Booleans, why: str) -> list[str]:
    if not rows.any():
        return []
    shown = rows_text([cells.lines[place] for place in np.flatnonzero(rows)])
    return [f"Left out {shown}: {why}."]


def _predictors(
    formula: Formula,
    numbers: dict[str, Floats],
    words: dict[str, Sequence[str]],
    rows: int,
) -> tuple[tuple[str, ...], Floats]:
    """Return the coefficients' names and columns; a factor is compared with its lowest value or first word."""
    names: list[str] = []
    columns: list[Floats] = []
    whole = () not in formula.fixed  # without an intercept the first factor has all its values
    for term in formula.fixed:
        parts: list[tuple[str, Floats]] = [("", np.ones(rows))]
        for name in term:
            if name not in formula.factors:
                choices = [(name, numbers[name])]
            else:
                values = np.unique(numbers[name])
                shown = values if whole and len(term) == 1 else values[1:]
                whole = whole and len(term) != 1
                choices = [
                    (
                        f"factor({name}){level_name(value, words.get(name))}",
                        (numbers[name] == value).astype(np.float64),
                    )
                    for value in shown
                ]
            parts = [
                (f"{before}:{label}" if before else label, column * values)
                for before, column in parts
                for label, values in choices
            ]
        for label, column in parts:
            names.append(label or term_name(()))
            columns.append(column)
    return tuple(names), np.column_stack(columns) if columns else np.zeros((rows, 0))
