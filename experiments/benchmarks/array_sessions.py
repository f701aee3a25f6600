"""The model's equations over the arrays of NumPy or a library like it: the same functions, bound to others."""

from __future__ import annotations

import math
from types import FunctionType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from experiments.benchmarks.engine import default_clinic
from simulation.coefficients import numbers, unpack
from simulation.equation import EQUATIONS
from simulation.numerics import exponent, mantissa, where
from simulation.randomness import key_of
from simulation.session import begin_therapy, draw_session, hold_session
from simulation.states import ClientTraits, Presence

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["on_arrays", "sessions_on_arrays"]


def sessions_on_arrays(arrays: Any) -> Callable[..., Any]:
    """Return a function that draws and holds the first session of many dyads.

    Parameters
    ----------
    arrays
        ``numpy``, or a module with the same functions.

    Returns
    -------
    Callable
        Of a client's traits, all of one value, which in reverse order are the therapists', and of the clients'
        numbers, both of shape (dyads,); returns state and events after the session.
    """
    draw, begin, hold = (
        on_arrays(one, arrays) for one in (draw_session, begin_therapy, hold_session)
    )
    p: Any = unpack(numbers(default_clinic()))
    key = key_of(1)

    def run(people: Any, who: Any) -> Any:
        client = ClientTraits(*(people for _ in ClientTraits._fields))
        therapist = Presence(*(people[::-1] for _ in Presence._fields))
        state = begin(client, client.severity, therapist.present_style, p)
        return hold(client, state, therapist, draw(key, who, 1), p)

    return run


def on_arrays(function: Callable[..., Any], arrays: Any) -> Callable[..., Any]:
    """Return an equation that takes arrays: a copy bound to copies of the equations that it uses.

    Parameters
    ----------
    function
        The equation.
    arrays
        ``numpy``, or a module with the same functions.
    """
    copies: dict[Any, Any] = {
        where: arrays.where,
        exponent: lambda x: arrays.frexp(x)[1] - 1.0,
        mantissa: lambda x: 2.0 * arrays.frexp(x)[0],
        math: SimpleNamespace(sqrt=arrays.sqrt),
    }

    def copied(value: Any, used: set[str]) -> Any:
        if isinstance(value, ModuleType) and value not in copies:
            return SimpleNamespace(
                **{name: copied(vars(value)[name], used) for name in used & vars(value).keys()}
            )
        if isinstance(value, FunctionType | ModuleType) and value in copies:
            return copies[value]
        if not isinstance(value, FunctionType) or value not in EQUATIONS:
            return value
        scope = dict(value.__globals__)
        copies[value] = FunctionType(value.__code__, scope, value.__name__, value.__defaults__)
        names = set(value.__code__.co_names)
        scope.update({name: copied(scope[name], names) for name in names & scope.keys()})
        return copies[value]

    found: Callable[..., Any] = copied(function, set())
    return found
