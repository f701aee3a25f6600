"""What the translation is made of: expressions in JavaScript, the program around a function, plain values."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from types import FunctionType

    from dashboards.portable.kinds import Kind

__all__ = ["RESERVED", "Js", "Names", "inside_backticks", "literal"]

SAFE_INTEGER = 2**53

# fmt: off
RESERVED = frozenset({
    "arguments", "await", "case", "catch", "const", "debugger", "default", "delete", "do",
    "enum", "eval", "export", "extends", "false", "function", "implements", "in", "instanceof",
    "interface", "let", "new", "null", "package", "private", "protected", "public", "static",
    "super", "switch", "this", "throw", "true", "typeof", "undefined", "var", "void", "with",
    "yield",
})
# fmt: on
"""Words that JavaScript keeps for itself and Python does not."""


@dataclass(frozen=True, slots=True)
class Js:
    """An expression in JavaScript, and what it gives."""

    text: str
    kind: Kind

    def __str__(self) -> str:
        """Return the text."""
        return self.text


class Names(Protocol):
    """What a function needs from the program around it. Everything asked for becomes part of the program."""

    def function(self, function: FunctionType) -> str:
        """Return the name of a translated function."""

    def record(self, record: type) -> str:
        """Return the name of the class of a record."""

    def member(self, record: type, name: str) -> Kind | None:
        """Return what a property or method of a record gives; None if it has none of this name."""

    def constant(self, name: str, value: Any) -> str:
        """Return the name of a constant."""


def literal(value: Any) -> str | None:
    """Write a number, a text, True, False, None or an empty tuple; None for a value that is not written in place.

    That is also a whole number which JavaScript's numbers do not hold.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(int(value)) if abs(value) <= SAFE_INTEGER else None
    if isinstance(value, float):
        if math.isfinite(value):
            return repr(value).removesuffix(".0")
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
    return "[]" if value == () else None


def inside_backticks(text: str) -> str:
    """Write a text as a part of a template literal that may stand in a page."""
    for sign, written in (
        ("\\", "\\\\"),
        ("`", "\\`"),
        ("${", "\\${"),
        ("</", "<\\/"),
        ("\n", "\\n"),
    ):
        text = text.replace(sign, written)
    return text
