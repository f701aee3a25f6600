"""The engine with a user's own session function compiled into it."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from simulation.engine.compilation import Compiled
from simulation.engine.fingerprint import fingerprint
from simulation.engine.holding import hold_block, hold_whole_block
from simulation.engine.weeks import run_clinics
from simulation.equation import equation
from simulation.errors import AllianceError
from simulation.session import hold_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.session import SessionFunction

__all__ = ["engine_with"]

MOST_VARIANTS = 8
VARIANTS: dict[tuple[Any, ...], Compiled[..., None]] = {}
"""Engines of this process, by what they are made of and by the functions themselves; the oldest goes first."""


def engine_with(session: SessionFunction) -> Callable[..., None]:
    """Return `run_clinics` with another session function; it is compiled when first called, and stored on disk.

    A later process with the same function finds it there. A function that was edited, or that reaches a function or a
    constant that was, is another one (`simulation.engine.fingerprint`).

    Raises
    ------
    AllianceError
        If `session` is not a plain function of as many arguments; when called, if it cannot be compiled.
    """
    engine = _compiled_with(session)

    def run(*arguments: Any) -> None:
        from numba.core.errors import NumbaError

        try:
            engine(*arguments)
        except NumbaError as error:
            reason = next(
                (line for line in str(error).splitlines()[1:] if line.strip()), str(error)
            )
            raise AllianceError(
                f"{getattr(session, '__name__', session)} cannot be compiled: {reason.strip()} Use plain numbers, "
                "the functions of simulation.numerics and simulation.states.changed, and names from the top of a "
                "module; or run it in AllianceModel, where any Python will do."
            ) from None

    return run


def _compiled_with(session: SessionFunction) -> Compiled[..., None]:
    if not isinstance(session, FunctionType):
        raise AllianceError(
            f"session = {session!r} is not allowed: give a plain Python function with the arguments of hold_session."
        )
    expected = hold_session.__code__.co_argcount
    if session.__code__.co_argcount != expected:
        raise AllianceError(
            f"{session.__name__} takes {session.__code__.co_argcount} arguments, but a session function takes "
            f"{expected}: client, state, therapist, draws, p."
        )
    return _variant({hold_session: equation(session), hold_block: hold_whole_block})


def _variant(replacing: dict[Callable[..., Any], Callable[..., Any]]) -> Compiled[..., None]:
    """Return the engine with some functions replaced, the same one as long as they are made of the same."""
    made_of = fingerprint(*((old.__name__, new) for old, new in replacing.items()))
    key = (made_of.digest, *replacing.values())
    if key not in VARIANTS:
        while len(VARIANTS) >= MOST_VARIANTS:
            del VARIANTS[next(iter(VARIANTS))]
        stored_as = made_of.digest if made_of.lasting else None
        VARIANTS[key] = Compiled(run_clinics.function, replacing=replacing, stored_as=stored_as)
    return VARIANTS[key]
