"""What of Python is translated does in JavaScript what it does in Python; all else is refused, with file and line."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from dashboards.portable.model import HERE
from dashboards.portable.program import Program
from dashboards.portable.sources import Untranslatable
from simulation.errors import AllianceError
from tests.dashboards.javascript import run

if TYPE_CHECKING:
    from collections.abc import Callable


class Point(NamedTuple):
    x: float
    y: float = 2.0

    @property
    def far(self) -> float:
        return self.x * self.x + self.y * self.y

    def beside(self, by: float = 1.0) -> Point:
        return Point(self.x + by, self.y)


@dataclass(frozen=True)
class Path:
    name: str
    points: tuple[Point, ...]

    def __len__(self) -> int:
        return len(self.points)


COLOURS = {"north": "blue", "south": "red", None: "grey"}
BY_TWO = {("a", "b"): 1, ("b", "a"): 2}
START = Point(1.5)


def arithmetic(a: float, b: float, n: int, m: int) -> list[float]:
    total = a - b * 2.0 / 3.0
    total += n // m + n % m + abs(-n) + int(a * 10.0)
    return [total, min(a, b), max(a, b), math.sqrt(a * a), -a, float(n > m), round(a / 3.0, 4)]


def logic(a: float, names: list[str], name: str | None) -> list[bool]:
    empty = not names
    return [
        0.0 <= a < 1.0,
        empty or a > 2.0,
        bool(names) and "b" in names,
        name is None,
        name == "b",
        name in {None, "c"},
        "x" not in names,
        (a > 0.0) & (a < 1.0),
        bool(name),
    ]


def words(name: str, count: int, share: float) -> str:
    parts = [f"{name}: {count}", f"{share:.2f}", name.upper() + name[1:] + name[-1]]
    parts += [part.removeprefix("a") for part in ("ab", "ba")]
    if first := parts[0]:
        parts.append(f"{first} `and` ${{more}} {name!r}")
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def loops(numbers: list[float], n: int) -> list[float]:
    found = [float(n)] + [0.0] * n
    for i, one in enumerate(numbers):
        if one < 0.0:
            continue
        if one > 100.0:
            break
        for k in range(1, i + 1):
            found.append(one * k)
    left = n
    while left > 0:
        left -= 1
        found[0] = found[0] + left
    return [*found, *(a - b for a, b in zip(numbers, [*numbers[1:], 0.0], strict=True) if a != b)]


def dictionaries(key: str, names: list[str]) -> list[Any]:
    seen: dict[str, list[str]] = {}
    for name in names:
        seen.setdefault(name[0], []).append(name)
    lengths = {name: len(same) for name, same in seen.items()}
    return [
        COLOURS[key],
        COLOURS[None],
        COLOURS.get("west") or "none",
        BY_TWO["b", "a"],
        sum(length > 1 for length in lengths.values()),
        key in COLOURS,
        list(seen),
        len(seen),
    ]


def records(x: float) -> list[Any]:
    here = Point(x)
    path = Path("p", (here, START, here._replace(y=3.0), here.beside(by=0.5)))
    longer = replace(path, points=path.points * 2)
    a, b = longer.points[-1], getattr(here, "x")  # noqa: B009
    return [len(path), len(longer), here.far, a.x, b, path.name, [one.y for one in longer.points]]


def reserved(default: float, function: float) -> float:
    new, delete = default + function, default * function
    return new - delete


def nested(rows: list[list[float]]) -> list[float]:
    value = "of its own"
    if not value:
        return []
    return [value * 2.0 for row in rows for value in row if value > 1.0]


TRANSLATED: list[tuple[Callable[..., Any], list[Any]]] = [
    (arithmetic, [0.1, 0.7, 7, 3]),
    (arithmetic, [-2.5, 0.3, -7, 3]),
    (logic, [0.0, [], None]),
    (logic, [0.5, ["a", "b"], "b"]),
    (words, ["it’s </script>", 3, 0.125]),
    (loops, [[1.5, -1.0, 2.5, 3.5, 101.0, 4.0], 4]),
    (dictionaries, ["south", ["ab", "ac", "b"]]),
    (records, [0.1]),
    (reserved, [0.1, 0.2]),
    (nested, [[[1.0, 2.0], [], [3.5]]]),
]


def in_javascript(function: Callable[..., Any], given: list[Any]) -> Any:
    program = Program(())
    name = program.function(function)  # type: ignore[arg-type]
    module = (HERE / "runtime.js").read_text("utf-8") + program.script()
    return run(module, f"return {name}(...given);", given)


@pytest.mark.parametrize(("function", "given"), TRANSLATED)
def test_a_function_of_the_subset_does_the_same(
    function: Callable[..., Any], given: list[Any]
) -> None:
    assert in_javascript(function, given) == json.loads(json.dumps(function(*given)))


def adds_unlike(names: list[str]) -> Any:
    return names + "a"  # type: ignore[operator]


def writes_a_float(x: float) -> str:
    return f"{x}"


def sums_floats(numbers: list[float]) -> float:
    return sum(numbers)


def compares_lists(a: list[float], b: list[float]) -> bool:
    return a == b


def guesses(x) -> Any:  # type: ignore[no-untyped-def]
    return x + 1.0


def reaches_out() -> Any:
    return open("secrets")  # noqa: PTH123


def catches() -> float:
    try:
        return 1.0
    except ValueError:
        return 2.0


def counts_far() -> int:
    return 2**64


def big() -> int:
    return 18446744073709551615


def by_lambda(numbers: list[float]) -> list[float]:
    return sorted(numbers, key=lambda one: -one)


def takes_true_for_one(yes: bool, n: int) -> bool:
    return yes == n


def looks_for_a_list(rows: list[list[float]], row: list[float]) -> bool:
    return row in rows


def runs_through_pairs() -> list[Any]:
    return [key for key in BY_TWO]  # noqa: C416


def runs_through_items() -> list[Any]:
    return [value for _, value in BY_TWO.items()]


def makes_pairs(a: str) -> Any:
    return {(a, a): 1}


def raises_another() -> float:
    raise ValueError("no")


def assigns_by_key(found: dict[str, float]) -> None:
    found["a"] = 1.0


OUTSIDE = {
    adds_unlike: "this should give a number, not sequence: names",
    writes_a_float: "float is not written in this form",
    sums_floats: "this call with sequence is not translated: sum(numbers)",
    compares_lists: "sequence and sequence are not compared",
    guesses: "this should give a number, not unknown: x",
    reaches_out: "this call",
    catches: "Try is not translated: try:",
    counts_far: "Pow of these is not translated: 2 ** 64",
    big: "int beyond 2^53 is not translated: 18446744073709551615",
    by_lambda: "this call",
    takes_true_for_one: "flag and whole are not compared: yes == n",
    looks_for_a_list: "sequence is not looked for in sequence: row",
    runs_through_pairs: "mapping is not iterated over: BY_TWO",
    runs_through_items: "what has tuples for keys is only looked up",
    makes_pairs: "a key is a number, a text or None",
    raises_another: "only an AllianceError with a sentence is raised",
    assigns_by_key: "no element of mapping is assigned",
}


@pytest.mark.parametrize("function", OUTSIDE, ids=lambda one: one.__name__)
def test_what_is_outside_the_subset_is_refused_with_file_and_line(
    function: Callable[..., Any],
) -> None:
    first = function.__code__.co_firstlineno
    with pytest.raises(Untranslatable) as refusal:
        Program(()).function(function)  # type: ignore[arg-type]
    place, why = str(refusal.value).split(": ", 1)
    file, line = place.rsplit(":", 1)
    assert file == __file__
    assert first < int(line) <= first + 5
    assert why.startswith(OUTSIDE[function])


def refuses(n: int) -> int:
    if n > 3:
        raise AllianceError(f"{n} is too many.")
    return n


def test_an_error_keeps_its_sentence() -> None:
    program = Program(())
    program.function(refuses)  # type: ignore[arg-type]
    module = (HERE / "runtime.js").read_text("utf-8") + program.script()
    code = "try { refuses(4) } catch (error) { return [error instanceof AllianceError, error.message]; }"
    assert run(module, code) == [True, "4 is too many."]
