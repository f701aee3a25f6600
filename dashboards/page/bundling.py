"""Many JavaScript modules as one script: a page opened from a file can load no others.

The modules keep to what is recognised here: imports of names from files with a relative path, exports of
declarations, one default export, no circles. Each becomes a function that is called once and returns what it exports,
so that names which are not exported cannot meet.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["bundle", "bundled_module"]

IMPORT = re.compile(r'^import\s+(?:(\w+)|\{([^}]*)\})\s+from\s+"(\.[^"]+)";$', re.MULTILINE)
EXPORT = re.compile(
    r"^export\s+((?:async\s+)?(?:function\*?|const|let|class)\s+(\w+))", re.MULTILINE
)
DEFAULT = re.compile(r"^export\s+default\s+", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


def bundle(entry: Path, given: Mapping[str, str] | None = None) -> str:
    """Return a module and all it imports as the text of one script.

    Parameters
    ----------
    entry
        The module that begins.
    given
        Text of modules that are no files, by the file name under which others import them.

    Raises
    ------
    AllianceError
        For a circle of imports, or an import or export of a form that is not recognised.
    """
    return f'(() => {{\n"use strict";\n{_modules(entry, given)}\n}})();\n'


def bundled_module(entry: Path, name: str, given: Mapping[str, str] | None = None) -> str:
    """Return a module and all it imports as the text of one module that exports one of its names.

    Parameters
    ----------
    entry, given
        As for `bundle`, which also says what may be raised.
    name
        What is exported.
    """
    place = f'modules["{_name(entry.resolve(), given or {})}"]'
    return f"{_modules(entry, given)}\nexport const {{ {name} }} = {place};\n"


def _modules(entry: Path, given: Mapping[str, str] | None) -> str:
    found: dict[str, str] = {}
    _add(entry.resolve(), dict(given or {}), found, ())
    return "const modules = {};\n" + "\n".join(found.values())


def _name(path: Path, given: Mapping[str, str]) -> str:
    return path.name if path.name in given else f"{path.parent.name}/{path.name}"


def _add(
    path: Path, given: Mapping[str, str], found: dict[str, str], above: tuple[str, ...]
) -> str:
    """Add a module, after those it imports; return its name."""
    name = _name(path, given)
    if name in above:
        raise AllianceError(
            f"{' imports '.join((*above, name))}: modules must not import in a circle."
        )
    if name in found:
        return name
    text = given[name] if name in given else path.read_text("utf-8")

    def imported(match: re.Match[str]) -> str:
        default, names, place = match.groups()
        other = _add((path.parent / place).resolve(), given, found, (*above, name))
        if default:
            return f'const {default} = modules["{other}"].default;'
        return f'const {{{names.replace(" as ", ": ")}}} = modules["{other}"];'

    text = IMPORT.sub(imported, text)
    exported = [match[2] for match in EXPORT.finditer(text)]
    text = EXPORT.sub(r"\1", text)
    text = DEFAULT.sub("exported.default = ", text)
    if strange := LEFT_OVER.search(text):
        raise AllianceError(f"{name} cannot be put into one script: {strange[0]}")
    returned = ", ".join(("...exported", *exported))
    found[name] = (
        f'modules["{name}"] = (() => {{\nconst exported = {{}};\n{text}\nreturn {{ {returned} }};\n}})();'
    )
    return name
