"""The figures of the compare room: both arms over sessions, and what differs with its interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from dashboards.charts.figures import (
    DIGITS,
    Axis,
    Bars,
    Lines,
    Series,
    interval_series,
    numbers,
    plain_number,
)
from dashboards.clinics.course_axes import AXES, reach_of
from experiments.quantities.estimate import Estimates
from experiments.quantities.writing import count, fixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dashboards.comparisons.comparison import Comparison, Difference

    Numbers = NDArray[np.float64]
    Counts = NDArray[np.int64]

__all__ = ["curve_figure", "difference_figure", "many"]

FEWEST: Final = 30
"""Clients that a session needs in each arm, of all replicates, to be named as where the arms differ most."""

SHARE_LEFT: Final = 0.1
"""Share of those who began that it needs, besides."""


TITLES = {
    "staying": "Clients at each session",
    "alliance": "Latent alliance",
    "wai_sr_client": "Alliance as clients report it",
    "distress": "Latent distress",
    "core_10": "Distress as clients report it",
}


def curve_figure(
    comparison: Comparison,
    name: Literal["staying", "alliance", "wai_sr_client", "distress", "core_10"] = "alliance",
) -> Lines:
    """Return a curve of both arms over sessions, with intervals over replicates.

    Curves but ``staying`` are means of those who held the session: survivors, who may be others in each arm. How many
    they are is said with them.
    """
    share = name == "staying"
    arms = (comparison.a, comparison.b)
    bands = (comparison.curves_a[name], comparison.curves_b[name])
    counts = (comparison.number_a, comparison.number_b)
    reach = (0.0, 1.0) if share else reach_of(name)
    # Nobody holds a session after the last of an arm: there its share comes down to nobody, and its other curves end.
    last = max(len(number) for number in counts) + (1 if share else 0)
    series = []
    for place, (arm, band, number) in enumerate(zip(arms, bands, counts, strict=True)):
        whole = Estimates(
            *(
                _until(values, last, 0.0 if share else np.nan)
                for values in (band.value, band.low, band.high)
            )
        )
        series.append(
            interval_series(
                arm.label,
                whole.within(*reach),
                colour=place,
                number=numbers(_until(number, last, 0.0)),
            )
        )
    return Lines(
        title=TITLES[name],
        summary=_summary(comparison, name, share),
        x=Axis("Session", low=1),
        y=AXES[name],
        xs=numbers(range(1, last + 1)),
        series=tuple(series),
        steps=share,
        counted="clients still in treatment, of all replicates",
    )


def _until(values: Numbers | Counts, last: int, filler: float) -> Numbers:
    return np.pad(
        np.asarray(values, dtype=np.float64), (0, last - len(values)), constant_values=filler
    )


def many(comparison: Comparison) -> tuple[int, int]:
    """Return how many clients a session needs in each arm to be named, and how many sessions have them.

    A mean of a few survivors says little of an arm, and the largest of many such differences is chance: so those are
    sessions that enough clients held, and a share of those who began in the larger arm.
    """
    numbers_ = (comparison.number_a, comparison.number_b)
    least = max(FEWEST, math.ceil(SHARE_LEFT * max(int(one[0]) for one in numbers_)))
    both = min(len(one) for one in numbers_)
    enough = np.minimum(numbers_[0][:both], numbers_[1][:both]) >= least
    return least, int(enough.sum())


def _summary(comparison: Comparison, name: str, share: bool) -> str:
    one, other = comparison.curves_a[name].value, comparison.curves_b[name].value
    least, sessions = many(comparison)
    if not sessions:
        return f"No session was held by {least:,} clients in each arm: too few to tell where the arms differ."
    last = max(len(one), len(other))
    if share:  # a share is of all who began, however few are left
        one, other, sessions = _until(one, last, 0.0), _until(other, last, 0.0), last
    known = np.flatnonzero(np.isfinite(one[:sessions]) & np.isfinite(other[:sessions]))
    if not len(known):
        return "There is no session of which both arms know it."
    at = int(known[np.argmax(np.abs(other[known] - one[known]))])
    left_out = (
        f" Sessions after {sessions} are left out: fewer than {least:,} clients of an arm held them."
        if sessions < last
        else ""
    )
    after = f"after {comparison.done} replicates"
    if one[at] == other[at]:
        where = f"up to session {sessions}" if left_out else "at every session"
        return f"Both are the same {where}, {after}.{left_out}"
    arms = (
        (comparison.a.label, one[at], comparison.number_a),
        (comparison.b.label, other[at], comparison.number_b),
    )
    first, second = (
        f"{_written(value, share)} ({label}, {count(int(_until(number, last, 0)[at]), 'client')} there)"
        for label, value, number in arms
    )
    return f"The arms differ most at session {at + 1}: {first} and {second}, {after}.{left_out}"


def _written(value: float, share: bool) -> str:
    sent = round(float(value), DIGITS)
    return f"{fixed(100 * sent, 1)} %" if share else plain_number(sent)


MOST_SENTENCES = 3


def _clearest(chosen: Sequence[Difference]) -> str:
    """Say the differences that are surest, largest for their intervals first."""
    clear = sorted(
        (one for one in chosen if one.clear and not one.same),
        key=lambda one: abs(one.estimate.value) / max(one.estimate.width, 1e-12),
        reverse=True,
    )
    if not clear:
        return "None of these differs clearly."
    text = " ".join(one.sentence for one in clear[:MOST_SENTENCES])
    rest = len(clear) - MOST_SENTENCES
    more = "1 more differs" if rest == 1 else f"{rest} more differ"
    return f"{text} {more} clearly." if rest > 0 else text


def _smallness(one: Difference) -> float:
    """Return what sorts large differences before small ones, and those that are not defined behind both."""
    value = one.estimate.value
    return math.inf if math.isnan(value) else -abs(value)


def difference_figure(comparison: Comparison, outcomes: Sequence[str]) -> Bars:
    """Return the differences of some outcomes as points with 95 % intervals, the largest first.

    Give outcomes of one unit: shares together, or scores of one instrument.
    """
    chosen = sorted((comparison.outcomes[name] for name in outcomes), key=_smallness)
    share = bool(chosen) and all(one.outcome.unit.percent for one in chosen)
    units = {one.outcome.unit.name for one in chosen}
    unit = "percentage points" if share else units.pop() if len(units) == 1 else "each in its unit"
    found = [one.possible for one in chosen]
    return Bars(
        title=f"{comparison.b.label} against {comparison.a.label}",
        summary=_clearest(chosen),
        x=Axis(f"Difference ({unit})", percent=share, points=share, measured=True),
        names=tuple(one.outcome.title for one in chosen),
        series=(
            Series(
                f"{comparison.b.label} − {comparison.a.label}",
                numbers(one.value for one in found),
                low=numbers(one.low for one in found),
                high=numbers(one.high for one in found),
            ),
        ),
        points=True,
        reference=0.0,
    )
