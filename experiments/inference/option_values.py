"""What the options of an analysis can be: its own annotations say so, before anything is simulated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from simulation.errors import AllianceError, unknown_name

__all__ = ["check_option_values"]

WRITTEN: Mapping[Any, str] = {
    bool: "true or false",
    float: "a number",
    str: "one in quotation marks",
    Sequence: 'a list, such as ["base"]',
}
"""What is written for a value of each type."""

NAMES: Mapping[str, Any] = {
    "Literal": Literal,
    "Sequence": Sequence,
    "TrialRows": Any,
    "FittedTrials": Any,
}
"""What the annotations of analyses name and their modules import for type checkers alone."""


def check_option_values(
    kind: str, function: Callable[..., Any], options: Mapping[str, Any]
) -> None:
    """Check the values of options that a function is known to have.

    Raises
    ------
    AllianceError
        For a value of another type, or a word that the option does not know: says which it does.
    """
    hints = get_type_hints(function, localns=dict(NAMES))
    for option, value in options.items():
        adapter = TypeAdapter(hints[option], config=ConfigDict(strict=True, allow_inf_nan=False))
        try:
            adapter.validate_python(value)
        except ValidationError:
            raise _refused(kind, option, value, hints[option]) from None


def _refused(kind: str, option: str, value: Any, hint: Any) -> AllianceError:
    words = _words(hint)
    given = value if isinstance(value, list | tuple) else [value]
    for one in given if words else ():
        if isinstance(one, str) and one not in words:
            return unknown_name(
                one, f"a choice of {option} in {kind}", words, see=f"There are: {', '.join(words)}."
            )
    if words:
        allowed = f"one of {', '.join(words)} in quotation marks"
        allowed += ", or a list of them" if Sequence in _kinds(hint) else ""
    else:
        allowed = " or ".join(dict.fromkeys(WRITTEN[one] for one in _kinds(hint)))
    return AllianceError(f"{option} = {value!r} is not allowed in {kind}: give {allowed}.")


def _words(hint: Any) -> tuple[str, ...]:
    """Return the words that a type names, in a list or not."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    return tuple(dict.fromkeys(word for part in get_args(hint) for word in _words(part)))


def _kinds(hint: Any) -> tuple[Any, ...]:
    """Return the plain types of a union."""
    origin = get_origin(hint)
    if origin is Sequence or hint in WRITTEN:
        return (origin or hint,)
    if origin is Literal or hint is NoneType:
        return ()
    return tuple(kind for part in get_args(hint) for kind in _kinds(part))
