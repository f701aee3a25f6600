"""What a session function of one's own has to take, whatever runs it: the engine or a Mesa model."""

from __future__ import annotations

from inspect import signature
from types import FunctionType
from typing import Any

from simulation.errors import AllianceError
from simulation.session import hold_session

__all__ = ["no_session", "refuse_other_arguments"]


def no_session(session: Any) -> AllianceError:
    """Return what is said of something that is no session function."""
    return AllianceError(
        f"session = {session!r} is not allowed: give a plain Python function with the arguments of hold_session."
    )


def refuse_other_arguments(session: Any, *, exactly: bool = True) -> None:
    """Refuse what cannot be called, and a plain function of another number of arguments.

    Parameters
    ----------
    session
        Given as a session function.
    exactly
        False: it need not name all arguments, and may have more with defaults, as long as it can be called.

    Raises
    ------
    AllianceError
        Says how many there are, and what they are.
    """
    if not callable(session):
        raise no_session(session)
    expected = hold_session.__code__.co_argcount
    if not isinstance(session, FunctionType) or session.__code__.co_argcount == expected:
        return
    if not exactly and _takes(session, expected):
        return
    raise AllianceError(
        f"{session.__name__} takes {session.__code__.co_argcount} arguments, but a session function takes "
        f"{expected}: client, state, therapist, draws, p."
    )


def _takes(function: Any, arguments: int) -> bool:
    """Tell whether a function can be called with so many arguments by place."""
    try:
        signature(function).bind(*range(arguments))
    except TypeError:
        return False
    return True
