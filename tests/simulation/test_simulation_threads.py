"""Work in threads is done once each, whichever thread comes to it, and its errors are told."""

from __future__ import annotations

import threading

import pytest

from simulation.threads import in_threads


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("spans", [0, 1, 2, 40])
def test_each_span_is_worked_on_once(threads: int, spans: int) -> None:
    done: list[int] = []
    in_threads(done.append, range(spans), threads)
    assert sorted(done) == list(range(spans))


def test_the_calling_thread_works_beside_the_others() -> None:
    both = threading.Barrier(2, timeout=10)
    seen: set[str] = set()

    def run(_: int) -> None:
        both.wait()
        seen.add(threading.current_thread().name)

    in_threads(run, range(2), 2)
    assert threading.current_thread().name in seen
    assert len(seen) == 2


@pytest.mark.parametrize("wrong", [0, 1])
def test_an_error_in_any_thread_is_raised(wrong: int) -> None:
    both = threading.Barrier(2, timeout=10)

    def run(number: int) -> None:
        both.wait()
        if number == wrong:
            raise ValueError(number)

    with pytest.raises(ValueError, match=str(wrong)):
        in_threads(run, range(2), 2)
