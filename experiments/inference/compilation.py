"""How the loops of this room are compiled, stored and shipped: as the engine is (`simulation.engine.compilation`).

What is shipped of them (`shipped.bin`) is made into machine code without Numba in some seconds; where it is not of
the sources at hand, Numba compiles. After one of them was edited:

    python -m experiments.inference.shipping
"""

from __future__ import annotations

import ast
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from simulation.engine.compilation import Compiled
from simulation.engine.shipped import Sources
from simulation.engine.statements import statements_hash

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["INFERENCE", "inlined", "inner", "kernel"]

Inputs = ParamSpec("Inputs")
Output = TypeVar("Output")

ROOM = Path(__file__).parent
PACKAGE = "experiments.inference"

ENTRIES = ("mixed_moments", "one_intercept", "small_samples")
"""Modules of the functions that are called from Python."""


@lru_cache(maxsize=1)
def _stored_as() -> str:
    """Return a name made of all that the room's files hold: Numba's cache looks at one file alone."""
    digest = hashlib.sha256()
    for path in sorted(ROOM.rglob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return f"inference-{digest.hexdigest()[:16]}"


@lru_cache(maxsize=1)
def _sources_now() -> str:
    """Return a hash of the statements of all modules that compiled code may be made of: those that are imported."""
    reached: set[str] = set()
    left = [*ENTRIES, "compilation"]
    while left:
        name = left.pop()
        if name in reached:
            continue
        reached.add(name)
        for one in ast.parse((ROOM / f"{name}.py").read_bytes()).body:
            package, _, module = (getattr(one, "module", None) or "").rpartition(".")
            if package == PACKAGE:
                left.append(module)
    return statements_hash(ROOM, sorted(f"{name}.py" for name in reached))


INFERENCE = Sources(ROOM / "shipped.bin", _sources_now, _stored_as)


def kernel(function: Callable[Inputs, None]) -> Compiled[Inputs, None]:
    """Make a function of arrays and whole numbers one that is called from Python, without the interpreter lock.

    It returns nothing: what it finds is written to arrays.
    """
    return Compiled(function, alone=True, sources=INFERENCE)


def inner(function: Callable[Inputs, Output]) -> Compiled[Inputs, Output]:
    """Make a function one that only compiled ones call: half of its code would be for Python."""
    return _inside(function)


def inlined(function: Callable[Inputs, Output]) -> Compiled[Inputs, Output]:
    """Do what `inner` does for a function that becomes a part of its callers, which takes longer to compile.

    A call hands every array over in some ten words: where a function takes a room of many and does little, most of
    its time.
    """
    return _inside(function, forceinline=True)


def _inside(function: Callable[Inputs, Output], **more: Any) -> Compiled[Inputs, Output]:
    return Compiled(function, sources=INFERENCE, options={"no_cpython_wrapper": True, **more})
