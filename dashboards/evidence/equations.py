"""The equations of the model, as the documentation writes them, parameters linked to their table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from dashboards.evidence.documents import as_html, page, sections
from simulation.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Equation", "equations", "equations_html", "notation_html"]

NAME = re.compile(r"`([a-z_0-9]+)`")
FORMULA = re.compile(r'(<pre tabindex="0" class="formula"><code>)(.*?)(</code></pre>)', re.DOTALL)
WORD = re.compile(r"[a-z][a-z_0-9]*")


@dataclass(frozen=True, slots=True)
class Equation:
    """One equation.

    Attributes
    ----------
    name
        The function of the model that computes it.
    part
        The part of the model it belongs to: ``"Rupture and repair"``.
    html
        Formula and explanation; parameters are links to ``#parameter-NAME``.
    """

    name: str
    part: str
    html: str


@cache
def equations() -> tuple[Equation, ...]:
    """Return every equation in the order of the documentation."""
    return tuple(_equations())


@cache
def notation_html() -> str:
    """Return what the signs in the formulas mean."""
    return as_html(_submodels().partition("\n### ")[0])


def equations_html() -> str:
    """Return equations by part: headings at h3 and h4, every formula a region that can be reached by keyboard."""
    parts: list[str] = []
    part = ""
    for one in equations():
        if one.part != part:
            part = one.part
            parts.append(f"<h3>{escape(part)}</h3>")
        parts.append(
            f'<section aria-labelledby="equation-{one.name}"><h4 id="equation-{one.name}">'
            f"<code>{escape(one.name)}</code></h4>{one.html}</section>"
        )
    return "\n".join(parts)


def _submodels() -> str:
    for heading, body in sections(page("model"), 2):
        if heading.endswith("Submodels"):
            return body
    return ""


def _equations() -> Iterator[Equation]:
    for part, body in sections(_submodels(), 3):
        title = re.sub(r"^[\d.]+\s*", "", part)
        for heading, text in sections(body, 4):
            name = NAME.search(heading)
            if name is not None:
                yield Equation(name[1], title, _linked(as_html(text), name[1]))


def _linked(html: str, name: str) -> str:
    """Make parameters in formulas links to their row in the table, and name the region."""

    def link(word: re.Match[str]) -> str:
        if word[0] not in PARAMETERS:
            return word[0]
        return f'<a href="#parameter-{word[0]}">{word[0]}</a>'

    begins = f'<pre tabindex="0" class="formula" role="region" aria-label="Formula of {name}'
    count = 0

    def formula(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        label = f'{begins}{f", part {count}" if count > 1 else ""}">'
        # Entities such as &lt; are not words of the formula.
        pieces = re.split(r"(&[a-z]+;)", found[2])
        linked = "".join(
            piece if piece.startswith("&") else WORD.sub(link, piece) for piece in pieces
        )
        return f"{label}<code>{linked}{found[3]}"

    return FORMULA.sub(formula, html)
