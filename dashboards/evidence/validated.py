"""The simulation beside published findings: computed once, shown as a sentence, a table, charts and misses."""

from __future__ import annotations

import math
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from dashboards.charts.figures import Axis, Bars, Series, numbers
from dashboards.computing.cache import Shared
from dashboards.evidence.sources import doi_link
from dashboards.widgets.cells import cells, column_heads
from experiments.evidence.informed import ROLE_WORDS
from experiments.quantities.writing import percent, published
from experiments.validation.nulls import stored_nulls
from experiments.validation.results import STATUS_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.evidence.informed import FullRole
    from experiments.validation.nulls import Nulls
    from experiments.validation.results import FactResult, Validation

__all__ = [
    "forest",
    "headline",
    "how_validated",
    "misses",
    "misses_html",
    "place_in_range",
    "validated",
    "validation_html",
]

HEADLINES = ("F01", "F11", "F15", "F16", "F33")
"""The findings that had to emerge: none was used for fitting."""

LABELS: Mapping[FullRole, str] = MappingProxyType(
    {
        "fit": "Findings that were fitted",
        "informed": "Findings that informed a number set by hand",
        "predict": "Findings that were predicted",
    }
)
ORDER: Sequence[FullRole] = ("predict", "informed", "fit")
BEYOND = 2.0
"""How many half widths of its range from the middle a value is drawn at most."""

VALIDATIONS: Final = Shared()
"""Finished validations, apart from the runs of clinics, which would push them out."""


def validated() -> Validation:
    """Validate the default clinic by the published findings; takes some seconds the first time, once for everybody.

    Call it in a thread of its own: a second caller waits for the first instead of computing it again.
    """
    from experiments.validation.validate import validate

    return VALIDATIONS.get("default", lambda: validate("default", threads=1))


def headline(found: Validation) -> str:
    """Say in a few sentences how the model does, from the comparison itself."""
    fit, informed, predict = (found.count_inside(role) for role in ROLE_WORDS)
    rows = [row for name in HEADLINES if (row := found.row(name)) is not None]
    inside = [row.id for row in rows if row.inside]
    named = f" ({', '.join(inside)})" if inside else ""
    emerged = (
        f" Of the {len(rows)} headline correlations and differences, which had to emerge by themselves,"
        f" {len(inside)} do{named}."
        if rows
        else ""
    )
    upper = [row.id for row in rows if row.inside and place_in_range(row, row.simulated) > 0.0]
    tied = (
        f" {len(upper)} of them lie in the upper half of their ranges: the model ties process and outcome more"
        " closely together than the field finds them tied."
        if len(upper) > len(rows) / 2
        else ""
    )
    return (
        f"{fit.inside} of {fit.total} findings used for fitting lie inside their ranges, {informed.inside} of"
        f" {informed.total} that informed a number set by hand, and {predict.inside} of {predict.total} that were"
        f" neither.{_others(found)}{emerged}{tied} That a number is reproduced does not show that the mechanism"
        " behind it is the true one."
    )


def _others(found: Validation) -> str:
    """Say how many of the findings that were not fitted other models pass."""
    nulls = stored_nulls(found.setting)
    rows = [row for role in ("informed", "predict") for row in found.counted(role)]
    facts = [row.id for row in rows]
    if nulls is None or not facts:
        return ""
    inside = sum(row.inside for row in rows)
    return (
        f" Of these last two, {len(facts)} in all, {inside} lie inside; a clinic with random numbers passes"
        f" {nulls.usual_count(facts):g}, one in which the alliance has no effect {nulls.closed_count(facts)}."
    )


def how_validated(found: Validation) -> str:
    """Say what was simulated, what counts as inside, and how much that is worth."""
    return (
        f"Judged is the default clinic, by {found.studies} simulated studies of {found.clients_per_study} clients"
        " each, with other random numbers than the fit used. A finding counts as reproduced if its statistic,"
        " computed in the same way, lies in a range that was set before the fit: from the spread between studies or"
        " the published interval where there is one, else by a judgement, which stands with the source. Many ranges"
        " are wide, some findings are only a direction: to lie inside is a weak test, to lie outside a strong one."
        " Findings marked as from memory have not been looked up."
    )


def misses(found: Validation) -> tuple[FactResult, ...]:
    """Return what is not reproduced, each with the best explanation found, predicted findings first."""
    rows = (row for row in found.rows if not row.inside)
    return tuple(sorted(rows, key=lambda row: ORDER.index(row.role)))


def place_in_range(row: FactResult, value: float) -> float:
    """Return where a value lies in the range of its finding: -1 at the lower end, 1 at the upper, cut at ±2."""
    half = (row.high - row.low) / 2.0
    if not math.isfinite(value):
        return math.nan
    if half == 0.0:
        return 0.0 if value == row.low else math.copysign(BEYOND, value - row.low)
    return max(-BEYOND, min(BEYOND, (value - row.low) / half - 1.0))


def forest(found: Validation, role: FullRole | None, *, ids: Sequence[str] = ()) -> Bars:
    """Return simulated against published values of one role as points, each on the scale of its own range.

    Every finding has a scale of its own, so all are drawn on that of their ranges: from -1 to 1 is inside.

    Parameters
    ----------
    found
        The comparison.
    role
        Shown apart, for meeting what was fitted proves little; None for all roles.
    ids
        Only these findings; all of the role if empty.
    """
    rows = [row for row in found.rows if role in {row.role, None} and (not ids or row.id in ids)]
    inside = sum(row.inside for row in rows)
    out = [row.id for row in rows if not row.inside]
    simulated = [place_in_range(row, row.simulated) for row in rows]
    published = [
        math.nan if row.published is None else place_in_range(row, row.published) for row in rows
    ]
    outside = f" Outside: {', '.join(out)}." if out else ""
    return Bars(
        title=f"{LABELS[role] if role else 'Findings not used for fitting'}, simulated and published",
        summary=f"{inside} of {len(rows)} findings lie inside their ranges.{outside}",
        x=Axis("Place in the range that counts as reproduced (-1 to 1 is inside)", -BEYOND, BEYOND),
        names=tuple(f"{row.id} {row.statistic}" for row in rows),
        series=(
            Series(
                "simulated, with 95 % interval",
                numbers(simulated),
                numbers(place_in_range(row, row.simulated_low) for row in rows),
                numbers(place_in_range(row, row.simulated_high) for row in rows),
            ),
            Series(
                "published, with 95 % interval",
                numbers(published),
                numbers(_or_none(row, row.published_low) for row in rows),
                numbers(_or_none(row, row.published_high) for row in rows),
                role="reference",
            ),
        ),
        points=True,
        reference=0.0,
    )


def _or_none(row: FactResult, value: float | None) -> float:
    return math.nan if value is None else place_in_range(row, value)


COLUMNS = (
    *("Finding", "Statistic", "Published", "Counts as reproduced", "Simulated", "Verdict"),
    *("Random clinics inside", "Source"),
)
FLUSH = {"Statistic": "words", "Source": "words"}


def validation_html(found: Validation, role: FullRole) -> str:
    """Return the findings of one role as a table with caption, row and column headers."""
    rows = [row for row in found.rows if row.role == role]
    summary = found.count_inside(role)
    label = LABELS[role]
    nulls = stored_nulls(found.setting)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table class="stacks">'
        f"<caption>{label}: {summary.inside} of {summary.total} inside. Intervals of 95 %: of what is simulated, how"
        " sure a finite number of studies of this one clinic makes it. Close: so near to an end of the range that"
        " more simulated studies might change the verdict. Not counted: nearly every clinic passes it.</caption>"
        f"<thead><tr>{column_heads(COLUMNS, FLUSH)}</tr></thead>"
        f"<tbody>{''.join(_row(row, nulls) for row in rows)}</tbody></table></div>"
    )


def misses_html(found: Validation) -> str:
    """Return what is not reproduced, each with the best explanation found, as a list of terms."""
    items = "".join(
        f"<dt>{escape(row.id)} {escape(row.statistic)}</dt>"
        f"<dd>Simulated {published(row.simulated)}, published {_published(row)}; {published(row.low)} to"
        f" {published(row.high)} would count as reproduced. {escape(row.explanation)}</dd>"
        for row in misses(found)
    )
    return (
        f'<dl class="misses">{items}</dl>'
        if items
        else "<p>Every finding lies inside its range.</p>"
    )


def _row(row: FactResult, nulls: Nulls | None) -> str:
    verdict = "inside" if row.inside else "outside"
    if not row.sure:
        verdict += ", close"
    if row.not_counting:
        verdict += ", not counted"
    source = escape(row.citation)
    if row.doi:
        source += f", {doi_link(row.doi)}"
    idle = f". Not counted: {row.not_counting}" if row.not_counting else ""
    source += f'<small class="why">Range: {escape(row.range_reason + idle)}</small>'
    remark = "" if row.status == "V" else f" ({escape(STATUS_WORDS[row.status])})"
    inside = (
        escape(row.statistic),
        _with_interval(row.published, row.published_low, row.published_high) + remark,
        f"{published(row.low)} to {published(row.high)}",
        _with_interval(row.simulated, row.simulated_low, row.simulated_high),
        verdict,
        "" if nulls is None else percent(nulls.share(row.id)),
        source,
    )
    classes = FLUSH | {"Verdict": "inside" if row.inside else "outside"}
    return f'<tr><th scope="row">{escape(row.id)}</th>{cells(COLUMNS[1:], inside, classes)}</tr>'


def _with_interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "a direction only"
    if low is None or high is None or not math.isfinite(low):
        return published(value)
    return f"{published(value)} ({published(low)} to {published(high)})"


def _published(row: FactResult) -> str:
    return "a direction only" if row.published is None else published(row.published)
