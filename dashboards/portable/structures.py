"""Comparisons, texts, lists and dictionaries, and what runs through them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from dashboards.portable.expressions import Expressions
from dashboards.portable.javascript import Js, inside_backticks
from dashboards.portable.kinds import (
    FLAG,
    FLOAT,
    NOTHING,
    TEXT,
    WHOLE,
    Kind,
    join,
    mapping,
    sequence,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Structures"]

ORDER = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
EQUALITY = {ast.Eq: "===", ast.NotEq: "!==", ast.Is: "===", ast.IsNot: "!=="}


class Structures(Expressions):
    """Translates what is made of several values."""

    def visit_Compare(self, node: ast.Compare) -> Js:
        sides = [node.left, *node.comparators]
        if len(sides) > 2 and not all(
            isinstance(side, (ast.Name, ast.Constant, ast.Attribute)) for side in sides[1:-1]
        ):
            raise self.refusal(node, "what is compared twice has to be a name")
        parts = [
            self.compared(node, left, sign, right)
            for left, sign, right in zip(sides, node.ops, sides[1:], strict=False)
        ]
        return Js(parts[0] if len(parts) == 1 else f"({' && '.join(parts)})", FLAG)

    def compared(self, node: ast.Compare, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> str:
        """Translate one comparison of perhaps several in a row."""
        if isinstance(sign, (ast.In, ast.NotIn)):
            return ("!" if isinstance(sign, ast.NotIn) else "") + self.contained(left, right)
        one, other = self.visit(left), self.visit(right)
        if type(sign) in ORDER:
            return f"({self.number(left)} {ORDER[type(sign)]} {self.number(right)})"
        to_none = NOTHING in (one.kind, other.kind)
        if isinstance(sign, (ast.Is, ast.IsNot)) and not to_none:
            raise self.refusal(node, "only None is compared by identity")
        if not to_none and not one.kind.equals(other.kind):
            raise self.refusal(node, f"{one.kind.name} and {other.kind.name} are not compared")
        return f"({one} {EQUALITY[type(sign)]} {other})"

    def contained(self, left: ast.expr, right: ast.expr) -> str:
        """Translate ``left in right``."""
        one: Js = self.visit(left)
        if isinstance(right, ast.Set):
            right = ast.copy_location(ast.List(right.elts, ast.Load()), right)
        other: Js = self.visit(right)
        if other.kind.name not in ("sequence", "text", "mapping"):
            raise self.refusal(right, f"nothing is in {other.kind.name}")
        if not one.kind.equals(other.kind.element):
            raise self.refusal(left, f"{one.kind.name} is not looked for in {other.kind.name}")
        return f"{other}.{'has' if other.kind.name == 'mapping' else 'includes'}({one})"

    # Texts

    def visit_JoinedStr(self, node: ast.JoinedStr) -> Js:
        return Js("`" + "".join(self.piece(value) for value in node.values) + "`", TEXT)

    def piece(self, node: ast.expr) -> str:
        """Translate a piece of an f-string."""
        if isinstance(node, ast.Constant):
            return inside_backticks(str(node.value))
        if not isinstance(node, ast.FormattedValue):
            raise self.refusal(node, "not in an f-string")
        found: Js = self.visit(node.value)
        if node.conversion == ord("r") and found.kind == TEXT:
            return f"${{$quoted({found})}}"
        if node.format_spec is None and node.conversion == -1 and found.kind in (TEXT, WHOLE):
            return f"${{{found}}}"
        form = ast.unparse(node.format_spec)[2:-1] if node.format_spec else ""
        if found.kind == FLOAT and (digits := re.fullmatch(r"\.(\d+)f", form)):
            return f"${{$decimals({found}, {digits[1]})}}"
        if found.kind == FLOAT and form == "g":
            return f"${{$general({found})}}"
        raise self.refusal(node, f"{found.kind.name} is not written in this form")

    # Lists, dictionaries and what is in them

    def elements(self, nodes: Sequence[ast.expr]) -> str:
        """Translate what stands between brackets."""
        return f"[{', '.join(self.element(node) for node in nodes)}]"

    def element(self, node: ast.expr) -> str:
        """Translate an element, or several by a star."""
        if isinstance(node, ast.Starred):
            return f"...{self.iterated(node.value)}"
        return str(self.visit(node))

    def iterated(self, node: ast.expr) -> Js:
        """Translate what is iterated over, as a JavaScript array."""
        found: Js = self.visit(node)
        match found.kind.name:
            case "sequence":
                return found
            case "text":
                return Js(f"[...{found}]", sequence(TEXT))
            case "mapping" if found.kind.element.is_plain:
                return Js(f"[...{found}.keys()]", sequence(found.kind.element))
        raise self.refusal(node, f"{found.kind.name} is not iterated over")

    def visit_Tuple(self, node: ast.Tuple) -> Js:
        stars = any(isinstance(one, ast.Starred) for one in node.elts)
        kinds = [
            self.iterated(one.value).kind.element
            if isinstance(one, ast.Starred)
            else self.visit(one).kind
            for one in node.elts
        ]
        return Js(self.elements(node.elts), sequence(join(*kinds)) if stars else sequence(*kinds))

    def visit_List(self, node: ast.List) -> Js:
        found = self.visit_Tuple(ast.copy_location(ast.Tuple(node.elts, node.ctx), node))
        return Js(found.text, sequence(*([found.kind.element] if node.elts else [])))

    def visit_Dict(self, node: ast.Dict) -> Js:
        keys = [self.visit(key) for key in node.keys if key is not None]
        if None in node.keys or not all(key.kind.is_plain for key in keys):
            raise self.refusal(node, "a key is a number, a text or None")
        values = [self.visit(value) for value in node.values]
        pairs = ", ".join(f"[{key}, {value}]" for key, value in zip(keys, values, strict=True))
        kinds = (join(*(one.kind for one in some)) for some in (keys, values))
        return Js(f"new Map([{pairs}])", mapping(*kinds))

    def visit_Subscript(self, node: ast.Subscript) -> Js:
        owner: Js = self.visit(node.value)
        where = node.slice
        if isinstance(where, ast.Slice):
            return self.slice(owner, where)
        if owner.kind.name == "mapping":
            key: Js = self.visit(where)
            of_parts = f"$key({key})" if key.kind.name == "sequence" else key
            return Js(f"$get({owner}, {of_parts})", owner.kind.of[1])
        if owner.kind.name not in ("sequence", "text"):
            raise self.refusal(node, f"{owner.kind.name} has no elements")
        place = self.constant_place(where)
        if place is not None and place >= 0:
            return Js(f"{owner}[{place}]", owner.kind.at(place))
        kind = owner.kind.element if place is None else owner.kind.at(place)
        return Js(f"{owner}.at({self.number(where)})", kind)

    def constant_place(self, node: ast.expr) -> int | None:
        """Return an index that is written as a number."""
        try:
            place = ast.literal_eval(node)
        except ValueError:
            return None
        return place if isinstance(place, int) else None

    def slice(self, owner: Js, node: ast.Slice) -> Js:
        """Translate a slice, which Python and JavaScript understand alike as long as it has no step."""
        if node.step is not None or owner.kind.name not in ("sequence", "text"):
            raise self.refusal(node, f"this slice of {owner.kind.name} is not translated")
        low = str(self.number(node.lower)) if node.lower else "0"
        high = f", {self.number(node.upper)}" if node.upper else ""
        kind = TEXT if owner.kind.name == "text" else sequence(owner.kind.element)
        return Js(f"{owner}.slice({low}{high})", kind)

    def visit_ListComp(self, node: ast.ListComp) -> Js:
        return self.comprehended(node.generators, node.elt)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> Js:
        return self.comprehended(node.generators, node.elt)

    def visit_DictComp(self, node: ast.DictComp) -> Js:
        pair = ast.copy_location(ast.Tuple([node.key, node.value], ast.Load()), node)
        pairs = self.comprehended(node.generators, pair)
        if not pairs.kind.of[0].at(0).is_plain:
            raise self.refusal(node.key, "a key is a number, a text or None")
        return Js(f"new Map({pairs})", mapping(*pairs.kind.of[0].of))

    def comprehended(self, generators: Sequence[ast.comprehension], given: ast.expr) -> Js:
        """Translate a comprehension: the list of what is given for each round of its loops."""
        outside = dict(self.kinds)
        *outer, (over, bound) = [self.looped(loop) for loop in generators]
        element: Js = self.visit(given)
        self.kinds = outside
        text = f"{over}.map(({bound}) => {element})"
        for over, bound in reversed(outer):
            text = f"{over}.flatMap(({bound}) => {text})"
        return Js(text, sequence(element.kind))

    def looped(self, loop: ast.comprehension) -> tuple[str, str]:
        """Translate one `for` of a comprehension: over what, and what it binds."""
        over = self.iterated(loop.iter)
        for one in ast.walk(loop.target):
            if isinstance(one, ast.Name):
                self.kinds.pop(one.id, None)  # its own, whatever the function calls by this name
        bound = self.bind(loop.target, over.kind.element)
        return (
            f"{over}{''.join(f'.filter(({bound}) => {self.test(one)})' for one in loop.ifs)}",
            bound,
        )

    def bind(self, target: ast.expr, kind: Kind) -> str:
        """Bind what a value is unpacked into, and return it as JavaScript does the same."""
        if isinstance(target, ast.Name):
            self.kinds[target.id] = join(self.kinds.get(target.id, kind), kind)
            return self.local(target.id)
        if isinstance(target, ast.Tuple):
            parts = [
                ""
                if isinstance(one, ast.Name) and one.id == "_"
                else self.bind(one, kind.at(place))
                for place, one in enumerate(target.elts)
            ]
            return f"[{', '.join(parts)}]"
        raise self.refusal(target, "nothing is assigned to this")
