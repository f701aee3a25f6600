"""Publications as links."""

from __future__ import annotations

from html import escape

__all__ = ["doi_link"]


def doi_link(doi: str) -> str:
    """Return the link to a publication as HTML."""
    return f'<a href="https://doi.org/{escape(doi)}" rel="noreferrer">doi:{escape(doi)}</a>'
