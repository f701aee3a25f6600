"""Writing TOML: the standard library reads it and does not write it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["to_toml"]


def to_toml(values: Mapping[str, Any]) -> str:
    """Write nested mappings of booleans, numbers, texts and sequences as TOML.

    The outer two levels of mappings become tables, deeper ones inline tables. None is left out.

    Examples
    --------
    >>> print(to_toml({"seed": 1, "design": {"kind": "grid"}}), end="")
    seed = 1
    <BLANKLINE>
    [design]
    kind = "grid"
    """
    return "\n".join(_table(values, ())) + "\n"


def _table(values: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    deep = len(path) >= 2
    plain = {
        key: value
        for key, value in values.items()
        if value is not None and (deep or not isinstance(value, Mapping))
    }
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for key, value in values.items():
        if key in plain or value is None:
            continue
        inner = _table(value, (*path, key))
        header = "[" + ".".join(_key(part) for part in (*path, key)) + "]"
        lines += ([""] if lines else []) + [header, *inner]
    return lines


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _text(key)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case int():
            return str(value)
        case float():
            return repr(value) if "n" not in repr(value) else str(value)
        case Mapping():
            inner = ", ".join(
                f"{_key(key)} = {_value(item)}" for key, item in value.items() if item is not None
            )
            return "{ " + inner + " }" if inner else "{}"
        case Sequence():
            return "[" + ", ".join(_value(item) for item in value) + "]"
    message = f"{type(value).__name__} has no form in TOML"
    raise TypeError(message)
