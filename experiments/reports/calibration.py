"""A calibration for the terminal: the best set against its targets, and what moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from experiments.quantities.writing import percent, significant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import RenderableType

    from experiments.calibration import Calibration

__all__ = ["calibration_page"]

PINNED_DOWN = 0.2
"""Share of a parameter's prior variance below which the facts do not say what it is."""


def calibration_page(calibration: Calibration, preset: Path | None) -> Iterator[RenderableType]:
    """Yield both tables, what they mean, and how to use the `preset` that was written."""
    yield _targets(calibration)
    yield _parameters(calibration)
    members, left = len(calibration.places), int(calibration.not_ruled_out.sum())
    of = f"{members} parameter sets ({members - 1} members and their mean)"
    if left:
        yield Text(
            f"{left} of {of} are not ruled out: they reproduce the targets about equally well, "
            "and what they predict differs. Use all of them to say how sure a prediction is."
        )
    else:
        yield Text(
            f"All {of} are ruled out: moving these parameters alone does not meet the targets. "
            "Let more of them move (--parameters), or look at the targets marked NO."
        )
    if preset is not None:
        yield Text(f"Use it: alliance run --preset {preset}")


def _targets(calibration: Calibration) -> Table:
    table = Table(title="The best set against its targets", title_justify="left")
    for column in ("target", "range", "simulated", "inside", "of all sets"):
        table.add_column(column, justify="left" if column == "target" else "right")
    for fit in calibration.fits():
        table.add_row(
            fit.target.id,
            f"{significant(fit.target.low, 3)} to {significant(fit.target.high, 3)}",
            significant(fit.simulated, 3),
            "yes" if fit.inside else "NO",
            percent(fit.members_inside),
        )
    return table


def _parameters(calibration: Calibration) -> Table:
    table = Table(title="Parameters", title_justify="left")
    for column in ("parameter", "was", "is", "95 % of sets not ruled out", "pinned down"):
        table.add_column(column, justify="left" if column == "parameter" else "right")
    intervals, shares = calibration.intervals(), calibration.identifiability()
    for name, value in calibration.values(calibration.best).items():
        low, high = intervals[name]
        share = shares[name]
        table.add_row(
            name,
            significant(getattr(calibration.base, name), 4),
            significant(value, 4),
            f"{significant(low, 3)} to {significant(high, 3)}",
            percent(share) if share >= PINNED_DOWN else f"{percent(share)}, not by these facts",
        )
    return table
