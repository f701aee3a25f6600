"""The figures of the clinic room, each with a sentence computed from what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dashboards.charts.figures import (
    STILL_THERE,
    Axis,
    Bars,
    Lines,
    Series,
    interval_series,
    numbers,
)
from dashboards.clinics.courses import EVERYBODY
from dashboards.clinics.leaving import EARLY_ALLIANCE
from dashboards.clinics.outcomes import value_text
from experiments.catalogue import outcome
from experiments.quantities.estimate import Estimates
from experiments.quantities.writing import count, fixed, percent
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from dashboards.clinics.pictures import Picture

__all__ = [
    "Headline",
    "alliance_figure",
    "distress_figure",
    "dropout_figure",
    "headlines",
    "number_figure",
    "reach_of",
    "survival_figure",
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

THOSE = {
    "completed": "Those who ended as planned",
    "dropped_out": "Those who dropped out",
    "session_limit": "Those stopped by the session limit",
    "boundary_violation": "Those who ended after a boundary violation",
    "in_treatment": "Those still there at the end",
}
"""Ending to how its curve is named, in the same order."""

PLACES = {name: place + 1 for place, name in enumerate(GROUPS)}
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
TRAIT_NAMES = {
    "attachment_anxiety": "attachment anxiety",
    "attachment_avoidance": "attachment avoidance",
    "severity": "severity",
    "motivation": "motivation",
    EARLY_ALLIANCE: "alliance reported at session 3",
}
SESSION = Axis("Session", low=1)
FEWEST = 3
"""Clients from which a group's curve is drawn at a session."""


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


def _nobody(picture: Picture) -> str | None:
    return None if picture.began else "Nobody has begun therapy."


def survival_figure(picture: Picture) -> Lines:
    """Return the share still in treatment, and the share who dropped out, after each session."""
    found = picture.survival
    # Those at risk of ending at the next session are those still there after this one.
    there = np.append(found.at_risk[1:], 0)
    return Lines(
        title="Still in treatment",
        summary=_nobody(picture) or _about_dropout(picture),
        x=Axis("Sessions held", low=0),
        y=Axis("Share of clients who began", low=0, high=1, percent=True),
        xs=numbers(found.sessions),
        series=(
            interval_series("Still in treatment", found.staying, colour=0, number=numbers(there)),
            Series("Dropped out", numbers(found.left), colour=PLACES["dropped_out"]),
        ),
        steps=True,
        counted=STILL_THERE,
    )


def _about_dropout(picture: Picture) -> str:
    began = f"Of {picture.began:,} who began"
    if not picture.dropped_out:
        return f"{began}, nobody dropped out."
    by = picture.dropped_out_by
    when = "after the first session" if by == 1 else f"by session {by}"
    return f"{began}, {percent(picture.dropped_out / picture.began)} dropped out, at least half of them {when}."


def alliance_figure(picture: Picture, *, reported: bool = True, split: bool = True) -> Lines:
    """Return the alliance over sessions: of those still in treatment, of all who began, and by ending.

    Parameters
    ----------
    picture
        Of the clinic.
    reported
        WAI-SR by clients; else the latent alliance.
    split
        Whether to draw a curve for each ending.
    """
    measure, axis = (
        ("wai_sr_client", Axis("Alliance reported by clients (WAI-SR, 12 to 60)"))
        if reported
        else ("alliance", Axis("Latent alliance (0 to 1)"))
    )
    return _course(picture, measure, "Alliance over sessions", axis, split)


def distress_figure(picture: Picture, *, reported: bool = True, split: bool = True) -> Lines:
    """Return distress over sessions; parameters as for `alliance_figure`."""
    measure, axis = (
        ("core_10", Axis("Distress reported by clients (CORE-10, 0 to 40)"))
        if reported
        else ("distress", Axis("Latent distress (0 to 1)"))
    )
    return _course(picture, measure, "Distress over sessions", axis, split)


def _course(picture: Picture, measure: str, title: str, axis: Axis, split: bool) -> Lines:
    groups = picture.courses[measure]
    everybody = groups[EVERYBODY]
    series = [
        interval_series(
            "Still in treatment at that session",
            everybody.mean.within(*reach_of(measure)),
            colour=0,
            number=numbers(everybody.number),
        ),
        Series(
            "All who began, last value carried forward",
            numbers(picture.all_who_began[measure]),
            role="reference",
            colour=0,
        ),
    ]
    if split:
        for name, words in THOSE.items():
            if name in groups:
                shown = np.where(groups[name].number >= FEWEST, groups[name].mean.value, np.nan)
                if not np.isfinite(shown).any():
                    continue
                series.append(
                    Series(
                        words,
                        numbers(shown),
                        role="part",
                        colour=PLACES[name],
                        number=numbers(groups[name].number),
                    )
                )
    return Lines(
        title=title,
        summary=_nobody(picture) or _survivorship(picture, measure),
        x=SESSION,
        y=axis,
        xs=numbers(range(1, len(everybody.mean) + 1)),
        series=tuple(series),
        counted=STILL_THERE,
    )


def reach_of(measure: str) -> tuple[float, float]:
    """Return the lowest and the highest value that a measure can take: those of its questionnaire, or 0 and 1."""
    one = INSTRUMENTS.get(measure)
    return (one.low, one.high) if one is not None else (0.0, 1.0)


def _survivorship(picture: Picture, measure: str) -> str:
    """Compare those still there with all who began, at the last session that a tenth of them held."""
    curve = picture.courses[measure][EVERYBODY]
    many = np.flatnonzero(curve.number >= max(2, picture.began / 10))
    if not len(many):
        return f"{count(picture.began, 'client')} began; too few for a curve."
    at = int(many[-1])
    there, of_all = curve.mean[at].value, float(picture.all_who_began[measure][at])
    digits = 2 if measure in {"alliance", "distress"} else 1
    first = f"At session 1 the mean is {fixed(curve.mean[0].value, digits)}"
    if not at:
        return f"{first}, of {count(picture.began, 'client')}; too few hold a second session to tell more."
    return (
        f"{first}. At session {at + 1}, {int(curve.number[at]):,} of "
        f"{picture.began:,} are still in treatment and their mean is {fixed(there, digits)}; of all who began, the "
        f"last value carried forward, it is {fixed(of_all, digits)}."
    )


def number_figure(picture: Picture) -> Lines:
    """Return how many clients held each session, by how they ended, stacked."""
    groups = picture.courses["alliance"]
    total = groups[EVERYBODY].number
    first = f"{count(int(total[0]), 'client')} held session 1" if len(total) else ""
    half = np.flatnonzero(total < total[0] / 2) if len(total) else np.array([], dtype=np.int64)
    then = (
        f"; from session {int(half[0]) + 1} on fewer than half of them are there."
        if len(half)
        else "."
    )
    return Lines(
        title="Clients at each session",
        summary=_nobody(picture) or first + then,
        x=SESSION,
        y=Axis("Clients", low=0),
        # Nobody holds a session after the last: the steps come down there.
        xs=numbers(range(1, len(total) + 2 if len(total) else 1)),
        series=tuple(
            Series(
                f"Later {words}" if name != "in_treatment" else "Still in treatment at the end",
                numbers([*groups[name].number, 0]),
                colour=PLACES[name],
            )
            for name, words in GROUPS.items()
            if name in groups
        ),
        stacked=True,
        steps=True,
    )


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
        summary=_nobody(picture) or _about_thirds(picture, traits),
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
