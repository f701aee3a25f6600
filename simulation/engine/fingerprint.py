"""What a function is made of, as one hash: everything that machine code compiled of it depends on.

Numba's cache looks at the file in which a function is defined, and at nothing that the function names. Here a
function counts by its bytecode, with the constants, helper functions and named tuples that it reaches by name, in its
own module or another, down to the functions of the standard library, NumPy, SciPy and Numba, which count by the
versions of those.
"""

from __future__ import annotations

import enum
import hashlib
import sys
from contextlib import suppress
from functools import cache
from importlib import metadata
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Fingerprint", "fingerprint"]

PLAIN = (bool, int, float, complex, str, bytes, type(None), type(...))
BY_VERSION = ("numpy", "numba", "llvmlite", "scipy")
"""Packages whose functions do not change unless the version does."""


class Fingerprint(NamedTuple):
    """What functions are made of."""

    digest: str
    """16 hexadecimal digits; in one process, the same for the same."""
    lasting: bool
    """Whether every process gets the same; not where something is reached that only an address tells apart."""


def fingerprint(*values: Any) -> Fingerprint:
    """Return one hash of what functions and plain values are made of.

    Parameters
    ----------
    *values
        Functions, entry points of the engine, classes of named tuples, numbers, texts, arrays, and tuples of these.
    """
    walk = _Walk()
    parts = [*_versions(), *(walk.value(value) for value in values)]
    return Fingerprint(_digest(parts)[:16], walk.lasting)


@cache
def _versions() -> tuple[str, ...]:
    versions = [f"python {sys.version}"]
    for name in BY_VERSION:
        with suppress(metadata.PackageNotFoundError):
            versions.append(f"{name} {metadata.version(name)}")
    return tuple(versions)


class _Walk:
    """A walk over what values reach; each function and class is looked at once."""

    def __init__(self) -> None:
        self.seen: dict[
            int, tuple[int, Any]
        ] = {}  # holds the values, so that no other gets their id
        self.lasting = True

    def value(self, value: Any) -> str:
        """Return what stands for a value."""
        plain = _plain(value)
        if plain is not None:
            return plain
        if isinstance(value, tuple | frozenset):
            parts = map(self.value, value)
            ordered = sorted(parts) if isinstance(value, frozenset) else parts
            return f"{self.value(type(value))}({', '.join(ordered)})"
        if id(value) in self.seen:
            return f"again {self.seen[id(value)][0]}"
        self.seen[id(value)] = (len(self.seen), value)
        return self.inside(value)

    def inside(self, value: Any) -> str:
        """Return what stands for a value that reaches others."""
        match value:
            case FunctionType():
                return self.function(value)
            case CodeType():
                return self.code(value)
            case type():
                return self.kind(value)
        return self.compiled(value)

    def function(self, function: FunctionType) -> str:
        """Return what stands for a function: its code, and all that it can reach by a name."""
        parts = [function.__qualname__, self.value(function.__code__)]
        parts.append(self.value(function.__defaults__))
        parts.append(self.value(tuple(sorted((function.__kwdefaults__ or {}).items()))))
        for cell in function.__closure__ or ():
            with suppress(ValueError):  # not filled yet
                parts.append(self.value(cell.cell_contents))
        names = set(_names_in(function.__code__))
        modules: list[ModuleType] = []
        parts += self.named(function.__globals__, names, modules)
        visited: set[int] = set()
        while modules:
            module = modules.pop()
            if id(module) in visited:
                continue
            visited.add(id(module))
            parts.append(module.__name__)
            if not _is_of_known_version(module.__name__):
                parts += self.named(vars(module), names, modules)
        return _digest(parts)

    def named(
        self, scope: dict[str, Any], names: Iterable[str], modules: list[ModuleType]
    ) -> Iterator[str]:
        """Yield what stands for the names that a scope has; leave the modules among them to be visited."""
        for name in sorted(names):
            if name not in scope:
                continue
            if isinstance(scope[name], ModuleType):
                modules.append(scope[name])
                yield f"{name} module {scope[name].__name__}"
            else:
                yield f"{name} {self.value(scope[name])}"

    def code(self, code: CodeType) -> str:
        """Return what stands for bytecode."""
        names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
        counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
        constants = self.value(code.co_consts)
        return _digest([code.co_code.hex(), repr(names), repr(counts), constants])

    def kind(self, kind: type) -> str:
        """Return what stands for a class: a named tuple by its fields, an enumeration by its members."""
        name = f"{kind.__module__}.{kind.__qualname__}"
        fields = getattr(kind, "_fields", None)
        if issubclass(kind, tuple) and fields is not None:
            defaults = tuple(sorted(getattr(kind, "_field_defaults", {}).items()))
            return f"{name} {fields} {self.value(defaults)}"
        if issubclass(kind, enum.Enum):
            return f"{name} {[(one.name, self.value(one.value)) for one in kind]}"
        return self.by_address(name, kind)

    def compiled(self, value: Any) -> str:
        """Return what stands for an entry point of the engine, or for a function that Numba compiles."""
        inner = getattr(value, "py_func", getattr(value, "function", None))
        if not isinstance(inner, FunctionType):
            return self.by_address(type(value).__name__, value)
        return f"compiled {self.value(inner)} {sorted(getattr(value, 'targetoptions', {}).items())}"

    def by_address(self, name: str, value: Any) -> str:
        """Return what stands, in this process, for a value of which no more is known."""
        self.lasting = False
        return f"{name} at {id(value)}"


def _plain(value: Any) -> str | None:
    """Return what stands for a value that reaches nothing else; None for any other."""
    if type(value) in PLAIN:
        return f"{type(value).__name__} {value!r}"
    if isinstance(value, enum.Enum):
        return f"{type(value).__qualname__}.{value.name} {value.value!r}"
    if isinstance(value, np.ndarray | np.generic) and not value.dtype.hasobject:
        content = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return f"{type(value).__name__} {value.dtype.descr} {value.shape} {content}"
    if isinstance(value, BuiltinFunctionType | np.ufunc) or _is_by_version(value):
        name = getattr(value, "__qualname__", value.__name__)
        return f"{getattr(value, '__module__', '')}.{name}"
    return None


def _is_of_known_version(module: str | None) -> bool:
    top = (module or "").partition(".")[0]
    return top in BY_VERSION or (top in sys.stdlib_module_names and top != "__main__")


def _is_by_version(value: Any) -> bool:
    """Tell whether a function or class is of the standard library or of a package that counts by its version."""
    return isinstance(value, FunctionType | type) and _is_of_known_version(value.__module__)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
