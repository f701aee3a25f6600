"""Columns that the model knows nothing of: what of them may be learned, and what stays empty in a twin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.names import plain
from experiments.records.values import FREE_TEXT, POINT, read_dates, read_numbers
from experiments.twin.cell_texts import new_identifiers
from experiments.twin.margins import Categories, Quantiles, step_of
from experiments.twin.missing import Missing
from experiments.twin.who import GROUPS, says_who

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Booleans, Floats
    from experiments.twin.original import Original

__all__ = ["FEW_VALUES", "Other", "learn_other"]

FEW_VALUES = 10
"""Different numbers up to which a column of numbers is taken for one of codes."""


@dataclass(frozen=True, slots=True)
class Other:
    """A column that the model knows nothing of.

    Attributes
    ----------
    kind
        ``number``, ``category``, or ``empty`` where nothing is learned: free text, identifiers, dates.
    of_client
        Whether it is the same in all rows of a client that have it.
    categories, quantiles
        Its margin, by kind.
    missing
        How often it is empty.
    decimal_comma
        Whether it is written with decimal commas.
    """

    kind: str
    of_client: bool
    categories: Categories
    quantiles: Quantiles | None
    missing: Missing
    decimal_comma: bool


def learn_other(original: Original, name: str, use: Booleans) -> Other:
    """Learn a column from the rows that `use` says; never free text, identifiers or days."""
    texts = [text for text, chosen in zip(original.texts(name), use, strict=True) if chosen]
    person = original.person[use]
    gone = np.array([not text for text in texts], dtype=bool)
    missing = Missing.of(
        gone,
        original.course[use],
        original.rows.sessions[use],
        person,
        original.place_for(name)[use],
    )
    entries = [text for text in texts if text]
    whose = person[~gone].tolist()
    pairs = dict.fromkeys(zip(whose, entries, strict=True))
    of_client = len(pairs) == len(set(whose))
    if of_client:
        whose, entries = [one for one, _ in pairs], [text for _, text in pairs]
    kind, categories, quantiles, comma = "empty", Categories((), ()), None, False
    distinct = set(entries)
    numbers = read_numbers(entries)
    if says_who(name):
        pass
    elif entries and not numbers.unreadable and len(distinct) > FEW_VALUES:
        if not _numbers_people(name, numbers.values):
            quantiles = Quantiles.of(numbers.values, np.array(whose))
            kind, comma = ("number" if quantiles else "empty"), numbers.decimal_comma
    elif entries and len(distinct) <= FREE_TEXT and not _mostly_dates(entries):
        categories = _without_days(Categories.of(entries, whose))
        if name not in original.naming.columns:
            categories = categories.without(original.naming.found_in)
        if plain(name) in GROUPS:
            groups = new_identifiers(list(distinct), len(categories.entries), "group ")
            categories = replace(categories, entries=tuple(groups))
        kind = "category" if categories.entries else "empty"
    return Other(kind, of_client, categories, quantiles, missing, comma)


def _numbers_people(name: str, values: Floats) -> bool:
    """Whether a column of numbers is one of identifiers: nearly all different, whole, and called so."""
    words = set(plain(name).split())
    called = words & {
        "id",
        "nr",
        "no",
        "number",
        "code",
        "key",
        "phone",
        "telefon",
        "zip",
        "plz",
        "postcode",
    }
    return bool(called) or (
        len(set(values.tolist())) == len(values)
        and step_of(values) == 1.0
        and len(values) > FREE_TEXT
        and float(values.max()) > 1000
    )


def _without_days(categories: Categories) -> Categories:
    """Leave out entries that are days, which may stand among words: of a survey that was not finished, say."""
    return categories.without(
        lambda entry: not POINT.fullmatch(entry) and bool(read_dates([entry]).note)
    )


def _mostly_dates(entries: Sequence[str]) -> bool:
    found = read_dates(entries)
    return bool(found.note) and len(found.unreadable) < 0.5 * len(entries)
