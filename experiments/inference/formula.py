"""Formulas as R has them: ``y ~ base + week*arm + (1 + week | client) + (1 | therapist)``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from simulation.errors import AllianceError

__all__ = ["Formula", "RandomPart", "Term", "read_formula", "term_name"]

Term: TypeAlias = tuple[str, ...]
"""Columns whose product it is; none for the intercept."""

EXAMPLE = "'y ~ base + arm + (1 | therapist)'"

TOKEN = re.compile(
    r"\s*(?:(?P<bars>\|\|?)|(?P<sign>[~+\-*:()/])|(?P<name>`[^`]+`|[^\W\d][\w.]*)|(?P<number>\d+(?:\.\d+)?))"
)

FACTOR = "factor"


class RandomPart(NamedTuple):
    """Random effects of a group.

    Attributes
    ----------
    terms
        What the effects multiply; the empty term is the intercept.
    group
        Columns whose combinations are the groups.
    correlated
        Whether the effects of a group are correlated.
    """

    terms: tuple[Term, ...]
    group: Term
    correlated: bool


@dataclass(frozen=True, slots=True)
class Formula:
    """A model in words.

    Attributes
    ----------
    text
        As given.
    outcome
        Column on the left.
    fixed
        Terms on the right, the intercept first if there is one.
    factors
        Columns in ``factor()``: a coefficient for each value after the lowest.
    random
        Terms in brackets.
    """

    text: str
    outcome: str
    fixed: tuple[Term, ...]
    factors: frozenset[str]
    random: tuple[RandomPart, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that numbers are read from, in the order of the formula."""
        terms = [*self.fixed, *(term for part in self.random for term in part.terms)]
        return tuple(dict.fromkeys([self.outcome, *(name for term in terms for name in term)]))

    @property
    def groups(self) -> tuple[str, ...]:
        """Every column that groups are read from."""
        return tuple(dict.fromkeys(name for part in self.random for name in part.group))


def term_name(term: Term) -> str:
    """Write a term as a formula does; the intercept is ``1``."""
    return ":".join(term) or "1"


def read_formula(text: str) -> Formula:
    """Read a formula.

    Raises
    ------
    AllianceError
        When it is none, in one sentence.
    """
    return _Reader(text).formula()


class _Reader:
    """Reads a formula from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        self.factors: set[str] = set()
        place = 0
        stripped = text.rstrip()
        while place < len(stripped):
            found = TOKEN.match(stripped, place)
            if found is None:
                raise self.wrong(f"{stripped[place:].strip()[0]} has no meaning in it")
            self.tokens.append(found.group().strip())
            place = found.end()
        self.place = 0

    def wrong(self, why: str) -> AllianceError:
        return AllianceError(
            f"The formula {self.text.strip()!r} cannot be read: {why}. Write one such as {EXAMPLE}."
        )

    @property
    def ahead(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, token: str = "") -> str:
        """Return the next token, which must be `token` if that is given."""
        found = self.ahead
        if not found or (token and found != token):
            what = f"{token} is missing" if token else "it ends too early"
            raise self.wrong(what)
        self.place += 1
        return found

    def name(self) -> str:
        token = self.take()
        if token.startswith("`"):
            return token[1:-1]
        if not (token[0].isalpha() or token[0] == "_"):
            raise self.wrong(f"{token} stands where a column should")
        return token

    def formula(self) -> Formula:
        outcome = self.name()
        self.take("~")
        fixed: list[Term] = [()]
        random: list[RandomPart] = []
        adds = True
        if self.ahead == "-":
            self.take()
            adds = False
        while True:
            if self.ahead == "(":
                if not adds:
                    raise self.wrong("a random effect cannot be taken away")
                random.extend(self.random())
            else:
                self.combine(fixed, adds)
            if not self.ahead:
                break
            if self.ahead not in {"+", "-"}:
                raise self.wrong(f"{self.ahead} stands where + should")
            adds = self.take() == "+"
        return Formula(
            self.text.strip(), outcome, tuple(fixed), frozenset(self.factors), tuple(random)
        )

    def combine(self, terms: list[Term], adds: bool) -> None:
        """Add what stands next to the terms, or take it away; ``0`` takes away the intercept."""
        found = self.product()
        if found == [("0",)]:
            found, adds = [()], not adds
        elif found == [("1",)]:
            found = [()]
        for term in found:
            same = [one for one in terms if set(one) == set(term)]
            if adds and not same:
                terms.append(term)
                terms.sort(key=len)
            elif not adds and same:
                terms.remove(same[0])

    def product(self) -> list[Term]:
        """Read columns joined by : or *."""
        if self.ahead.isdigit():
            number = self.take()
            if number not in {"0", "1"}:
                raise self.wrong(f"{number} stands where a column, 0 or 1 should")
            return [(number,)]
        terms = [self.factor()]
        while self.ahead in {":", "*"}:
            sign = self.take()
            other = self.factor()
            joined = [(*term, *(name for name in other if name not in term)) for term in terms]
            terms = joined if sign == ":" else [*terms, other, *joined]
        return terms

    def factor(self) -> Term:
        name = self.name()
        if self.ahead != "(":
            return (name,)
        if name != FACTOR:
            raise self.wrong(
                f"{name}() is no function of it, only factor() is; compute the column first"
            )
        self.take("(")
        inside = self.name()
        self.take(")")
        self.factors.add(inside)
        return (inside,)

    def random(self) -> list[RandomPart]:
        """Read a term in brackets; ``a / b`` are two."""
        self.take("(")
        terms: list[Term] = [()]
        adds = True
        before = set(self.factors)
        while True:
            self.combine(terms, adds)
            if self.ahead in {"|", "||"}:
                break
            if self.ahead not in {"+", "-"}:
                raise self.wrong("a term in brackets needs a | before its group")
            adds = self.take() == "+"
        correlated = self.take() == "|"
        if self.factors != before:
            raise self.wrong("factor() is for fixed effects; use columns of 0 and 1 in brackets")
        if not terms:
            raise self.wrong("a term in brackets has no effect before its |")
        groups: list[Term] = [(self.name(),)]
        while self.ahead in {"/", ":"}:
            sign = self.take()
            inner = (*groups[-1], self.name())
            groups = [*groups, inner] if sign == "/" else [*groups[:-1], inner]
        self.take(")")
        return [RandomPart(tuple(terms), group, correlated) for group in groups]
