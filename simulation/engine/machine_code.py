"""Machine code of an entry point, stored on disk so that it runs without the compiler that made it.

Numba's own cache needs Numba to be read, and with it SciPy's linear algebra: half a second for code that runs for a
thousandth. What an entry point reaches stands in one module of LLVM's; of that, nothing is stored but the entry and
what it calls, as one object. LLVM's own loader, which llvmlite has, links it into a later process of any version of
Python.

An entry point takes its arguments as Numba takes them apart: named tuples field by field, down to whole numbers and
arrays. One whose code needs anything beside itself and the mathematics library is not stored.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import ref

import numpy as np

from simulation.files import StorageError, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

__all__ = ["CAN_STORE", "load", "store", "stored_at", "words"]

MATHEMATICS = {"sqrt", "memset", "memcpy", "memmove"}
"""Functions outside that code may call: what processors or the C library bring."""

DIGEST = 32
"""Bytes of the hash before the object: a damaged object would end the process that links it."""

CAN_STORE = sys.platform != "win32"
"""There, what code needs of the system is not all said in its module."""

LINKED: list[Any] = []
"""Linkers of this process; they own the code."""


def stored_at(directory: Path, name: str) -> Path:
    """Return the file of an entry point for this processor and what Numba is told by ``NUMBA_…``."""
    import llvmlite

    llvm = _llvm()
    told = sorted(f"{key}={value}" for key, value in os.environ.items() if key.startswith("NUMBA_"))
    made_for = (
        llvmlite.__version__,
        platform.system(),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
        *told,
    )
    digest = hashlib.sha256("\n".join(made_for).encode()).hexdigest()[:16]
    return directory / f"{name}-{digest}.code"


def store(directory: Path, name: str, module: str, entry: str) -> bool:
    """Store an entry point, if its code stands on its own.

    Parameters
    ----------
    directory, name
        See `stored_at`.
    module
        Text of LLVM's module, optimised, as Numba shows it.
    entry
        Name of its function in there.

    Returns
    -------
    bool
        Whether it is stored: not if it needs what is not in it, or the disk is full.
    """
    llvm = _llvm()
    parsed = llvm.parse_assembly(module)
    for one in (*parsed.functions, *parsed.global_variables):
        if not one.is_declaration:
            one.linkage = "external" if one.name == entry else "internal"
    parsed.get_function(entry).name = name
    compiler = _compiler(llvm)
    _without_unused(llvm, parsed, compiler)
    needed = {
        one.name for one in (*parsed.functions, *parsed.global_variables) if one.is_declaration
    }
    if any(one not in MATHEMATICS and not one.startswith("llvm.") for one in needed):
        return False
    code: bytes = compiler.emit_object(parsed)
    try:
        write_whole(stored_at(directory, name), hashlib.sha256(code).digest() + code)
    except StorageError:
        return False
    return True


def load(directory: Path, name: str) -> Callable[..., None] | None:
    """Return an entry point that an earlier process stored, or None if there is none that is whole."""
    try:
        content = stored_at(directory, name).read_bytes()
    except OSError:
        return None
    digest, code = content[:DIGEST], content[DIGEST:]
    if hashlib.sha256(code).digest() != digest:
        return None
    llvm = _llvm()
    empty = llvm.parse_assembly("")
    linker = llvm.create_mcjit_compiler(empty, _target(llvm))
    linker.add_object_file(llvm.ObjectFileRef.from_data(code))
    linker.finalize_object()
    LINKED.append(linker)
    address = linker.get_function_address(name)

    def run(*arguments: Any) -> None:
        nothing, error = ctypes.c_void_p(), ctypes.c_void_p()
        given = words(arguments)
        status = _function(len(given))(address)(ctypes.byref(nothing), ctypes.byref(error), *given)
        if status:
            raise RuntimeError(f"{name} ended with status {status}.")

    return run


@lru_cache(maxsize=8)
def _function(words: int) -> Any:
    """Return the type of a function as Numba makes it: status; where to put result and error, then its arguments."""
    return ctypes.CFUNCTYPE(ctypes.c_int32, *[ctypes.c_void_p] * 2, *[ctypes.c_int64] * words)


def words(arguments: Iterable[Any]) -> list[int]:
    """Return arguments as Numba takes them apart: whole numbers, and arrays by address, shape and strides."""
    found: list[int] = []
    for one in arguments:
        if isinstance(one, tuple):
            found += words(one)
        elif isinstance(one, np.ndarray):
            known = _arrays.get(id(one))
            found += known[1] if known is not None and known[0]() is one else _words_of(one)
        else:
            found.append(int(one))
    return found


_arrays: dict[int, tuple[ref[Any], tuple[int, ...]]] = {}
"""Arrays that are there, by identity: most are working memory that the next run uses again."""


def _words_of(array: Any) -> tuple[int, ...]:
    # Nobody counts references, so there is no word on who owns the memory.
    address = array.ctypes.data
    found = (0, 0, array.size, array.itemsize, address, *array.shape, *array.strides)
    key = id(array)
    _arrays[key] = (ref(array, lambda _: _arrays.pop(key, None)), found)
    return found


def _llvm() -> Any:
    """Return llvmlite, ready for this processor."""
    import llvmlite.binding

    llvm: Any = llvmlite.binding
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def _compiler(llvm: Any) -> Any:
    """Return what makes code for this processor, set as Numba sets its own."""
    import numba
    from numba.core import codegen

    told: Any = numba.config
    own: Any = codegen
    given = told.CPU_FEATURES
    return _target(
        llvm,
        cpu=told.CPU_NAME or llvm.get_host_cpu_name(),
        features=own.get_host_cpu_features() if given is None else given,
        opt=int(told.OPT),
    )


def _target(llvm: Any, **options: Any) -> Any:
    target = llvm.Target.from_triple(llvm.get_process_triple())
    relocation = "static" if target.name.startswith("x86") else "default"
    return target.create_target_machine(
        reloc=relocation, codemodel="jitdefault", jit=True, **options
    )


def _without_unused(llvm: Any, module: Any, compiler: Any) -> None:
    """Take out what the entry does not reach."""
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    options = llvm.create_pipeline_tuning_options()
    passes.run(module, llvm.create_pass_builder(compiler, options))
