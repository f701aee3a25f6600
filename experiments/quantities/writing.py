"""How numbers are written for people: the one place that rounds, and that knows the minus sign.

Halves are rounded away from zero, as a browser's ``toFixed`` does (Python's own formatting takes them to the even
digit), so that a sentence, its chart and its table never differ by a last digit. What is not a number is a dash.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.quantities.estimate import Estimate

__all__ = [
    "MINUS",
    "NONE",
    "certain_digits",
    "count",
    "estimate",
    "fixed",
    "percent",
    "plus_minus",
    "published",
    "significant",
    "span",
]

MINUS = "\N{MINUS SIGN}"
NONE = "–"
"""In the place of a number where there is none."""


def fixed(value: float, digits: int) -> str:
    """Write a number with so many decimals; no sign for what rounds to zero."""
    if math.isnan(value):
        return NONE
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return _signed(str(Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)))


def significant(value: float | None, figures: int = 6) -> str:
    """Write a number with at most so many significant figures, as briefly as that goes; whole digits are kept.

    Examples
    --------
    >>> [significant(value, 3) for value in (0.2784, 12345.6, 2.0, 1.5e-7)]
    ['0.278', '12346', '2', '1.5e−7']
    """
    if value is None:
        return NONE
    if not math.isfinite(value) or value == 0:
        return fixed(value, 0)
    size = math.floor(math.log10(abs(value)))
    if not -5 <= size <= 15:
        digits, _, power = f"{Decimal(value):.{figures - 1}e}".partition("e")
        return f"{_signed(_brief(digits))}e{_signed(str(int(power)))}"
    return _brief(fixed(value, max(0, figures - 1 - size)))


def published(value: float | None) -> str:
    """Write a published or a simulated finding: three places, whatever its unit; a dash where there is none."""
    if value is None or math.isnan(value):
        return NONE
    if math.isinf(value):
        return "never" if value > 0 else fixed(value, 0)
    size = abs(value)
    if size >= 10:
        return fixed(value, 0 if size >= 100 else 1)
    return fixed(value, 2 if size >= 0.095 or size == 0 else 3)


def percent(share: float, digits: int = 0) -> str:
    """Write a share as a percentage: none and all are said of none and all only.

    Examples
    --------
    >>> [percent(share) for share in (0.0, 0.004, 0.314, 0.997, 1.0)]
    ['0 %', '0.4 %', '31 %', '99.7 %', '100 %']
    """
    if math.isnan(share):
        return NONE
    if 0 < share < 0.00005 or 0.99995 < share < 1:
        return "under 0.01 %" if share < 0.5 else "over 99.99 %"
    if 0 < share < 0.0095 or 0.9905 < share < 1:
        near = min(share, 1 - share)
        digits = max(digits, 1 if near >= 0.0005 else 2)
    return f"{fixed(100 * share, digits)} %"


def span(low: float | None, high: float | None) -> str:
    """Write from where to where: ``12 to 60``."""
    return f"{significant(low)} to {significant(high)}"


def estimate(found: Estimate, digits: int | None = None) -> str:
    """An estimate and its interval: ``0.28 (0.25 to 0.32)``; with the digits that are certain if none is given.

    Examples
    --------
    >>> from experiments.quantities.estimate import Estimate
    >>> estimate(Estimate(0.00648, 0.00394, 0.00902))
    '0.0065 (0.0039 to 0.0090)'
    """
    digits = certain_digits(found) if digits is None else digits
    value = fixed(found.value, digits)
    if value == NONE or not found.bounded or found.width <= 0:
        return value
    return f"{value} ({fixed(found.low, digits)} to {fixed(found.high, digits)})"


def plus_minus(found: Estimate) -> str:
    """Write an estimate and half its interval: ``0.281 ± 0.033``; to four figures where there is no interval."""
    if not found.bounded or found.width <= 0:
        return significant(found.value, 4)
    digits = certain_digits(found)
    return f"{fixed(found.value, digits)} ± {fixed(found.width / 2, digits)}"


def certain_digits(found: Estimate) -> int:
    """Return the decimals that an interval leaves certain: those of two figures of its half width; 2 without one."""
    if not found.bounded or found.width <= 0:
        return 2
    return max(0, 1 - math.floor(math.log10(found.width / 2)))


def count(number: int, one: str, many: str = "") -> str:
    """Write how many there are: ``1 client``, ``1,204 clients``; `many` where an s does not make the plural."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _signed(text: str) -> str:
    return text.replace("-", MINUS if text.strip("-0.") else "")


def _brief(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
