"""What several browsers watch is computed once, and stops when nobody watches."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from dashboards.computing.shared_runs import SharedRuns

if TYPE_CHECKING:
    from collections.abc import Iterator


def counting(steps: int, taken: list[int]) -> Iterator[int]:
    for step in range(steps):
        taken.append(step)
        yield step


def test_two_who_ask_for_the_same_share_every_step() -> None:
    taken: list[int] = []
    runs = SharedRuns()
    one = runs.join("key", lambda: counting(5, taken))
    other = runs.join("key", lambda: counting(5, taken))
    assert one is other
    while not one.finished:
        one.advance()
        other.advance()
    assert taken == [0, 1, 2, 3, 4]
    assert other.latest == 4


def test_nothing_runs_between_two_steps() -> None:
    taken: list[int] = []
    before = threading.active_count()
    run = SharedRuns().join("key", lambda: counting(5, taken))
    assert taken == []
    run.advance()
    time.sleep(0.05)
    assert taken == [0]
    assert threading.active_count() == before


def test_who_comes_later_goes_on_where_the_others_are() -> None:
    taken: list[int] = []
    runs = SharedRuns()
    runs.join("key", lambda: counting(5, taken)).advance()
    assert runs.join("key", lambda: counting(5, taken)).advance() == 1


def test_while_one_takes_a_step_another_sees_what_is_there_already() -> None:
    go_on = threading.Event()
    stepping = threading.Event()

    def slow() -> Iterator[str]:
        yield "first"
        stepping.set()
        go_on.wait(10)
        yield "second"

    run = SharedRuns().join("key", slow)
    run.advance()
    thread = threading.Thread(target=run.advance)
    thread.start()
    stepping.wait(10)
    assert run.advance() == "first"
    go_on.set()
    thread.join()
    assert run.latest == "second"


def test_a_problem_reaches_everyone_who_watches_and_not_the_next() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("no")

    runs = SharedRuns()
    run = runs.join("key", failing)
    run.advance()
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            run.advance()
    assert runs.join("key", failing) is not run


def test_those_asked_for_longest_ago_are_let_go() -> None:
    runs = SharedRuns(most=2)
    first = runs.join("a", lambda: counting(1, []))
    runs.join("b", lambda: counting(1, []))
    runs.join("c", lambda: counting(1, []))
    assert runs.join("a", lambda: counting(1, [])) is not first
