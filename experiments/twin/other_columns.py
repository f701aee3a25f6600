"""Columns that the model knows nothing of: what of them may be learned, and what stays empty in a twin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.names import plain
from experiments.records.values import FREE_TEXT, read_dates, read_numbers
from experiments.twin.margins import Categories, Quantiles, step_of

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
        Whether it is the same in all rows of a client.
    categories, quantiles
        Its margin, by kind.
    missing
        Share that is empty.
    decimal_comma
        Whether it is written with decimal commas.
    """

    kind: str
    of_client: bool
    categories: Categories
    quantiles: Quantiles | None
    missing: float
    decimal_comma: bool


def learn_other(original: Original, name: str, use: Booleans) -> Other:
    """Learn a column from the rows that `use` says; never free text, identifiers or days."""
    texts = [text for text, chosen in zip(original.texts(name), use, strict=True) if chosen]
    person = original.person[use].tolist()
    by_person: dict[int, set[str]] = {}
    for one, text in zip(person, texts, strict=True):
        by_person.setdefault(one, set()).add(text)
    of_client = all(len(one) == 1 for one in by_person.values())
    if of_client:
        texts, person = [next(iter(one)) for one in by_person.values()], list(by_person)
    there = [bool(text) for text in texts]
    missing = 1.0 - sum(there) / len(texts)
    entries = [text for text in texts if text]
    whose = [one for one, text in zip(person, texts, strict=True) if text]
    kind, categories, quantiles, comma = "empty", Categories((), ()), None, False
    distinct = set(entries)
    numbers = read_numbers(entries)
    if entries and not numbers.unreadable and len(distinct) > FEW_VALUES:
        if not _numbers_people(name, numbers.values):
            quantiles = Quantiles.of(numbers.values, np.array(whose))
            kind, comma = ("number" if quantiles else "empty"), numbers.decimal_comma
    elif entries and len(distinct) <= FREE_TEXT and not _mostly_dates(entries):
        categories = Categories.of(entries, whose)
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


def _mostly_dates(entries: Sequence[str]) -> bool:
    found = read_dates(entries)
    return bool(found.note) and len(found.unreadable) < 0.5 * len(entries)
