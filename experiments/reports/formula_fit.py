"""What ``alliance fit`` prints."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

    from experiments.inference.formula_fit import FormulaFit

__all__ = ["fit_page"]


def fit_page(fitted: FormulaFit) -> list[RenderableType]:
    """Return the model, its coefficients with the tested one marked, and its variances."""
    from rich.table import Table
    from rich.text import Text

    groups = ", ".join(f"{count:,} of {name}" for name, count in fitted.groups.items())
    head = f"{fitted.formula}\n{fitted.rows:,} rows"
    if groups:
        head += f"; groups: {groups}"
    if fitted.left_out:
        head += f"; left out: {fitted.left_out:,} rows"
    coefficients = Table("", "estimate", "SE", "df", "p", "95 % interval")
    for column in coefficients.columns[1:]:
        column.justify = "right"
    for name, one in fitted.coefficients.items():
        coefficients.add_row(
            f"{name} *" if name == fitted.effect else name,
            _number(one.estimate),
            _number(one.se),
            "∞" if math.isinf(one.df) else f"{one.df:.2f}",
            f"{one.p:.4f}" if one.p >= 0.0001 else "< .0001",
            f"{_number(one.low)} to {_number(one.high)}",
        )
    variances = Table("variance of", "")
    variances.columns[1].justify = "right"
    for name, value in fitted.variances.items():
        variances.add_row(name, _number(value))
    foot = f"* the effect asked for. Degrees of freedom: {fitted.df_method}. REML criterion: {fitted.reml:.6f}."
    if fitted.boundary:
        foot += (
            "\nA variance is estimated as 0, or a correlation as 1 or -1: the methods for degrees of freedom differ"
            " most here (docs/trials.md)."
        )
    return [Text(head), coefficients, variances, Text(foot)]


def _number(value: float) -> str:
    return f"{value:.7g}"
