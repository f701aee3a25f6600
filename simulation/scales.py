"""Scales of the model's quantities. The signature of an equation names one for each of them and for its result.

They are floats to Python and to the compiler. A reader sees from them what a number may be, and the tests draw
quantities from them and hold results to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

__all__ = [
    "Code",
    "Count",
    "Difference",
    "Flag",
    "Logit",
    "Normal",
    "OpenShare",
    "Scale",
    "Share",
    "Uniform",
    "Weight",
]


@dataclass(frozen=True, slots=True)
class Scale:
    """What a quantity may be.

    Attributes
    ----------
    low, high
        Its bounds; what is usual where it has none.
    bounded
        Whether nothing lies outside.
    values
        All that it may be, where that is a few numbers.
    """

    low: float
    high: float
    bounded: bool = True
    values: tuple[float, ...] = ()


Share: TypeAlias = Annotated[float, Scale(0.0, 1.0)]
"""A level, a share or a chance."""
OpenShare: TypeAlias = Annotated[float, Scale(1e-6, 1.0 - 1e-6)]
"""A share that has a logit: never 0 or 1."""
Uniform: TypeAlias = Annotated[float, Scale(0.0, 1.0)]
"""A uniform draw."""
Normal: TypeAlias = Annotated[float, Scale(-4.0, 4.0, bounded=False)]
"""A standard normal draw."""
Logit: TypeAlias = Annotated[float, Scale(-10.0, 10.0, bounded=False)]
"""Log odds, or something added to them."""
Difference: TypeAlias = Annotated[float, Scale(-1.0, 1.0, bounded=False)]
"""A difference of levels; negative where things fall."""
Weight: TypeAlias = Annotated[float, Scale(0.0, 6.0)]
"""How much something counts; 1 is average."""
Count: TypeAlias = Annotated[float, Scale(0.0, 40.0, bounded=False)]
"""How many."""
Flag: TypeAlias = Annotated[float, Scale(0.0, 1.0, values=(0.0, 1.0))]
"""1 if so, else 0."""
Code: TypeAlias = Annotated[float, Scale(0.0, 4.0, values=(0.0, 1.0, 2.0, 3.0, 4.0))]
"""A kind of event, as a whole number."""
