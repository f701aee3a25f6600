"""The plot of one finding: published and simulated value on a scale of its own.

The grey band is the range that counts as inside, the same width for all findings.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.quantities.writing import published
from experiments.reports.svg import element
from experiments.reports.validation_table import inside_or_outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markupsafe import Markup

    from experiments.validation.results import FactResult

__all__ = ["example_plot", "plot"]

WIDTH, HEIGHT = 200.0, 26.0
BAND = (60.0, 140.0)
MARGIN = 8.0


def plot(row: FactResult) -> Markup:
    """Draw a finding: band, zero, published value with its interval, simulated value with its own."""
    place = _scale(row)
    parts = [_band()]
    if row.low < 0 < row.high:
        zero = f"M{place(0.0):.1f} 3V{HEIGHT - 3:g}"
        parts.append(element("path", class_="axis", stroke_dasharray="2 2", d=zero))
    if row.published_low is not None and row.published_high is not None:
        interval = f"M{place(row.published_low):.1f} 8H{place(row.published_high):.1f}"
        parts.append(element("path", class_="pub", d=interval))
    if row.published is not None:
        diamond = f"M{place(row.published):.1f} 4l4 4l-4 4l-4 -4z"
        parts.append(element("path", class_="pub", d=diamond))
    if not math.isnan(row.simulated):
        parts += _simulated(row, place)
    return _drawing(
        f"{row.id}: simulated {published(row.simulated)}, {inside_or_outside(row)} of"
        f" {published(row.low)} to {published(row.high)}",
        *parts,
    )


def example_plot() -> Markup:
    """Draw the plot that the legend explains."""
    return _drawing(
        "Example of a plot",
        _band(),
        element("path", class_="pub", d="M85 8H125M105 4l4 4l-4 4l-4 -4z"),
        element("path", class_="sim", stroke_width=2, d="M70 18H86"),
        element("circle", class_="sim", cx=78, cy=18, r=3.5),
    )


def _scale(row: FactResult) -> Callable[[float], float]:
    """Return where a value lies; beyond the plot it lies at its margin."""
    span = row.high - row.low or 1.0

    def place(value: float) -> float:
        if math.isinf(value):
            return WIDTH if value > 0 else 0.0
        x = BAND[0] + (value - row.low) / span * (BAND[1] - BAND[0])
        if row.high == row.low:
            x += (BAND[1] - BAND[0]) / 2
        return min(max(x, MARGIN), WIDTH - MARGIN)

    return place


def _simulated(row: FactResult, place: Callable[[float], float]) -> Iterator[Markup]:
    kind, x = "sim" if row.inside else "miss", place(row.simulated)
    if math.isfinite(row.simulated_low) and math.isfinite(row.simulated_high):
        interval = f"M{place(row.simulated_low):.1f} 18H{place(row.simulated_high):.1f}"
        yield element("path", class_=kind, stroke_width=2, d=interval)
    if x <= MARGIN and not row.inside:
        yield element("path", class_=kind, d="M2 18l8 -5v10z")
    elif x >= WIDTH - MARGIN and not row.inside:
        yield element("path", class_=kind, d=f"M{WIDTH - 2:g} 18l-8 -5v10z")
    else:
        yield element("circle", class_=kind, cx=f"{x:.1f}", cy=18, r=3.5)


def _band() -> Markup:
    left, right = BAND
    return element(
        "rect",
        class_="band",
        x=f"{left:g}",
        y=3,
        width=f"{right - left:g}",
        height=f"{HEIGHT - 6:g}",
    )


def _drawing(label: str, *parts: Markup) -> Markup:
    return element(
        "svg", *parts, width=f"{WIDTH:g}", height=f"{HEIGHT:g}", role="img", aria_label=label
    )
