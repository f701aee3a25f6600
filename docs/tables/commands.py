"""The commands and their options, from the functions that Typer makes them of."""

from __future__ import annotations

import inspect
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from tables.markdown import code, table

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {int: "NUMBER", float: "NUMBER", str: "TEXT", Path: "FILE"}


def command_sections() -> str:
    """Return a section for each command: what it does, what it is given, its options."""
    from experiments.cli.program import COMMANDS

    parts = []
    for one in COMMANDS:
        rows = list(_rows(import_module(one.module).command))
        given = table(("Argument or option", "Meaning", "Left out"), rows) if rows else ""
        parts.append(f"## `alliance {one.name}`\n\n{one.help}\n\n{given}".rstrip())
    return "\n\n".join(parts)


def _rows(command: Any) -> Iterator[tuple[str, str, str]]:
    hints = get_type_hints(command, include_extras=True)
    for name, given in inspect.signature(command).parameters.items():
        kind, info = _declared(hints[name])
        if info is None or getattr(info, "hidden", False):
            continue
        words = " ".join((info.help or "").split())
        yield _shown(name, kind, info), words, _left_out(given.default)


def _declared(hint: Any) -> tuple[Any, Any]:
    """Return what a parameter is, and what Typer is told of it; None for what Typer hands over itself."""
    if get_origin(hint) is not Annotated:
        return hint, None
    kind, *told = get_args(hint)
    return kind, next((one for one in told if hasattr(one, "param_decls")), None)


def _shown(name: str, kind: Any, info: Any) -> str:
    """Return how a parameter is typed on the command line."""
    inner = [one for one in get_args(kind) if one is not NoneType] or [kind]
    if get_origin(kind) in {Union, UnionType} and get_origin(inner[0]) is list:
        inner = list(get_args(inner[0]))
    value = info.metavar or KINDS.get(inner[0]) or _choices(inner[0])
    if type(info).__name__ == "ArgumentInfo":
        return code(info.metavar or name.upper())
    # Beside an annotation, Typer takes the first name of an option for its default.
    first = (info.default,) if isinstance(info.default, str) and info.default[:1] == "-" else ()
    options = (*first, *(info.param_decls or ())) or (f"--{name.replace('_', '-')}",)
    shown = ", ".join(code(option) for option in options if option.startswith("-"))
    return shown if inner[0] is bool else f"{shown} {code(value)}"


def _choices(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "/".join(str(one) for one in get_args(kind))
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return "/".join(str(one.value) for one in kind)
    return "VALUE"


def _left_out(default: Any) -> str:
    """Return what holds where an option is not given; nothing for switches that are off and for no value."""
    if default is inspect.Parameter.empty:
        return "has to be given"
    if default is None or default is False or default == "":
        return ""
    if isinstance(default, tuple | list):
        return ", ".join(code(one) for one in default)
    return "on" if default is True else code(getattr(default, "value", default))
