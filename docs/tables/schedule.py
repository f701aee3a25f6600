"""What happens in a session and in a week, in the order in which the sources do it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import TYPE_CHECKING, Any

from tables.markdown import code, summary, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def session_schedule() -> str:
    """Return the equations that a session applies, stage by stage, in the order in which they are called."""
    from simulation import session

    rows: list[tuple[object, ...]] = []
    listed_before: set[str] = set()
    for stage in called_in_order(session.hold_session):
        for equation in called_in_order(stage):
            if equation.__name__ not in listed_before:
                listed_before.add(equation.__name__)
                rows.append((code(stage.__name__), code(equation.__name__), summary(equation)))
    numbered = [(number, *row) for number, row in enumerate(rows, 1)]
    return table(("Step", "Stage", "Equation", "What it says"), numbered)


def called_in_order(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """Return the functions of other modules that a function calls by the module's name, in the order it does."""
    scope = function.__globals__
    found = []
    for node in _calls(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        target = node.func
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            module = scope.get(target.value.id)
            if inspect.ismodule(module):
                found.append(getattr(module, target.attr))
    return found


def _calls(tree: ast.AST) -> Iterable[ast.Call]:
    """Yield calls in the order in which Python makes them: arguments before the call they belong to."""
    for child in ast.iter_child_nodes(tree):
        yield from _calls(child)
    if isinstance(tree, ast.Call):
        yield tree


def week_schedule() -> str:
    """Return what the engine does in a week, in the order in which `run_clinics` does it."""
    from simulation.engine import weeks as engine
    from simulation.engine.compilation import Compiled

    source = textwrap.dedent(inspect.getsource(engine.run_clinics.function))
    loops = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.While)]
    names = [call.func.id for call in _calls(loops[0]) if isinstance(call.func, ast.Name)]
    steps = [
        (code(name), summary(getattr(engine, name)))
        for name in names
        if isinstance(getattr(engine, name, None), Compiled)
    ]
    numbered = [(number, *step) for number, step in enumerate(steps, 1)]
    return table(("Step", "Engine", "What happens"), numbered)
