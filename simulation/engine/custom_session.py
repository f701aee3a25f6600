"""The engine with a user's own session function compiled into it."""

from __future__ import annotations

from functools import lru_cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

from simulation.engine.compilation import Compiled
from simulation.engine.holding import hold_block, hold_whole_block
from simulation.engine.weeks import run_clinics
from simulation.equation import equation
from simulation.errors import AllianceError
from simulation.session import hold_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.session import SessionFunction

__all__ = ["engine_with"]


def engine_with(session: SessionFunction) -> Callable[..., None]:
    """Return `run_clinics` with another session function; it is compiled when first called.

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


@lru_cache(maxsize=8)
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
    return Compiled(
        run_clinics.function,
        replacing={hold_session: equation(session), hold_block: hold_whole_block},
    )
