"""What an expression gives, as far as the translation depends on it.

JavaScript's ``+`` joins lists into a text, an empty list counts as true, and 1.0 is written ``1``. So the translator
knows of every expression what it gives: from annotations, which all functions here have, and from values.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import IntEnum
from functools import cache, reduce
from typing import Any

from pydantic import BaseModel

from dashboards.portable.sources import scope_of

__all__ = [
    "FLAG",
    "FLOAT",
    "NOTHING",
    "TEXT",
    "UNKNOWN",
    "WHOLE",
    "Kind",
    "fields_of",
    "is_record",
    "join",
    "kind_of",
    "kind_of_value",
    "mapping",
    "sequence",
]


@dataclass(frozen=True, slots=True)
class Kind:
    """What an expression gives.

    Attributes
    ----------
    name
        ``flag``, ``whole`` and ``float`` are numbers; ``text``, ``sequence``, ``mapping``; ``record`` is a frozen
        value with named fields; ``nothing`` is None.
    of
        Of a sequence its element, of a tuple with several kinds of element each of them; of a mapping key and value.
    record
        The class of a record.
    optional
        Whether it may be None instead.
    """

    name: str
    of: tuple[Kind, ...] = ()
    record: type | None = None
    optional: bool = False

    @property
    def is_number(self) -> bool:
        """Whether one can calculate with it."""
        return self.name in ("flag", "whole", "float") and not self.optional

    @property
    def is_plain(self) -> bool:
        """Whether JavaScript compares it by its value."""
        return self.name in (*NUMBERS, "text", "nothing")

    def equals(self, other: Kind) -> bool:
        """Tell whether the two are compared in JavaScript as in Python, where True is also 1."""
        flags = {self.name == "flag", other.name == "flag"}
        return (
            self.is_plain
            and other.is_plain
            and join(self, other).name != "unknown"
            and len(flags) == 1
        )

    @property
    def element(self) -> Kind:
        """What iterating over it gives."""
        if self.name == "text":
            return TEXT
        if self.name == "mapping":
            return self.of[0]
        return join(*self.of) if self.name == "sequence" and self.of else UNKNOWN

    def at(self, place: int) -> Kind:
        """Return the kind of one element."""
        if self.name == "sequence" and len(self.of) > 1 and -len(self.of) <= place < len(self.of):
            return self.of[place]
        return self.element


FLAG, WHOLE, FLOAT = Kind("flag"), Kind("whole"), Kind("float")
TEXT, NOTHING, UNKNOWN = Kind("text"), Kind("nothing"), Kind("unknown")

NUMBERS = ("flag", "whole", "float")
PLAIN = {bool: FLAG, int: WHOLE, float: FLOAT, str: TEXT, type(None): NOTHING, None: NOTHING}


def sequence(*of: Kind) -> Kind:
    """Return a list or tuple: of one kind of element, or of a fixed number of several kinds."""
    return Kind("sequence", of)


def mapping(key: Kind, value: Kind) -> Kind:
    """Return a dictionary."""
    return Kind("mapping", (key, value))


def join(*kinds: Kind) -> Kind:
    """Return the kind of what may be any of these."""
    return reduce(_either, kinds) if kinds else UNKNOWN


def _either(one: Kind, other: Kind) -> Kind:
    if one == other:
        return one
    if NOTHING in (one, other):
        return replace(other if one == NOTHING else one, optional=True)
    optional = one.optional or other.optional
    if one.name in NUMBERS and other.name in NUMBERS:
        widest = max(one.name, other.name, key=NUMBERS.index)
        return Kind(widest, optional=optional)
    if one.name != other.name or one.record is not other.record:
        return UNKNOWN
    if one.name == "sequence":
        known = [kind for kind in (one, other) if kind.of]
        element = join(*(kind.element for kind in known)) if known else None
        return Kind("sequence", (element,) if element else (), optional=optional)
    of = tuple(_either(a, b) for a, b in zip(one.of, other.of, strict=True))
    return Kind(one.name, of, one.record, optional)


def is_record(value: Any) -> bool:
    """Tell whether a class is one of frozen values with named fields."""
    if not isinstance(value, type):
        return False
    frozen = is_dataclass(value) and value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    return frozen or (issubclass(value, tuple) and hasattr(value, "_fields"))


def kind_of(annotation: Any) -> Kind:
    """Return the kind that a resolved annotation states."""
    if annotation in PLAIN:
        return PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, IntEnum):
        return WHOLE
    if is_record(annotation) or (
        isinstance(annotation, type) and issubclass(annotation, BaseModel)
    ):
        return Kind("record", record=annotation)
    return _kind_of_parts(typing.get_origin(annotation), typing.get_args(annotation))


def _kind_of_parts(origin: Any, parts: tuple[Any, ...]) -> Kind:
    if origin is typing.Annotated:
        return kind_of(parts[0])
    if origin is typing.Literal:
        return join(*(kind_of_value(one) for one in parts))
    kinds = [kind_of(one) for one in parts if one is not ...]
    if origin in (typing.Union, types.UnionType):
        return join(*kinds)
    if not isinstance(origin, type) or not kinds:
        return UNKNOWN
    if issubclass(origin, Mapping):
        return mapping(*kinds)
    return sequence(*kinds) if issubclass(origin, Iterable) else UNKNOWN


def kind_of_value(value: Any) -> Kind:
    """Return the kind of a constant."""
    if isinstance(value, IntEnum):
        return WHOLE
    if type(value) in PLAIN:
        return PLAIN[type(value)]
    if is_record(type(value)):
        return Kind("record", record=type(value))
    if isinstance(value, Mapping):
        return mapping(
            join(*(kind_of_value(key) for key in value)),
            join(*(kind_of_value(one) for one in value.values())),
        )
    if isinstance(value, (tuple, list)):
        return sequence(*([join(*(kind_of_value(one) for one in value))] if value else []))
    return UNKNOWN


@cache
def fields_of(record: Any) -> Mapping[str, Kind]:
    """Return the fields of a record, in order, with their kinds."""
    if issubclass(record, BaseModel):
        return {name: kind_of(row.annotation) for name, row in record.model_fields.items()}
    names = record._fields if issubclass(record, tuple) else [row.name for row in fields(record)]
    hints = typing.get_type_hints(record, scope_of(record.__module__))
    return {name: kind_of(hints[name]) if name in hints else UNKNOWN for name in names}
