"""What an equation is: a pure function of floats, marked so that compiled code can inline it.

Marking changes nothing: an equation stays a plain Python function, to be called and stepped through. The compiler
(`simulation.engine.compilation`) reads what is marked here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType

__all__ = ["EQUATIONS", "SPECIALISED", "equation", "listing", "specialise"]

Function = TypeVar("Function", bound="Callable[..., Any]")

EQUATIONS: set[Callable[..., Any]] = set()
SPECIALISED: dict[Callable[..., Any], Callable[[set[str]], Callable[..., Any]]] = {}


def equation(function: Function) -> Function:
    """Mark a pure function of floats as one that compiled callers inline; return it unchanged."""
    EQUATIONS.add(function)
    return function


def listing(signature: str, *lines: str, **names: Any) -> Callable[..., Any]:
    """Make an equation from its signature and the lines of its body; `names` are what the lines refer to.

    For functions that only list the fields of a named tuple, which would otherwise be repeated by hand.
    """
    scope = dict(names)
    exec("\n    ".join([f"def {signature}:", *lines]), scope)
    function: FunctionType = scope[signature.partition("(")[0]]
    return equation(function)


def specialise(general: Function, special: Callable[[set[str]], Function]) -> None:
    """Use ``special(names)`` instead of `general` in compiled code that mentions `names` only."""
    SPECIALISED[general] = special
