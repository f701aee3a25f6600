"""Methods for degrees of freedom, by name and by the number that compiled code knows them by."""

from __future__ import annotations

from typing import Literal, TypeAlias

from simulation.errors import unknown_name

__all__ = [
    "BETWEEN_WITHIN",
    "DF",
    "KENWARD_ROGER",
    "NORMAL",
    "SATTERTHWAITE",
    "DfMethod",
    "method_number",
]

DfMethod: TypeAlias = Literal["kenward_roger", "satterthwaite", "between_within", "normal"]

DF: tuple[DfMethod, ...] = ("kenward_roger", "satterthwaite", "between_within", "normal")
"""By number, as compiled code has them."""

KENWARD_ROGER, SATTERTHWAITE, BETWEEN_WITHIN, NORMAL = range(4)


def method_number(df: str) -> int:
    """Return the place of a method in `DF`.

    Raises
    ------
    AllianceError
        If there is no such method; names those that there are.
    """
    if df not in DF:
        raise unknown_name(
            df, "a method for degrees of freedom", DF, see=f"There are: {', '.join(DF)}."
        )
    return DF.index(df)
