"""Where compiled code lies on disk, named after the sources that it was made of.

Numba's cache keys on the file a function is defined in, not on the functions inlined into it. An edited
equation would leave a stale engine behind; so the cache lives in a directory named after a hash of all of this
package's sources. A variant, in which a user's function stands for one of the model's, lies in a directory of its
own, named after a hash of that function and of what it reaches as well (`simulation.engine.fingerprint`).
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import lru_cache
from pathlib import Path

from simulation.engine.machine_code import CAN_STORE

__all__ = [
    "ROOT",
    "cache_directory",
    "compiled_sources",
    "is_compiled_before",
    "is_in_numbas_cache",
    "parameters_compiled",
    "source_hash",
]

ROOT = Path(__file__).parents[1]
"""The model's package."""

NEVER_COMPILED = (
    "__init__.py",
    "agents/model.py",
    "agents/people.py",
    "assessing.py",
    "engine/custom_session.py",
    "engine/warmup.py",
    "dyads/",
    "errors.py",
    "files.py",
    "input_files.py",
    "lowering.py",
    "network.py",
    "parameters/",
    "plain/",
    "presets/",
    "results/",
    "reused_memory.py",
    "running.py",
    "session_functions.py",
    "shipping.py",
    "threads.py",
)
"""Modules and packages that no compiled function reaches."""


@lru_cache(maxsize=2)
def source_hash(*, compiled_only: bool = False) -> str:
    """Return a hash, 16 hexadecimal digits, of the model's sources: all, or those that compiled code depends on.

    A parameter's default is not compiled, but the list of parameters is.
    """
    digest = hashlib.sha256()
    for module in compiled_sources() if compiled_only else _modules():
        digest.update(module.encode())
        digest.update((ROOT / module).read_bytes())
    if compiled_only:
        digest.update(parameters_compiled().encode())
    return digest.hexdigest()[:16]


def compiled_sources() -> list[str]:
    """Return the modules that compiled code depends on, as paths below `ROOT`."""
    return [module for module in _modules() if not module.startswith(NEVER_COMPILED)]


def parameters_compiled() -> str:
    """Return what compiled code depends on of the parameters: which there are, not their defaults."""
    from simulation.parameters import PARAMETERS

    return repr([(row.name, row.kind) for row in PARAMETERS.values()])


def _modules() -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))


@lru_cache(maxsize=16)
def cache_directory(variant: str | None = None) -> Path | None:
    """Return the directory of compiled code for these sources, or None where none can be written.

    ``ALLIANCE_CACHE_DIR`` names another place than the user's cache directory. Each `variant` of the engine has a
    directory beside that of the engine as it is.
    """
    import platformdirs

    chosen = os.environ.get("ALLIANCE_CACHE_DIR")
    root = Path(chosen or platformdirs.user_cache_path("alliance-dynamics", appauthor=False))
    if not root.is_absolute() and not chosen:
        return None  # without a home directory
    name = f"compiled-{source_hash(compiled_only=True)}"
    directory = root / (name if variant is None else f"{name}-{variant}")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe = directory / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        return None
    return directory


def is_compiled_before() -> bool:
    """Tell whether an earlier process left the compiled engine for exactly these sources."""
    directory = cache_directory()
    if directory is None:
        return False
    if CAN_STORE:
        return any(directory.glob("run_clinics-*.code"))
    return is_in_numbas_cache("run_clinics")


def is_in_numbas_cache(name: str) -> bool:
    """Tell whether an entry point lies in Numba's own cache, compiled for some processor."""
    directory = cache_directory()
    version = f"py{sys.version_info[0]}{sys.version_info[1]}"
    return directory is not None and any(directory.rglob(f"*.{name}-*.{version}*.nbc"))
