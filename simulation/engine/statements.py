"""What source files say, as one hash that comments, docstrings and types of arguments do not change.

It is the same for every version of Python, which bytecode is not.
"""

from __future__ import annotations

import ast
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["statements_hash"]

IDLE = {"returns", "type_comment", "type_params", "kind", "ctx"}
"""Parts of Python's syntax tree that change nothing, or follow from the others."""


def statements_hash(root: Path, modules: Iterable[str]) -> str:
    """Return a hash, 16 hexadecimal digits, of modules below a directory, in the order given."""
    digest = hashlib.sha256()
    for module in modules:
        digest.update(f"{module}\n".encode())
        for word in _words(ast.parse((root / module).read_bytes())):
            digest.update(word.encode())
    return digest.hexdigest()[:16]


def _words(tree: object) -> Iterator[str]:
    if isinstance(tree, list):
        yield "["
        for one in tree:
            if not _is_text_alone(one):
                yield from _words(one)
        yield "]"
    elif isinstance(tree, ast.AST):
        yield f"{type(tree).__name__}("
        for name in tree._fields:
            if name in IDLE or (name == "annotation" and isinstance(tree, ast.arg)):
                continue
            part = getattr(tree, name, None)
            if part is None and not isinstance(tree, ast.Constant):
                continue
            yield f"{name}="
            yield from _words(part)
        yield ")"
    else:
        yield f"{tree!r},"


def _is_text_alone(tree: object) -> bool:
    """Tell whether a statement is a text and nothing else, as docstrings are."""
    return (
        isinstance(tree, ast.Expr)
        and isinstance(tree.value, ast.Constant)
        and isinstance(tree.value.value, str)
    )
