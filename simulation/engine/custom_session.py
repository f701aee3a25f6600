"""The engine with a user's own session function, or another model of the dyad, compiled into it."""

from __future__ import annotations

from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any

from simulation.coefficients import unpack, unpack_only
from simulation.engine.compilation import Compiled
from simulation.engine.fingerprint import fingerprint
from simulation.engine.holding import hold_block, hold_whole_block
from simulation.engine.refusal import why_not
from simulation.engine.weeks import run_clinics
from simulation.equation import equation
from simulation.errors import AllianceError
from simulation.session import begin_therapy, hold_session
from simulation.session_functions import no_session, refuse_other_arguments

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.parameters import Parameters
    from simulation.session import SessionFunction

__all__ = ["engine_of", "engine_with"]

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
    return _saying_why_not(_compiled_with(session), getattr(session, "__name__", str(session)))


def engine_of(
    parameters: type[Parameters], session: SessionFunction | None = None
) -> Callable[..., None]:
    """Return `run_clinics` for settings with another model of the dyad; compiled and stored as by `engine_with`.

    Raises
    ------
    AllianceError
        If there is a session function beside it; when called, if the model cannot be compiled.
    """
    model, own = parameters.dyad, parameters.own
    engine = _variant(
        {
            hold_session: model.holding(session),
            begin_therapy: model.beginning,
            hold_block: hold_whole_block,
        },
        own,
    )
    return _saying_why_not(engine, parameters.__name__)


def _saying_why_not(engine: Compiled[..., None], name: str) -> Callable[..., None]:
    """Return an engine that says in one sentence why it cannot be compiled."""

    def run(*arguments: Any) -> None:
        from numba.core.errors import NumbaError

        try:
            engine(*arguments)
        except NumbaError as error:
            raise AllianceError(
                f"{name} cannot be compiled: {why_not(error)}. Use plain numbers, "
                "the functions of simulation.numerics and simulation.states.changed, and names from the top of a "
                "module; or run it in AllianceModel, where any Python will do."
            ) from None

    return run


def _compiled_with(session: SessionFunction) -> Compiled[..., None]:
    if not isinstance(session, FunctionType):
        raise no_session(session)
    refuse_other_arguments(session)
    return _variant({hold_session: equation(session), hold_block: hold_whole_block})


def _variant(
    replacing: dict[Callable[..., Any], Callable[..., Any]], own: tuple[str, ...] = ()
) -> Compiled[..., None]:
    """Return the engine with some functions replaced and some parameters added; the same one for the same ones."""
    made_of = fingerprint(own, *((old.__name__, new) for old, new in replacing.items()))
    key = (made_of.digest, *replacing.values())
    if key not in VARIANTS:
        while len(VARIANTS) >= MOST_VARIANTS:
            del VARIANTS[next(iter(VARIANTS))]
        VARIANTS[key] = Compiled(
            run_clinics.function,
            replacing=replacing,
            specialised={unpack: partial(unpack_only, own=own)},
            stored_as=made_of.digest if made_of.lasting else None,
        )
    return VARIANTS[key]
