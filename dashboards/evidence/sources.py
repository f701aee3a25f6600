"""Publications as links."""

from __future__ import annotations

from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

from experiments.quantities.writing import published

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.evidence.facts import Fact

__all__ = ["CERTAINTY", "doi_link", "published_number", "source"]

CERTAINTY: Mapping[str, str] = MappingProxyType(
    {
        "V": "",
        "V2": " [figure from a secondary source]",
        "M": " [figure from memory of the literature: check before quoting]",
        "D": " [derived from published figures]",
    }
)
"""What is to be said of a published figure, by its status."""


def published_number(fact: Fact) -> str:
    """Write a published number with its 95 % interval, if it has one."""
    if fact.ci_low is None:
        return published(fact.value)
    return f"{published(fact.value)} ({published(fact.ci_low)} to {published(fact.ci_high)})"


def doi_link(doi: str) -> str:
    """Return the link to a publication as HTML."""
    return f'<a href="https://doi.org/{escape(doi)}" rel="noreferrer">doi:{escape(doi)}</a>'


def source(fact: Fact) -> str:
    """Return who published a finding, when and where, for paper: the DOI is written out."""
    return f"{fact.citation}, doi:{fact.doi}" if fact.doi else fact.citation
