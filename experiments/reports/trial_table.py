"""The table of how analyses do in simulated trials: a row for each measure, a column for each analysis."""

from __future__ import annotations

import math
from string import ascii_uppercase
from typing import TYPE_CHECKING

from experiments.quantities.writing import fixed, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.quantities.monte_carlo import Measured
    from experiments.trials.characteristics import Characteristics
    from experiments.trials.result import TrialResult

__all__ = ["EXPLAINED", "head_of", "letter", "letter_lines", "plus_minus", "rows_of"]

EXPLAINED = (
    "bias: the mean estimate less the true effect, in points.",
    "at boundary: the share of fits in which a variance was estimated as 0.",
)
"""What two of the measures are that a reader may not know by these names."""


def letter(place: int) -> str:
    """Return what an analysis is called in tables: A, B, ... Z, A2, ..."""
    again = place // len(ascii_uppercase)
    return ascii_uppercase[place % len(ascii_uppercase)] + (str(again + 1) if again else "")


def letter_lines(analyses: Sequence[str]) -> tuple[str, ...]:
    """Return which analysis each letter stands for; the first is the primary one."""
    return tuple(
        f"{letter(place)}: {name}{'' if place else ', the primary analysis'}"
        for place, name in enumerate(analyses)
    )


def head_of(result: TrialResult, shown: Sequence[Characteristics]) -> tuple[str, ...]:
    """Return the heads of columns, with the arm where several are compared with the first."""
    letters = {name: letter(place) for place, name in enumerate(result.analyses)}
    several = len(result.effects) > 1
    return tuple(
        f"{letters[one.analysis]}: {one.arm}" if several else letters[one.analysis] for one in shown
    )


def rows_of(shown: Sequence[Characteristics]) -> tuple[tuple[str, ...], ...]:
    """Return the name of each measure with what some analyses have of it."""
    return (
        ("bias", *(_measured(one.bias, 2) for one in shown)),
        ("empirical SE", *(_measured(one.empirical_se, 2) for one in shown)),
        ("model SE", *(_measured(one.model_se, 2) for one in shown)),
        ("coverage", *(_measured(one.coverage, 3) for one in shown)),
        ("power", *("withheld" if one.withheld else _measured(one.power, 3) for one in shown)),
        ("type I error", *(_measured(one.type_1, 3) for one in shown)),
        ("wrong sign", *(_measured(one.sign_error, 3) for one in shown)),
        ("at boundary", *(percent(one.boundary) for one in shown)),
        ("failed", *(f"{one.failed:,}" for one in shown)),
    )


def _measured(one: Measured, digits: int) -> str:
    return plus_minus(one.value, one.error, digits)


def plus_minus(value: float, error: float, digits: int) -> str:
    """Write a number with its Monte Carlo standard error."""
    if math.isnan(value):
        return fixed(value, digits)
    return f"{fixed(value, digits)} ± {fixed(error, digits)}"
