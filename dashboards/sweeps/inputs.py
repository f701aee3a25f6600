"""What a page of the sweep room asks for, from its address."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from dashboards.addresses.fields import Number, Whole, Word
from dashboards.addresses.pages import Limited
from dashboards.addresses.parameter_controls import bounds, label
from dashboards.sweeps.axis import MOST_LEVELS, SweepAxis
from dashboards.sweeps.spec import Sweep
from experiments.catalogue import OUTCOMES
from simulation.errors import AllianceError
from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState
    from dashboards.addresses.fields import Fields

__all__ = [
    "FIELDS",
    "NONE",
    "axis_names",
    "fewer_values",
    "has_range",
    "point_of_sweep",
    "span",
    "sweep_of",
]

NONE: Final = "none"
"""In place of a second parameter."""

HUGE: Final = 1e12
NAMES: Final = tuple(PARAMETERS)

FIELDS: Fields = MappingProxyType(
    {
        "x": Word("empathy", NAMES),
        "x_low": Number(None, -HUGE, HUGE),
        "x_high": Number(None, -HUGE, HUGE),
        "x_count": Whole(9, 2, MOST_LEVELS),
        "y": Word(NONE, (NONE, *NAMES)),
        "y_low": Number(None, -HUGE, HUGE),
        "y_high": Number(None, -HUGE, HUGE),
        "y_count": Whole(9, 2, MOST_LEVELS),
        "outcome": Word("dropout_rate", tuple(OUTCOMES)),
        "repeats": Whole(20, 2, 200),
        "size": Whole(200, 10, 2_000),
        "go": Whole(0, 0, 1),
        "point": Whole(-1, -1, MOST_LEVELS**2),
    }
)
"""What the room's address says."""


def axis_names() -> tuple[tuple[str, str], ...]:
    """Return every parameter that can be varied, and how it is written, by part of the model."""
    return tuple((name, label(name)) for name in NAMES)


def fewer_values(sweep: Sweep) -> tuple[str, ...]:
    """Say of each axis that has fewer values than asked for why it has: whole numbers are taken once."""
    return tuple(
        f"{label(axis.parameter)} takes whole numbers, so there are {len(axis.levels)} values in this range, "
        f"not {axis.count}."
        for axis in sweep.axes
        if axis.row.kind == "integer" and len(axis.levels) < axis.count
    )


def has_range(name: str) -> bool:
    """Tell whether a parameter is varied over a range: words and switches take all their values."""
    return PARAMETERS[name].kind in {"number", "integer"}


def span(name: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the range first offered of a parameter, and the ends that it can be given.

    A share is first varied between a fifth and nine tenths; everything else from half to double its default, as far
    as its bounds go.
    """
    row = PARAMETERS[name]
    low, high = bounds(row)
    if low is None or high is None:
        raise AllianceError(f"{name} takes {row.allowed}, not a range.")
    if row.unit == "[0, 1]":
        offered = (0.2, 0.9)
    else:
        ends = sorted((0.5 * float(row.default), 2.0 * float(row.default)))
        offered = (ends[0], ends[1]) if ends[0] < ends[1] else (low, high)
    if row.kind == "integer":
        offered = (float(round(offered[0])), float(round(offered[1])))
    offered = (max(low, offered[0]), min(high, offered[1]))
    return (offered if offered[0] < offered[1] else (low, high)), (low, high)


def axis_of(view: dict[str, Any], which: str) -> SweepAxis:
    """Return one axis.

    Raises
    ------
    AllianceError
        If the range is none.
    """
    name = view[which]
    if not has_range(name):
        return SweepAxis(name)
    (low, high), _ = span(name)
    given_low, given_high = view[f"{which}_low"], view[f"{which}_high"]
    return SweepAxis(
        name,
        low if given_low is None else given_low,
        high if given_high is None else given_high,
        view[f"{which}_count"],
    )


def sweep_of(page: PageState) -> Sweep:
    """Return the sweep that a page asks for.

    Raises
    ------
    AllianceError
        If it cannot be run as it is written; says why.
    """
    view = {name: row.start for name, row in FIELDS.items()} | dict(page.view)
    axes = [axis_of(view, "x")]
    if view["y"] != NONE:
        axes.insert(0, axis_of(view, "y"))
    return Sweep(
        tuple(axes),
        (page.preset,),
        dict(page.changes),
        view["outcome"],
        view["repeats"],
        None if "clients" in page.changes else view["size"],
        page.seed,
    )


def point_of_sweep(page: PageState) -> dict[str, Limited]:
    """Return the point that a link asks for, if the sweep has none of this number."""
    point = page.view.get("point", FIELDS["point"].start)
    try:
        sweep = sweep_of(page)
    except AllianceError:  # which the room says
        return {}
    if point < sweep.points:
        return {}
    notice = (
        f"point = {point} is not in this sweep, whose {sweep.points:,} points are numbered from 0 to "
        f"{sweep.points - 1:,}. No point is shown."
    )
    return {"point": Limited(-1, notice)}
