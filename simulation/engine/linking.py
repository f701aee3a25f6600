"""Running stored machine code: it is linked into this process, and its arguments are taken apart as Numba does.

Named tuples are taken apart field by field, down to whole numbers and arrays.
"""

from __future__ import annotations

import ctypes
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import ref

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

__all__ = [
    "DIGEST",
    "linked",
    "load",
    "native_llvm",
    "sealed",
    "target_machine",
    "unsealed",
    "words",
]

DIGEST = 32
"""Bytes of the hash before the object: a damaged object would end the process that links it."""

LINKED: list[Any] = []
"""Linkers of this process; they own the code."""


def sealed(content: bytes) -> bytes:
    """Return content with its hash before it, as it is stored."""
    return hashlib.sha256(content).digest() + content


def unsealed(content: bytes) -> bytes | None:
    """Return what was sealed, or None if it is damaged."""
    inside = content[DIGEST:]
    return inside if content == sealed(inside) else None


def load(file: Path, name: str) -> Callable[..., None] | None:
    """Return the entry point that an earlier process stored in a file, or None if there is none that is whole."""
    try:
        code = unsealed(file.read_bytes())
    except OSError:
        return None
    return None if code is None else linked(code, name)


def linked(code: bytes, name: str) -> Callable[..., None]:
    """Return an entry point of an object."""
    llvm = native_llvm()
    empty = llvm.parse_assembly("")
    linker = llvm.create_mcjit_compiler(empty, target_machine(llvm))
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


def native_llvm() -> Any:
    """Return llvmlite, ready for this processor."""
    import llvmlite.binding

    llvm: Any = llvmlite.binding
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def target_machine(llvm: Any, **options: Any) -> Any:
    """Return what makes or links code for this processor; `options` as llvmlite takes them."""
    target = llvm.Target.from_triple(llvm.get_process_triple())
    relocation = "static" if target.name.startswith("x86") else "default"
    return target.create_target_machine(
        reloc=relocation, codemodel="jitdefault", jit=True, **options
    )
