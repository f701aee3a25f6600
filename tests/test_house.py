"""How the houses are built, in numbers: no circle of imports, no file above 400 lines and half of them at most 120,
no function with more than 8 arguments.
"""

from __future__ import annotations

import ast
import statistics
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

HOUSES = ["simulation", "experiments", "dashboards"]

LONGEST = 400
"""Lines of a file."""

HALF_AT_MOST = 120
"""Lines that half the files do not exceed; faces of packages are not counted."""

MOST_ARGUMENTS = 8
"""Of a function; a command of Typer's takes as many as it has options."""


def modules(house: Path) -> dict[str, ast.Module]:
    """Return the files of a house by the names they are imported by, a stub with what it is the stub of."""
    found: dict[str, ast.Module] = {}
    for path in sorted(house.rglob("*.py*")):
        if path.suffix in {".py", ".pyi"}:
            parts = path.relative_to(house.parent).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            lines = ast.parse(path.read_text("utf-8")).body
            found.setdefault(name, ast.Module([], [])).body.extend(lines)
    assert found, f"there is nothing in {house}"
    return found


def imports(found: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Return which files of a house each of them imports, wherever in it."""
    reached: dict[str, set[str]] = {name: set() for name in found}
    for name, tree in found.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                reached[name].update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                # Only the face of a house imports with a dot: it is read by lazy_loader.
                above = f"{name}." if node.level else ""
                origin = f"{above}{node.module}" if node.module else name
                inside = {f"{origin}.{alias.name}" for alias in node.names}
                reached[name].update(inside & found.keys() or {origin})
    return {name: (others & found.keys()) - {name} for name, others in reached.items()}


def rooms(reached: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return which rooms each room imports: a package below the house, or a plain module in it."""

    def room(name: str) -> str:
        return ".".join(name.split(".")[:2])

    between: dict[str, set[str]] = {}
    for name, others in reached.items():
        between.setdefault(room(name), set()).update(room(other) for other in others)
    return {name: others - {name} for name, others in between.items()}


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return one circle, each importing the one before it; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


@pytest.mark.parametrize("house", HOUSES)
def test_no_two_files_import_each_other_however_far_around(house: str) -> None:
    assert circle(imports(modules(ROOT / house))) == []


@pytest.mark.parametrize("house", HOUSES)
def test_no_two_rooms_import_each_other_however_far_around(house: str) -> None:
    assert circle(rooms(imports(modules(ROOT / house)))) == []


@pytest.mark.parametrize(
    "back",
    [
        "from house.kitchen.oven import bake",
        "from house.kitchen import oven",
        "import house.kitchen.oven",
        "if TYPE_CHECKING:\n    from house.kitchen.oven import bake",
        "def cook():\n    from house.kitchen.oven import bake",
    ],
)
def test_a_circle_is_found_wherever_an_import_stands(tmp_path: Path, back: str) -> None:
    files = {
        "__init__.py": "",
        "kitchen/__init__.py": "",
        "kitchen/oven.py": "from house.cellar.coal import fetch",
        "cellar/__init__.py": "",
        "cellar/coal.py": "",
    }
    house = tmp_path / "house"
    for name, text in files.items():
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text(text)
    assert circle(imports(modules(house))) == []
    (house / "cellar/coal.py").write_text(back)
    assert set(circle(imports(modules(house)))) == {"house.kitchen.oven", "house.cellar.coal"}
    (house / "cellar/coal.py").write_text("")
    (house / "cellar/stairs.py").write_text(back)
    assert circle(imports(modules(house))) == []
    assert set(circle(rooms(imports(modules(house))))) == {"house.kitchen", "house.cellar"}


def lengths() -> dict[str, int]:
    """Return how many lines each file of the houses has."""
    files = [path for house in HOUSES for path in (ROOT / house).rglob("*.py")]
    return {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in files
        if path.name != "__init__.py"
    }


def test_every_file_is_read_in_one_sitting() -> None:
    assert {name: length for name, length in lengths().items() if length > LONGEST} == {}


def test_half_the_files_are_short() -> None:
    found = lengths()
    assert len(found) > 200
    assert statistics.median(found.values()) <= HALF_AT_MOST


def crowded(source: str) -> list[str]:
    """Return the functions that take too many arguments."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        count = sum(argument.arg not in {"self", "cls"} for argument in given)
        options = any("typer." in ast.unparse(argument) for argument in given)
        if count > MOST_ARGUMENTS and not options:
            found.append(f"{node.name} takes {count}")
    return found


@pytest.mark.parametrize("house", HOUSES)
def test_no_function_takes_arguments_by_the_dozen(house: str) -> None:
    files = sorted((ROOT / house).rglob("*.py"))
    assert files
    found = [one for path in files for one in crowded(path.read_text("utf-8"))]
    assert found == []


def test_a_function_with_too_many_arguments_is_found() -> None:
    eight = "self, a, b, c, d, *, e, f, g, h"
    assert crowded(f"def fits({eight}): ...") == []
    assert crowded(f"def does_not({eight}, i): ...") == ["does_not takes 9"]
    assert crowded(f"async def nor_this({eight}, i): ...") == ["nor_this takes 9"]
    option = "Annotated[int, typer.Option()]"
    assert crowded(f"def command({eight}, i: {option} = 1): ...") == []
