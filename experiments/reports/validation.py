"""Validation as one self-contained HTML page: a forest plot in the table, definitions, misses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.evidence.informed import ROLE_WORDS
from experiments.quantities.writing import published
from experiments.reports.rendering import render
from experiments.reports.validation_plot import example_plot, plot
from experiments.reports.validation_table import OTHERS, inside_or_outside, others
from experiments.validation.results import STATUS_WORDS
from experiments.validation.scores import score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.reports.validated_setting import ValidatedSetting
    from experiments.validation.results import FactResult, Validation

__all__ = ["validation_document"]


def validation_document(shown: Sequence[ValidatedSetting]) -> str:
    """Return the page for one setting or several; it loads nothing and needs no script."""
    return render(
        __package__,
        "validation.html",
        shown=shown,
        definitions=_each_once([one.validation for one in shown]),
        status_words=STATUS_WORDS,
        example=example_plot(),
        plot=plot,
        published=published,
        inside_or_outside=inside_or_outside,
        others=others,
        what_others=OTHERS,
        roles=ROLE_WORDS,
        score=score,
    )


def _each_once(validations: Sequence[Validation]) -> tuple[FactResult, ...]:
    """Return the first row of every finding."""
    first: dict[str, FactResult] = {}
    for one in validations:
        for row in one.rows:
            first.setdefault(row.id, row)
    return tuple(first.values())
