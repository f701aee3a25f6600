"""Decorators for what many statistics are computed from: computed once for the same tables, and kept with them."""

from __future__ import annotations

from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, TypeVar

from experiments.tables.columns import Booleans, Floats, Integers, RowsOf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = [
    "AllButFew",
    "found_for_all_parts",
    "kept_by_client",
    "kept_by_study",
    "kept_by_tables",
    "kept_of_studies",
    "lacking_few",
    "summed_over_clients",
]

Given = ParamSpec("Given")
Value = TypeVar("Value")
Array = TypeVar("Array", Floats, Booleans, Integers)


def kept_by_tables(
    function: Callable[Concatenate[RunTables, Given], Value],
) -> Callable[Concatenate[RunTables, Given], Value]:
    """Keep what a pure function makes of tables: a number, a value that cannot change, an array to be read only."""
    return _kept(function, of="tables")


def kept_by_study(
    function: Callable[Concatenate[RunTables, Given], Array],
) -> Callable[Concatenate[RunTables, Given], Array]:
    """Keep what a pure function makes of tables, and share it between a batch of studies and all of them.

    The function returns one row a client, and computes it from the rows of the client's own study and nothing else.
    """
    return _kept(function, of="study")


def kept_of_studies(
    function: Callable[Concatenate[RunTables, Given], Array],
) -> Callable[Concatenate[RunTables, Given], Array]:
    """Keep what a pure function makes of tables, and share it between a batch of studies and all of them.

    The function returns one row a study, and computes it from the rows of that study and nothing else.
    """
    return _kept(function, of="studies")


def kept_by_client(
    function: Callable[Concatenate[RunTables, Given], Array],
) -> Callable[Concatenate[RunTables, Given], Array]:
    """Keep what a pure function makes of tables, and share it between tables of some clients and those of all.

    The function returns one row a client, and computes it from the rows of that client and nothing else.
    """
    return _kept(function, of="client")


def summed_over_clients(
    function: Callable[Concatenate[RunTables, Given], Floats],
) -> Callable[Concatenate[RunTables, Given], Floats]:
    """Return the sums over clients of what a function computes of each, shape (columns,).

    The function returns one row a client without ``nan``, shape (clients, columns), and computes it from the rows of
    that client and nothing else. The sums of tables made by `RunTables.without_each` are those of all
    clients less those of the clients that they lack.
    """
    rows = _kept(function, of="client")

    @kept_by_tables
    @wraps(function)
    def total(tables: RunTables, /, *given: Given.args, **named: Given.kwargs) -> Floats:
        less = lacking_few(tables)
        if less is None:
            added: Floats = rows(tables, *given, **named).sum(axis=0)
            return added
        parts = less.deal.rows_of_parts

        def without_each(whole: RunTables) -> list[Floats]:
            by_client, added = rows(whole, *given, **named), total(whole, *given, **named)
            return [added - by_client.take(few, axis=0).sum(axis=0) for few in parts]

        key = (function.__module__, function.__name__, less.deal, *given, *named.items())
        return less.whole.kept(key, without_each)[less.number]

    return total


def found_for_all_parts(
    without_each: Callable[Concatenate[RunTables, Deal, Given], Sequence[Value | None]],
) -> Callable[
    [Callable[Concatenate[RunTables, Given], Value]], Callable[Concatenate[RunTables, Given], Value]
]:
    """Let tables made by `RunTables.without_each` take their value from the values of all of them.

    Parameters
    ----------
    without_each
        Returns, for the tables of all clients, the value without each part of them, None where the function itself
        has to compute it; nothing at all if it has to for every part. It takes the arguments of the function.
    """
    of_parts = _kept(without_each, of="tables")

    def taken(
        function: Callable[Concatenate[RunTables, Given], Value],
    ) -> Callable[Concatenate[RunTables, Given], Value]:
        @wraps(function)
        def find(tables: RunTables, /, *given: Given.args, **named: Given.kwargs) -> Value:
            less = lacking_few(tables)
            if less is not None:
                values = of_parts(less.whole, less.deal, *given, **named)
                value = values[less.number] if values else None
                if value is not None:
                    return value
            return function(tables, *given, **named)

        return find

    return taken


class AllButFew(NamedTuple):
    """What tables are without a few of their clients: `whole` are those of all.

    `lacking` are rows there; the clients lacking are part `number` of the `deal`.
    """

    whole: RunTables
    lacking: Integers
    deal: Deal
    number: int


def lacking_few(tables: RunTables) -> AllButFew | None:
    """Return what these tables are without.

    None for tables that were not made by `RunTables.without_each`, or whose longest course is another.
    """
    origin = tables.origin
    if origin is None or origin.deal is None:
        return None
    whole: RunTables | None = origin.tables()
    if whole is not None and whole.width == tables.width:
        return AllButFew(whole, origin.lacking, origin.deal, origin.number)
    return None


def _kept(
    function: Callable[Concatenate[RunTables, Given], Value], *, of: RowsOf
) -> Callable[Concatenate[RunTables, Given], Value]:
    name = (function.__module__, function.__name__, of)
    taken = [*signature(function).parameters.values()][1:]
    arguments = [(one.name, one.default) for one in taken]
    in_order = sum(one.kind is not one.KEYWORD_ONLY for one in taken)
    by_name = [{one.name for one in taken[place:]} for place in range(len(taken) + 1)]

    @wraps(function)
    def find(tables: RunTables, /, *given: Given.args, **named: Given.kwargs) -> Value:
        if len(given) > in_order or not named.keys() <= by_name[len(given)]:
            return function(tables, *given, **named)  # says what is wrong with them
        key = (*name, *given, *(named.get(*one) for one in arguments[len(given) :]))
        return tables.kept(key, lambda t: function(t, *given, **named), of=of)

    return find
