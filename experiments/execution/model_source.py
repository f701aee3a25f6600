"""What a model is made of: every function, class and constant that evaluating it can reach, each with a hash.

A stored result belongs to the model that gave it. So a study writes down these hashes, and is continued only by a
model with the same. Functions count by their source without comments, constants by their value, the simulation by all
its files, an installed package by its version. What a model reads from files, or finds by names made up while it
runs, is not seen; the run that every continuation repeats may still show it.
"""

from __future__ import annotations

import ast
import dis
import functools
import hashlib
import importlib.util
import inspect
import pickle
import sys
import textwrap
import types
from contextlib import suppress
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design.value import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["SIMULATION", "model_source_hash", "source_hash", "sources_of"]

SIMULATION = "the simulation"
"""Name of the part of a model that is the simulation as it is."""

PLAIN = (bool, int, float, complex, str, bytes, type(None), type(...), Path)
NOT_STATE = {
    *("__dict__", "__weakref__", "__doc__", "__module__", "__annotations__", "__firstlineno__"),
    *("__static_attributes__", "__annotate__", "__annotate_func__", "__annotations_cache__"),
}
"""Entries of a class that say nothing about what it does."""

PARTS_OF: dict[Any, Callable[[Any], Iterable[object]]] = {
    types.MethodType: lambda one: (one.__func__, one.__self__),
    functools.partial: lambda one: (one.func, one.args, one.keywords),
    property: lambda one: (one.fget, one.fset),
    (staticmethod, classmethod): lambda one: (one.__func__,),
    (tuple, list): lambda one: one,
    dict: lambda one: one.items(),
}
"""Kinds of values that are known by what they are made of."""

VERSION_FREE = {"numpy", "scipy", "numba", "polars", "mesa", "pandas", "networkx", "pydantic"}
"""Packages whose versions stand in the manifest, and may change within a study."""


def source_hash(evaluate: Any) -> str:
    """Return one hash of everything a model is made of, or the version it says it has.

    Raises
    ------
    StudyError
        If there is no source to hash and no version.
    """
    version = getattr(evaluate, "source_hash", None)
    if isinstance(version, str):
        return version
    return _digest(repr(sorted(sources_of(evaluate).items())))


def sources_of(evaluate: Any) -> dict[str, str]:
    """Return the name of everything a model is made of, and a hash of each.

    Raises
    ------
    StudyError
        If there is no source to hash.
    """
    version = getattr(evaluate, "source_hash", None)
    if isinstance(version, str):
        return {"version": version}
    named = getattr(evaluate, "sources", None)
    if isinstance(named, dict):
        return dict(named)
    search = _Search()
    search.value(evaluate)
    if not search.found:
        raise StudyError(
            f"The source of {evaluate!r} cannot be read, so results could not be told from those of another version; "
            'give the model a version: evaluate.source_hash = "1".'
        )
    return search.found


@functools.cache
def model_source_hash() -> str:
    """Return a hash of every source file that a result of the simulation depends on."""
    import simulation
    from experiments import outcomes, tables

    digest = hashlib.sha256()
    for house in (simulation, outcomes, tables):
        root = Path(str(house.__file__)).parent
        for path in sorted(root.rglob("*")):
            if path.suffix in {".py", ".toml"}:
                name = f"{root.name}/{path.relative_to(root).as_posix()}"
                text = path.read_bytes().replace(b"\r\n", b"\n")
                digest.update(name.encode() + b"\0" + text + b"\0")
    return digest.hexdigest()


class _Search:
    """A walk over what a model reaches; `found` fills with the name and the hash of each part."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.seen: dict[int, object] = {}

    def value(self, value: object) -> str:
        """Visit a value and return what stands for it in the hash of what holds it."""
        if isinstance(value, PLAIN):
            return repr(value)
        if id(value) in self.seen:
            return f"again {type(value).__name__}"
        self.seen[id(value)] = value  # kept alive, so that no other gets its id
        for kinds, parts in PARTS_OF.items():
            if isinstance(value, kinds):
                return f"{type(value).__name__}({', '.join(map(self.value, parts(value)))})"
        if isinstance(value, set | frozenset):
            return f"{{{', '.join(sorted(map(self.value, value)))}}}"
        for wrapping in ("__wrapped__", "py_func"):
            inner = getattr(value, wrapping, None)
            if isinstance(inner, types.FunctionType) and not isinstance(value, types.FunctionType):
                return self.value(inner)
        return self._by_name(value)

    def _by_name(self, value: object) -> str:
        match value:
            case types.ModuleType():
                return value.__name__
            case types.FunctionType():
                return self._function(value)
            case type():
                return self._class(value)
        return self._object(value)

    def _function(self, function: types.FunctionType) -> str:
        module = function.__globals__.get("__name__")  # a wrapper bears the name of what it wraps
        name = f"{_home(module)}.{function.__qualname__}"
        if self._elsewhere(module):
            return name + self.value(getattr(function, "__wrapped__", None))
        parts = [_text_of(function)]
        parts.append(self.value((function.__defaults__, function.__kwdefaults__)))
        for cell in function.__closure__ or ():
            try:
                parts.append(self.value(cell.cell_contents))
            except ValueError:  # not filled yet
                continue
        parts.append(self.value(getattr(function, "__wrapped__", None)))
        self._names(function, set(_names_in(function.__code__)))
        return self._add(name, parts)

    def _add(self, name: str, parts: Iterable[str]) -> str:
        """Add the hash of a part; two of the same name, such as two lambdas, are one."""
        self.found[name] = _digest("\n".join([self.found.get(name, ""), *parts]))
        return name

    def _names(self, function: types.FunctionType, names: set[str]) -> None:
        """Visit the globals, modules and imports that a function names."""
        home = _home(function.__globals__.get("__name__"))
        modules = list(_imported_by(function))
        for name in sorted(names):
            if name in function.__globals__:
                self._named(f"{home}.{name}", function.__globals__[name], modules)
        visited: set[str] = set()
        while modules:
            module = modules.pop()
            if module.__name__ in visited or self._elsewhere(module.__name__):
                continue
            visited.add(module.__name__)
            for name in sorted(names & vars(module).keys()):
                self._named(f"{_home(module.__name__)}.{name}", vars(module)[name], modules)

    def _named(self, name: str, value: object, modules: list[types.ModuleType]) -> None:
        if isinstance(value, types.ModuleType):
            modules.append(value)
            return
        written = self.value(value)
        if not isinstance(value, types.FunctionType | type):
            self.found.setdefault(name, _digest(written))

    def _class(self, kind: type) -> str:
        name = f"{_home(kind.__module__)}.{kind.__qualname__}"
        if self._elsewhere(kind.__module__):
            return name
        bases = [self.value(base) for base in kind.__mro__[1:]]
        entries = [
            f"{key} = {self.value(value)}"
            for key, value in vars(kind).items()
            if key not in NOT_STATE and not _is_generated(kind, value)
        ]
        return self._add(name, bases + entries)

    def _object(self, value: object) -> str:
        kind = type(value)
        name = self.value(kind)
        if self._elsewhere(kind.__module__):
            try:
                return f"{name} {_digest_bytes(pickle.dumps(value, protocol=4))}"
            except (
                Exception
            ):  # whatever a library raises for what cannot be pickled: a lock, a file
                return name
        slots = [slot for base in kind.__mro__ for slot in getattr(base, "__slots__", ())]
        state = {slot: getattr(value, slot) for slot in slots if hasattr(value, slot)}
        return name + self.value({**state, **getattr(value, "__dict__", {})})

    def _elsewhere(self, module: str | None) -> bool:
        """Tell whether a module is not the researcher's own; note the version of where it comes from."""
        if module is None:
            return False
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names and top != "__main__":
            return True
        path = _path_of(module)
        if path is None:
            return module in sys.modules and top not in {"__main__", "__mp_main__"}
        if any(path.is_relative_to(root) for root in _of_this_project()):
            self.found[SIMULATION] = model_source_hash()
            return True
        if {"site-packages", "dist-packages"} & set(path.parts):
            if top not in VERSION_FREE:
                with suppress(metadata.PackageNotFoundError):
                    self.found[f"package {top}"] = metadata.version(top)
            return True
        return False


def _of_this_project() -> Iterator[Path]:
    import simulation

    house = Path(str(simulation.__file__)).resolve().parents[1]
    return (house / name for name in ("simulation", "experiments", "dashboards"))


def _path_of(module: str) -> Path | None:
    file = getattr(sys.modules.get(module), "__file__", None)
    return Path(file).resolve() if isinstance(file, str) else None


def _home(module: str | None) -> str:
    """Return the name of a module, the same whether it is run as a script or imported."""
    if module not in {"__main__", "__mp_main__"}:
        return module or "?"
    main = sys.modules[module]
    spec = getattr(main, "__spec__", None)
    if spec is not None and spec.name not in {"__main__", "__mp_main__"}:
        return str(spec.name)
    path = _path_of(module)
    return path.stem if path is not None else "__main__"


def _is_generated(kind: type, value: object) -> bool:
    """Tell whether an entry of a class was made for it: slots, and what a data class writes itself."""
    if isinstance(value, types.MemberDescriptorType):
        return True
    code = getattr(value, "__code__", None)
    return "__dataclass_fields__" in vars(kind) and getattr(code, "co_filename", "") == "<string>"


def _text_of(function: types.FunctionType) -> str:
    """Return the source of a function without comments; without source, what it was compiled to."""
    try:
        text = textwrap.dedent(inspect.getsource(function.__code__))
    except (OSError, TypeError):
        return "".join(
            f"{code.co_code.hex()}{_constants(code)}" for code in _codes(function.__code__)
        )
    try:
        return ast.unparse(ast.parse(text))
    except SyntaxError:  # a lambda in the middle of something
        return text


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _constants(code: types.CodeType) -> list[str]:
    return [repr(one) for one in code.co_consts if not isinstance(one, types.CodeType)]


def _names_in(code: types.CodeType) -> Iterator[str]:
    for one in _codes(code):
        yield from one.co_names


def _imported_by(function: types.FunctionType) -> Iterator[types.ModuleType]:
    """Yield the modules that a function imports when it runs."""
    package = function.__globals__.get("__package__") or ""
    for code in _codes(function.__code__):
        for step in dis.get_instructions(code):
            if step.opname != "IMPORT_NAME":
                continue
            for name in dict.fromkeys((str(step.argval), f"{package}.{step.argval}".strip("."))):
                module = sys.modules.get(name) or _imported(name)
                if module is not None:
                    yield module


def _imported(name: str) -> types.ModuleType | None:
    """Import a module that is not installed but lies beside the model; None for any other."""
    try:
        spec = importlib.util.find_spec(name)
        origin = Path(spec.origin) if spec and spec.origin else None
        if origin is None or {"site-packages", "dist-packages"} & set(origin.parts):
            return None
        return (
            import_module(name) if name.partition(".")[0] not in sys.stdlib_module_names else None
        )
    except (ImportError, ValueError):
        return None


def _digest(text: str) -> str:
    return _digest_bytes(text.encode())


def _digest_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
