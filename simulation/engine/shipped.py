"""Compiled code as LLVM's module that comes with the package: made into machine code here, without Numba.

Nine tenths of what Numba takes to compile the engine are its own work on types and inlining, which is the same on
every computer. So its outcome is shipped: a module in which nothing depends on a processor, an operating system or a
version of Python (`simulation.shipping` makes it). LLVM optimises it for the processor at hand in about two
seconds. What else is compiled and shipped, beside the engine, has a file and a hash of its own (`Sources`).

It stands for the equations as they were when it was made, and names them by a hash. Where that is not the hash of the
equations at hand, or the module is damaged, or LLVM cannot read it, or Numba is told by ``NUMBA_…`` to compile
otherwise, Numba compiles.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from simulation.engine.cache import ROOT, compiled_sources, parameters_compiled
from simulation.engine.linking import native_llvm, sealed, target_machine, unsealed
from simulation.engine.machine_code import CAN_STORE, object_of
from simulation.engine.statements import statements_hash

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ENGINE",
    "Shipped",
    "Sources",
    "is_usable",
    "machine_code",
    "packed",
    "shipped",
    "shipped_of_these_sources",
    "sources_now",
]

MADE_BY = ("lowering.py", "shipping.py")
"""Modules that compiled code does not depend on, but what is shipped does."""

NOT_IN_IT = (
    "collecting.py",
    "cores.py",
    "engine/argument_words.py",
    "engine/cache.py",
    "engine/fingerprint.py",
    "engine/linking.py",
    "engine/machine_code.py",
    "engine/shipped.py",
    "engine/statements.py",
)
"""Modules that say where compiled code lies and how it is run, not what it does."""

PROCESSORS = ("x86_64", "amd64", "aarch64", "arm64")
"""Those with pointers of 64 bits, the lowest byte first, on which doubles are IEEE 754's."""

HEEDED = ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES")
"""What Numba is told that is heeded here, too."""

NOT_COMPILING = ("NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS", "NUMBA_THREADING_LAYER")
"""What Numba is told that says nothing on compiling."""


class Shipped(NamedTuple):
    """What is shipped."""

    sources: str
    """Hash of the statements it was made of (`sources_now`)."""
    made_with: dict[str, str]
    """Versions of Numba and llvmlite."""
    modules: dict[str, str]
    """Texts of LLVM's modules, by the name of the entry point, which is that of its function."""


def packed(content: Shipped) -> bytes:
    """Return what is shipped as it lies in its file: a hash, then JSON, compressed."""
    text = json.dumps(content._asdict(), separators=(",", ":"))
    return sealed(zlib.compress(text.encode(), 9))


@lru_cache(maxsize=4)
def shipped(file: Path) -> Shipped | None:
    """Return what a file holds, or None if it is not there or damaged."""
    try:
        content = unsealed(file.read_bytes())
    except OSError:
        return None
    return None if content is None else Shipped(**json.loads(zlib.decompress(content)))


@lru_cache(maxsize=1)
def sources_now() -> str:
    """Return a hash of all statements that the engine is compiled of; takes a seventh of a second."""
    depends = sorted({*compiled_sources(), *MADE_BY} - set(NOT_IN_IT))
    statements = statements_hash(ROOT, depends)
    return hashlib.sha256(f"{statements} {parameters_compiled()}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources whose entry points are compiled, stored and shipped together.

    Attributes
    ----------
    file
        What is shipped of them.
    now
        Returns the hash of what they say at hand (`statements_hash`).
    stored_as
        Returns what tells the directory of their compiled code from that of the engine; None for the engine itself.
    """

    file: Path
    now: Callable[[], str]
    stored_as: Callable[[], str | None]


ENGINE = Sources(Path(__file__).with_name("shipped.bin"), sources_now, lambda: None)


def is_usable(sources: Sources = ENGINE) -> bool:
    """Tell whether what is shipped can stand for what Numba would compile here."""
    others = {name for name in os.environ if name.startswith("NUMBA_")}
    if others - {*HEEDED, *NOT_COMPILING}:
        return False
    if not CAN_STORE or platform.machine().lower() not in PROCESSORS:
        return False
    return shipped_of_these_sources(sources) is not None


def shipped_of_these_sources(sources: Sources = ENGINE) -> Shipped | None:
    """Return what is shipped, or None if it is damaged or was made of other sources than those at hand."""
    content = shipped(sources.file)
    return content if content is not None and content.sources == sources.now() else None


def machine_code(name: str, sources: Sources = ENGINE) -> bytes | None:
    """Return the object of an entry point for this processor, made in about two seconds; None if Numba must.

    Parameters
    ----------
    name
        Of the entry point.
    sources
        That it is compiled of.
    """
    content = shipped_of_these_sources(sources) if is_usable(sources) else None
    if content is None:
        return None
    llvm = native_llvm()
    try:
        return object_of(content.modules[name], name, name, _compiler(llvm), optimise=True)
    except (KeyError, RuntimeError):  # LLVM's sentence says what it does not know
        return None


def _compiler(llvm: Any) -> Any:
    """Return what makes code for this processor, or for the one that Numba is told of."""
    cpu = os.environ.get("NUMBA_CPU_NAME") or llvm.get_host_cpu_name()
    features = os.environ.get("NUMBA_CPU_FEATURES")
    if features is None:
        generic = cpu.lower() == "generic"
        features = "" if generic else llvm.get_host_cpu_features().flatten()
    return target_machine(llvm, cpu=cpu, features=features, opt=3)
