"""Calls: of translated functions, of records, of a few built-in functions and methods."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import math
from collections.abc import Callable
from itertools import combinations
from types import FunctionType
from typing import Any

from dashboards.portable.javascript import Js
from dashboards.portable.kinds import (
    FLAG,
    FLOAT,
    TEXT,
    UNKNOWN,
    WHOLE,
    Kind,
    fields_of,
    is_record,
    join,
    kind_of,
    sequence,
)
from dashboards.portable.sources import MISSING, hints_of
from dashboards.portable.structures import Structures

__all__ = ["Calls", "returned"]

NUMERIC: dict[Any, tuple[str, Kind]] = {
    math.sqrt: ("Math.sqrt", FLOAT),
    math.isnan: ("Number.isNaN", FLAG),
    math.isfinite: ("Number.isFinite", FLAG),
    math.isinf: ("$isInfinite", FLAG),
}
"""Functions of one number that JavaScript has too, and that IEEE 754 leaves no choice."""

CONVERSIONS: dict[Any, tuple[str, Kind | None]] = {
    abs: ("Math.abs({})", None),
    int: ("Math.trunc({})", WHOLE),
    float: ("Number({})", FLOAT),
    str: ("String({})", TEXT),
    len: ("{}.length", WHOLE),
    sum: ("$total({})", WHOLE),
}
"""Built-in functions of one argument. No sum of floats: since Python 3.12 it is corrected for rounding."""

OF_TWO: dict[Any, tuple[str, Kind | None]] = {
    min: ("$least", None),
    max: ("$most", None),
    round: ("$rounded", FLOAT),
}
"""Built-in functions of two numbers; those without a kind give either."""

TEXT_METHODS = {
    "upper": ("toUpperCase", TEXT),
    "lower": ("toLowerCase", TEXT),
    "startswith": ("startsWith", FLAG),
    "endswith": ("endsWith", FLAG),
}

Method = Callable[[Js, list[Js]], Js]

METHODS: dict[tuple[str, str], Method] = {
    ("text", "join"): lambda owner, given: Js(f"{given[0]}.join({owner})", TEXT),
    ("text", "removeprefix"): lambda owner, given: Js(f"$without({owner}, {given[0]})", TEXT),
    ("sequence", "append"): lambda owner, given: Js(f"{owner}.push({given[0]})", UNKNOWN),
    ("sequence", "count"): lambda owner, given: Js(f"$count({owner}, {given[0]})", WHOLE),
    ("sequence", "index"): lambda owner, given: Js(f"$index({owner}, {given[0]})", WHOLE),
    ("mapping", "get"): lambda owner, given: Js(
        f"({owner}.get({given[0]}) ?? null)", dataclasses.replace(owner.kind.of[1], optional=True)
    ),
    ("mapping", "items"): lambda owner, _: Js(f"[...{owner}]", sequence(sequence(*owner.kind.of))),
    ("mapping", "values"): lambda owner, _: Js(
        f"[...{owner}.values()]", sequence(owner.kind.of[1])
    ),
    ("mapping", "setdefault"): lambda owner, given: Js(
        f"$default({owner}, {', '.join(map(str, given))})", owner.kind.of[1]
    ),
}
"""Methods by the kind of what they are called on."""


def returned(function: FunctionType) -> Kind:
    """Return what the annotation of a function says it gives."""
    hints = hints_of(function)
    return kind_of(hints["return"]) if "return" in hints else UNKNOWN


class Calls(Structures):
    """Translates expressions with calls in them."""

    def visit_Call(self, node: ast.Call) -> Js:
        known = self.constant(node.func)
        if isinstance(known, FunctionType) and known is not dataclasses.replace:
            name = self.outside(self.names.function(known), node)
            return Js(f"{name}({self.given(node, known)})", returned(known))
        if is_record(known):
            name = self.outside(self.names.record(known), node)
            return Js(f"new {name}({self.given(node, known)})", Kind("record", record=known))
        if known is not MISSING:
            return self.built_in(node, known)
        if isinstance(node.func, ast.Attribute):
            return self.method(node, node.func)
        owner: Js = self.visit(node.func)
        if owner.kind.record is None:
            raise self.refusal(node, f"{owner.kind.name} is not called")
        return self.called(node, owner, "__call__", "call")

    def given(self, node: ast.Call, function: Callable[..., Any], *before: None) -> str:
        """Translate the arguments of a call, those left out as well, in the order of the signature."""
        if any(isinstance(one, ast.Starred) for one in node.args):
            if node.keywords:
                raise self.refusal(node, "names and a star are not translated in one call")
            return ", ".join(self.element(one) for one in node.args)
        signature = inspect.signature(function)
        names = {str(one.arg): one.value for one in node.keywords}
        try:
            bound = signature.bind(*before, *node.args, **names).arguments
        except TypeError as error:
            raise self.refusal(node, str(error)) from error
        own = list(signature.parameters.values())[len(before) :]
        return ", ".join(
            str(
                self.visit(bound[one.name])
                if one.name in bound
                else self.value(one.name, one.default, node)
            )
            for one in own
        )

    def built_in(self, node: ast.Call, known: Any) -> Js:
        """Translate a call of one of the few functions that JavaScript has or that are written for it."""
        if known is dataclasses.replace:
            return self.replaced(node, self.visit(node.args[0]))
        if known in (range, enumerate, zip, combinations):
            return self.loop(node, known)
        if node.keywords or not node.args:
            raise self.refusal(node, "this call is not translated")
        first, *others = node.args
        if known in NUMERIC:
            name, gives = NUMERIC[known]
            return Js(f"{name}({self.number(first)})", gives)
        if known in OF_TWO and len(others) == 1:
            name, kind = OF_TWO[known]
            one, other = self.number(first), self.number(others[0])
            return Js(f"{name}({one}, {other})", kind or join(one.kind, other.kind))
        if known is getattr and len(others) == 1:
            return self.field(first, others[0])
        if others:
            raise self.refusal(node, "this call is not translated")
        return self.converted(node, known, first)

    def loop(self, node: ast.Call, known: Any) -> Js:
        """Translate what a loop counts with or takes several lists together by."""
        if known is range:
            bounds = [self.number(one) for one in node.args]
            return Js(f"$range({', '.join(map(str, bounds))})", sequence(WHOLE))
        if known is combinations:
            of, count = self.iterated(node.args[0]), self.number(node.args[1])
            return Js(f"$combinations({of}, {count})", sequence(sequence(of.kind.element)))
        lists = [self.iterated(one) for one in node.args]
        elements = [one.kind.element for one in lists]
        if known is enumerate and len(lists) == 1 and not node.keywords:
            return Js(f"[...{lists[0]}.entries()]", sequence(sequence(WHOLE, *elements)))
        if known is zip and ast.unparse(node).endswith("strict=True)"):
            return Js(f"$together({', '.join(map(str, lists))})", sequence(sequence(*elements)))
        raise self.refusal(node, "this loop is not translated")

    def converted(self, node: ast.Call, known: Any, given: ast.expr) -> Js:
        """Translate a call of a built-in function of one argument."""
        if known in (tuple, list):
            over = self.iterated(given)
            return Js(f"[...{over}]", over.kind)
        if known is bool:
            return Js(self.test(given), FLAG)
        found: Js = self.visit(given)
        if not self.takes(known, found.kind):
            raise self.refusal(node, f"this call with {found.kind.name} is not translated")
        if known is len and found.kind.name == "mapping":
            return Js(f"{found}.size", WHOLE)
        form, kind = CONVERSIONS[known]
        return Js(form.format(found), kind or join(found.kind, WHOLE))

    def takes(self, known: Any, kind: Kind) -> bool:
        """Tell whether a function of `CONVERSIONS` can be translated for such an argument."""
        fits = {
            abs: kind.is_number,
            int: kind.is_number,
            float: kind.is_number or kind == UNKNOWN,
            str: kind in (TEXT, WHOLE),
            sum: kind.name == "sequence" and kind.element in (FLAG, WHOLE),
            len: kind.name in ("sequence", "text", "mapping") or self.has_length(kind),
        }
        return fits.get(known, False)

    def has_length(self, kind: Kind) -> bool:
        """Tell whether a record has a length."""
        return kind.record is not None and self.names.member(kind.record, "__len__") is not None

    def field(self, owner: ast.expr, name: ast.expr) -> Js:
        """Translate `getattr`: any field or property of a record."""
        found: Js = self.visit(owner)
        record = found.kind.record
        if record is None:
            raise self.refusal(owner, f"{found.kind.name} has no fields")
        kinds = list(fields_of(record).values())
        for attribute, value in vars(record).items():
            if isinstance(value, property) and is_record(record):
                kinds.append(self.names.member(record, attribute) or UNKNOWN)
        return Js(f"{found}[{self.visit(name)}]", join(*kinds))

    def method(self, node: ast.Call, function: ast.Attribute) -> Js:
        """Translate the call of a method."""
        owner: Js = self.visit(function.value)
        if owner.kind.record is not None:
            if function.attr == "_replace":
                return self.replaced(node, owner)
            return self.called(node, owner, function.attr, function.attr)
        if node.keywords:
            raise self.refusal(node, "this call is not translated")
        given: list[Js] = [self.visit(one) for one in node.args]
        if owner.kind.name == "text" and function.attr in TEXT_METHODS:
            name, kind = TEXT_METHODS[function.attr]
            return Js(f"{owner}.{name}({', '.join(map(str, given))})", kind)
        if (owner.kind.name, function.attr) not in METHODS:
            raise self.refusal(
                node, f"{owner.kind.name} has no method {function.attr} that is translated"
            )
        if owner.kind.name == "mapping" and not owner.kind.of[0].is_plain:
            raise self.refusal(node, "what has tuples for keys is only looked up")
        if function.attr in ("count", "index") and not given[0].kind.equals(owner.kind.element):
            raise self.refusal(node, f"{given[0].kind.name} is not looked for in a list of others")
        if function.attr == "append" and isinstance(function.value, ast.Name):
            name = function.value.id
            self.kinds[name] = join(self.kinds[name], sequence(given[0].kind))
        return METHODS[owner.kind.name, function.attr](owner, given)

    def called(self, node: ast.Call, owner: Js, name: str, as_name: str) -> Js:
        """Translate the call of a record's own method."""
        record: Any = owner.kind.record
        kind = self.names.member(record, name)
        if kind is None:
            raise self.refusal(node, f"{record.__name__} has no method {name}")
        return Js(f"{owner}.{as_name}({self.given(node, getattr(record, name), None)})", kind)

    def replaced(self, node: ast.Call, owner: Js) -> Js:
        """Translate a copy of a record with some fields changed."""
        if owner.kind.record is None or not all(one.arg for one in node.keywords):
            raise self.refusal(node, "only records are copied with changes")
        changes = ", ".join(f"{one.arg}: {self.visit(one.value)}" for one in node.keywords)
        return Js(f"$changed({owner}, {{ {changes} }})", owner.kind)
