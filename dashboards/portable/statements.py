"""Statements, and whole functions made of them."""

from __future__ import annotations

import ast
from inspect import Parameter, signature
from typing import TYPE_CHECKING

from dashboards.portable.calls import Calls
from dashboards.portable.kinds import UNKNOWN, kind_of
from dashboards.portable.sources import hints_of, scope_of
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.portable.javascript import Js, Names
    from dashboards.portable.kinds import Kind
    from dashboards.portable.sources import Source

__all__ = ["Function"]


class Function(Calls):
    """Translates one function."""

    def __init__(self, source: Source, names: Names) -> None:
        super().__init__(source, names)
        hints = hints_of(source.function)
        given = source.tree.args
        if given.vararg or given.kwarg:
            raise self.refusal(source.tree, "a number of arguments that varies is not translated")
        self.arguments = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        for name in self.arguments:
            self.kinds[name] = kind_of(hints[name]) if name in hints else UNKNOWN
        self.assigned: dict[str, None] = {}

    def as_function(self, name: str) -> str:
        """Return a JavaScript function."""
        return (
            f"function {name}({', '.join(map(self.argument, self.arguments))}) {{{self.body()}\n}}"
        )

    def argument(self, name: str) -> str:
        """Return an argument, with its default for those who call from JavaScript."""
        default = signature(self.source.function).parameters[name].default
        if default is Parameter.empty:
            return self.local(name)
        return f"{self.local(name)} = {self.value(name, default, self.source.tree)}"

    def as_method(self, name: str, owner: type, *, is_property: bool) -> str:
        """Return a method of a JavaScript class."""
        self_, *others = self.arguments
        self.kinds[self_] = kind_of(owner)
        head = f"{'get ' if is_property else ''}{name}({', '.join(map(self.local, others))})"
        return f"{head} {{\nconst {self_} = this;{self.body()}\n}}"

    def body(self) -> str:
        """Translate the body, twice: what a loop does to a name is known only after it."""
        self.block(self.source.tree.body)
        text = self.block(self.source.tree.body)
        names = [self.local(name) for name in self.assigned if name not in self.arguments]
        return (f"\nlet {', '.join(names)};" if names else "") + text

    def block(self, nodes: Sequence[ast.stmt]) -> str:
        """Translate statements, a line each."""
        return "".join(f"\n{text}" for node in nodes if (text := str(self.visit(node))))

    def visit_Expr(self, node: ast.Expr) -> str:
        if isinstance(node.value, ast.Constant):
            return ""  # a docstring
        return f"{self.visit(node.value)};"

    def visit_Pass(self, node: ast.Pass) -> str:  # noqa: ARG002
        return ""

    def visit_Return(self, node: ast.Return) -> str:
        return f"return {self.visit(node.value) if node.value else 'null'};"

    def visit_Raise(self, node: ast.Raise) -> str:
        error = node.exc
        known = self.constant(error.func) if isinstance(error, ast.Call) else None
        if not isinstance(error, ast.Call) or known is not AllianceError or len(error.args) != 1:
            raise self.refusal(node, "only an AllianceError with a sentence is raised")
        return f"throw new AllianceError({self.visit(error.args[0])});"

    def visit_Assign(self, node: ast.Assign) -> str:
        value = self.visit(node.value)
        targets = " = ".join(self.target(one, value.kind) for one in node.targets)
        return f"{targets} = {value};" if not targets.startswith("[") else f";{targets} = {value};"

    def visit_AnnAssign(self, node: ast.AnnAssign) -> str:
        if node.value is None or not isinstance(node.target, ast.Name):
            raise self.refusal(node, "an annotation needs a name and a value")
        scope = scope_of(self.source.function.__module__)
        kind = kind_of(eval(ast.unparse(node.annotation), dict(scope)))
        text = f"{self.target(node.target, kind)} = {self.visit(node.value)};"
        self.kinds[node.target.id] = kind
        return text

    def visit_AugAssign(self, node: ast.AugAssign) -> str:
        read = ast.parse(ast.unparse(node.target), mode="eval").body
        whole = ast.BinOp(ast.copy_location(read, node), node.op, node.value)
        value = self.visit(ast.fix_missing_locations(ast.copy_location(whole, node)))
        return f"{self.target(node.target, value.kind)} = {value};"

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Js:
        self.assigned[node.target.id] = None
        return super().visit_NamedExpr(node)

    def target(self, node: ast.expr, kind: Kind) -> str:
        """Translate what is assigned to."""
        if isinstance(node, ast.Subscript):
            owner: Js = self.visit(node.value)
            if owner.kind.name != "sequence":
                raise self.refusal(node, f"no element of {owner.kind.name} is assigned")
            return f"{owner}[{self.number(node.slice)}]"
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                self.assigned[one.id] = None
        return self.bind(node, kind)

    def visit_If(self, node: ast.If) -> str:
        test = self.test(node.test)
        rest = f" else {{{self.block(node.orelse)}\n}}" if node.orelse else ""
        return f"if ({test}) {{{self.block(node.body)}\n}}{rest}"

    def visit_While(self, node: ast.While) -> str:
        if node.orelse:
            raise self.refusal(node, "a loop has no else")
        return f"while ({self.test(node.test)}) {{{self.block(node.body)}\n}}"

    def visit_For(self, node: ast.For) -> str:
        if node.orelse:
            raise self.refusal(node, "a loop has no else")
        over = self.iterated(node.iter)
        target = self.target(node.target, over.kind.element)
        return f"for ({target} of {over}) {{{self.block(node.body)}\n}}"

    def visit_Break(self, node: ast.Break) -> str:  # noqa: ARG002
        return "break;"

    def visit_Continue(self, node: ast.Continue) -> str:  # noqa: ARG002
        return "continue;"
