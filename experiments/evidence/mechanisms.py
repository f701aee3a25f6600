"""Mechanisms C1, C2, ... of the evidence: what leads to what, in a line, and how well it is supported."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["GRADES", "Mechanism", "load_mechanisms"]

GRADES: Mapping[str, str] = MappingProxyType(
    {
        "a": "meta-analysis or randomised trial",
        "b": "replicated longitudinal studies",
        "c": "single or correlational studies",
        "t": "theory only",
    }
)
"""What the letters of a grade stand for."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One link that the field claims.

    Attributes
    ----------
    id
        ``C`` and its number in the evidence.
    title
        The link in a few words.
    claim
        What is said to lead to what, and the doubts about it.
    grade
        Letters of `GRADES`, several where parts differ: ``a/c``.
    facts
        Facts F.. it rests on.
    """

    id: str
    title: str
    claim: str
    grade: str
    facts: tuple[str, ...]

    @property
    def support(self) -> str:
        """The grade in words."""
        return "; ".join(GRADES[letter] for letter in self.grade.split("/"))


@cache
def load_mechanisms() -> Mapping[str, Mechanism]:
    """Return every mechanism by its id, in the order of the file."""
    text = resources.files("experiments.evidence").joinpath("mechanisms.toml").read_text("utf-8")
    return MappingProxyType(
        {
            name: Mechanism(
                id=name,
                title=row["title"],
                claim=" ".join(row["claim"].split()),
                grade=row["grade"],
                facts=tuple(row["facts"]),
            )
            for name, row in tomllib.loads(text).items()
        }
    )
