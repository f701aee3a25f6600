"""Work that takes longer than a redraw: done aside, the page answering, the last result shown meanwhile."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import solara
from solara.lab import use_task

from dashboards.computing.shared_runs import SHARED_RUNS
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

__all__ = ["Work", "attempted", "use_refinement", "use_work"]

log = logging.getLogger("alliance")

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Work(Generic[Value]):
    """How far some work is.

    Attributes
    ----------
    value
        The best result there is; None before the first. Of `use_work`, the result of the request before as long as
        the new one is not ready.
    busy
        Whether a newer or better result is being computed.
    problem
        Why it could not be computed, in words for a user; empty when all is well.
    """

    value: Value | None
    busy: bool
    problem: str


def use_work(
    function: Callable[[], Value], *key: Hashable, patience: float = 0.02, brief: bool = False
) -> Work[Value]:
    """Compute aside and return how far it is; a hook, like those of Solara.

    Parameters
    ----------
    function
        What to compute. It must let others run meanwhile: compiled work releases Python's lock.
    key
        What it depends on: it is computed again when any of this changes.
    patience
        Seconds to wait for a still newer request before beginning.
    brief
        Whether it takes but some hundredths of a second: then it is done at once, and the page drawn once instead of
        twice.
    """
    at_once = solara.use_memo(lambda: attempted(function) if brief else (None, ""), [*key, brief])

    async def compute() -> Value | None:
        if brief:
            return None
        await asyncio.sleep(patience)
        return function()

    task = use_task(compute, dependencies=["brief"] if brief else [*key], raise_error=False)
    if brief:
        return Work(at_once[0], False, at_once[1])
    problem = ""
    if task.error:
        problem = _in_words(task.exception)
    return Work(cast("Value | None", task.latest), task.pending, problem)


def use_refinement(
    begin: Callable[[], Iterator[Value]] | None, key: Hashable, patience: float = 0.25
) -> Work[Value]:
    """Watch a computation get better; a hook, like those of Solara.

    Others who ask for the same watch the same computation. To cancel it is to give None for `begin`: what is known
    stays in view.

    Parameters
    ----------
    begin
        Starts it; None for none.
    key
        Everything its result depends on.
    patience
        Seconds to wait for a newer request before beginning.
    """
    nothing: tuple[Hashable, Any] = (None, None)
    best, set_best = solara.use_state(nothing)

    async def watch() -> None:
        if begin is None:
            return
        await asyncio.sleep(patience)
        run = SHARED_RUNS.join(key, begin)
        shown = None
        while not run.finished:
            latest = run.advance()
            if latest is not shown:
                shown = latest
                set_best((key, latest))
            await asyncio.sleep(0)
        set_best((key, run.latest))

    task = use_task(watch, dependencies=[key, begin is None], raise_error=False)
    value = best[1] if best[0] == key else None
    return Work(
        cast("Value | None", value),
        begin is not None and task.pending,
        _in_words(task.exception) if task.error else "",
    )


def attempted(function: Callable[[], Value]) -> tuple[Value | None, str]:
    """Return what a function returns, or None and why it cannot, in words for a user."""
    try:
        return function(), ""
    except AllianceError as error:
        return None, str(error)


def _in_words(error: BaseException | None) -> str:
    if isinstance(error, AllianceError):
        return str(error)
    log.error("Work for a page failed", exc_info=error)
    return "This could not be computed. Undo your last changes, or reset them all."
