"""What the theme leaves undone for those who read with a screen reader or a keyboard, put right in finished pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["finish"]

REPLACED = {
    'class="caption" role="heading"': 'class="caption" role="heading" aria-level="2"',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Contents of the site">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '<div id="search-results"></div>': '<h1>Search</h1><div id="search-results"></div>',
}
"""What stands in pages of Sphinx and its theme, and what is to stand there."""

EMPTY_HEAD = ('<th class="head"><p></p></th>', "<td></td>")
"""The head of a column without a name, which is none."""


def finish(site: Path) -> None:
    """Put right what a browser's checker of accessibility would object to.

    Raises
    ------
    ValueError
        If something to be replaced stands on no page: another version of the theme writes it otherwise.
    """
    unused = set(REPLACED)
    for page in site.rglob("*.html"):
        before = text = page.read_text("utf-8")
        for old, new in REPLACED.items():
            if old in text:
                unused.discard(old)
                text = text.replace(old, new)
        text = text.replace(*EMPTY_HEAD)
        if text != before:
            page.write_text(text, encoding="utf-8")
    if unused:
        raise ValueError(f"No page holds {', '.join(sorted(unused))}; see website/finishing.py.")
