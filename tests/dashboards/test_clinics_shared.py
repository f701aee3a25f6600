"""Finished runs are shared: computed once, never changed, bounded."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dashboards.computing.cache import BESIDES_ARRAYS, Shared
from dashboards.computing.cores import Cores
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Value:
    array: NDArray[Any]
    inside: dict[str, tuple[NDArray[Any], ...]]


def test_identical_runs_are_computed_once_however_many_ask_at_a_time() -> None:
    shared, calls, start = Shared(), [], threading.Barrier(8)

    def compute() -> Value:
        calls.append(threading.get_ident())
        time.sleep(0.05)
        return Value(np.zeros(3), {})

    def ask() -> Value:
        start.wait()
        return shared.get("run", compute)

    with ThreadPoolExecutor(8) as pool:
        found = [one.result() for one in [pool.submit(ask) for _ in range(8)]]
    assert len(calls) == 1
    assert all(one is found[0] for one in found)
    assert "run" in shared


def test_different_runs_do_not_wait_for_each_other() -> None:
    shared, other_is_done = Shared(), threading.Event()

    def slow() -> str:
        assert other_is_done.wait(5)
        return "slow"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(shared.get, "slow", slow)
        assert shared.get("quick", lambda: "quick") == "quick"
        assert "slow" not in shared
        other_is_done.set()
        assert waiting.result() == "slow"


class Key:
    """A key that tells when it is looked up, which is while nothing can come or go."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def __hash__(self) -> int:
        self.asked.set()
        return 1


def test_an_error_reaches_everybody_who_waits_and_the_next_computes_again() -> None:
    shared, key, begun, go = Shared(), Key(), threading.Event(), threading.Event()

    def fail() -> int:
        begun.set()
        assert go.wait(5)
        raise AllianceError("no")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shared.get, key, fail)
        assert begun.wait(5)
        key.asked.clear()
        second = pool.submit(shared.get, key, lambda: 7)
        assert key.asked.wait(5)
        go.set()
        for one in (first, second):
            with pytest.raises(AllianceError):
                one.result()
    assert shared.get(key, lambda: 7) == 7


def test_what_is_shared_cannot_be_changed() -> None:
    array = np.zeros(2)
    value = Shared().get(0, lambda: Value(np.zeros(2), {"deep": (array,)}))
    for one in (value.array, array):
        with pytest.raises(ValueError, match="read-only"):
            one[0] = 1


def test_what_nobody_asked_for_longest_goes_first() -> None:
    shared = Shared(most_bytes=2 * BESIDES_ARRAYS)
    for key in ("a", "b", "a", "c"):
        shared.get(key, lambda key=key: key)  # type: ignore[misc]
    assert [key in shared for key in "abc"] == [True, False, True]


def test_memory_is_bounded_and_the_latest_stays() -> None:
    shared = Shared(most_bytes=3 * (800 + BESIDES_ARRAYS))
    for key in range(10):
        shared.get(key, lambda: np.zeros(100))
    assert [key in shared for key in range(10)] == [False] * 7 + [True] * 3
    assert shared.bytes == 3 * (800 + BESIDES_ARRAYS)
    shared.get("big", lambda: np.zeros(100_000))
    assert "big" in shared
    assert not any(key in shared for key in range(10))


def test_cores_are_lent_one_always_more_while_they_are_free() -> None:
    cores = Cores(2)
    with cores.lend(2) as mine, cores.lend(2) as yours:
        assert (mine, yours) == (2, 1)
    with cores.lend(1) as mine, cores.lend(2) as yours:
        assert (mine, yours) == (1, 1)
    assert cores.free == 2
