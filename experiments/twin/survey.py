"""What an export of Qualtrics has around its records: rows of headers, and columns about filling in."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from experiments.records.names import plain
from experiments.records.tidying import has_rows_of_headers, is_of_qualtrics
from experiments.records.values import read_dates, read_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from experiments.records.cells import Cells

__all__ = ["Survey", "survey_of"]

FILLING_IN = frozenset(
    {
        "status",
        "progress",
        "finished",
        "duration in seconds",
        "distribution channel",
        "user language",
    }
)
"""Columns about filling in that say nothing about who did, and that scripts choose responses by."""

RESPONSE = "response id"


@dataclass(frozen=True, slots=True)
class Survey:
    """What an export has around its records.

    Attributes
    ----------
    heads
        The second and the third row of the header: texts of the questions, and what Qualtrics calls them. None in a
        file that has the first alone.
    labels
        The text of the question by column.
    about_filling_in
        Columns that are drawn as others are.
    response
        The column that numbers responses; empty where there is none.
    """

    heads: tuple[tuple[str, ...], ...]
    labels: Mapping[str, str]
    about_filling_in: tuple[str, ...]
    response: str

    def without(self, header: Sequence[str], unwanted: Callable[[str], bool]) -> Survey:
        """Return it with the name of the column for a text that is unwanted."""
        return replace(
            self,
            heads=tuple(
                tuple(
                    name if unwanted(text) else text
                    for name, text in zip(header, texts, strict=True)
                )
                for texts in self.heads
            ),
            labels={name: text for name, text in self.labels.items() if not unwanted(text)},
        )


def survey_of(file: Cells) -> Survey | None:
    """Return what an export of Qualtrics has around its records; ``None`` for another file.

    A file that was sorted may have a record where its questions should be; nothing of that is taken.
    """
    if not is_of_qualtrics(file):
        return None
    heads: tuple[tuple[str, ...], ...] = ()
    if has_rows_of_headers(file):
        questions = tuple(column[0] for column in file.columns)
        imports = (
            column[1] if _is_import(column[1]) else json.dumps({"ImportId": name})
            for name, column in zip(file.header, file.columns, strict=True)
        )
        heads = (file.header if _is_record(file) else questions, tuple(imports))
    about = tuple(name for name in file.header if plain(name) in FILLING_IN)
    response = next((name for name in file.header if plain(name) == RESPONSE), "")
    labels = {
        name: " ".join(text.split())
        for texts in heads[:1]
        for name, text in zip(file.header, texts, strict=True)
    }
    return Survey(heads, labels, about, response)


def _is_record(file: Cells) -> bool:
    """Whether there is an answer where the questions should be: a number, a day, or what stands below it, too."""
    filled = [column[0] for column in file.columns if column[0]]
    if any(column[0] and column[0] in column[2:] for column in file.columns):
        return True
    numbers = read_numbers(filled)
    return len(numbers.unreadable) < len(filled) or len(read_dates(filled).unreadable) < len(filled)


def _is_import(cell: str) -> bool:
    """Whether a cell is what Qualtrics writes in the third row: an object with the name of a question."""
    try:
        content = json.loads(cell)
    except ValueError:
        return False
    return isinstance(content, dict) and "ImportId" in content
