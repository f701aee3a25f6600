"""The figures of a clinic session by session: who is still there, and how those who are do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboards.charts.figures import (
    STILL_THERE,
    Axis,
    Lines,
    Series,
    interval_series,
    numbers,
)
from dashboards.clinics.course_axes import AXES, reach_of
from dashboards.clinics.courses import EVERYBODY
from dashboards.clinics.figures import GROUPS, PLACES, nobody_began
from experiments.quantities.writing import count, fixed, percent

if TYPE_CHECKING:
    from dashboards.clinics.pictures import Picture

__all__ = ["alliance_figure", "distress_figure", "number_figure", "survival_figure"]

THOSE = {
    "completed": "Those who ended as planned",
    "dropped_out": "Those who dropped out",
    "session_limit": "Those stopped by the session limit",
    "boundary_violation": "Those who ended after a boundary violation",
    "in_treatment": "Those still there at the end",
}
"""Ending to how its curve is named, in the same order."""

SESSION = Axis("Session", low=1)

FEWEST = 3
"""Clients from which a group's curve is drawn at a session."""


def survival_figure(picture: Picture) -> Lines:
    """Return the share still in treatment, and the share who dropped out, after each session."""
    found = picture.survival
    # Those at risk of ending at the next session are those still there after this one.
    there = np.append(found.at_risk[1:], 0)
    return Lines(
        title="Still in treatment",
        summary=nobody_began(picture) or _about_dropout(picture),
        x=Axis("Sessions held", low=0),
        y=AXES["staying"],
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
    measure = "wai_sr_client" if reported else "alliance"
    return _course(picture, measure, "Alliance over sessions", split)


def distress_figure(picture: Picture, *, reported: bool = True, split: bool = True) -> Lines:
    """Return distress over sessions; parameters as for `alliance_figure`."""
    measure = "core_10" if reported else "distress"
    return _course(picture, measure, "Distress over sessions", split)


def _course(picture: Picture, measure: str, title: str, split: bool) -> Lines:
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
        summary=nobody_began(picture) or _survivorship(picture, measure),
        x=SESSION,
        y=AXES[measure],
        xs=numbers(range(1, len(everybody.mean) + 1)),
        series=tuple(series),
        counted=STILL_THERE,
    )


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
        summary=nobody_began(picture) or first + then,
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
