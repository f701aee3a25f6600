"""Decorators for what many statistics are computed from: computed once for the same tables, and kept with them."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from experiments.tables.columns import Booleans, Floats, Integers

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.tables.run_tables import RunTables

__all__ = ["kept_by_study", "kept_by_tables"]

Given = ParamSpec("Given")
Value = TypeVar("Value")
Array = TypeVar("Array", Floats, Booleans, Integers)


def kept_by_tables(
    function: Callable[Concatenate[RunTables, Given], Value],
) -> Callable[Concatenate[RunTables, Given], Value]:
    """Keep what a pure function makes of tables: a number, a value that cannot change, an array to be read only."""
    return _kept(function, of_studies=False)


def kept_by_study(
    function: Callable[Concatenate[RunTables, Given], Array],
) -> Callable[Concatenate[RunTables, Given], Array]:
    """Keep what a pure function makes of tables, and share it between a batch of studies and all of them.

    The function returns one row a client, and computes it from the rows of the client's own study and nothing else.
    """
    return _kept(function, of_studies=True)


def _kept(
    function: Callable[Concatenate[RunTables, Given], Value], *, of_studies: bool
) -> Callable[Concatenate[RunTables, Given], Value]:
    @wraps(function)
    def find(tables: RunTables, /, *given: Given.args, **named: Given.kwargs) -> Value:
        key = (function.__module__, function.__name__, given, tuple(sorted(named.items())))
        return tables.kept(key, lambda t: function(t, *given, **named), of_studies=of_studies)

    return find
