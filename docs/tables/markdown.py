"""What every table is made of: Markdown, names set as code, meanings from the glossary."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GLOSSARY = Path(__file__).resolve().parents[1] / "glossary.toml"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += [
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows
    ]
    return "\n".join(lines)


def code(name: object) -> str:
    """Return a name set as code."""
    return f"`{name}`"


def glossary() -> dict[str, dict[str, Any]]:
    """Return what names mean, by section of `glossary.toml`."""
    return tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))


def summary(thing: object) -> str:
    """Return the first sentence of a docstring, of one line or more."""
    text = inspect.cleandoc(getattr(thing, "__doc__", None) or "")
    return re.sub(r"`([^`]*)`", r"\1", " ".join(text.partition("\n\n")[0].split()))
