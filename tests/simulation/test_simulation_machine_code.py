"""Stored machine code runs without Numba, is used only where it is whole, and gives the same bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulation import allotment
from simulation.engine.argument_words import words
from simulation.engine.cache import cache_directory
from simulation.engine.linking import DIGEST, load
from simulation.engine.machine_code import CAN_STORE, store, stored_at
from simulation.engine.records import CLIENT_ROW
from simulation.parameters import Parameters
from simulation.randomness import key_of
from simulation.running import simulate
from tests.processes import printed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not CAN_STORE, reason="Machine code is not stored here.")

SMALL_RUN = """
import hashlib, sys
from simulation import Parameters, simulate
rows = simulate(Parameters(clients=30, therapists=3), seed=3, histories=True, threads=1)
print("numba" in sys.modules, hashlib.sha256(rows.client_rows.tobytes() + rows.session_rows.tobytes()).hexdigest())
"""

STATUS = """
define i32 @entry(ptr %result, ptr %error, i64 %status) {
  %short = trunc i64 %status to i32
  ret i32 %short
}
"""
"""A function that takes and leaves what those of Numba do, and ends with the status it is given."""


def in_a_new_process(**variables: str) -> list[str]:
    return printed(SMALL_RUN, **variables).split()


def test_the_engine_runs_without_numba_once_it_is_stored() -> None:
    small = {"parameters": Parameters(clients=30, therapists=3), "seed": 3, "histories": True}
    simulate(**small, threads=1)  # type: ignore[arg-type]  # compiles, where nothing has
    numba, found = in_a_new_process()
    assert numba == "False"
    assert in_a_new_process() == [numba, found]


@pytest.mark.slow  # 25 s
def test_stored_code_compiled_code_and_code_for_any_processor_give_the_same_bits(
    tmp_path: Path,
) -> None:
    _, here = in_a_new_process()
    cache = str(tmp_path)
    for name in ("", "generic"):
        told = {"NUMBA_CPU_NAME": name} if name else {}
        told["NUMBA_OPT"] = (
            "3"  # as ever; but told so, Numba compiles, and what is shipped is not used
        )
        assert in_a_new_process(ALLIANCE_CACHE_DIR=cache, **told) == ["True", here]
        assert in_a_new_process(ALLIANCE_CACHE_DIR=cache, **told) == ["False", here]
    assert len(list(tmp_path.rglob("run_clinics-*.code"))) == 2


def test_code_that_stands_on_its_own_is_stored_and_runs(tmp_path: Path) -> None:
    assert store(tmp_path, "whole", STATUS, "entry")
    run = load(stored_at(tmp_path, "whole"), "whole")
    assert run is not None
    run(0)
    with pytest.raises(RuntimeError, match="ended with status 3"):
        run(3)


def test_code_that_needs_what_is_not_in_it_is_not_stored(tmp_path: Path) -> None:
    calling = STATUS.replace("ret i32 %short", "%more = call i32 @other()\n  ret i32 %more")
    assert not store(tmp_path, "calling", f"declare i32 @other()\n{calling}", "entry")
    assert list(tmp_path.iterdir()) == []


def test_damaged_code_is_not_used(tmp_path: Path) -> None:
    store(tmp_path, "whole", STATUS, "entry")
    file = stored_at(tmp_path, "whole")
    content = file.read_bytes()
    for damaged in (content[:-1], content[: DIGEST + 40], b"", b"\1" + content[1:]):
        file.write_bytes(damaged)
        assert load(stored_at(tmp_path, "whole"), "whole") is None
    file.unlink()
    assert load(stored_at(tmp_path, "whole"), "whole") is None


def test_the_file_tells_what_numba_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {stored_at(tmp_path, "one")}
    for value in ("generic", "nehalem"):
        monkeypatch.setenv("NUMBA_CPU_NAME", value)
        files.add(stored_at(tmp_path, "one"))
    assert len(files) == 3
    directory = cache_directory()
    assert directory is None or stored_at(directory, "one").parent == directory


def test_arguments_are_taken_apart_as_numba_takes_them() -> None:
    rows = np.zeros((3, 4), dtype=np.int64)
    records = np.zeros(6, dtype=CLIENT_ROW)[2:5]
    for _ in range(2):
        assert words((7, (rows, (True,)), records)) == [
            *(7, 0, 0, 12, 8, rows.ctypes.data, 3, 4, 32, 8, 1),
            *(0, 0, 3, CLIENT_ROW.itemsize, records.ctypes.data, 3, CLIENT_ROW.itemsize),
        ]
    # Another array, though it may have the identity of one that is gone.
    for size in range(1, 50):
        assert words((np.zeros(size),))[2] == size


def test_arguments_that_compiled_code_would_misread_are_refused() -> None:
    table = np.zeros((3, 4))
    for given in (table.T, table[:, :2], table[0, ::2]):
        with pytest.raises(ValueError, match="without gaps"):
            words((given,))
    with pytest.raises(TypeError):
        words((0.5,))
    for given in ((0, np.zeros((1, 1, 1))), (0, 0, np.zeros((1, 1)))):
        with pytest.raises(TypeError, match=r"takes arguments of \d+ words, not of \d+"):
            allotment.fill_uniforms(key_of(1), *given)  # type: ignore[arg-type]


def test_arguments_can_be_taken_apart_once_for_many_calls() -> None:
    key, drawn = key_of(5), np.zeros((2, 3, 4))
    again = allotment.fill_uniforms.bound(key, 0, allotment.CLIENT, drawn)
    for _ in range(2):
        drawn[:] = 0.0
        again()
        assert (
            drawn.tolist()
            == allotment.trial_draws(5, range(2), 3, allotment.CLIENT, draws=4).tolist()
        )
