"""Tables of a room as HTML, everything in them escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards.clinics.outcomes import value_text
from dashboards.widgets.cells import cells, column_heads
from experiments.quantities.intervals import CHANCE_ALONE
from experiments.quantities.writing import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboards.comparisons.comparison import Comparison

__all__ = ["difference_table", "table"]


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    words: Sequence[int] = (),
    *,
    stacks: bool = False,
) -> str:
    """Return a table.

    Parameters
    ----------
    caption
        What is in it.
    head
        Names of the columns.
    rows
        Cells; the first of a row names it.
    words
        Places of columns that hold sentences and are set flush left.
    stacks
        Whether cells stand below each other on a phone; always where there are sentences.
    """
    flush = {head[place]: "words" for place in words}
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{cells(head[1:], map(escape, row[1:]), flush)}</tr>'
        for row in rows
    )
    kind = ' class="stacks"' if stacks or words else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table{kind}><caption>'
        f"{escape(caption)}</caption><thead><tr>{column_heads(head, flush)}</tr></thead><tbody>{body}</tbody></table>"
        "</div>"
    )


def difference_table(comparison: Comparison) -> str:
    """Return every outcome in both arms, the difference and what it says."""
    rows = [
        (
            one.outcome.title,
            value_text(one.outcome.unit, one.a),
            value_text(one.outcome.unit, one.b),
            one.sentence,
            "–" if one.saved is None else percent(one.saved),
        )
        for one in comparison.outcomes.values()
    ]
    caption = (
        f"Means of {comparison.done} replicates; differences with 95 % intervals over replicates, "
        f"and the share of their variance that the same luck in both arms saved. {CHANCE_ALONE}"
    )
    head = ("Outcome", comparison.a.label, comparison.b.label, "Difference", "Variance saved")
    return table(caption, head, rows, words=(3,))
