"""Writing TOML: the standard library reads it and does not write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit

__all__ = ["to_toml"]


def to_toml(values: Mapping[str, Any]) -> str:
    """Write nested mappings of booleans, numbers, texts and sequences as TOML, in their order.

    The outer two levels of mappings become tables, deeper ones inline tables: so what is beside them keeps its place,
    and a study read again has its factors in the same order. None is left out.

    Examples
    --------
    >>> print(to_toml({"seed": 1, "note": None, "design": {"kind": "grid"}}), end="")
    seed = 1
    <BLANKLINE>
    [design]
    kind = "grid"

    Raises
    ------
    TypeError
        For a value that has no form in TOML.
    """
    return tomlkit.dumps(_filled(tomlkit.document(), values, 0))


def _filled(table: Any, values: Mapping[str, Any], depth: int) -> Any:
    """Return a table with the values that are given, those that are no tables first: TOML has no way back."""
    inner = {key: value for key, value in values.items() if _is_table(value, depth)}
    for key, value in values.items():
        if value is not None and key not in inner:
            table.add(key, _item(value))
    for key, value in inner.items():
        table.add(key, _filled(tomlkit.table(), value, depth + 1))
    return table


def _is_table(value: Any, depth: int) -> bool:
    return isinstance(value, Mapping) and depth < 2


def _item(value: Any) -> Any:
    match value:
        case Mapping():
            return _filled(tomlkit.inline_table(), value, 2)
        case str():
            return tomlkit.string(value)
        case Sequence():
            items = tomlkit.array()
            items.extend(_item(item) for item in value)
            return items
        case None | bool() | int() | float():
            return tomlkit.item(value)
    message = f"{type(value).__name__} has no form in TOML"
    raise TypeError(message)
