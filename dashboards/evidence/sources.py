"""Publications as links."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.evidence.facts import Fact

__all__ = ["doi_link", "source"]


def doi_link(doi: str) -> str:
    """Return the link to a publication as HTML."""
    return f'<a href="https://doi.org/{escape(doi)}" rel="noreferrer">doi:{escape(doi)}</a>'


def source(fact: Fact) -> str:
    """Return who published a finding, when and where, for paper: the DOI is written out."""
    return f"{fact.citation}, doi:{fact.doi}" if fact.doi else fact.citation
