"""What a sweep looks like so far: a line with intervals over one parameter, a map over two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dashboards.charts.figures import Axis, Bars, Heat, Lines, Series, interval_series, numbers
from dashboards.clinics.outcomes import value_text
from experiments.quantities.writing import significant

if TYPE_CHECKING:
    from dashboards.sweeps.refinement import SweepProgress
    from experiments.design.value import Scalar

__all__ = ["sweep_figure", "written"]


def sweep_figure(progress: SweepProgress) -> Lines | Bars | Heat:
    """Return the figure of what is known so far.

    Lines over a parameter of numbers, points over one of words or a switch, a map over two parameters. Points of
    lines and bars, and cells of a map (columns for the last axis, rows for the first), are in the order of the
    axes' levels: the place clicked gives the point by `Sweep.point_of`.
    """
    if len(progress.sweep.axes) == 2:
        return _map(progress)
    if progress.sweep.axes[0].numeric:
        return _line(progress)
    return _points(progress)


def _title(progress: SweepProgress) -> str:
    names = " and ".join(axis.parameter.replace("_", " ") for axis in progress.sweep.axes)
    return f"{progress.sweep.measure.title} over {names}"


def _state(progress: SweepProgress) -> str:
    sweep = progress.sweep
    known = progress.number[progress.number > 0]
    if not len(known):
        return "Nothing has been run yet."
    if progress.failed:
        first = next(iter(progress.failed.values()))
        return f"{len(progress.failed)} of {sweep.points} points cannot be run: {first}"
    missing = sweep.points - len(known)
    least, most = int(known.min()), int(known.max())
    runs = f"{most}" if least == most else f"{least} to {most}"
    text = f"{runs} {'clinic' if most == 1 else 'clinics'} a point"
    return f"{text}; {missing} points not yet run." if missing else f"{text}."


def _summary(progress: SweepProgress) -> str:
    sweep, mean = progress.sweep, progress.found.value
    known = np.flatnonzero(~np.isnan(mean))
    if not len(known):
        return _state(progress)
    lowest, highest = known[np.argmin(mean[known])], known[np.argmax(mean[known])]
    outcome = sweep.measure
    least, most = (value_text(outcome.unit, float(mean[at])) for at in (lowest, highest))
    if mean[lowest] == mean[highest]:
        return f"{outcome.title} is {least} everywhere. {_state(progress)}"
    return (
        f"{outcome.title} is lowest, {least}, at {_where(progress, int(lowest))} and "
        f"highest, {most}, at {_where(progress, int(highest))}. {_state(progress)}"
    )


def _where(progress: SweepProgress, point: int) -> str:
    sweep = progress.sweep
    return ", ".join(
        f"{axis.parameter.replace('_', ' ')} {written(value)}"
        for axis, value in zip(sweep.axes, sweep.grid[point], strict=True)
    )


def written(value: Scalar) -> str:
    """Write the value of a parameter for people."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return value.replace("_", " ")
    return f"{value:,}" if isinstance(value, int) else significant(value, 4)


def _outcome_axis(progress: SweepProgress) -> Axis:
    outcome = progress.sweep.measure
    return Axis(outcome.axis, percent=outcome.unit.percent, measured=True)


def _series(progress: SweepProgress) -> Series:
    outcome = progress.sweep.measure
    return interval_series(outcome.title, progress.found.within(*outcome.unit.range))


def _line(progress: SweepProgress) -> Lines:
    axis = progress.sweep.axes[0]
    levels = [float(value) for value in axis.levels]
    return Lines(
        title=_title(progress),
        summary=_summary(progress),
        x=Axis(axis.label, low=levels[0], high=levels[-1]),
        y=_outcome_axis(progress),
        xs=numbers(levels, 6),
        series=(_series(progress),),
    )


def _points(progress: SweepProgress) -> Bars:
    axis = progress.sweep.axes[0]
    return Bars(
        title=_title(progress),
        summary=_summary(progress),
        x=_outcome_axis(progress),
        names=tuple(written(value) for value in axis.levels),
        series=(_series(progress),),
        points=True,
    )


def _map(progress: SweepProgress) -> Heat:
    down, across = progress.sweep.axes
    return Heat(
        title=_title(progress),
        summary=_summary(progress),
        x=Axis(across.label),
        y=Axis(down.label),
        xs=tuple(written(value) for value in across.levels),
        ys=tuple(written(value) for value in down.levels),
        values=tuple(numbers(row) for row in progress.found.value.reshape(progress.sweep.shape)),
        value=_outcome_axis(progress),
    )
