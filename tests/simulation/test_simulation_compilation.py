"""Compiled code is never stale, needs no writable place, and stays vectorised."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulation
from simulation.coefficients import coefficients
from simulation.engine.cache import cache_directory, source_hash
from simulation.engine.compilation import Compiled, compiled
from simulation.engine.custom_session import _compiled_with
from simulation.engine.holding import hold_block, hold_whole_block
from simulation.engine.kernels import presence_block, report_block, week_block
from simulation.engine.lanes import DYADS, TEAM
from simulation.equation import EQUATIONS, equation, listing
from simulation.numerics import logistic
from simulation.parameters import Parameters
from simulation.session import hold_session
from simulation.states import changed
from tests.processes import printed
from tests.simulation.vectors import MASKED_STORE, packed_share, skip_single, vector_machine

SOURCES = Path(simulation.__file__).parent

SMALL_RUN = """
import sys
from simulation.engine.cache import cache_directory, is_compiled_before
from simulation.agents.dyad import meet
from simulation.coefficients import coefficients
from simulation.parameters import Parameters
from simulation.randomness import key_of
from simulation.states import ClientTraits, DyadState, Presence, SessionEvents
import numpy as np
compiled_before = any(cache_directory().rglob("*.nbc")) if cache_directory() else None
traits, presence = np.full(len(ClientTraits._fields), 0.5), np.full(len(Presence._fields), 0.2)
state, events = np.full(len(DyadState._fields), 0.5), np.zeros(len(SessionEvents._fields))
meet(key_of(1), 3, 1, traits, state, presence, events, coefficients(Parameters()))
machine = meet.build()
hits = sum(machine.stats.cache_hits.values())
print(compiled_before, hits, state[0].hex(), SessionEvents(*events).dropout_probability.hex())
"""
"""One session of one dyad: the smallest entry point that is compiled of the model's equations."""


def in_a_new_process(code: str, root: Path, cache: Path) -> list[str]:
    """Run Python with the model of `root` and this cache; return the words of its last line."""
    said = printed(code, root, PYTHONPATH=str(root), ALLIANCE_CACHE_DIR=str(cache))
    return said.splitlines()[-1].split()


@pytest.mark.slow
def test_an_edited_equation_takes_effect_and_an_unedited_one_is_not_compiled_again(
    tmp_path: Path,
) -> None:
    root, cache = tmp_path / "copy", tmp_path / "cache"
    shutil.copytree(SOURCES, root / "simulation", ignore=shutil.ignore_patterns("__pycache__"))
    first = in_a_new_process(SMALL_RUN, root, cache)
    again = in_a_new_process(SMALL_RUN, root, cache)
    assert first[:2] == ["False", "0"]
    assert again == ["True", "1", *first[2:]]
    file = root / "simulation" / "equations" / "ending.py"
    text = file.read_text(encoding="utf-8")
    assert "- p.dropout_alliance * (allied - 0.6)" in text
    file.write_text(
        text.replace("- p.dropout_alliance * (allied - 0.6)", "- p.dropout_alliance * allied"),
        encoding="utf-8",
    )
    edited = in_a_new_process(SMALL_RUN, root, cache)
    assert edited[:2] == ["False", "0"]
    assert edited[2] == first[2]
    assert edited[3] != first[3]
    file.write_text(text, encoding="utf-8")
    assert in_a_new_process(SMALL_RUN, root, cache) == again


def test_the_hash_of_the_sources_is_of_every_source(tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(SOURCES, root / "simulation", ignore=shutil.ignore_patterns("__pycache__"))
    code = "from simulation.engine.cache import source_hash; print(source_hash())"
    assert in_a_new_process(code, root, tmp_path) == [source_hash()]
    hashes = {source_hash()}
    for name in ("equations/ending.py", "numerics.py", "parameters/change.py"):
        with (root / "simulation" / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        hashes.add(in_a_new_process(code, root, tmp_path)[0])
    assert len(hashes) == 4


BY_NUMBA = """
import os
os.environ["NUMBA_OPT"] = "3"
"""
"""What Numba does of itself; but told so, it compiles, and what is shipped is not used."""

COLD_RUN = f"""{BY_NUMBA}
from simulation.engine.cache import cache_directory
from simulation.running import simulate
from simulation.engine.warmup import HERE, THERE
simulate()
names = sorted(path.name for path in cache_directory().rglob("*.nbc"))
print(len({{*HERE, *THERE}}), len(names), sum(".1.nbc" in name for name in names))
"""


WARM_RUN = f"""{BY_NUMBA}
from simulation.engine.weeks import run_clinics
from simulation.running import simulate
simulate()
print(run_clinics.machine, run_clinics.runs_alone())
"""


@pytest.mark.slow
def test_two_processes_compile_the_whole_engine_and_nothing_of_it_twice(tmp_path: Path) -> None:
    warmed, compiled_, first = in_a_new_process(COLD_RUN, SOURCES.parent, tmp_path)
    assert compiled_ == warmed  # `run_clinics` itself comes last, and is stored apart
    assert first == compiled_
    assert in_a_new_process(WARM_RUN, SOURCES.parent, tmp_path) == ["None", "True"]


RULE = """
from simulation import hold_session
from simulation.numerics import where
from simulation.states import changed
MOST = 0.5
def capped(client, state, therapist, draws, p):
    after, events = hold_session(client, state, therapist, draws, p)
    return changed(after, strain=where(after.strain > MOST, MOST, after.strain)), events
"""

CUSTOM_RUN = """
from rule import capped
from simulation import Parameters, simulate
from simulation.engine import custom_session
sessions = simulate(Parameters(clients=20), session=capped, histories=True).sessions
(engine,) = custom_session.VARIANTS.values()
stats = engine.machine.stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()), sessions["strain"].max())
"""


BOTH_RUNS = """
import rule
from simulation import Parameters, simulate
from simulation.engine import custom_session
found = []
for rule.MOST in (0.25, 0.125):
    sessions = simulate(Parameters(clients=20), session=rule.capped, histories=True).sessions
    found.append(sessions["strain"].max())
stats = [engine.machine.stats for engine in custom_session.VARIANTS.values()]
hits, misses = (sum(sum(one[place].values()) for one in stats) for place in (1, 2))
print(hits, misses, *found)
"""
"""Two engines, compiled in two processes that had compiled nothing else, in one."""


@pytest.mark.slow
def test_a_session_of_ones_own_is_compiled_once_and_an_edited_one_again(tmp_path: Path) -> None:
    root, cache = tmp_path / "copy", tmp_path / "cache"
    shutil.copytree(SOURCES, root / "simulation", ignore=shutil.ignore_patterns("__pycache__"))
    rule = root / "rule.py"
    rule.write_text(RULE, encoding="utf-8")
    assert in_a_new_process(CUSTOM_RUN, root, cache) == ["0", "1", "0.5"]
    assert in_a_new_process(CUSTOM_RUN, root, cache) == ["1", "0", "0.5"]
    rule.write_text(RULE.replace("MOST = 0.5", "MOST = 0.25"), encoding="utf-8")
    assert in_a_new_process(CUSTOM_RUN, root, cache) == ["0", "1", "0.25"]
    rule.write_text(RULE.replace("MOST = 0.5", "MOST = 0.125"), encoding="utf-8")
    assert in_a_new_process(CUSTOM_RUN, root, cache) == ["0", "1", "0.125"]
    rule.write_text(f"# The first again.\n{RULE}", encoding="utf-8")
    assert in_a_new_process(CUSTOM_RUN, root, cache) == ["1", "0", "0.5"]
    assert in_a_new_process(BOTH_RUNS, root, cache) == ["2", "0", "0.25", "0.125"]


TINY = """
from simulation.engine.cache import cache_directory
from simulation.engine.compilation import compiled
from simulation.numerics import logistic
@compiled
def apply(x):
    return logistic(x)
print(cache_directory(), apply(0.5) == logistic(0.5))
"""


def test_where_nothing_can_be_cached_it_still_runs(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    script = tmp_path / "script.py"
    script.write_text(TINY, encoding="utf-8")
    code = f"exec(compile(open({str(script)!r}).read(), {str(script)!r}, 'exec'))"
    root = SOURCES.parent
    assert in_a_new_process(code, root, tmp_path / "file" / "inside") == ["None", "True"]


@equation
def double(x: float) -> float:
    """Twice."""
    return 2.0 * x


@equation
def triple_of_double(x: float) -> float:
    """Stands for `double`, and calls it."""
    return 3.0 * double(x)


def use(x: float) -> float:
    """What is compiled."""
    return double(x) + 1.0


def test_an_equation_can_be_replaced_in_one_compiled_function_alone() -> None:
    plain, replaced = compiled(use), Compiled(use, replacing={double: triple_of_double})
    assert (plain(1.0), replaced(1.0), use(1.0)) == (3.0, 7.0, 3.0)


def test_a_variant_lies_beside_the_engine_as_it_is_and_is_none_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLIANCE_CACHE_DIR", str(tmp_path))
    directory = cache_directory.__wrapped__
    whole, variant = directory(), directory("0123")
    assert whole.parent == tmp_path
    assert variant == whole.with_name(f"{whole.name}-0123")


FACTOR = 2.0


def scaled_session(client: Any, state: Any, therapist: Any, draws: Any, p: Any) -> Any:
    """A session function that depends on a constant."""
    after, events = hold_session(client, state, therapist, draws, p)
    return changed(after, trust=after.trust / FACTOR), events


def test_a_constant_that_changes_while_python_runs_makes_another_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = _compiled_with(scaled_session)
    assert _compiled_with(scaled_session) is first
    monkeypatch.setitem(scaled_session.__globals__, "FACTOR", 4.0)
    assert _compiled_with(scaled_session) is not first


def machine_code(entry: Compiled[Any, Any], layout: Any, *other: Any) -> str:
    """Compile a kernel anew, since code from the cache cannot be inspected, and return its machine code."""
    anew = Compiled(entry.function, replacing=dict([other or (double, triple_of_double)]))
    anew(np.zeros(1, dtype=layout)[0], coefficients(Parameters()))
    return "\n".join(anew.build().inspect_asm().values())


@vector_machine
@pytest.mark.parametrize(
    ("kernel", "layout"),
    [
        (hold_block, DYADS),
        pytest.param(hold_whole_block, DYADS, marks=pytest.mark.slow),  # of custom sessions only
        (report_block, DYADS),
        (week_block, TEAM),
        (presence_block, TEAM),
    ],
    ids=["hold_block", "hold_whole_block", "report_block", "week_block", "presence_block"],
)
def test_the_loop_over_lanes_is_vectorised(kernel: Any, layout: Any) -> None:
    skip_single(kernel.__name__)
    code = machine_code(kernel, layout)
    assert packed_share(code) > 0.9
    if kernel is hold_block:
        assert MASKED_STORE.search(code) is None


@equation
def logistic_with_a_loop(x: float) -> float:
    """A logistic function whose steps depend on the value, so that lanes cannot go together."""
    halvings = 0
    while abs(x) > 1.0:
        x *= 0.5
        halvings += 1
    y = 1.0 - x * (1.0 - x * 0.5)
    for _ in range(halvings):
        y *= y
    return 1.0 / (1.0 + y)


@vector_machine
def test_a_loop_that_is_not_vectorised_would_be_noticed() -> None:
    assert packed_share(machine_code(week_block, TEAM, logistic, logistic_with_a_loop)) < 0.5


def test_the_source_of_a_listed_function_can_be_read_beside_others_of_its_name() -> None:
    one = listing("twice(x: float) -> float", "return 2.0 * x")
    other = listing("twice(x: float) -> float", "return x + x")
    assert inspect.getsource(one) == "def twice(x: float) -> float:\n    return 2.0 * x\n"
    assert inspect.getsource(other).endswith("return x + x\n")
    EQUATIONS.difference_update({one, other})
