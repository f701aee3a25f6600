"""Entries that say who or where somebody is, and which texts contain one: nothing beside a twin may."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.records.cells import text_of
from experiments.records.names import plain
from experiments.records.tidying import has_rows_of_headers
from experiments.records.values import COMMA, ENDINGS, MISSING, NO, POINT, YES
from experiments.twin.packages import is_declared
from experiments.twin.who import GROUPS, says_who

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from experiments.records.cells import Cells
    from experiments.twin.packages import ColumnForms

__all__ = ["Naming", "naming_of", "numbers_clients"]

SHORTEST = 4
"""Letters of an entry below which it may stand in any text by chance."""

HEADS = 2
"""Rows below the header in which an export of Qualtrics has no records."""

ORDINARY = (
    MISSING
    | YES
    | NO
    | {word for words in ENDINGS.values() for word in words}
    | {"unknown", "unbekannt", "keine", "other", "andere", "sonstige", "online", "mail", "email", "telefon", "phone"}
)  # fmt: skip
"""Answers that say nothing about anybody, whatever column they stand in."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Columns that say who or where somebody is, and what stands in them.

    Attributes
    ----------
    columns
        Identifiers of clients, therapists and sites, and columns whose names say it.
    entries
        Words of each entry and of each label of a code, by the first of them.
    """

    columns: frozenset[str]
    entries: Mapping[str, frozenset[tuple[str, ...]]]

    def found_in(self, text: str) -> bool:
        """Whether a text contains a whole entry: letters of any case, whatever stands between its words."""
        words = _words(text)
        return any(
            tuple(words[place : place + len(entry)]) == entry
            for place, word in enumerate(words)
            for entry in self.entries.get(word, ())
        )


def naming_of(
    file: Cells, forms: ColumnForms, endings: Iterable[str], called: Container[str]
) -> Naming:
    """Return what names people and places in records; codes that are plain numbers name nobody.

    Parameters
    ----------
    file
        The records.
    forms
        What their file says of its columns.
    endings
        Words for endings, which name nobody.
    called
        Columns that say who somebody is, besides those whose names say it.
    """
    header = file.header
    columns = frozenset(
        name for name in header if name in called or says_who(name) or plain(name) in GROUPS
    )
    own = {plain(word) for word in endings} | ORDINARY
    skipped = HEADS if has_rows_of_headers(file) else 0
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for name, cells in zip(header, file.columns, strict=True):
        if name not in columns:
            continue
        # What is not known has a code below 0, or one that is declared missing.
        labels = (
            label
            for code, label in forms.value_labels.get(name, {}).items()
            if not text_of(code).startswith("-")
            and not is_declared(code, forms.missing.get(name, ()), spss=forms.form == "SPSS")
        )
        for text in _telling({*cells[skipped:], *labels}, own):
            words = tuple(_words(text))
            found[words[0]].add(words)
    return Naming(columns, {first: frozenset(several) for first, several in found.items()})


def numbers_clients(people: Sequence[int], texts: Sequence[str]) -> bool:
    """Whether a column has a word of its own for half the clients or more; `people` says whose each cell is."""
    pairs = {(one, text) for one, text in zip(people, texts, strict=True) if text}
    each = len(pairs) == len({one for one, _ in pairs}) == len({text for _, text in pairs})
    return (
        each
        and 2 * len(pairs) >= len(set(people))
        and not any(
            " " in text or POINT.fullmatch(text) or COMMA.fullmatch(text) for _, text in pairs
        )
    )


def _telling(texts: Iterable[str], ordinary: frozenset[str] | set[str]) -> Iterable[str]:
    for text in texts:
        number = POINT.fullmatch(text) or COMMA.fullmatch(text)
        if (
            len(text.strip()) >= SHORTEST
            and not number
            and not {plain(text), text.lower()} & ordinary
            and _words(text)
        ):
            yield text


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())
