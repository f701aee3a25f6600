"""Validation as one self-contained HTML page: a forest plot in the table, definitions, misses.

Every finding has its own scale. The grey band of its plot is the range that counts as inside, the
same width for all; nothing is loaded from elsewhere and nothing needs a script.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from experiments.reports.validation_table import number, verdict
from experiments.validation.results import STATUS_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from experiments.validation.results import Row, Validation

__all__ = ["as_html"]

WIDTH, HEIGHT = 200.0, 26.0
BAND = (60.0, 140.0)
MARGIN = 8.0

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --faint: #5b6570; --rule: #d5dae0;
  --band: #dfe5ec; --good: #1a6b3c; --bad: #b3261e; --mark: #35506e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --paper: #14181d; --faint: #9aa5b1;
  --rule: #333b45; --band: #2c3540; --good: #6fcf97; --bad: #ff8a80; --mark: #a9c4e4; } }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --faint: #444; --rule: #999;
  --band: #ddd; --good: #000; --bad: #000; --mark: #000; } tr, li { break-inside: avoid; }
  thead { display: table-header-group; } body { font-size: 9pt; max-width: none; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 90rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.2rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid var(--rule);
  vertical-align: middle; } td:nth-child(2) { min-width: 15rem; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.in { color: var(--good); } .out { color: var(--bad); font-weight: 700; }
.faint { color: var(--faint); } dt { font-weight: 600; margin-top: .6rem; } dd { margin-left: 1.2rem; }
svg { display: block; } .band { fill: var(--band); } .axis { stroke: var(--faint); stroke-width: 1; }
.pub { fill: none; stroke: var(--faint); stroke-width: 1.5; }
.sim { fill: var(--good); stroke: var(--good); } .miss { fill: var(--bad); stroke: var(--bad); }
.legend span { margin-right: 1.5rem; white-space: nowrap; }
"""


def as_html(validations: Sequence[Validation]) -> str:
    """Return the page for one setting or several."""
    names = ", ".join(one.preset for one in validations)
    body = "".join(_section(one) for one in validations)
    rows = [row for one in validations for row in one.rows]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Validation: {escape(names)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        "<h1>Does it behave like therapy?</h1>\n"
        "<p>The simulation held against published findings. It reproduces statistics of groups; it says"
        " nothing about any real client, and a correlation here is not an effect.</p>\n"
        f"{_legend()}{body}{_definitions(rows)}</body>\n</html>\n"
    )


def _legend() -> str:
    band = (
        '<svg width="200" height="26" role="img" aria-label="Example of a plot">'
        f'<rect class="band" x="{BAND[0]}" y="3" width="{BAND[1] - BAND[0]}" height="20"/>'
        '<path class="pub" d="M85 8H125M105 4l4 4l-4 4l-4 -4z"/>'
        '<path class="sim" stroke-width="2" d="M70 18H86"/>'
        '<circle class="sim" cx="78" cy="18" r="3.5"/></svg>'
    )
    words = "".join(f"<li><b>{key}</b>: {escape(text)}</li>" for key, text in STATUS_WORDS.items())
    return (
        f'<div class="legend">{band}<p>In each plot, on a scale of its own: the grey band is the range'
        " that counts as inside; the hollow diamond the published value, with its 95 % interval; the"
        " dot the simulated value, with the interval that is left by simulating a finite number of"
        " studies. An arrow points to a value beyond the plot.</p>"
        f"<p>How the published number was verified:</p><ul>{words}</ul>"
        "<p><b>Fitted</b> findings were used to set parameters, <b>predicted</b> ones were not; the"
        " split was written down before fitting, and judging uses other random numbers than fitting."
        "</p></div>\n"
    )


def _section(one: Validation) -> str:
    head = (
        f"<h2>{escape(one.preset)}</h2>\n<p><b>{escape(str(one.summary('fit')))}</b><br>"
        f"<b>{escape(str(one.summary('predict')))}</b><br>"
        f'<span class="faint">{one.studies} simulated studies of {one.clients_per_study} clients and'
        f" {one.therapists_per_study} therapists, seed {one.seed}.</span></p>\n"
    )
    table = (
        '<div class="scroll"><table>\n<thead><tr><th>Fact</th><th>Finding</th><th>Plot</th>'
        '<th class="n">Published</th><th class="n">Inside</th><th class="n">Simulated</th>'
        "<th>Verdict</th><th>Role</th><th>Read</th></tr></thead>\n<tbody>\n"
        + "".join(_row(row) for row in one.rows)
        + "</tbody></table></div>\n"
    )
    return head + table + _misses(one) + _not_judged(one)


def _row(row: Row) -> str:
    published = number(row.published)
    if row.published_low is not None:
        published += f" [{number(row.published_low)}, {number(row.published_high)}]"
    memory = ' <span class="faint">(from memory)</span>' if row.remembered else ""
    return (
        f"<tr><td>{escape(row.id)}</td><td>{escape(row.statistic)}{memory}</td><td>{_plot(row)}</td>"
        f'<td class="n">{published}</td><td class="n">{number(row.low)} to {number(row.high)}</td>'
        f'<td class="n">{number(row.simulated)} [{number(row.simulated_low)},'
        f" {number(row.simulated_high)}]</td>"
        f'<td class="{"in" if row.inside else "out"}">{escape(verdict(row))}</td>'
        f"<td>{'fitted' if row.role == 'fit' else 'predicted'}</td>"
        f'<td title="{escape(STATUS_WORDS[row.status])}">{row.status}</td></tr>\n'
    )


def _plot(row: Row) -> str:
    span = row.high - row.low or 1.0

    def place(value: float) -> float:
        if math.isinf(value):
            return WIDTH if value > 0 else 0.0
        x = BAND[0] + (value - row.low) / span * (BAND[1] - BAND[0])
        if row.high == row.low:
            x += (BAND[1] - BAND[0]) / 2
        return min(max(x, MARGIN), WIDTH - MARGIN)

    parts = [
        f'<rect class="band" x="{BAND[0]}" y="3" width="{BAND[1] - BAND[0]}" height="{HEIGHT - 6}"/>'
    ]
    if row.low < 0 < row.high:
        parts.append(
            f'<path class="axis" stroke-dasharray="2 2" d="M{place(0.0):.1f} 3V{HEIGHT - 3}"/>'
        )
    if row.published_low is not None and row.published_high is not None:
        low, high = place(row.published_low), place(row.published_high)
        parts.append(f'<path class="pub" d="M{low:.1f} 8H{high:.1f}"/>')
    if row.published is not None:
        x = place(row.published)
        parts.append(f'<path class="pub" d="M{x:.1f} 4l4 4l-4 4l-4 -4z"/>')
    if not math.isnan(row.simulated):
        parts.append(_dot(row, place))
    label = (
        f"{row.id}: simulated {number(row.simulated)}, {verdict(row)} of"
        f" {number(row.low)} to {number(row.high)}"
    )
    return (
        f'<svg width="{WIDTH:.0f}" height="{HEIGHT:.0f}" role="img"'
        f' aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def _dot(row: Row, place: Callable[[float], float]) -> str:
    kind, x = "sim" if row.inside else "miss", place(row.simulated)
    text = ""
    if math.isfinite(row.simulated_low) and math.isfinite(row.simulated_high):
        low, high = place(row.simulated_low), place(row.simulated_high)
        text = f'<path class="{kind}" stroke-width="2" d="M{low:.1f} 18H{high:.1f}"/>'
    if x <= MARGIN and not row.inside:
        return f'{text}<path class="{kind}" d="M2 18l8 -5v10z"/>'
    if x >= WIDTH - MARGIN and not row.inside:
        return f'{text}<path class="{kind}" d="M{WIDTH - 2} 18l-8 -5v10z"/>'
    return f'{text}<circle class="{kind}" cx="{x:.1f}" cy="18" r="3.5"/>'


def _misses(one: Validation) -> str:
    misses = [row for row in one.rows if not row.inside]
    if not misses:
        return "<p>Every finding is inside.</p>\n"
    items = "".join(
        f"<li><b>{escape(row.id)}</b> {escape(row.statistic)}: {escape(row.explanation)}</li>\n"
        for row in misses
    )
    return f"<h3>What is missed</h3>\n<ul>\n{items}</ul>\n"


def _not_judged(one: Validation) -> str:
    if not one.not_judged:
        return ""
    items = "".join(
        f"<li><b>{escape(row.id)}</b> {escape(row.statistic)}: {escape(row.reason)}</li>\n"
        for row in one.not_judged
    )
    return f"<h3>What is not computed, and why</h3>\n<ul>\n{items}</ul>\n"


def _definitions(rows: Sequence[Row]) -> str:
    seen: dict[str, Row] = {}
    for row in rows:
        seen.setdefault(row.id, row)
    entries = []
    for row in seen.values():
        words = STATUS_WORDS[row.status]
        doi = f" doi:{escape(row.doi)}" if row.doi else ""
        latent = " Looks at a latent state that no questionnaire reports." if row.latent else ""
        note = f" {escape(row.note)}" if row.note else ""
        entries.append(
            f"<dt>{escape(row.id)} {escape(row.statistic)}</dt><dd>{escape(row.definition)}{latent}"
            f" Inside: {escape(row.range_reason)}.{note}"
            f' <span class="faint">{escape(row.citation)}.{doi} ({row.status}: {escape(words)}.)'
            "</span></dd>\n"
        )
    return f"<h2>Definitions and sources</h2>\n<dl>\n{''.join(entries)}</dl>\n"
