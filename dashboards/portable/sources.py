"""What stands in a function: its syntax tree, and the objects that its names stand for."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import sys
import textwrap
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FunctionType

__all__ = ["MISSING", "Source", "Untranslatable", "hints_of", "is_constant_class", "scope_of"]

MISSING = object()


class Untranslatable(Exception):  # noqa: N818
    """A piece of Python outside the subset that is translated; says where it stands."""


def is_constant_class(value: Any) -> bool:
    """Tell whether a class is read for its constants."""
    return isinstance(value, type) and issubclass(value, IntEnum)


@cache
def scope_of(module: str) -> dict[str, Any]:
    """Return all names of a module, with those that only a type checker sees."""
    loaded = sys.modules.get(module)
    if loaded is None or getattr(loaded, "__file__", None) is None:
        return dict(vars(loaded or builtins))
    scope = dict(vars(loaded))
    for node in ast.parse(inspect.getsource(loaded)).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for inside in node.body:
                _carry_out(inside, scope)
    return scope


def _carry_out(node: ast.stmt, scope: dict[str, Any]) -> None:
    """Carry out an import, or another statement, that is meant for a type checker."""
    if isinstance(node, ast.ImportFrom) and node.module:
        origin = importlib.import_module(node.module)
        for alias in node.names:
            known = vars(origin) if hasattr(origin, alias.name) else scope_of(node.module)
            scope[alias.asname or alias.name] = known[alias.name]
    else:
        exec(compile(ast.Module([node], []), scope["__name__"], "exec"), scope)


@cache
def hints_of(function: FunctionType) -> Mapping[str, Any]:
    """Return the annotations of a function's arguments and result, resolved."""
    scope = scope_of(function.__module__) | function.__globals__
    return get_type_hints(function, scope, include_extras=True)


@dataclass(frozen=True, slots=True)
class Source:
    """A function as it is written.

    Attributes
    ----------
    function
        The function.
    tree
        Its syntax tree, with the lines of its file.
    """

    function: FunctionType
    tree: ast.FunctionDef

    @classmethod
    def of(cls, function: FunctionType) -> Source:
        """Read the source of a function."""
        lines, first = inspect.getsourcelines(function)
        tree = ast.increment_lineno(ast.parse(textwrap.dedent("".join(lines))), first - 1)
        [definition] = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        return cls(function, definition)

    def refusal(self, node: ast.AST, why: str) -> Untranslatable:
        """Return the error that says why a node cannot be translated, and where it stands."""
        line = getattr(node, "lineno", self.tree.lineno)
        text = ast.unparse(node).splitlines()[0]
        return Untranslatable(f"{self.function.__code__.co_filename}:{line}: {why}: {text}")

    def globally(self, name: str) -> Any:
        """Return what a name stands for outside the function; `MISSING` if nothing."""
        found = self.function.__globals__.get(name, MISSING)
        return getattr(builtins, name, MISSING) if found is MISSING else found

    def constant(self, node: ast.expr, local: frozenset[str]) -> Any:
        """Return the object that a name, or an attribute of a module or an enumeration, stands for.

        `MISSING` for all that is known only when the function runs.
        """
        if isinstance(node, ast.Name):
            return MISSING if node.id in local else self.globally(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.constant(node.value, local)
            if isinstance(owner, ModuleType) or is_constant_class(owner):
                return getattr(owner, node.attr, MISSING)
        return MISSING
