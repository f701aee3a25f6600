"""The charts of a lesson, as figures: each states in its summary what it shows, from its own numbers."""

from __future__ import annotations

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
from dashboards.clinics.course_axes import AXES
from dashboards.lessons.measures import MEASURES
from dashboards.lessons.measures.leaving import dropout_of_third
from dashboards.lessons.wording import amount, begun, in_words
from experiments.quantities.estimate import Estimates
from experiments.quantities.intervals import mean_of
from experiments.quantities.writing import fixed
from experiments.statistics.outcome import filled_forward
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.charts.figures import Figure
    from dashboards.lessons.findings import Finding
    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.measures.measure import ArmRun
    from dashboards.lessons.wanted import FigureWanted
    from experiments.quantities.estimate import Estimate

__all__ = ["picture"]

RATING = "wai_sr_client"


def picture(
    wanted: FigureWanted, lesson: Lesson, arms: Mapping[str, ArmRun], found: Mapping[str, Finding]
) -> Figure:
    """Return the chart that a lesson asks for."""
    chosen = [arms[name] for name in (wanted.arms or [arm.name for arm in lesson.arms])]
    match wanted.kind:
        case "findings":
            return _findings(wanted, [found[name] for name in wanted.findings])
        case "levels":
            return _levels(wanted.title, wanted.measure, chosen)
        case "curve":
            return _curve(wanted, chosen[0])
        case "staying":
            return _staying(wanted, chosen)
        case "leaving":
            return _leaving(wanted.title, chosen)
        case "therapists":
            return _therapists(wanted.title, chosen)


def _findings(wanted: FigureWanted, chosen: Sequence[Finding]) -> Bars:
    names = wanted.labels or tuple(one.label for one in chosen)
    units = {one.unit.name for one in chosen}
    differences = all(one.difference for one in chosen)
    return Bars(
        title=wanted.title,
        summary=f"{wanted.title}: "
        + "; ".join(f"{name} {in_words(one)}" for name, one in zip(names, chosen, strict=True))
        + ".",
        x=Axis(
            ("Difference" if differences else _valued(units)) + _of_unit(units),
            measured=True,
            zero=True,
        ),
        names=names,
        series=(
            interval_series(
                "Difference, with 95 % interval" if differences else "Value, with 95 % interval",
                Estimates.of([one.estimate for one in chosen]),
            ),
        ),
        points=True,
        reference=0.0,
    )


def _valued(units: set[str]) -> str:
    counted = all(unit.startswith("of ") for unit in units)
    return "Correlation" if units == {""} else "Number" if counted else "Value"


def _of_unit(units: set[str]) -> str:
    return f", {units.pop()}" if len(units) == 1 and units != {""} else ""


def _with_unit(meaning: str, unit: str) -> str:
    said = not unit or unit.lower() in meaning.lower()
    return meaning if said else f"{meaning} ({unit})"


def _levels(title: str, measure: str, arms: Sequence[ArmRun]) -> Bars:
    row = MEASURES[measure]
    found = [row.compute(arm).estimate for arm in arms]
    text = "; ".join(
        f"{arm.title}: {amount(one.value, row.unit)}" for arm, one in zip(arms, found, strict=True)
    )
    return Bars(
        title=title,
        summary=f"{row.meaning} {begun(text)}.",
        x=Axis(_with_unit(row.meaning.rstrip("."), row.unit.name), measured=True, zero=True),
        names=tuple(arm.title for arm in arms),
        series=(interval_series("Value, with 95 % interval", Estimates.of(found)),),
        points=True,
    )


def _curve(wanted: FigureWanted, arm: ArmRun) -> Lines:
    """Return mean ratings over sessions: of those still there (also their first), and of all who began."""
    panel = arm.tables.panel(RATING)[arm.tables.started][:, : wanted.sessions]
    there = np.isfinite(panel)
    carried = filled_forward(panel)
    xs = list(range(1, panel.shape[1] + 1))
    row = INSTRUMENTS[RATING]
    present = Estimates.of([mean_of(panel[:, s]) for s in range(len(xs))])
    same_at_first = np.array([panel[there[:, s], 0].mean() for s in range(len(xs))])
    last = xs[-1]
    held = numbers(there.sum(axis=0))
    return Lines(
        title=wanted.title,
        summary=(
            f"Mean rating of those still there: {fixed(present[0].value, 1)} in session 1 and"
            f" {fixed(present[-1].value, 1)} in session {last}, when"
            f" {fixed(100.0 * float(there[:, -1].mean()), 0)} in 100 are left. Those same clients had begun at"
            f" {fixed(same_at_first[-1], 1)}. All who began, with the last rating of those who have left:"
            f" {fixed(float(np.nanmean(carried[:, -1])), 1)}."
        ),
        x=Axis("Session", 1.0, float(last)),
        y=Axis(AXES[RATING].label, measured=True),
        xs=numbers(xs),
        series=(
            interval_series("those still there", present.within(row.low, row.high), number=held),
            Series(
                "all who began, last rating carried forward", numbers(np.nanmean(carried, axis=0))
            ),
            Series("those still there, in session 1", numbers(same_at_first), role="reference"),
        ),
        counted=STILL_THERE,
    )


def _staying(wanted: FigureWanted, arms: Sequence[ArmRun]) -> Lines:
    xs = list(range(1, wanted.sessions + 1))
    shares, counts = [], []
    for arm in arms:
        held = arm.tables.sessions_attended[arm.tables.started]
        shares.append([float((held >= session).mean()) for session in xs])
        counts.append([int((held >= session).sum()) for session in xs])
    text = "; ".join(
        f"{arm.title}: {fixed(100 * share[min(4, len(share) - 1)], 0)} in 100 hold a fifth session,"
        f" {fixed(100 * share[-1], 0)} session {xs[-1]}"
        for arm, share in zip(arms, shares, strict=True)
    )
    return Lines(
        title=wanted.title,
        summary=f"Clients still in treatment, whatever the reason of those who are not. {begun(text)}.",
        x=Axis("Session", 1.0, float(xs[-1])),
        y=Axis("Still in treatment", 0.0, 1.0, percent=True),
        xs=numbers(xs),
        series=tuple(
            Series(arm.title, numbers(share), number=numbers(count))
            for arm, share, count in zip(arms, shares, counts, strict=True)
        ),
        steps=True,
        counted=STILL_THERE,
    )


def _leaving(title: str, arms: Sequence[ArmRun]) -> Bars:
    names = ("weakest third", "middle third", "strongest third")
    series = [
        interval_series(
            arm.title,
            Estimates.of(
                [dropout_of_third(number)(arm).estimate.times(0.01) for number in range(len(names))]
            ),
        )
        for arm in arms
    ]
    text = ". ".join(
        f"{begun(one.name)}: "
        + ", ".join(
            f"{name} {fixed(100 * (value or 0.0), 0)} in 100"
            for name, value in zip(names, one.values, strict=True)
        )
        for one in series
    )
    return Bars(
        title=title,
        summary=f"Dropout by how the client rated the alliance in session 1. {begun(text)}.",
        x=Axis("Dropped out", percent=True, zero=True),
        names=names,
        series=tuple(series),
    )


def _therapists(title: str, arms: Sequence[ArmRun]) -> Bars:
    """Return the first clinic's therapists, best first, in each arm: mean improvement of their clients."""
    series, text = [], []
    count = min(arm.result.parameters.therapists for arm in arms)
    for arm in arms:
        team = sorted(_of_first_team(arm), key=lambda one: -one.value)[:count]
        text.append(
            f"{begun(arm.title)}: from {fixed(team[0].value, 1)} points for the best to"
            f" {fixed(team[-1].value, 1)} for the last"
        )
        series.append(interval_series(arm.title, Estimates.of(team)))
    return Bars(
        title=title,
        summary=f"One clinic of each kind, its therapists from best to last. {'. '.join(text)}.",
        x=Axis("Mean fall of CORE-10, points", measured=True, zero=True),
        names=tuple(f"rank {number + 1}" for number in range(count)),
        series=tuple(series),
        points=True,
        reference=0.0,
    )


def _of_first_team(arm: ArmRun) -> list[Estimate]:
    """Return the mean improvement of the clients of each therapist of the first clinic, of those who had two."""
    tables = arm.tables
    change = tables.client("core_10_intake") - tables.client("core_10_last")
    mine = tables.started & np.isfinite(change) & (tables.study == 0)
    therapist = tables.client("therapist")
    team = range(arm.result.parameters.therapists)
    changes = [change[mine & (therapist == one)] for one in team]
    return [mean_of(one) for one in changes if one.size >= 2]
