"""What is wrong with a command line, in our words: Typer and Click each have their own, which name types of Python.

Both know the option that was refused; what it takes is read from the command's own function, so the sentences are the
same whichever version of Typer is installed.
"""

from __future__ import annotations

import inspect
import re
from itertools import pairwise
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

from simulation.errors import AllianceError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["refuse_alone", "refuse_beside", "refuse_empty", "usage_sentence"]

LEFT_OVER = re.compile(r"extra arguments?(?:\(s\))? \((.*)\)")


def refuse_empty(words: Sequence[str]) -> None:
    """Refuse an empty text, which would be read as the folder one is in, or as a name that nothing has.

    Parameters
    ----------
    words
        The command line.

    Raises
    ------
    AllianceError
        If there is one; names the option before it.
    """
    for before, word in pairwise(("", *words)):
        option = word.removesuffix("=")
        if word.startswith("--") and word.endswith("=") and "=" not in option:
            raise AllianceError(f"{option} is given nothing: write a value, or leave {option} out.")
        if word.strip():
            continue
        if before.startswith("-") and "=" not in before:
            raise AllianceError(f"{before} is given nothing: write a value, or leave {before} out.")
        raise AllianceError("A name is empty: write one between the quotation marks.")


def refuse_alone(needed: str, **given: object) -> None:
    """Refuse options that do nothing without another one.

    Parameters
    ----------
    needed
        The other one, as it is written: ``"--data N"``.
    given
        Options by their names, dashes as underscores; what is neither ``None`` nor ``False`` was given.

    Raises
    ------
    AllianceError
        If one was given.
    """
    for option in _given(given):
        raise AllianceError(
            f"{option} does nothing without {needed}: give both, or leave {option} out."
        )


def refuse_beside(other: str, **given: object) -> None:
    """Refuse options that do nothing beside another one; as `refuse_alone`."""
    for option in _given(given):
        raise AllianceError(f"{option} does nothing beside {other}: leave one of them out.")


def _given(given: Mapping[str, object]) -> list[str]:
    return [
        f"--{name.strip('_').replace('_', '-')}"
        for name, value in given.items()
        if value is not None and value is not False
    ]


def usage_sentence(error: Any, words: Sequence[str]) -> str | None:
    """Return what is wrong with a command line in one sentence; ``None`` for an error that says nothing of the kind.

    Parameters
    ----------
    error
        Of Typer or of Click, whichever this version of Typer raises.
    words
        The command line.
    """
    said = getattr(error, "format_message", None)
    if said is None:
        return None
    context, option = getattr(error, "ctx", None), getattr(error, "option_name", None)
    if type(error).__name__ == "BadOptionUsage":
        if "take" in str(said()):
            return f"{option} takes no value: leave what stands after = out."
        return f"{option} is given nothing: write a value, or leave {option} out."
    if context is None:
        return str(said())
    return _about_command(error, context, words) or str(said())


def _about_command(error: Any, context: Any, words: Sequence[str]) -> str:
    """Say what of a command was not given as it has to be; empty for anything else."""
    path, parameters = str(context.command_path), context.command.params
    parameter, kind = getattr(error, "param", None), type(error).__name__
    if kind == "NoSuchOption":
        return _no_option(error.option_name, path, parameters)
    if kind == "MissingParameter" and parameter is not None:
        return _missing(parameter, context)
    if kind == "BadParameter" and parameter is not None and _takes(parameter, context):
        written = " ".join(_written(parameter, words)).rstrip()
        return f"{written} is not allowed: give {_takes(parameter, context)}."
    left = LEFT_OVER.search(str(error))
    if not left:
        return ""
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    takes = " ".join(_name(one) for one in arguments) or "options only"
    return (
        f"{left[1]} is left over: {path} takes {takes}; a text with spaces needs quotation marks."
    )


def _no_option(option: str, path: str, parameters: Sequence[Any]) -> str:
    # Dashes, which all have, bring no two names nearer to each other.
    names = [name[2:] for one in parameters for name in one.opts if name.startswith("--")]
    close = nearest(option.lstrip("-"), names)
    hint = f"Did you mean --{close}?" if close else f"See: {path} --help"
    return f"{option} is not an option of {path}. {hint}"


def _missing(parameter: Any, context: Any) -> str:
    path, (_, about) = context.command_path, _declared(parameter, context)
    help_ = str(getattr(about, "help", None) or "").rstrip(" .,")
    return f"{path} needs {_name(parameter)}{f' ({help_})' if help_ else ''}. See: {path} --help"


def _name(parameter: Any) -> str:
    """Return how help writes a parameter: ``FILE``, or ``--out FILE``."""
    metavar = parameter.metavar or str(parameter.name).upper()
    if parameter.param_type_name == "argument":
        return str(metavar)
    return f"{_longest(parameter)} {metavar}"


def _longest(parameter: Any) -> str:
    return str(max(parameter.opts, key=len))


def _written(parameter: Any, words: Sequence[str]) -> tuple[str, str]:
    """Return the name of an option as it was written last, and its value; empty where it is not seen."""
    found = (_longest(parameter), "")
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name), ""
    for word, after in pairwise((*words, "")):
        name, equals, value = word.partition("=")
        if name in parameter.opts:
            found = name, value if equals else after
    return found


def _takes(parameter: Any, context: Any) -> str:
    """Say what a parameter takes: ``"a whole number from 1"``; empty where it is no number and no choice."""
    hint, about = _declared(parameter, context)
    if get_origin(hint) is Literal:
        *first, last = map(str, get_args(hint))
        return f"{', '.join(first)} or {last}" if first else last
    if hint not in {int, float}:
        return ""
    low, high = getattr(about, "min", None), getattr(about, "max", None)
    return (
        f"a{' whole' if hint is int else ''} number"
        f"{'' if low is None else f' from {low:,}'}{'' if high is None else f' up to {high:,}'}"
    )


def _declared(parameter: Any, context: Any) -> tuple[Any, Any]:
    """Return the type of a parameter and what is said of it, as its command's function declares them.

    The parameter itself has no help of an argument where Typer 0.19 meets Click 8.5.
    """
    function = inspect.unwrap(context.command.callback)
    hint = get_type_hints(function, include_extras=True).get(parameter.name)
    about: Any = None
    while get_origin(hint) in {Annotated, Union, UnionType, list}:
        parts = [one for one in get_args(hint) if one is not NoneType]
        about = parts[1] if get_origin(hint) is Annotated else about
        hint = parts[0]
    return hint, about
