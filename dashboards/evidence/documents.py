"""The pages of the documentation that the dashboard shows, and their Markdown as HTML without any script.

Markdown is rendered here and not in the browser, which would need a library from elsewhere. An installed package
carries copies (``documents/`` in this folder, put there when the package is built); in a checkout the pages are read
where they are written.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

__all__ = ["as_html", "page", "section", "sections"]

HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
LINK = re.compile(r"\[([^\]]+)\]\((?!https?://)[^)]*\)")
BARE_PRE = re.compile(r"<pre><code[^>]*>(.*?)</code></pre>", re.DOTALL)


@cache
def page(name: str) -> str:
    """Return the text of a page of the documentation: ``"model"``, ``"limits"``.

    Raises
    ------
    AllianceError
        When neither the package nor a checkout has it.
    """
    packaged = resources.files(__package__).joinpath("documents", f"{name}.md")
    if packaged.is_file():
        return packaged.read_text("utf-8")
    written = Path(__file__).parents[2] / "docs" / f"{name}.md"
    if written.is_file():
        return written.read_text("utf-8")
    raise AllianceError(
        f"The page {name} of the documentation is not part of this installation: install the package again."
    )


def sections(text: str, level: int) -> Iterator[tuple[str, str]]:
    """Yield heading and body of every section at a level of headings, without deeper ones taken apart."""
    marks = [found for found in HEADING.finditer(text) if len(found[1]) <= level]
    for place, mark in enumerate(marks):
        if len(mark[1]) == level:
            end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
            yield mark[2].strip(), text[mark.end() : end].strip("\n")


def section(name: str, heading: str) -> str:
    """Return the body below a heading of the second level, such as ``"What it must not be used for"``.

    Raises
    ------
    AllianceError
        When the page has no such heading.
    """
    for found, body in sections(page(name), 2):
        if found == heading:
            return body
    raise AllianceError(f"The page {name} has no section {heading}.")


def as_html(text: str, *, top: int = 3) -> str:
    """Return Markdown as HTML: headings no higher than `top`, links out of the page as plain words.

    Formulas, which stand indented, become regions that can be scrolled by keyboard.
    """
    from markdown import Markdown
    from markdown.treeprocessors import Treeprocessor

    class Stacked(Treeprocessor):
        """Tells each cell of a table the name of its column; on a phone cells stand below each other."""

        def run(self, root: Element) -> None:
            for table in root.iter("table"):
                table.set("class", "stacks")
                names = ["".join(head.itertext()) for head in table.iter("th")]
                for row in table.iterfind("tbody/tr"):
                    for name, cell in list(zip(names, row, strict=True))[1:]:
                        cell.set("data-label", name)

    plain = LINK.sub(r"\1", COMMENT.sub("", text))
    levels = [len(found[1]) for found in HEADING.finditer(plain)]
    shift = max(0, top - min(levels)) if levels else 0
    plain = HEADING.sub(lambda found: f"{'#' * min(6, len(found[1]) + shift)} {found[2]}", plain)
    untyped: Any = Markdown
    writer = untyped(extensions=["tables"], output_format="html")
    # Words in a line are elements by then (priority 20).
    writer.treeprocessors.register(Stacked(writer), "stacked", 10)
    html = writer.convert(plain)
    html = html.replace("<th>", '<th scope="col">')
    return BARE_PRE.sub(
        lambda found: f'<pre tabindex="0" class="formula"><code>{found[1]}</code></pre>', html
    )


def words(text: str) -> str:
    """Return text for HTML, with white space drawn together."""
    return escape(" ".join(text.split()))
