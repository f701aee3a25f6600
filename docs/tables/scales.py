"""The scales of the model's quantities, from their module: the sentence below each is its meaning."""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from typing import get_args

from tables.markdown import code, table


def scale_table() -> str:
    """Return what each scale allows and means."""
    from simulation import scales

    body = ast.parse(inspect.getsource(scales)).body
    rows = []
    for alias, words in pairwise(body):
        if isinstance(alias, ast.AnnAssign) and isinstance(words, ast.Expr):
            name = ast.unparse(alias.target)
            (scale,) = get_args(getattr(scales, name))[1:]
            span = (
                ", ".join(f"{one:g}" for one in scale.values) or f"{scale.low:g} to {scale.high:g}"
            )
            usual = "" if scale.bounded else "usually "
            rows.append((code(name), f"{usual}{span}", ast.literal_eval(words.value)))
    return table(("Scale", "Values", "What it is for"), rows)
