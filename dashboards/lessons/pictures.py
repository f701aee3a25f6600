"""The charts of a lesson, as figures: each states in its summary what it shows, from its own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboards.charts.figures import STILL_THERE, Axis, Bars, Lines, Series, numbers
from dashboards.lessons.measures import MEASURES
from dashboards.lessons.measures.leaving import thirds_by_first_rating
from dashboards.lessons.wording import amount, in_words, number
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dashboards.charts.figures import Figure
    from dashboards.lessons.findings import Found
    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.measures.measure import ArmRun
    from dashboards.lessons.wanted import FigureWanted

    Numbers = NDArray[np.float64]

__all__ = ["picture"]

COLUMNS: Mapping[str, str] = {
    "wai_sr_client": "Alliance as the client rates it (WAI-SR, 12 to 60)",
    "core_10": "Distress (CORE-10, 0 to 40)",
}


def picture(
    wanted: FigureWanted, lesson: Lesson, arms: Mapping[str, ArmRun], found: Mapping[str, Found]
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


def _findings(wanted: FigureWanted, chosen: Sequence[Found]) -> Bars:
    names = wanted.labels or tuple(one.label for one in chosen)
    units = {one.unit for one in chosen}
    differences = all(one.difference for one in chosen)
    return Bars(
        title=wanted.title,
        summary=f"{wanted.title}: "
        + "; ".join(f"{name} {in_words(one)}" for name, one in zip(names, chosen, strict=True))
        + ".",
        x=Axis(("Difference" if differences else _valued(units)) + _of_unit(units), measured=True),
        names=names,
        series=(
            Series(
                "Difference, with 95 % interval" if differences else "Value, with 95 % interval",
                numbers(one.value for one in chosen),
                numbers(one.low for one in chosen),
                numbers(one.high for one in chosen),
            ),
        ),
        points=True,
        reference=0.0,
    )


def _valued(units: set[str]) -> str:
    return "Correlation" if units == {""} else "Value"


def _of_unit(units: set[str]) -> str:
    return f", {units.pop()}" if len(units) == 1 and units != {""} else ""


def _with_unit(meaning: str, unit: str) -> str:
    said = not unit or unit.lower() in meaning.lower()
    return meaning if said else f"{meaning} ({unit})"


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _levels(title: str, measure: str, arms: Sequence[ArmRun]) -> Bars:
    row = MEASURES[measure]
    parts = [row.compute(arm) for arm in arms]
    values = [one.value for one in parts]
    half = [_half_width(one.parts) for one in parts]
    told = "; ".join(
        f"{arm.title}: {amount(value, row.digits, row.unit)}"
        for arm, value in zip(arms, values, strict=True)
    )
    return Bars(
        title=title,
        summary=f"{row.meaning} {_begun(told)}.",
        x=Axis(_with_unit(row.meaning.rstrip("."), row.unit), low=0.0, measured=True),
        names=tuple(arm.title for arm in arms),
        series=(
            Series(
                "Value, with 95 % interval",
                numbers(values),
                numbers(v - h for v, h in zip(values, half, strict=True)),
                numbers(v + h for v, h in zip(values, half, strict=True)),
            ),
        ),
        points=True,
    )


def _half_width(parts: Numbers) -> float:
    known = parts[np.isfinite(parts)]
    return 1.96 * float(known.std(ddof=1)) / float(np.sqrt(known.size)) if known.size > 1 else 0.0


def _curve(wanted: FigureWanted, arm: ArmRun) -> Lines:
    """Return a rating over sessions: of those still there, of all who began, and the same clients' first rating."""
    panel = arm.tables.panel(wanted.column)[arm.tables.started][:, : wanted.sessions]
    there = np.isfinite(panel)
    carried = panel.copy()
    for session in range(1, panel.shape[1]):
        gone = np.isnan(carried[:, session])
        carried[gone, session] = carried[gone, session - 1]
    xs = list(range(1, panel.shape[1] + 1))
    present = np.array([panel[there[:, s], s].mean() for s in range(len(xs))])
    error = np.array(
        [1.96 * panel[there[:, s], s].std() / np.sqrt(there[:, s].sum()) for s in range(len(xs))]
    )
    row = INSTRUMENTS[wanted.column]
    low, high = np.clip([present - error, present + error], row.low, row.high)
    same_at_first = np.array([panel[there[:, s], 0].mean() for s in range(len(xs))])
    last = xs[-1]
    held = numbers(there.sum(axis=0))
    return Lines(
        title=wanted.title,
        summary=(
            f"Mean rating of those still there: {number(present[0], 1)} in session 1 and {number(present[-1], 1)} in"
            f" session {last}, when {number(100.0 * float(there[:, -1].mean()), 0)} in 100 are left. Those same"
            f" clients had begun at {number(same_at_first[-1], 1)}. All who began, with the last"
            f" rating of those who have left: {number(float(np.nanmean(carried[:, -1])), 1)}."
        ),
        x=Axis("Session", 1.0, float(last)),
        y=Axis(COLUMNS.get(wanted.column, wanted.column), measured=True),
        xs=numbers(xs),
        series=(
            Series(
                "those still there",
                numbers(present),
                numbers(low),
                numbers(high),
                number=held,
            ),
            Series("all who began, last rating kept", numbers(np.nanmean(carried, axis=0))),
            Series("those still there, in session 1", numbers(same_at_first), role="reference"),
        ),
        counted=STILL_THERE,
    )


def _staying(wanted: FigureWanted, arms: Sequence[ArmRun]) -> Lines:
    xs = list(range(1, wanted.sessions + 1))
    shares, counts = [], []
    for arm in arms:
        held = arm.tables.sessions_held[arm.tables.started]
        shares.append([float((held >= session).mean()) for session in xs])
        counts.append([int((held >= session).sum()) for session in xs])
    told = "; ".join(
        f"{arm.title}: {number(100 * share[min(4, len(share) - 1)], 0)} in 100 hold a fifth session,"
        f" {number(100 * share[-1], 0)} session {xs[-1]}"
        for arm, share in zip(arms, shares, strict=True)
    )
    return Lines(
        title=wanted.title,
        summary=f"Clients still in treatment, whatever the reason of those who are not. {_begun(told)}.",
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
    series = []
    for arm in arms:
        left = arm.tables.dropped_out
        shares, counts = [], []
        for who in thirds_by_first_rating(arm):
            shares.append(float(left[who].mean()))
            counts.append(int(who.sum()))
        values = np.array(shares)
        half = 1.96 * np.sqrt(values * (1 - values) / np.maximum(np.array(counts), 1))
        series.append(
            Series(
                arm.title,
                numbers(values),
                numbers(np.maximum(values - half, 0.0)),
                numbers(np.minimum(values + half, 1.0)),
            )
        )
    told = ". ".join(
        f"{_begun(one.name)}: "
        + ", ".join(
            f"{name} {number(100 * (value or 0.0), 0)} in 100"
            for name, value in zip(names, one.values, strict=True)
        )
        for one in series
    )
    return Bars(
        title=title,
        summary=f"Dropout by how the client rated the alliance in session 1. {_begun(told)}.",
        x=Axis("Dropped out", 0.0, percent=True),
        names=names,
        series=tuple(series),
    )


def _therapists(title: str, arms: Sequence[ArmRun]) -> Bars:
    """Return the first clinic's therapists, best first, in each arm: mean improvement of their clients."""
    series, told = [], []
    count = min(arm.result.parameters.therapists for arm in arms)
    for arm in arms:
        means, errors = _of_first_team(arm)
        order = np.argsort(-means)[:count]
        best, worst = means[order[0]], means[order[-1]]
        told.append(
            f"{_begun(arm.title)}: from {number(float(best), 1)} points for the best to"
            f" {number(float(worst), 1)} for the last"
        )
        series.append(
            Series(
                arm.title,
                numbers(means[order]),
                numbers(means[order] - errors[order]),
                numbers(means[order] + errors[order]),
            )
        )
    return Bars(
        title=title,
        summary=f"One clinic of each kind, its therapists from best to last. {'. '.join(told)}.",
        x=Axis("Mean fall of CORE-10, points", measured=True),
        names=tuple(f"rank {place + 1}" for place in range(count)),
        series=tuple(series),
        points=True,
        reference=0.0,
    )


def _of_first_team(arm: ArmRun) -> tuple[Numbers, Numbers]:
    tables = arm.outcome_tables
    mine = tables.measured & (tables.of_client == 0)
    therapist = np.asarray(tables.clients["therapist"])
    means, errors = [], []
    for one in range(arm.result.parameters.therapists):
        changes = tables.change[mine & (therapist == one)]
        if changes.size < 2:
            continue
        means.append(float(changes.mean()))
        errors.append(1.96 * float(changes.std(ddof=1)) / float(np.sqrt(changes.size)))
    return np.array(means), np.array(errors)
