"""A program: all that a few roots reach, translated once each."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dashboards.portable.calls import returned
from dashboards.portable.javascript import literal
from dashboards.portable.kinds import Kind, fields_of, is_record
from dashboards.portable.sources import Source
from dashboards.portable.statements import Function

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FunctionType

    from simulation.portable import Primitive

__all__ = ["Program"]

SPECIAL = {"__len__": "length", "__call__": "call"}
"""What methods with a meaning of their own are called in JavaScript."""


class Program:
    """Collects functions, classes of records and constants, in the order in which JavaScript can read them.

    Parameters
    ----------
    primitives
        Functions that have JavaScript of their own.
    """

    def __init__(self, primitives: Iterable[Primitive]) -> None:
        self.primitives = {one.python: one.javascript.strip() for one in primitives}
        self.functions: dict[FunctionType, str] = {}
        self.records: dict[type, dict[str, str]] = {}
        self.constants: dict[str, str] = {}
        self.called: dict[Any, str] = {}

    def script(self) -> str:
        """Return the program: classes, functions, constants."""
        classes = (self._class(record) for record in self.records)
        constants = (f"const {name} = {text};" for name, text in self.constants.items())
        return "\n".join((*classes, *self._functions(), *constants))

    def _functions(self) -> Iterable[str]:
        """Return the functions, primitives first and in their own order."""
        first = [text for one, text in self.primitives.items() if one in self.functions]
        return (
            *first,
            *(self.functions[one] for one in self.functions if one not in self.primitives),
        )

    def names(self) -> tuple[str, ...]:
        """Return the names of all classes and functions."""
        return tuple(self.called[one] for one in (*self.records, *self.functions))

    def function(self, function: FunctionType) -> str:
        """Return the name of a translated function."""
        if function not in self.functions:
            name = self._named(function, function.__name__, function.__module__)
            self.functions[function] = ""  # it may call itself
            if function in self.primitives:
                if (kind := returned(function)).record:
                    self.record(kind.record)
            else:
                self.functions[function] = Function(Source.of(function), self).as_function(name)
        return self.called[function]

    def record(self, record: type) -> str:
        """Return the name of the class of a record."""
        if record not in self.records:
            self._named(record, record.__name__, record.__module__)
            self.records[record] = {}
        return self.called[record]

    def member(self, record: type, name: str) -> Kind | None:
        """Return what a property or method of a record gives; None if it has none of this name."""
        found = inspect.getattr_static(record, name, None)
        is_property = isinstance(found, property) or name == "__len__"
        function = found.fget if isinstance(found, property) else found
        if not is_record(record) or not inspect.isfunction(function):
            return None
        self.record(record)
        members = self.records[record]
        if name not in members:
            members[name] = ""
            translated = Function(Source.of(function), self)
            members[name] = translated.as_method(
                SPECIAL.get(name, name), record, is_property=is_property
            )
        return returned(function)

    def whole(self, record: type) -> None:
        """Translate all properties and methods of a record that have a name of their own."""
        self.record(record)
        for name, value in vars(record).items():
            if isinstance(value, property) or (inspect.isfunction(value) and name[0] != "_"):
                self.member(record, name)

    def constant(self, name: str, value: Any) -> str:
        """Return the name of a constant."""
        key = (name, id(value))
        if key not in self.called:
            text = self.written(value)
            self._named(key, name, "constant")
            self.constants[self.called[key]] = text
        return self.called[key]

    def written(self, value: Any) -> str:
        """Write a constant value.

        Raises
        ------
        TypeError
            If it is of a kind that is not translated.
        """
        if (text := literal(value)) is not None:
            return text
        if is_record(type(value)):
            names = fields_of(value.__class__)
            fields = (self.written(getattr(value, name)) for name in names)
            return f"new {self.record(type(value))}({', '.join(fields)})"
        if isinstance(value, Mapping):
            pairs = (f"[{self._key(key)}, {self.written(one)}]" for key, one in value.items())
            return f"new Map([{', '.join(pairs)}])"
        if isinstance(value, (tuple, list)):
            return f"[{', '.join(self.written(one) for one in value)}]"
        raise TypeError(f"A constant of {type(value).__name__} is not translated: {value!r}")

    def _key(self, key: Any) -> str:
        return f"$key({self.written(key)})" if isinstance(key, tuple) else self.written(key)

    def _named(self, key: Any, name: str, module: str) -> str:
        """Give a name to something: its own, or with that of its module before it where that is taken."""
        if name in self.called.values():
            name = f"{module.rpartition('.')[2]}_{name}"
        if name in self.called.values():
            raise ValueError(f"There are two of {name}.")
        self.called[key] = name
        return name

    def _class(self, record: type) -> str:
        """Return the class of a record, with the names of its fields."""
        names = tuple(fields_of(record))
        kept = " ".join(f"this.{name} = {name};" for name in names)
        lines = (
            f"class {self.called[record]} {{",
            f"static fields = {self.written(names)};",
            f"constructor({', '.join(names)}) {{ {kept} }}",
            *self.records[record].values(),
            "}",
        )
        return "\n".join(lines)
