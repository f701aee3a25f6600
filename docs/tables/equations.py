"""Tables of the equations and of the elementary functions they are made of."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tables.markdown import code, summary, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MODEL = Path(__file__).resolve().parents[1] / "model.md"

AROUND_THEM = ("stages", "session", "clinic", "population", "instruments")
"""Modules of the simulation that compose the equations, in the order in which the documentation tells them."""


def equation_modules() -> list[str]:
    """Return the modules in which the equations of the model stand, those of `simulation.equations` first."""
    from simulation import equations

    found = pkgutil.iter_modules(equations.__path__, f"{equations.__name__}.")
    return [*(module.name for module in found), *(f"simulation.{name}" for name in AROUND_THEM)]


def equations() -> dict[str, Callable[..., Any]]:
    """Return every equation of the model by name, in the order of `equation_modules` and of their sources."""
    from simulation.equation import EQUATIONS

    found: dict[str, Callable[..., Any]] = {}
    for name in equation_modules():
        module = importlib.import_module(name)
        own = [
            f
            for f in EQUATIONS
            if f.__module__ == name and f.__code__.co_filename == module.__file__
        ]
        for function in sorted(own, key=lambda f: f.__code__.co_firstlineno):
            if function.__name__ in found:
                raise ValueError(f"Two equations are called {function.__name__}.")
            found[function.__name__] = function
    return found


def parameters_read(function: Callable[..., Any]) -> list[str]:
    """Return the parameters that an equation itself reads, in the order of the table of parameters."""
    from simulation.parameters import PARAMETERS

    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    read_here = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "p"
    }
    return [name for name in PARAMETERS if name in read_here]


def equation_table() -> str:
    """Return all equations with the module they stand in, their laws and the parameters they read."""
    from simulation.equation import LAWS

    rows = []
    for name, function in equations().items():
        law = LAWS.get(function)
        rows.append(
            (
                code(name),
                code(function.__module__.removeprefix("simulation.")),
                _codes(law.rises if law else ()),
                _codes(law.falls if law else ()),
                _codes(parameters_read(function)),
            )
        )
    return table(("Equation", "Module", "Rises with", "Falls with", "Parameters it reads"), rows)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(map(code, names)) or "–"


def further_equations() -> str:
    """Return a section for each equation that has none written by hand: formula as in the code, meaning, law."""
    page = MODEL.read_text("utf-8")
    generated = re.compile(r"<!-- begin generated: .*?<!-- end generated: ", re.DOTALL)
    written = set(re.findall(r"^#+ `(\w+)`$", generated.sub("", page), re.MULTILINE))
    sections = [
        _section(name, function) for name, function in equations().items() if name not in written
    ]
    return "\n\n".join(["### Further equations", *sections]) if sections else ""


def _section(name: str, function: Callable[..., Any]) -> str:
    from simulation.equation import LAWS

    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    formula = "\n".join(ast.unparse(line) for line in definition.body[1:])
    law = LAWS.get(function)
    said = [
        f"{word} with {_codes(names)}"
        for word, names in (
            ("rises", law.rises if law else ()),
            ("falls", law.falls if law else ()),
        )
        if names
    ]
    parts = [f"#### {code(name)}", textwrap.indent(formula, "    "), inspect.getdoc(function) or ""]
    if said:
        parts.append(f"It {' and '.join(said)}.")
    return "\n\n".join(parts)


def elementary_table() -> str:
    """Return the elementary functions the equations are made of, and the draws."""
    from simulation import numerics, randomness

    functions = [getattr(numerics, name) for name in numerics.__all__]
    functions += [randomness.philox4x32, randomness.uniforms]
    rows = [
        (code(f.__name__), code(f.__module__.removeprefix("simulation.")), summary(f))
        for f in functions
    ]
    return table(("Function", "Module", "What it returns"), rows)
