"""The least that the arithmetic of a run can cost: all of its draws and logistic functions, and nothing else.

The bound is of the whole run, as the measure beside it is: the draws of sessions, of births, beginnings, last
questionnaires and therapists. How often an equation calls a logistic function, an exponential or a logarithm is
counted by calling it and watching; how often it is called in a run, from the run's tables. They are then made by
the engine's own kernel of draws and by loops of the engine's own kind, on its own blocks with all lanes filled.

Left out, so that the bound is rather too low: draws on the waiting list (nobody waits in the default clinic), and
what the engine draws for empty lanes.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulation import clinic, population, session
from simulation.coefficients import coefficients, unpack
from simulation.engine.closing import LAST_REPORT_PLAN
from simulation.engine.compilation import Compiled, compiled
from simulation.engine.intake import CLIENT_PLAN, THERAPIST_PLAN
from simulation.engine.kernels import draw
from simulation.engine.lanes import LANES
from simulation.engine.weeks import SESSION_PLAN
from simulation.engine.workspace import make_workspace
from simulation.equation import equation, listing
from simulation.numerics import exp, log, logistic
from simulation.parameters import Parameters
from simulation.randomness import key_of
from simulation.states import (
    ClientTraits,
    DyadState,
    Presence,
    SessionDraws,
    TherapistState,
    TherapistTraits,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from numpy.typing import NDArray

    from simulation.randomness import Key
    from simulation.results.result import Result

    Array = NDArray[Any]
    Block = Any

__all__ = ["Work", "elementary_calls", "lower_bound", "work_of"]

ONE_STREAM = np.array([CLIENT_PLAN[0], 1, 0, 0])


class Work(NamedTuple):
    """Something that happens in a run, and what of draws and functions it takes each time."""

    what: str
    times: int
    """How often it happens in the run."""
    plans: tuple[Array, ...]
    """What it draws, see `simulation.engine.kernels.draw`."""
    logistics: int
    """Logistic functions, and exponentials outside of them."""
    logarithms: int
    """Logarithms, those of normal draws not among them."""


def elementary_calls(function: Callable[..., Any], *arguments: Any) -> tuple[int, int]:
    """Call an equation and count its logistic functions and bare exponentials, and its logarithms."""
    logistics = logarithms = 0

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal logistics, logarithms
        if event != "call":
            return
        inside = frame.f_back is not None and frame.f_back.f_code is logistic.__code__
        logistics += frame.f_code is logistic.__code__
        logistics += frame.f_code is exp.__code__ and not inside
        logarithms += frame.f_code is log.__code__

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        function(*arguments)
    finally:
        sys.setprofile(before)
    return logistics, logarithms


def _halves(kind: Any) -> Any:
    return kind(*(0.5 for _ in kind._fields))


@cache
def _calls() -> dict[str, tuple[int, int]]:
    p: Any = unpack(coefficients(Parameters()).tolist())
    client, therapist = _halves(ClientTraits), _halves(TherapistTraits)
    state = _halves(TherapistState)
    return {
        "session": elementary_calls(
            session.hold_session,
            client,
            _halves(DyadState),
            _halves(Presence),
            _halves(SessionDraws),
            p,
        ),
        "client": elementary_calls(population.client_from, _halves(population.ClientDraws), p),
        "beginning": elementary_calls(session.begin_therapy, client, 0.5, 0.5, p),
        "therapist": elementary_calls(
            population.therapist_from, _halves(population.TherapistDraws), p
        ),
        "presence": elementary_calls(clinic.presence, therapist, state, p),
        "week": elementary_calls(clinic.therapist_after_week, state, 5, 2**31, 0.5, 2, p),
    }


def work_of(result: Result) -> list[Work]:
    """Return what had to be drawn and computed in a run."""
    calls = _calls()
    rows = result.client_rows
    courses = int((rows["sessions"] > 0).sum())
    ended = rows["week_ended"].reshape(result.replicates, -1)
    last = np.where((ended < 0).any(axis=1), result.parameters.weeks - 1, ended.max(axis=1))
    weeks = int((last + 1).sum()) * result.parameters.therapists
    return [
        Work("session", int(rows["sessions"].sum()), (SESSION_PLAN,), *calls["session"]),
        # A client draws traits, the week of arrival and that of the assignment.
        Work("client", len(rows), (CLIENT_PLAN, ONE_STREAM, ONE_STREAM), *calls["client"]),
        Work("beginning", courses, (), *calls["beginning"]),
        Work("last questionnaires", courses, (LAST_REPORT_PLAN,), 0, 0),
        Work("therapist", len(result.therapist_rows), (THERAPIST_PLAN,), *calls["therapist"]),
        Work("presence of a therapist", weeks, (), *calls["presence"]),
        Work("week of a therapist", weeks, (), *calls["week"]),
    ]


@equation
def elementary(block: Block, i: int) -> float:
    """Call one function; `_engine` replaces it by as many calls as the work takes."""
    return logistic(block.draws[0, i])


@compiled
def lower_bound_blocks(
    blocks: Array, key: Key, plan: Array, drawing: bool, calling: bool, times: int
) -> None:
    """Make draws and functions in all lanes of all blocks, `times` times."""
    for _ in range(times):
        for b in range(len(blocks)):
            block = blocks[b]
            if drawing:
                draw(block, key, plan)
            if calling:
                for i in range(LANES):
                    block.distress[i] = elementary(block, i)
            for i in range(LANES):
                block.when[i] += 1


@cache
def _engine(logistics: int, logarithms: int) -> Compiled[..., None]:
    """Return `lower_bound_blocks` with so many functions in one loop over lanes, where they can overlap."""
    # No two arguments are alike, or the compiler would compute one of them only once.
    rows = int(SESSION_PLAN[3])
    terms = [f"logistic(block.draws[{k % rows}, i] - {float(k)})" for k in range(logistics)]
    terms += [f"log(block.draws[{k % rows}, i] + {float(k)})" for k in range(logarithms)]
    as_many = listing(
        "elementary(block, i)", "return " + " + ".join(terms), logistic=logistic, log=log
    )
    return Compiled(lower_bound_blocks.function, replacing={elementary: as_many})


def lower_bound(result: Result) -> Callable[[], None]:
    """Return a function that does the work of a run and nothing else."""
    blocks = make_workspace(result.parameters, result.replicates).dyads
    blocks["who"] = np.arange(LANES)
    blocks["draws"] = 0.5
    at_once = len(blocks) * LANES
    key = key_of(result.seed)
    works = work_of(result)

    def run() -> None:
        for work in works:
            times = max(1, round(work.times / at_once))
            functions = work.logistics, work.logarithms
            engine = _engine(*functions) if any(functions) else lower_bound_blocks
            for turn, plan in enumerate(work.plans or (ONE_STREAM,)):
                drawing, calling = len(work.plans) > 0, turn == 0 and any(functions)
                engine(blocks, key, plan, drawing, calling, times)

    return run
