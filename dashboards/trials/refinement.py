"""Power that becomes better known as one watches: a few trials of every size, then more and more of each.

Trials in which no arm is better come first: where an effect is wanted, it must be found for every size how strong a
treatment has it, and that takes longest. Work is done in steps of a tenth of a second or so, each complete in itself:
between two steps nothing runs, so to cancel is not to ask for the next step. Of trials only counts are kept.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from dashboards.computing.cache import FINISHED
from dashboards.computing.cores import CORES, Cores
from experiments.power.power_curve import Batch, pooled
from experiments.power.trial_counts import analysed, counted
from experiments.trials.analysing import analyses_of
from experiments.trials.effect import strengths_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.trials.inputs import PlannedTrial
    from experiments.trials.trial_design import TrialDesign
    from experiments.trials.worlds import Strengths

__all__ = ["MIXED", "NAIVE", "TRIALS", "TrialProgress", "refine", "strengths_of"]

MIXED, NAIVE = 0, 1
"""Places of the two analyses of a design that names none: the mixed model, and ANCOVA that ignores therapists."""

ROUNDS: Final = (20, 30, 50, 100, 100)
TRIALS: Final = sum(ROUNDS)
"""Trials of each size in all, and as many without an effect."""

CLIENTS_AT_A_TIME: Final = 6_000
THREADS: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class TrialProgress:
    """What is known so far.

    Attributes
    ----------
    plan
        What is run.
    effect, null
        Of each analysis every size so far, rising: with the effect, none before the first, and without any.
    done
        Trials simulated, of `total`.
    """

    plan: PlannedTrial
    effect: tuple[tuple[Batch, ...], ...]
    null: tuple[tuple[Batch, ...], ...]
    done: int

    @property
    def total(self) -> int:
        """Trials of all sizes, with and without an effect."""
        return 2 * TRIALS * len(self.plan.sizes)

    @property
    def finished(self) -> bool:
        """Whether every trial is there."""
        return self.done == self.total


class _Task(NamedTuple):
    size: float
    trials: range
    null: bool


def strengths_of(design: TrialDesign) -> Strengths:
    """Return the strengths of a design, found once for everybody."""
    return FINISHED.get(("strengths", design.fingerprint), lambda: strengths_for(design))


def _tasks(plan: PlannedTrial) -> Iterator[Iterator[_Task]]:
    """Give what there is to do in parts, each of which is begun when the one before is done."""
    # The trial itself comes first, then those near it.
    order = sorted(plan.sizes, key=lambda size: abs(size - plan.own_size))
    first = 0
    for count in ROUNDS:
        numbers = range(first, first + count)
        for null in (True, False):
            yield (_Task(size, some, null) for size in order for some in _few(plan, size, numbers))
        first += count


def _few(plan: PlannedTrial, size: float, numbers: range) -> Iterator[range]:
    """Share trials of a size out, so that each share is simulated at once."""
    step = max(1, CLIENTS_AT_A_TIME // plan.at(size).design.clients)
    for begin in numbers[::step]:
        yield range(begin, min(begin + step, numbers.stop))


def _run(plan: PlannedTrial, task: _Task) -> list[Batch]:
    """Run some trials; return what each analysis found."""
    design = plan.at(task.size)
    analyses = analyses_of(design)
    strengths = None if task.null else strengths_of(design)
    frame = analysed(design, analyses, strengths, task.trials, null=task.null)
    return [counted(frame, task.size, place) for place in range(len(analyses))]


def refine(
    plan: PlannedTrial, *, seconds: float = 0.15, cores: Cores = CORES
) -> Iterator[TrialProgress]:
    """Give what is known every `seconds` or so, until every trial is there; leave the loop to cancel."""
    done = 0
    known: dict[tuple[bool, int], list[Batch]] = {}
    for tasks in _tasks(plan):
        while few := list(islice(tasks, 1)):
            deadline = time.perf_counter() + seconds
            with cores.lend(THREADS) as threads, ThreadPoolExecutor(threads, "trials") as pool:
                few += islice(tasks, threads - 1)
                while few:
                    found = pool.map(partial(_run, plan), few)
                    for task, batches in zip(few, found, strict=True):
                        for place, batch in enumerate(batches):
                            known.setdefault((task.null, place), []).append(batch)
                    done += sum(len(task.trials) for task in few)
                    few = [] if time.perf_counter() > deadline else list(islice(tasks, threads))
            known = {which: pooled(batches) for which, batches in known.items()}
            effect, none = (
                tuple(tuple(known.get((null, place), ())) for place in (MIXED, NAIVE))
                for null in (False, True)
            )
            yield TrialProgress(plan, effect, none, done)
