"""What an equation is: a pure function of floats, marked so that compiled code can inline it, with its law.

Marking changes nothing: an equation stays a plain Python function, to be called and stepped through. The compiler
(`simulation.engine.compilation`) reads what is marked here, and the tests hold each equation to its law.
"""

from __future__ import annotations

import linecache
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, overload
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType

__all__ = ["EQUATIONS", "LAWS", "SPECIALISED", "Law", "equation", "listing", "specialise"]

Function = TypeVar("Function", bound="Callable[..., Any]")


@dataclass(frozen=True, slots=True)
class Law:
    """What the result of an equation does when one of its quantities rises, all else equal.

    Attributes
    ----------
    rises, falls
        Quantities with which the result never falls, and never rises.
    either
        Quantities with which it may do both.
    """

    rises: tuple[str, ...]
    falls: tuple[str, ...]
    either: tuple[str, ...]


EQUATIONS: set[Callable[..., Any]] = set()
LAWS: dict[Callable[..., Any], Law] = {}
SPECIALISED: dict[Callable[..., Any], Callable[[set[str]], Callable[..., Any]]] = {}


@overload
def equation(function: Function, /) -> Function: ...


@overload
def equation(
    *, rises: str = "", falls: str = "", either: str = ""
) -> Callable[[Function], Function]: ...


def equation(
    function: Function | None = None, /, *, rises: str = "", falls: str = "", either: str = ""
) -> Function | Callable[[Function], Function]:
    """Mark a pure function of floats as one that compiled callers inline; return it unchanged.

    ``@equation(rises="trust clarity", falls="strain")`` also states its law, which has to mention each of its
    quantities once; `Law` says what the words mean. Equations of `simulation.equations` must have one, those that
    only pass values on need none.

    Raises
    ------
    ValueError
        If the law forgets a quantity, mentions one twice or one that the equation does not have.
    """
    if function is not None:
        EQUATIONS.add(function)
        return function
    law = Law(tuple(rises.split()), tuple(falls.split()), tuple(either.split()))

    def mark(function: Function) -> Function:
        quantities = [name for name in _arguments(function) if name != "p"]
        stated = [*law.rises, *law.falls, *law.either]
        if sorted(stated) != sorted(quantities):
            raise ValueError(
                f"The law of {function.__name__} has to mention each of {', '.join(quantities)} once, "
                f"in rises, falls or either; it mentions {', '.join(stated) or 'none'}."
            )
        LAWS[function] = law
        return equation(function)

    return mark


def listing(signature: str, *lines: str, **names: Any) -> Callable[..., Any]:
    """Make an equation from its signature and the lines of its body; `names` are what the lines refer to.

    For functions that only list the fields of a named tuple, which would otherwise be repeated by hand. Their source
    can be read as that of any function, by `inspect.getsource` and in a debugger.
    """
    source = "\n    ".join([f"def {signature}:", *lines]) + "\n"
    name = f"<listing {crc32(source.encode()):08x}: {signature}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    scope = dict(names)
    exec(compile(source, name, "exec"), scope)
    function: FunctionType = scope[signature.partition("(")[0]]
    return equation(function)


def specialise(general: Function, special: Callable[[set[str]], Function]) -> None:
    """Use ``special(names)`` instead of `general` in compiled code that mentions `names` only."""
    SPECIALISED[general] = special


def _arguments(function: Callable[..., Any]) -> tuple[str, ...]:
    code = function.__code__
    return code.co_varnames[: code.co_argcount]
