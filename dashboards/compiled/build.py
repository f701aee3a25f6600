"""The engine as WebAssembly, built once for these sources."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.compiled.linker import link
from dashboards.compiled.wasm_object import wasm_object
from simulation.engine.cache import cache_directory
from simulation.engine.compilation import BUILDING
from simulation.engine.shipped import shipped_of_these_sources
from simulation.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ENTRY", "engine_module", "engine_wasm", "is_built"]

ENTRY = "run_clinics"
"""What the module calls the engine."""


@lru_cache(maxsize=2)
def engine_wasm(*, simd: bool = True) -> bytes:
    """Return the engine's WebAssembly module, from the cache of compiled code if it is there.

    Building it takes some seconds, or half a minute where Numba has to compile the engine (`engine_module`). Both
    forms are then built.

    Parameters
    ----------
    simd
        With vectors of 128 bits, which browsers have had since 2021 to 2023, or without.

    Raises
    ------
    AllianceError
        If the engine cannot be compiled.
    """
    with BUILDING:
        folder = cache_directory()
        if folder is None:
            return _built(engine_module(), simd=simd)
        wanted = folder / _name(simd=simd)
        with _alone(folder):
            if not wanted.exists():
                module = engine_module()
                for form in (True, False):
                    write_whole(folder / _name(simd=form), _built(module, simd=form))
        return wanted.read_bytes()


def is_built() -> bool:
    """Tell whether an earlier process left the module for exactly these sources, in both forms."""
    folder = cache_directory()
    return folder is not None and all(
        (folder / _name(simd=form)).exists() for form in (True, False)
    )


def engine_module() -> str:
    """Return LLVM's module of the engine: the one that is shipped, else one like it, of the sources at hand.

    Raises
    ------
    AllianceError
        If the engine cannot be compiled.
    """
    here = shipped_of_these_sources()
    if here is None:
        from simulation.shipping import ships

        here = ships()
    return here.modules[ENTRY]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let other processes wait that want the same; where none can be made to, each builds its own."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (folder / "engine-wasm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _name(*, simd: bool) -> str:
    """Return the name of the file: the folder tells the model's sources, this the rest of what matters."""
    digest = hashlib.sha256(f"{version('numba')} {version('llvmlite')}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return f"engine-{'simd' if simd else 'scalar'}-{digest.hexdigest()[:8]}.wasm"


def _built(module: str, *, simd: bool) -> bytes:
    return link(wasm_object(module, ENTRY, simd=simd), {ENTRY: ENTRY})
