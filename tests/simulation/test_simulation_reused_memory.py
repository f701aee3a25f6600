"""Runs that use the memory of earlier ones give what they give in memory of their own, and nobody loses a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.engine.records import SESSION_ROW
from simulation.parameters import Parameters
from simulation.reused_memory import ReusedMemory, reused_memory, rows_for
from simulation.running import simulate_spaced

if TYPE_CHECKING:
    from simulation.results.spaced import SpacedSessions

SMALL = Parameters(clients=30, therapists=3, session_limit=9, weeks=20)


def columns_of(sessions: SpacedSessions) -> dict[str, bytes]:
    return {name: sessions[name].tobytes() for name in sessions}


def test_memory_is_used_again_once_no_array_looks_at_it() -> None:
    memory = ReusedMemory()
    first = memory.rows(100)
    where = first.ctypes.data
    column = first["trust"][3:5]
    del first
    other = memory.rows(80)
    assert other.ctypes.data != where  # a column still looks at the first one
    del column
    again = memory.rows(90)
    assert again.ctypes.data == where
    assert (again.size, again.dtype) == (90, SESSION_ROW)
    assert memory.rows(80).ctypes.data != where


def test_memory_that_is_too_small_is_given_back() -> None:
    memory = ReusedMemory()
    for count in (10, 20, 30):
        assert memory.rows(count).size == count
    assert [block.size for block in memory._free] == [30 * SESSION_ROW.itemsize]


def test_runs_that_share_memory_are_what_they_are_alone() -> None:
    alone = [columns_of(simulate_spaced(SMALL, seed=seed, replicates=5)[1]) for seed in (1, 2, 3)]
    with reused_memory():
        kept = simulate_spaced(SMALL, seed=1, replicates=5)[1]
        for seed in (2, 3, 2):
            now = simulate_spaced(SMALL, seed=seed, replicates=5)[1]
            assert columns_of(now) == alone[seed - 1]
        assert columns_of(kept) == alone[0]


def test_memory_is_shared_within_a_block_alone() -> None:
    with reused_memory():
        with reused_memory():
            inner = rows_for(50)
            assert inner is not None
            where = inner.ctypes.data
            del inner
        again = rows_for(50)
        assert again is not None
        assert again.ctypes.data == where
    outside = rows_for(50)
    assert outside is not None
    assert outside.flags.owndata
    assert not again.flags.owndata
    assert rows_for(2**30) is None
