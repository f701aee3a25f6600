"""The page of a report: its frame, style and the few elements it is made of."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["figures", "note", "page", "section", "table"]

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 Georgia, 'Times New Roman', serif; color: #1b1b1b; background: #fff;
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; border-bottom: 1px solid #bbb; margin: 2.2rem 0 .8rem; }
h3 { font: 600 .95rem system-ui, sans-serif; margin: 1.2rem 0 .3rem; }
nav { font: .85rem system-ui, sans-serif; margin-bottom: 1rem; }
nav a { color: #1f5f8b; margin-right: 1rem; display: inline-block; }
.question { font-size: 1.1rem; font-style: italic; }
.note { color: #444; font-size: .92rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font: .82rem/1.4 system-ui, sans-serif; margin: .5rem 0; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #e2e2e2;
  vertical-align: top; white-space: nowrap; }
th { border-bottom: 1.5px solid #888; vertical-align: bottom; white-space: normal;
  overflow-wrap: anywhere; min-width: 4.2em; }
.l { text-align: left; }
td.l { white-space: normal; }
pre { background: #f4f4f2; padding: .7rem; font-size: .8rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
figure { display: flex; flex-wrap: wrap; gap: .8rem; margin: 0; }
svg { font-family: system-ui, sans-serif; max-width: 100%; height: auto; }
@media print {
  body { font-size: 10.5pt; margin: 0; max-width: none; }
  nav { display: none; }
  h2, h3 { break-after: avoid; }
  svg, tr { break-inside: avoid; }
  thead { display: table-header-group; }
  table { font-size: 7pt; }
  td, th { padding: .1rem .3rem; }
  .wide { overflow: visible; }
  @page { margin: 18mm 15mm; }
}
"""


def page(title: str, sections: Sequence[str]) -> str:
    """Return a whole HTML document; its content policy forbids loading anything from elsewhere."""
    name = html.escape(title)
    headings = [part.split("<h2>", 1)[1].split("</h2>", 1)[0] for part in sections]
    links = "".join(
        f'<a href="#s{place}">{heading}</a>' for place, heading in enumerate(headings, start=1)
    )
    body = "".join(
        part.replace("<section>", f'<section id="s{place}">', 1)
        for place, part in enumerate(sections, start=1)
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name}</title><style>{STYLE}</style></head>"
        f"<body><h1>{name}</h1><nav>{links}</nav>{body}</body></html>\n"
    )


def section(heading: str, body: str) -> str:
    """Return a section; `body` is HTML already."""
    return f"<section><h2>{html.escape(heading)}</h2>{body}</section>"


def note(words: str) -> str:
    """Return a remark."""
    return f"<p class=note>{html.escape(words)}</p>"


def figures(heading: str, drawn: Sequence[str]) -> str:
    """Return charts side by side under a heading; nothing if there are none."""
    there = [chart for chart in drawn if chart]
    return f"<h3>{html.escape(heading)}</h3><figure>{''.join(there)}</figure>" if there else ""


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: tuple[int, ...] = ()) -> str:
    """Return a table of texts; the columns in `left` are set flush left, the others right."""

    def row(cells: Sequence[str], tag: str) -> str:
        made = (
            f"<{tag}{' class=l' if place in left else ''}>{html.escape(cell)}</{tag}>"
            for place, cell in enumerate(cells)
        )
        return f"<tr>{''.join(made)}</tr>"

    top = f"<thead>{row(head, 'th')}</thead>" if any(head) else ""
    body = "".join(row(cells, "td") for cells in rows)
    return f"<div class=wide><table>{top}<tbody>{body}</tbody></table></div>"
