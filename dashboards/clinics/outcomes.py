"""How values of outcomes and differences are written beside a chart: from the numbers that the chart is sent."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dashboards.charts.figures import DIGITS, plain_number
from experiments.quantities.writing import fixed

if TYPE_CHECKING:
    from experiments.quantities.unit import Unit

__all__ = ["amount_text", "value_text"]


def value_text(unit: Unit, number: float) -> str:
    """Write a value: ``31.4 %``, ``5.20``."""
    if not math.isfinite(number):
        return "not defined"
    return f"{amount_text(unit, number)} %" if unit.percent else amount_text(unit, number)


def amount_text(unit: Unit, number: float) -> str:
    """Write the size of a difference without its unit; shares in percentage points."""
    sent = round(number, DIGITS)
    return fixed(100 * sent, 1) if unit.percent else plain_number(sent)
