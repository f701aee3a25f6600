"""The figures of the compare room: both arms over sessions, and what differs with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from dashboards.figures import Axis, Bars, Lines, Series, numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.clinics.comparison import Comparison, Difference

__all__ = ["curve_figure", "difference_figure"]

TITLES = {
    "staying": ("Clients at each session", "Share of clients who began"),
    "alliance": ("Latent alliance", "Latent alliance (0 to 1)"),
    "wai_sr_client": ("Alliance as clients report it", "WAI-SR, 12 to 60"),
    "distress": ("Latent distress", "Latent distress (0 to 1)"),
    "core_10": ("Distress as clients report it", "CORE-10, 0 to 40"),
}


def curve_figure(
    comparison: Comparison,
    name: Literal["staying", "alliance", "wai_sr_client", "distress", "core_10"] = "alliance",
) -> Lines:
    """Return a curve of both arms over sessions, with intervals over replicates.

    Curves but ``staying`` are means of those who held the session: survivors, who may be others in each arm.
    """
    title, label = TITLES[name]
    arms = (comparison.a, comparison.b)
    bands = (comparison.curves_a[name], comparison.curves_b[name])
    last = max(len(band.mean) for band in bands)
    series = []
    for place, (arm, band) in enumerate(zip(arms, bands, strict=True)):
        mean, low, high = (
            np.pad(values, (0, last - len(values)), constant_values=np.nan)
            for values in (band.mean, band.low, band.high)
        )
        series.append(
            Series(arm.label, numbers(mean), low=numbers(low), high=numbers(high), colour=place)
        )
    share = name == "staying"
    return Lines(
        title=title,
        summary=_told(comparison, name, share),
        x=Axis("Session", low=1),
        y=Axis(label, low=0 if share else None, high=1 if share else None, percent=share),
        xs=numbers(range(1, last + 1)),
        series=tuple(series),
    )


def _told(comparison: Comparison, name: str, share: bool) -> str:
    one, other = comparison.curves_a[name].mean, comparison.curves_b[name].mean
    both = min(len(one), len(other))
    both_known = np.flatnonzero(np.isfinite(one[:both]) & np.isfinite(other[:both]))
    if not len(both_known):
        return "There is no session that both held."
    at = int(both_known[np.argmax(np.abs(other[both_known] - one[both_known]))])
    if one[at] == other[at]:
        return f"Both are the same at every session, after {comparison.done} replicates."
    values = [f"{100 * v:.1f} %" if share else f"{v:.2f}" for v in (one[at], other[at])]
    return (
        f"The arms differ most at session {at + 1}: {values[0]} ({comparison.a.label}) and {values[1]} "
        f"({comparison.b.label}), after {comparison.done} replicates."
    )


MOST_TOLD = 3


def _clearest(chosen: Sequence[Difference]) -> str:
    """Tell the differences that are surest, largest for their intervals first."""
    clear = sorted(
        (one for one in chosen if one.clear and not one.same),
        key=lambda one: abs(one.mean) / max(one.high - one.low, 1e-12),
        reverse=True,
    )
    if not clear:
        return "None of these differs clearly."
    told = " ".join(one.sentence for one in clear[:MOST_TOLD])
    rest = len(clear) - MOST_TOLD
    return f"{told} {rest} more differ clearly." if rest > 0 else told


def difference_figure(comparison: Comparison, outcomes: Sequence[str]) -> Bars:
    """Return the differences of some outcomes as points with 95 % intervals.

    Give outcomes of one unit: shares together, or scores of one instrument.
    """
    chosen = [comparison.outcomes[name] for name in outcomes]
    share = bool(chosen) and all(one.label.share for one in chosen)
    units = {one.label.unit for one in chosen}
    unit = "share of clients" if share else units.pop() if len(units) == 1 else "each in its unit"
    return Bars(
        title=f"{comparison.b.label} against {comparison.a.label}",
        summary=_clearest(chosen),
        x=Axis(f"Difference ({unit})", percent=share),
        names=tuple(one.label.title for one in chosen),
        series=(
            Series(
                f"{comparison.b.label} − {comparison.a.label}",
                numbers([one.mean for one in chosen]),
                low=numbers([one.low for one in chosen]),
                high=numbers([one.high for one in chosen]),
            ),
        ),
        points=True,
        reference=0.0,
    )
