"""Power that becomes better known as one watches: a few trials of every size, then more and more of each.

Work is done in steps of a tenth of a second or so, each complete in itself: between two steps nothing runs, so to
cancel is not to ask for the next step. Of trials only counts are kept.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
        Of each analysis every size so far, rising: with the effect, and without any.
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


def strengths_of(design: TrialDesign) -> Strengths:
    """Return the strengths of a design, found once for everybody."""
    return FINISHED.get(("strengths", design.fingerprint), lambda: strengths_for(design))


def _tasks(plan: PlannedTrial) -> Iterator[_Task]:
    # The trial itself comes first, then those near it.
    order = sorted(plan.sizes, key=lambda size: abs(size - plan.own_size))
    first = 0
    for count in ROUNDS:
        for size in order:
            step = max(1, CLIENTS_AT_A_TIME // plan.at(size).design.clients)
            for begin in range(first, first + count, step):
                yield _Task(size, range(begin, min(begin + step, first + count)))
        first += count


def _run(plan: PlannedTrial, task: _Task) -> Iterator[tuple[bool, int, Batch]]:
    """Run some trials with the effect and without any; give what each analysis found."""
    design = plan.at(task.size)
    analyses, strengths = analyses_of(design), strengths_of(design)
    for null in (False, True):
        frame = analysed(design, analyses, strengths, task.trials, null=null)
        for place in range(len(analyses)):
            yield null, place, counted(frame, task.size, place)


def refine(
    plan: PlannedTrial, *, seconds: float = 0.15, cores: Cores = CORES
) -> Iterator[TrialProgress]:
    """Give what is known every `seconds` or so, until every trial is there; leave the loop to cancel."""
    tasks, done = _tasks(plan), 0
    known: dict[tuple[bool, int], list[Batch]] = {}

    def run(task: _Task) -> list[tuple[bool, int, Batch]]:
        return list(_run(plan, task))

    while few := list(islice(tasks, 1)):
        deadline = time.perf_counter() + seconds
        with cores.lend(THREADS) as threads, ThreadPoolExecutor(threads, "trials") as pool:
            few += islice(tasks, threads - 1)
            while few:
                for found in pool.map(run, few):
                    for null, place, batch in found:
                        known.setdefault((null, place), []).append(batch)
                done += 2 * sum(len(task.trials) for task in few)
                few = [] if time.perf_counter() > deadline else list(islice(tasks, threads))
        known = {which: pooled(batches) for which, batches in known.items()}
        effect, none = (
            tuple(tuple(known[null, place]) for place in (MIXED, NAIVE)) for null in (False, True)
        )
        yield TrialProgress(plan, effect, none, done)
