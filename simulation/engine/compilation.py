"""How one plain function becomes three: Python for reading, a compiled call, the body of a vectorised loop.

`simulation.equation.equation` marks a pure function of floats. It stays a plain Python function, to be called and
stepped through.
`Compiled` is an entry point of the engine. On its first call it is compiled together with everything it uses:
each equation is bound to a twin that Numba inlines, so that a loop over clients becomes one flat loop body.
Inlining happens at Numba's level because LLVM inlines too late for its loop vectoriser, and `where` becomes a
select instruction because every Python branch costs compile time and stands in the vectoriser's way.

Where it is stored is in `simulation.engine.cache`. Numba is imported on the first call that compiles, not before.
"""

from __future__ import annotations

from functools import lru_cache, partial
from threading import RLock
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, ParamSpec, TypeVar

from simulation.collecting import uncollected
from simulation.engine.cache import cache_directory
from simulation.engine.linking import Linked, load
from simulation.engine.machine_code import CAN_STORE, keep, store, stored_at
from simulation.engine.shipped import ENGINE, Sources, machine_code
from simulation.equation import EQUATIONS, SPECIALISED
from simulation.errors import AllianceError
from simulation.portable import PRIMITIVES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["BUILDING", "Compiled", "compiled", "compiled_alone"]

Function = TypeVar("Function", bound="Callable[..., Any]")
Inputs = ParamSpec("Inputs")
Output = TypeVar("Output")

BUILDING = RLock()
"""Numba's cache directory is one setting for the whole process: one thread at a time may set it."""


class Variant(NamedTuple):
    """What a variant of an entry point has instead of the model's own; the arguments of `Compiled`."""

    replacing: Mapping[Any, Any]
    specialised: Mapping[Any, Any]
    stored_as: str | None

    @property
    def suffix(self) -> str:
        """What its functions' names end with.

        Machine code is found by a name, counted only within the process that compiled it. Two variants that were
        compiled in different processes would have the same names, and a third process would run one as the other.
        """
        return f"_{self.stored_as or 'once'}" if self.replacing else ""

    def without(self, function: Any) -> Variant:
        """Return the variant in which this function is not replaced."""
        others = {old: new for old, new in self.replacing.items() if old is not function}
        return self._replace(replacing=others)


class Compiled(Generic[Inputs, Output]):
    """An entry point that is compiled on its first call and cached on disk.

    Parameters
    ----------
    function
        Plain Python over arrays and scalars; may call equations and other `Compiled` functions.
    replacing
        Equations to compile instead of others, wherever `function` reaches them.
    specialised
        What makes the special form of an equation, instead of what `simulation.equation.SPECIALISED` has.
    stored_as
        What tells such a variant from all others of these sources, to be stored on disk; without it,
        it is compiled again in each process.
    alone
        Store its machine code so that it runs without Numba, too (`simulation.engine.machine_code`). It returns
        nothing, and its arguments are always of the same kinds.
    sources
        That it is compiled of.
    options
        What Numba is told besides.
    """

    def __init__(
        self,
        function: Callable[Inputs, Output],
        *,
        replacing: Mapping[Callable[..., Any], Callable[..., Any]] | None = None,
        specialised: Mapping[Callable[..., Any], Callable[..., Any]] | None = None,
        stored_as: str | None = None,
        alone: bool = False,
        sources: Sources = ENGINE,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.function = function
        self.alone = alone
        self.sources = sources
        self.options = dict(options or {})
        self.code: Linked | None = None
        self.variant = Variant(dict(replacing or {}), dict(specialised or {}), stored_as)
        self.machine: Any = None
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__

    def __call__(self, *arguments: Inputs.args, **named_arguments: Inputs.kwargs) -> Output:
        """Run the machine code; the interpreter lock is released meanwhile."""
        if self.alone and not named_arguments and self.runs_alone():
            assert self.code is not None
            self.code(*arguments)
            return None  # type: ignore[return-value]
        machine = self.build()
        if machine.signatures:
            result: Output = machine(*arguments, **named_arguments)
            return result
        with uncollected():  # the first call compiles
            first: Output = machine(*arguments, **named_arguments)
        self._store()
        return first

    def bound(self, *arguments: Any) -> Callable[[], object]:
        """Return what runs it with these arguments, which are taken apart once, as often as it is called."""
        if self.alone and self.runs_alone():
            assert self.code is not None
            return self.code.bound(*arguments)
        return partial(self, *arguments)

    def runs_alone(self) -> bool:
        """Tell whether it has machine code that runs without Numba.

        It is from an earlier process; else it is made of what is shipped, and stored for later ones.
        """
        if self.code is None and self.machine is None and self.alone and CAN_STORE:
            with BUILDING:
                if self.code is None:
                    self.code = self._linked()
        return self.code is not None

    def _linked(self) -> Linked | None:
        directory, name = self._directory(), self.__name__
        stored = None if directory is None else load(stored_at(directory, name), name)
        if stored is not None:
            return stored
        code = machine_code(name, self.sources)
        if code is None:
            return None
        if directory is not None:
            keep(directory, name, code)
        return Linked(code, name)

    def _store(self) -> None:
        """Store machine code that has just been compiled, if it is to run alone."""
        directory = self._directory()
        if not (self.alone and CAN_STORE) or directory is None:
            return
        with BUILDING:
            if not stored_at(directory, self.__name__).exists():
                ((types, made),) = self.machine.overloads.items()
                text, entry = self.machine.inspect_llvm(types), made.fndesc.llvm_func_name
                store(directory, self.__name__, text, entry)

    def prepare(self, *arguments: Any) -> None:
        """Compile for arguments of these types, or read from the cache, without running."""
        import numba

        machine = self.build()
        type_of: Any = numba.typeof
        with uncollected():
            machine.compile(tuple(type_of(argument) for argument in arguments))

    def build(self) -> Any:
        """Make the Numba dispatcher; compilation itself happens when it is first called."""
        with BUILDING:
            if self.machine is None:
                self._build()
        return self.machine

    def _build(self) -> None:
        import numba

        settings: Any = numba.config
        if settings.DISABLE_JIT:
            raise AllianceError(
                "NUMBA_DISABLE_JIT is set, and without compiling the model would not give the same numbers: unset it."
            )
        directory = self._directory()
        before = settings.CACHE_DIR
        try:
            if directory is not None:
                settings.CACHE_DIR = str(directory)
            njit: Any = numba.njit
            self.machine = njit(
                _Binder(self.variant).entry(self.function),
                nogil=True,
                error_model="numpy",
                no_cfunc_wrapper=True,
                _nrt=bool(self.variant.replacing),
                cache=directory is not None and not (self.alone and CAN_STORE),
                **self.options,
            )
        finally:
            settings.CACHE_DIR = before

    def _directory(self) -> Path | None:
        """Return where this is stored on disk, if it is."""
        if self.variant.replacing and self.variant.stored_as is None:
            return None
        return cache_directory(self.variant.stored_as or self.sources.stored_as())


def compiled(function: Callable[Inputs, Output]) -> Compiled[Inputs, Output]:
    """Make a function an entry point of the engine; see `Compiled`."""
    return Compiled(function)


def compiled_alone(function: Callable[Inputs, None]) -> Compiled[Inputs, None]:
    """Make a function an entry point whose stored machine code runs without Numba; see `Compiled`."""
    return Compiled(function, alone=True)


@lru_cache(maxsize=1)
def _primitives() -> dict[Any, Any]:
    """Return what stands in compiled code for the functions that are not compiled as they are."""
    return {one.python: one.numba() for one in PRIMITIVES if one.numba is not None}


def _reached(function: Callable[..., Any]) -> list[Any]:
    """Return the equations and entry points that `function` itself mentions, directly or in a module."""
    if not isinstance(function, FunctionType):
        raise TypeError(f"{function!r} is not a plain Python function.")
    used = function.__code__.co_names
    scopes = [function.__globals__]
    scopes += [
        vars(value)
        for value in (function.__globals__.get(name) for name in used)
        if isinstance(value, ModuleType)
    ]
    values = [scope[name] for scope in scopes for name in used if name in scope]
    return [
        value
        for value in values
        if isinstance(value, Compiled) or (isinstance(value, FunctionType) and value in EQUATIONS)
    ]


class _Binder:
    """Binds the names in a function to what Numba can inline or call."""

    def __init__(self, variant: Variant) -> None:
        self.variant = variant
        self.replacing = variant.replacing
        self.twins: dict[Any, Any] = dict(_primitives())

    def entry(self, function: Callable[..., Any]) -> FunctionType:
        """Return a copy of an entry point, ready to compile."""
        mentioned = self.mentioned(function)
        for general, special in SPECIALISED.items():
            make = self.variant.specialised.get(general, special)
            self.twins[general] = self.inlined(make(mentioned))
        return self.rebound(function)

    def mentioned(self, function: Callable[..., Any]) -> set[str]:
        """Return every name that `function` and the equations it reaches mention."""
        names: set[str] = set()
        seen: set[Any] = set()
        left: list[Any] = [function]
        while left:
            value = left.pop()
            if value in seen or value in SPECIALISED or isinstance(value, Compiled):
                continue
            seen.add(value)
            if value in self.replacing:
                left.append(self.replacing[value])
            names.update(value.__code__.co_names)
            left += _reached(value)
        return names

    def changes(self, entry: Compiled[Any, Any]) -> bool:
        """Tell whether a replaced equation is reached from another entry point."""
        seen: set[Any] = set()
        left: list[Any] = [entry.function]
        while left:
            value = left.pop()
            if value in self.replacing:
                return True
            if value not in seen:
                seen.add(value)
                reached = _reached(value.function if isinstance(value, Compiled) else value)
                left += [item for item in reached if item not in _primitives()]
        return False

    def twin(self, value: Any, used: set[str]) -> Any:
        """Return the compiled twin of `value`."""
        if isinstance(value, ModuleType):
            copy = ModuleType(value.__name__)
            for name in used & vars(value).keys():
                setattr(copy, name, self.twin(vars(value)[name], used))
            return copy
        if isinstance(value, Compiled):
            value = self.replacing.get(value, value)
            if value not in self.twins:
                variant = self.replacing and self.changes(value)
                self.twins[value] = (
                    Compiled(value.function, **self.variant._asdict()) if variant else value
                )
            return self.twins[value].build()
        if not isinstance(value, FunctionType):
            return value
        if value not in self.twins and value in self.replacing:
            # The new function may itself call the one it replaces.
            inside = _Binder(self.variant.without(value))
            inside.twins.update({general: self.twins[general] for general in SPECIALISED})
            self.twins[value] = inside.inlined(self.replacing[value])
        elif value not in self.twins and value in EQUATIONS:
            self.twins[value] = self.inlined(value)
        return self.twins.get(value, value)

    def inlined(self, function: Callable[..., Any]) -> Any:
        """Return a dispatcher that Numba inlines into its callers."""
        import numba

        return numba.njit(self.rebound(function), inline="always", error_model="numpy")

    def rebound(self, function: Callable[..., Any]) -> FunctionType:
        """Return a copy of `function` that sees the twins of what it mentions."""
        if not isinstance(function, FunctionType):
            raise TypeError(f"{function!r} is not a plain Python function.")
        used = set(function.__code__.co_names)
        scope = dict(function.__globals__)
        for name in used & scope.keys():
            scope[name] = self.twin(scope[name], used)
        copy = FunctionType(
            function.__code__,
            scope,
            function.__name__,
            function.__defaults__,
            function.__closure__,
        )
        copy.__qualname__ = f"{function.__qualname__}{self.variant.suffix}"
        copy.__module__ = function.__module__
        return copy
