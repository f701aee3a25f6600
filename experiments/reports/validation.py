"""Validation as one self-contained HTML page: a forest plot in the table, definitions, misses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.quantities.writing import published
from experiments.reports.rendering import render
from experiments.reports.validation_plot import example_plot, plot
from experiments.reports.validation_table import inside_or_outside
from experiments.validation.results import STATUS_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.validation.results import FactResult, Validation

__all__ = ["validation_document"]


def validation_document(validations: Sequence[Validation]) -> str:
    """Return the page for one setting or several; it loads nothing and needs no script."""
    return render(
        __package__,
        "validation.html",
        validations=validations,
        definitions=_each_once(validations),
        status_words=STATUS_WORDS,
        example=example_plot(),
        plot=plot,
        published=published,
        inside_or_outside=inside_or_outside,
    )


def _each_once(validations: Sequence[Validation]) -> tuple[FactResult, ...]:
    """Return the first row of every finding."""
    first: dict[str, FactResult] = {}
    for one in validations:
        for row in one.rows:
            first.setdefault(row.id, row)
    return tuple(first.values())
