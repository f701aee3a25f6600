"""Tables of a room as HTML, everything in them escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards.clinics.outcomes import value_text
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
    flush = dict.fromkeys(words, ' class="words"')
    top = "".join(
        f'<th scope="col"{flush.get(place, "")}>{escape(name)}</th>'
        for place, name in enumerate(head)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(
            f'<td{flush.get(place, "")} data-label="{escape(head[place])}">{escape(cell)}</td>'
            for place, cell in enumerate(row[1:], 1)
        )
        + "</tr>"
        for row in rows
    )
    kind = ' class="stacks"' if stacks or words else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table{kind}><caption>'
        f"{escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
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
