"""The figures of the clinic room besides sessions and team: headlines, weeks, who drops out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dashboards.charts.figures import (
    Axis,
    Bars,
    Lines,
    Series,
    interval_series,
    numbers,
)
from dashboards.clinics.leaving import EARLY_ALLIANCE
from dashboards.clinics.outcomes import value_text
from experiments.catalogue import outcome
from experiments.quantities.estimate import Estimates
from experiments.quantities.writing import count, percent

if TYPE_CHECKING:
    from dashboards.clinics.pictures import Picture

__all__ = [
    "GROUPS",
    "PLACES",
    "Headline",
    "dropout_figure",
    "headlines",
    "nobody_began",
    "week_shown",
    "weeks_figure",
]

GROUPS = {
    "completed": "ended as planned",
    "dropped_out": "dropped out",
    "session_limit": "stopped by the session limit",
    "boundary_violation": "ended after a boundary violation",
    "in_treatment": "still in treatment",
}
"""Ending to how it is written, in the order of the palette."""

PLACES = {name: place + 1 for place, name in enumerate(GROUPS)}
"""Ending to its place in the palette."""

WHERE = {
    "completed": "Ended as planned",
    "session_limit": "Stopped by the session limit",
    "in_treatment": "In treatment",
    "waiting": "Waiting",
    "dropped_out": "Dropped out",
    "boundary_violation": "Ended after a boundary violation",
    "never_started": "Gave up waiting",
}
"""Status to how it is written, from the foot of the stack."""

COLOURS = {**PLACES, "waiting": 6, "never_started": 7}
"""Status to its place in the palette."""

TRAIT_NAMES = {
    "attachment_anxiety": "attachment anxiety",
    "attachment_avoidance": "attachment avoidance",
    "severity": "severity",
    "motivation": "motivation",
    EARLY_ALLIANCE: "alliance reported at session 3",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """A number a clinic is introduced by: what it is, its value as it is written, its unit, what it means."""

    label: str
    value: str
    unit: str
    meaning: str


def headlines(picture: Picture) -> tuple[Headline, ...]:
    """Return the numbers a clinic is introduced by."""
    found = []
    for name, value in picture.headlines.items():
        row = outcome(name)
        unit = "of clients" if row.unit.percent else row.unit.step
        found.append(Headline(row.title, value_text(row.unit, value), unit, row.meaning))
    return tuple(found)


def nobody_began(picture: Picture) -> str | None:
    """Say that a chart of those who began is empty, where it is."""
    return None if picture.began else "Nobody has begun therapy."


def weeks_figure(picture: Picture, week: int | None = None) -> Lines:
    """Return where the clients are, week by week, stacked; `week` draws the cursor and is put in words."""
    found = picture.weeks
    at = week_shown(picture, week)
    counts = {name: int(values[at]) for name, values in found.counts.items()}
    there = [f"{counts[name]:,} {WHERE[name].lower()}" for name in WHERE if counts[name]]
    arrived = count(int(found.arrived[at]), "client")
    where = f", of {arrived} who asked: {'; '.join(there)}" if there else " nobody has asked yet"
    return Lines(
        title="The clinic week by week",
        summary=f"At the end of week {at + 1}{where}.",
        x=Axis("Week", low=1),
        y=Axis("Clients", low=0, high=float(found.arrived[-1])),
        xs=numbers(found.weeks + 1),
        series=tuple(
            Series(words, numbers(found.counts[name]), colour=COLOURS[name])
            for name, words in WHERE.items()
            if found.counts[name].any()
        ),
        stacked=True,
        cursor=None if week is None else float(at + 1),
    )


def week_shown(picture: Picture, week: int | None) -> int:
    """Return a week that there is: the last one for None, the nearest for one outside."""
    last = int(picture.weeks.weeks[-1])
    return last if week is None else min(max(week, 0), last)


def dropout_figure(picture: Picture, traits: tuple[str, ...] = tuple(TRAIT_NAMES)) -> Bars:
    """Return the share of dropouts by thirds of traits, with 95 % Wilson intervals."""
    chosen = {name: picture.who_drops_out[name] for name in traits}
    names = tuple(
        f"{words} {TRAIT_NAMES[name]}" for name in chosen for words in ("Low", "Middle", "High")
    )
    rates = Estimates(
        *(
            np.concatenate([getattr(one.rate, part) for one in chosen.values()])
            for part in ("value", "low", "high")
        )
    )
    return Bars(
        title="Who drops out",
        summary=nobody_began(picture) or _about_thirds(picture, traits),
        x=Axis("Share who dropped out", low=0, percent=True),
        names=names,
        series=(interval_series("Dropped out", rates),),
        points=True,
        reference=round(picture.dropped_out / picture.began, 4) if picture.began else None,
    )


def _about_thirds(picture: Picture, traits: tuple[str, ...]) -> str:
    """Tell the trait whose outer thirds differ most, and whether their intervals part."""
    spread = {
        name: abs(one.rate[2].value - one.rate[0].value)
        for name, one in picture.who_drops_out.items()
        if name in traits and np.isfinite(one.rate.value[[0, 2]]).all()
    }
    if not spread:
        return "Too few began to tell who drops out."
    if picture.dropped_out in {0, picture.began}:
        return "Nobody dropped out." if not picture.dropped_out else "Everybody dropped out."
    name = max(spread, key=lambda trait: spread[trait])
    rate = picture.who_drops_out[name].rate
    lowest, highest = rate[0], rate[2]
    clear = highest.low > lowest.high or lowest.low > highest.high
    return (
        f"The thirds differ most by {TRAIT_NAMES[name]}: {percent(lowest.value)} of the lowest third and "
        f"{percent(highest.value)} of the highest dropped out; the intervals "
        f"{'do not overlap' if clear else 'overlap, so this may be chance'}."
    )
