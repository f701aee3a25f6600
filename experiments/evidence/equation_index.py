"""Which equations there are and which use a parameter, read from the model's own source text."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

__all__ = ["EquationUse", "equations_named", "equations_using", "uses_by_parameter"]

SOURCES = (
    "equations",
    "stages.py",
    "session.py",
    "clinic.py",
    "instruments.py",
    "correlations.py",
    "population.py",
    "network.py",
    "engine/workspace.py",
    "engine/weeks.py",
)
"""Where the model uses parameters, the equations first: a use is listed once, where it is most telling."""

HOLDERS = frozenset({"p", "parameters", "client", "traits"})
"""Names by which the sources call the parameters, and the traits whose medians some parameters are."""


@dataclass(frozen=True, slots=True)
class EquationUse:
    """A function of the model that uses a parameter.

    Attributes
    ----------
    module
        Its module below ``simulation``: ``equations.alliance``.
    name
        Its name.
    meaning
        First line of its docstring.
    """

    module: str
    name: str
    meaning: str


def equations_using(parameter: str) -> tuple[EquationUse, ...]:
    """Return the functions that use a parameter, equations first; empty if none does."""
    return uses_by_parameter().get(parameter, ())


@cache
def equations_named() -> Mapping[str, EquationUse]:
    """Return the equations of the model, and the stages of a session that call them, by name."""
    found: dict[str, EquationUse] = {}
    for module, text in _texts():
        if module.startswith("equations.") or module == "stages":
            for function in ast.parse(text).body:
                if isinstance(function, ast.FunctionDef) and function.name[:1] != "_":
                    meaning = " ".join((ast.get_docstring(function) or "").split())
                    found[function.name] = EquationUse(module, function.name, meaning)
    return MappingProxyType(found)


@cache
def uses_by_parameter() -> Mapping[str, tuple[EquationUse, ...]]:
    """Return, for each parameter that the sources mention, the functions that use it."""
    found: dict[str, list[EquationUse]] = {}
    for module, text in _texts():
        tree = ast.parse(text)
        lists = _lists_of_names(tree)
        for function in tree.body:
            if not isinstance(function, ast.FunctionDef):
                continue
            meaning = (ast.get_docstring(function) or "").partition("\n")[0]
            use = EquationUse(module, function.name, meaning)
            for name in _mentioned(function, lists):
                uses = found.setdefault(name, [])
                if use not in uses:
                    uses.append(use)
    return MappingProxyType({name: tuple(uses) for name, uses in found.items()})


def _texts() -> Iterator[tuple[str, str]]:
    root = resources.files("simulation")
    for source in SOURCES:
        place = root.joinpath(source)
        for file in sorted(_python_files(place), key=lambda file: file.name):
            module = source if source.endswith(".py") else f"{source}/{file.name}"
            yield module.removesuffix(".py").replace("/", "."), file.read_text("utf-8")


def _python_files(place: Traversable) -> Iterator[Traversable]:
    if place.is_file():
        yield place
    else:
        yield from (file for file in place.iterdir() if file.name.endswith(".py"))


def _lists_of_names(tree: ast.Module) -> dict[str, tuple[str, ...]]:
    """Return the lists of words at the top of a module, such as the names of all traits."""
    lists: dict[str, tuple[str, ...]] = {}
    for line in tree.body:
        match line:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Tuple(elts=items)):
                pass
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Call(args=[ast.Dict(keys=items)])
            ):
                pass
            case _:
                continue
        words: list[str] = []
        for item in items:
            match item:
                case ast.Constant(value=str(word)):
                    words.append(word)
                case ast.Starred(value=ast.Name(id=other)):
                    words.extend(lists.get(other, ()))
        if words:
            lists[name] = tuple(words)
    return lists


def _mentioned(function: ast.FunctionDef, lists: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Name what a function reads: ``p.name``, ``client.name``, or by ``getattr`` over a list of names."""
    by_name = any(
        isinstance(node, ast.Name) and node.id == "getattr" for node in ast.walk(function)
    )
    for node in ast.walk(function):
        match node:
            case (
                ast.Attribute(value=ast.Name(id=holder), attr=name)
                | ast.Attribute(value=ast.Attribute(attr=holder), attr=name)
            ) if holder in HOLDERS:
                # Words reach the equations as numbers: assignment as assignment_code.
                yield name.removesuffix("_code")
            case ast.Name(id=name) if by_name:
                yield from lists.get(name, ())
