"""Expressions: constants, names, arithmetic and logic."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from dashboards.portable.javascript import RESERVED, Js, literal
from dashboards.portable.kinds import (
    FLAG,
    FLOAT,
    NOTHING,
    TEXT,
    WHOLE,
    Kind,
    fields_of,
    is_record,
    join,
    kind_of_value,
)
from dashboards.portable.sources import MISSING

if TYPE_CHECKING:
    from dashboards.portable.javascript import Names
    from dashboards.portable.sources import Source, Untranslatable

__all__ = ["Expressions"]

ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
LOGIC = {ast.BitAnd: "&&", ast.BitOr: "||"}

TESTS = {
    "flag": "{}",
    "whole": "({} !== 0)",
    "float": "({} !== 0)",
    "text": "({}.length > 0)",
    "sequence": "({}.length > 0)",
    "mapping": "({}.size > 0)",
}
"""When Python takes something for true, by its kind."""


class Expressions(ast.NodeVisitor):
    """Translates the expressions of one function."""

    def __init__(self, source: Source, names: Names) -> None:
        self.source = source
        self.names = names
        self.kinds: dict[str, Kind] = {}
        """What the names give that are bound in the function, as far as it has been read."""
        nodes = list(ast.walk(source.tree))
        stored = {
            one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
        }
        self.bound = frozenset(stored | {one.arg for one in nodes if isinstance(one, ast.arg)})
        self.reached = {
            one.attr
            for one in nodes
            if isinstance(one, ast.Attribute) and isinstance(self.constant(one.value), ModuleType)
        }

    def refusal(self, node: ast.AST, why: str) -> Untranslatable:
        """Say that a node cannot be translated."""
        return self.source.refusal(node, why)

    def generic_visit(self, node: ast.AST) -> Any:
        """Refuse what is not in the subset."""
        raise self.refusal(node, f"{type(node).__name__} is not translated")

    def constant(self, node: ast.expr) -> Any:
        """Return the object that an expression stands for before the function runs, or `MISSING`."""
        return self.source.constant(node, self.bound)

    def local(self, name: str) -> str:
        """Return a local name: never a reserved word, nor what a function reached through a module may be called."""
        return f"{name}_" if name in RESERVED or name in self.reached else name

    def outside(self, name: str, node: ast.AST) -> str:
        """Return a name of the program, unless a local name hides it here."""
        if name in map(self.local, self.bound):
            raise self.refusal(node, f"{name} is also a local name")
        return name

    def number(self, node: ast.expr) -> Js:
        """Translate an expression that has to give a number."""
        found: Js = self.visit(node)
        if not found.kind.is_number:
            raise self.refusal(node, f"this should give a number, not {found.kind.name}")
        return found

    def test(self, node: ast.expr) -> str:
        """Translate what Python takes for true or false."""
        if isinstance(node, ast.BoolOp):
            sign = " && " if isinstance(node.op, ast.And) else " || "
            return f"({sign.join(self.test(value) for value in node.values)})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return f"!{self.test(node.operand)}"
        found: Js = self.visit(node)
        if found.kind.optional or found.kind == NOTHING:
            return f"$truth({found})"
        if found.kind.name not in TESTS:
            raise self.refusal(node, f"{found.kind.name} is neither true nor false")
        return TESTS[found.kind.name].format(found)

    # Constants and names

    def value(self, name: str, value: Any, node: ast.AST) -> Js:
        """Return an object that is known before the function runs."""
        if (text := literal(value)) is not None:
            return Js(text, kind_of_value(value))
        if isinstance(value, FunctionType):
            return Js(self.outside(self.names.function(value), node), Kind("function"))
        if isinstance(value, (tuple, Mapping)) or is_record(type(value)):
            return Js(self.outside(self.names.constant(name, value), node), kind_of_value(value))
        beyond = " beyond 2^53" if isinstance(value, int) else ""
        raise self.refusal(node, f"{type(value).__name__}{beyond} is not translated")

    def visit_Constant(self, node: ast.Constant) -> Js:
        return self.value("", node.value, node)

    def visit_Name(self, node: ast.Name) -> Js:
        if node.id in self.kinds:
            return Js(self.local(node.id), self.kinds[node.id])
        known = self.constant(node)
        if known is MISSING:
            raise self.refusal(node, "nothing is known of this name")
        return self.value(node.id, known, node)

    def visit_Attribute(self, node: ast.Attribute) -> Js:
        known = self.constant(node)
        if known is not MISSING:
            return self.value(node.attr, known, node)
        owner: Js = self.visit(node.value)
        if owner.kind.record is None:
            raise self.refusal(node, f"{owner.kind.name} has no fields")
        kind = fields_of(owner.kind.record).get(node.attr)
        kind = kind or self.names.member(owner.kind.record, node.attr)
        if kind is None:
            raise self.refusal(node, f"{owner.kind.record.__name__} has no {node.attr}")
        return Js(f"{owner}.{node.attr}", kind)

    # Arithmetic and logic

    def visit_BinOp(self, node: ast.BinOp) -> Js:
        left, right = self.visit(node.left), self.visit(node.right)
        match type(node.op), left.kind.name, right.kind.name:
            case ast.Add, "text", "text":
                return Js(f"({left} + {right})", TEXT)
            case ast.Add, "sequence", "sequence":
                return Js(f"[...{left}, ...{right}]", join(left.kind, right.kind))
            case ast.Mult, "sequence", "whole":
                return Js(f"$repeated({left}, {right})", left.kind)
            case (ast.BitAnd | ast.BitOr) as sign, "flag", "flag":
                return Js(f"({left} {LOGIC[sign]} {right})", FLAG)
        return self.calculated(node, self.number(node.left), self.number(node.right))

    def calculated(self, node: ast.BinOp, left: Js, right: Js) -> Js:
        """Translate an operation on two numbers."""
        whole = FLOAT not in (left.kind, right.kind)
        match node.op:
            case ast.Mod() if whole:
                return Js(f"$modulo({left}, {right})", WHOLE)
            case ast.FloorDiv() if whole:
                return Js(f"$floored({left}, {right})", WHOLE)
            case ast.Add() | ast.Sub() | ast.Mult() | ast.Div():
                kind = WHOLE if whole and not isinstance(node.op, ast.Div) else FLOAT
                return Js(f"({left} {ARITHMETIC[type(node.op)]} {right})", kind)
        raise self.refusal(node, f"{type(node.op).__name__} of these is not translated")

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Js:
        if isinstance(node.op, ast.Not):
            return Js(self.test(node), FLAG)
        if not isinstance(node.op, ast.USub):
            raise self.refusal(node, f"{type(node.op).__name__} is not translated")
        found = self.number(node.operand)
        text = f"-{found}" if isinstance(node.operand, ast.Constant) else f"(-{found})"
        return Js(text, join(found.kind, WHOLE))

    def visit_BoolOp(self, node: ast.BoolOp) -> Js:
        values: list[Js] = [self.visit(value) for value in node.values]
        if all(value.kind == FLAG for value in values):
            return Js(self.test(node), FLAG)
        if isinstance(node.op, ast.And) or len(values) != 2:
            raise self.refusal(node, "only `this or that` gives a value")
        this, that = values
        certain = Kind(this.kind.name, this.kind.of, this.kind.record)
        kind = that.kind if this.kind == NOTHING else join(certain, that.kind)
        return Js(f"$or({this}, {that})", kind)

    def visit_IfExp(self, node: ast.IfExp) -> Js:
        this, that = self.visit(node.body), self.visit(node.orelse)
        return Js(f"({self.test(node.test)} ? {this} : {that})", join(this.kind, that.kind))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Js:
        found: Js = self.visit(node.value)
        self.kinds[node.target.id] = join(self.kinds.get(node.target.id, found.kind), found.kind)
        return Js(f"({self.local(node.target.id)} = {found})", found.kind)
