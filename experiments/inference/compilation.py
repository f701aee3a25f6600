"""How the loops of this room are compiled: once for these sources, and stored on disk for later processes.

Numba's cache looks at the file in which a function is defined, not at the functions it calls; so compiled code lies
in a directory named after a hash of all sources of the room, beside the engine's (`simulation.engine.compilation`).
Modules with compiled loops import this one and therefore Numba; they are imported when an analysis is asked for.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numba

from simulation.engine.cache import cache_directory
from simulation.engine.compilation import BUILDING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["inlined", "inner", "kernel"]

Function = TypeVar("Function", bound="Callable[..., Any]")


@lru_cache(maxsize=1)
def _directory() -> Path | None:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return cache_directory(f"inference-{digest.hexdigest()[:16]}")


def kernel(function: Function) -> Function:
    """Make a function of arrays and numbers one that is compiled on its first call, without the interpreter lock."""
    return _compiled(function, called_from_python=True)


def inner(function: Function) -> Function:
    """Do what `kernel` does for a function that only compiled ones call: half of its code would be for Python."""
    return _compiled(function, called_from_python=False)


def inlined(function: Function) -> Function:
    """Do what `inner` does for a function that becomes a part of its callers, which takes longer to compile.

    A call hands every array over in some ten words: where a function takes a room of many and does little, most of
    its time.
    """
    return _compiled(function, called_from_python=False, forceinline=True)


def _compiled(function: Function, *, called_from_python: bool, **more: bool) -> Function:
    settings: Any = numba.config
    directory = _directory()
    with BUILDING:
        before = settings.CACHE_DIR
        try:
            if directory is not None:
                settings.CACHE_DIR = str(directory)
            njit: Any = numba.njit
            made: Function = njit(
                function,
                nogil=True,
                error_model="numpy",
                no_cfunc_wrapper=True,
                no_cpython_wrapper=not called_from_python,
                _nrt=False,  # every array belongs to the caller: none is counted
                cache=directory is not None,
                **more,
            )
            return made
        finally:
            settings.CACHE_DIR = before
