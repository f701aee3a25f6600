"""Work that takes longer than a redraw: done aside, the page answering, the last result shown meanwhile."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from solara.lab import use_task

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

__all__ = ["Work", "use_work"]

log = logging.getLogger("alliance")

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Work(Generic[Value]):
    """How far some work is.

    Attributes
    ----------
    value
        The newest result there is, of what was asked before if the new one is not ready; None before the first.
    busy
        Whether a newer result is being computed.
    problem
        Why it could not be computed, in words for a user; empty when all is well.
    """

    value: Value | None
    busy: bool
    problem: str


def use_work(function: Callable[[], Value], *key: Hashable, patience: float = 0.02) -> Work[Value]:
    """Compute aside and return how far it is; a hook, like those of Solara.

    Parameters
    ----------
    function
        What to compute. It must let others run meanwhile: compiled work releases Python's lock.
    key
        What it depends on: it is computed anew when any of this changes.
    patience
        Seconds to wait for a still newer request before beginning.
    """

    async def compute() -> Value:
        await asyncio.sleep(patience)
        return function()

    task = use_task(compute, dependencies=[*key], raise_error=False)
    problem = ""
    if task.error:
        problem = _in_words(task.exception)
    return Work(cast("Value | None", task.latest), task.pending, problem)


def _in_words(error: BaseException | None) -> str:
    from simulation.errors import AllianceError

    if isinstance(error, AllianceError):
        return str(error)
    log.error("Work for a page failed", exc_info=error)
    return "This could not be computed. Return the changes you made last, or start afresh."
