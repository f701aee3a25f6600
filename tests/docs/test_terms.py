"""One word for one thing: what the glossary has retired does not come back as a name in the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tables.markdown import glossary

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
TERMS, RETIRED = glossary()["terms"], glossary()["retired"]


class Name(NamedTuple):
    """A name that the code gives to something."""

    path: str
    line: int
    name: str


def names_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield classes, functions, arguments and attributes; what only one function sees may be called anything."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Store()):
                yield node.lineno, node.attr
        for line in node.body if isinstance(node, ast.ClassDef | ast.Module) else ():
            match line:
                case ast.AnnAssign(target=ast.Name(id=name)):
                    yield line.lineno, name
                case ast.Assign(targets=targets):
                    yield from (
                        (line.lineno, one.id) for one in targets if isinstance(one, ast.Name)
                    )


def names() -> Iterator[Name]:
    for package in ("simulation", "experiments", "dashboards"):
        for file in sorted((ROOT / package).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            yield from (Name(path, 1, part.removesuffix(".py")) for part in path.split("/")[1:])
            for line, name in names_in(ast.parse(file.read_text("utf-8"))):
                yield Name(path, line, name)


def parts_of(name: str) -> set[str]:
    """Return the words a name is made of: ``kept_runs`` and ``KeptRuns`` are kept and runs."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def is_called(word: str, name: str) -> bool:
    """Whether a retired word is in a name: as a part, or as the whole where it has a capital or an underscore."""
    whole = "_" in word or word != word.lower()
    return name.strip("_") == word if whole else word in parts_of(name)


NAMES = tuple(names())


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_does_not_come_back(word: str) -> None:
    may_stand = tuple(RETIRED[word].get("may_stand", ()))
    back = [
        f"{one.path}:{one.line} {one.name}"
        for one in NAMES
        if is_called(word, one.name) and not one.path.startswith(may_stand)
    ]
    assert not back, f"{word} is retired, say {RETIRED[word]['use']}: {'; '.join(back)}"


def test_what_is_used_instead_is_not_retired_itself() -> None:
    for word, entry in RETIRED.items():
        assert set(entry) <= {"use", "may_stand"}, word
        for other in RETIRED:
            assert other not in re.findall(r"\w+", entry["use"]), f"{word} -> {entry['use']}"


def test_no_term_is_retired() -> None:
    assert not set(TERMS) & set(RETIRED)


def test_where_a_retired_word_may_stand_there_is_something() -> None:
    for word, entry in RETIRED.items():
        for place in entry.get("may_stand", ()):
            assert (ROOT / place).exists(), f"{word} may stand in {place}, which does not exist"


def test_every_term_is_a_word_of_the_code() -> None:
    spoken = set().union(*(parts_of(one.name) for one in NAMES))
    for term in TERMS:
        assert all({word, f"{word}s", f"{word[:-1]}ies"} & spoken for word in term.split("_")), (
            f"nothing in the code is called {term}"
        )


@pytest.mark.parametrize(
    ("word", "name", "called"),
    [
        ("kept", "kept_runs", True),
        ("kept", "KeptRuns", True),
        ("kept", "_Kept", True),
        ("kept", "keptical", False),
        ("Place", "Place", True),
        ("Place", "place", False),
        ("Place", "PlaceState", False),
        ("own_data", "own_data", True),
        ("own_data", "own_database", False),
        ("hang", "change", False),
    ],
)
def test_a_word_is_found_in_the_names_that_hold_it(word: str, name: str, called: bool) -> None:
    assert is_called(word, name) == called


def test_names_are_those_others_see() -> None:
    tree = ast.parse(
        "class Row:\n    field: int\n    def method(self, argument):\n        self.stored = local = argument\n"
        "LIMIT = 3\n"
    )
    assert {name for _, name in names_in(tree)} == {
        "Row", "field", "method", "self", "argument", "stored", "LIMIT"
    }  # fmt: skip
