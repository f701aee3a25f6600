"""What a function is made of: the hash changes with everything that compiled code of it depends on, else never."""

from __future__ import annotations

import enum
import math
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest

from simulation import hold_session
from simulation.engine.fingerprint import fingerprint

HELPERS = """
SHARE = 0.5
TABLE = np.array([1.0, 2.0])

class Pair(NamedTuple):
    one: float
    other: float

class Way(enum.IntEnum):
    UP = 1

def helper(x, by=2.0):
    return x * by * SHARE
"""

MAIN = """
def rule(client, state, therapist, draws, p):
    pair = Pair(helper(state), other.scaled(math.sqrt(client)))
    return pair.one + pair.other + TABLE[0] + Way.UP
"""

BESIDE = """
def scaled(x):
    return FACTOR * x
FACTOR = 3.0
"""


def rule_from(helpers: str = HELPERS, main: str = MAIN, beside: str = BESIDE) -> FunctionType:
    """Return the function that a researcher's two files define."""
    other = ModuleType("beside")
    exec(compile(beside, "beside.py", "exec"), vars(other))
    scope: dict[str, Any] = {
        "__name__": "mine",
        "np": np,
        "math": math,
        "enum": enum,
        "NamedTuple": NamedTuple,
        "other": other,
    }
    exec(compile(helpers + main, "mine.py", "exec"), scope)
    rule: FunctionType = scope["rule"]
    return rule


def test_the_same_files_read_again_have_the_same_hash_comments_apart() -> None:
    first = fingerprint(rule_from())
    assert first.lasting
    assert fingerprint(rule_from()) == first
    assert fingerprint(rule_from(main=f"# Nothing.\n\n{MAIN}")) == first
    assert len(first.digest) == 16


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("main", "pair.one + pair.other", "pair.one - pair.other"),
        ("main", "TABLE[0]", "TABLE[1]"),
        ("main", "math.sqrt", "math.cos"),
        ("helpers", "SHARE = 0.5", "SHARE = 0.25"),
        ("helpers", "SHARE = 0.5", "SHARE = True"),
        ("helpers", "x * by", "x + by"),
        ("helpers", "by=2.0", "by=2"),
        ("helpers", "[1.0, 2.0]", "[1.0, 2.5]"),
        ("helpers", "one: float\n    other: float", "other: float\n    one: float"),
        ("helpers", "UP = 1", "UP = 2"),
        ("beside", "FACTOR * x", "x * FACTOR * 1.0"),
        ("beside", "FACTOR = 3.0", "FACTOR = 4.0"),
    ],
)
def test_a_change_in_what_it_reaches_changes_the_hash(file: str, old: str, new: str) -> None:
    texts = {"main": MAIN, "helpers": HELPERS, "beside": BESIDE}
    assert old in texts[file]
    changed = rule_from(**{file: texts[file].replace(old, new)})
    assert fingerprint(changed) != fingerprint(rule_from())


def test_a_constant_that_is_set_while_python_runs_changes_it_too() -> None:
    rule = rule_from()
    before = fingerprint(rule)
    rule.__globals__["SHARE"] = 0.75
    assert fingerprint(rule) != before
    rule.__globals__["SHARE"] = 0.5
    assert fingerprint(rule) == before


def test_what_only_an_address_tells_apart_does_not_last() -> None:
    rule = rule_from(HELPERS + "SHARE = object()\n")
    assert not fingerprint(rule).lasting
    assert fingerprint(rule) == fingerprint(rule)
    assert fingerprint(rule) != fingerprint(rule_from(HELPERS + "SHARE = object()\n"))


def test_what_variables_around_a_function_hold_counts() -> None:
    def around(share: float) -> Any:
        def inside(x: float) -> float:
            return share * x

        return inside

    assert fingerprint(around(0.5)) == fingerprint(around(0.5))
    assert fingerprint(around(0.5)) != fingerprint(around(0.6))


def test_the_models_own_session_has_a_lasting_hash() -> None:
    assert fingerprint(hold_session).lasting
