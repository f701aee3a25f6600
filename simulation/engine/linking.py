"""Running stored machine code: it is linked into this process."""

from __future__ import annotations

import ctypes
import hashlib
import os
from typing import TYPE_CHECKING, Any

from simulation.engine.argument_words import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
    "DIGEST",
    "FROM_THE_C_LIBRARY",
    "Linked",
    "load",
    "native_llvm",
    "packed_name",
    "sealed",
    "target_machine",
    "unsealed",
]

DIGEST = 32
"""Bytes of the hash before the object: a damaged object would end the process that links it."""

FROM_THE_C_LIBRARY = ("exp", "log")
"""What code may call of the C library's mathematics."""

LINKED: list[Any] = []
"""Linkers of this process; they own the code."""

PACKED = ctypes.CFUNCTYPE(ctypes.c_int32, *[ctypes.c_void_p] * 3)
"""An entry point: status; where to put result and error, and an array of its arguments, eight bytes each."""


def sealed(content: bytes) -> bytes:
    """Return content with its hash before it, as it is stored."""
    return hashlib.sha256(content).digest() + content


def unsealed(content: bytes) -> bytes | None:
    """Return what was sealed, or None if it is damaged."""
    inside = content[DIGEST:]
    return inside if content == sealed(inside) else None


class Linked:
    """An entry point of an object, linked into this process.

    Parameters
    ----------
    code, name
        The object, and what the entry is called there.
    """

    def __init__(self, code: bytes, name: str) -> None:
        llvm = native_llvm()
        linker = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine(llvm))
        linker.add_object_file(llvm.ObjectFileRef.from_data(code))
        linker.finalize_object()
        LINKED.append(linker)
        self.name = name
        self.function = PACKED(linker.get_function_address(packed_name(name)))
        words_taken = linker.get_global_value_address(f"{packed_name(name)}_words")
        self.words_taken = ctypes.c_int64.from_address(words_taken).value

    def __call__(self, *arguments: Any) -> None:
        """Run it; the interpreter lock is released meanwhile."""
        self.bound(*arguments)()

    def bound(self, *arguments: Any) -> Callable[[], None]:
        """Take arguments apart once, and return what runs it with them as often as it is called.

        Raises
        ------
        TypeError
            If there are more or fewer of them than it takes, or an array of them has another number of dimensions.
            Of which type their elements are is not looked at.
        """
        found = words(arguments)
        if len(found) != self.words_taken:
            raise TypeError(
                f"{self.name} takes arguments of {self.words_taken} words, not of {len(found)}."
            )
        given = (ctypes.c_int64 * len(found))(*found)
        result, error = ctypes.c_void_p(), ctypes.c_void_p()
        function, name = self.function, self.name

        def run(*, _in_use: tuple[Any, ...] = arguments) -> None:
            status = function(ctypes.byref(result), ctypes.byref(error), given)
            if status:
                raise RuntimeError(f"{name} ended with status {status}.")

        return run


def load(file: Path, name: str) -> Linked | None:
    """Return the entry point that an earlier process stored in a file, or None if there is none that is whole."""
    try:
        code = unsealed(file.read_bytes())
    except OSError:
        return None
    return None if code is None else Linked(code, name)


def packed_name(name: str) -> str:
    """Return what an object calls the form of an entry point that takes all its arguments from one array."""
    return f"{name}_packed"


def native_llvm() -> Any:
    """Return llvmlite, ready for this processor."""
    import llvmlite.binding

    llvm: Any = llvmlite.binding
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    here = ctypes.CDLL(None) if os.name == "posix" else None
    for name in FROM_THE_C_LIBRARY:
        function = getattr(here, name, None)
        if function is not None and not llvm.address_of_symbol(name):
            llvm.add_symbol(name, ctypes.cast(function, ctypes.c_void_p).value)
    return llvm


def target_machine(llvm: Any, **options: Any) -> Any:
    """Return what makes or links code for this processor; `options` as llvmlite takes them."""
    target = llvm.Target.from_triple(llvm.get_process_triple())
    relocation = "static" if target.name.startswith("x86") else "default"
    return target.create_target_machine(
        reloc=relocation, codemodel="jitdefault", jit=True, **options
    )
