"""The report and the codebook of a twin, as Markdown: what it keeps, and what could be learned from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.records.cells import text_of
from experiments.twin.margins import SMALLEST_CELL
from experiments.twin.privacy import AUC, MORE, SHADOW_AUC, SURE
from experiments.twin.shadow import SHADOWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.records.description import Description
    from experiments.twin.learning import Learned
    from experiments.twin.original import Original
    from experiments.twin.packages import ColumnForms
    from experiments.twin.privacy import Privacy

__all__ = ["NO_GUARANTEE", "Compared", "codebook_text", "compared_statistics", "report_text"]

NO_GUARANTEE = (
    "A twin is no guarantee of anonymity: it was attacked in the ways said here and in no other. Whether it may be"
    " shared is for you and your data protection officer to say. It says nothing about any real client and advises on"
    " none."
)

ORIGINS = {
    **dict.fromkeys(("client", "therapist", "study"), "new identifiers"),
    **dict.fromkeys(("session", "episode"), "counted"),
    "date": "new days, spaced as in the records",
    "ended": "as the simulated therapy ended, in the records' words",
}
"""How a column of a kind came about."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A statistic of the records beside that of the twin.

    Attributes
    ----------
    id, statistic
        As `alliance describe` names it; the id is empty where no published finding is about it.
    original, low, high
        Of the records, with its 95 % interval; ``nan`` where it has none.
    twin
        Of the twin; ``nan`` where it cannot be estimated there.
    """

    id: str
    statistic: str
    original: float
    low: float
    high: float
    twin: float

    @property
    def preserved(self) -> bool:
        """Whether the twin's value lies in the records' own 95 % interval; no interval, not kept."""
        return self.low <= self.twin <= self.high


def compared_statistics(original: Description, twin: Description) -> tuple[Compared, ...]:
    """Set every statistic of the records beside the same one of the twin."""
    published = {row.id: row.yours for row in twin.rows}
    others = {row.name: row.yours for row in twin.unpublished}
    return (
        *(
            Compared(
                r.id, r.statistic, r.yours, r.yours_low, r.yours_high, published.get(r.id, math.nan)
            )
            for r in original.rows
        ),
        *(
            Compared("", r.label, r.yours, r.yours_low, r.yours_high, others.get(r.name, math.nan))
            for r in original.unpublished
        ),
    )


def report_text(
    name: str,
    statistics: Sequence[Compared],
    privacy: Privacy,
    values: Mapping[str, float],
    notes: Sequence[str],
) -> str:
    """Write the report.

    Parameters
    ----------
    name
        Of the twin's file.
    statistics
        From `compared_statistics`.
    privacy
        What the attacks found.
    values
        Fitted parameters.
    notes
        What the twin does not have.
    """
    judged = [one for one in statistics if _has_interval(one)]
    inside = sum(one.preserved for one in judged)
    lines = [
        f"# {name}: a twin, simulated, not real people",
        "",
        NO_GUARANTEE,
        "",
        "## What could be learned from it",
        "",
        f"{privacy.copies} of its courses of therapy have every score of a real one; chance gives"
        f" {privacy.expected_copies:.1f} (short courses agree by chance). Not explained by chance:"
        f" {len(privacy.copied)}.",
        "",
        f"Median distance of a simulated client to the closest real one: {privacy.nearest:.3f}; of a real client to"
        f" the closest other real one: {privacy.nearest_real:.3f} (Gower, 0 to 1).",
        "",
        f"The other attacks, on twins of {privacy.halves} random halves of the clients, the other half held out; with"
        f" shadow twins, on {SHADOWS} with and {SHADOWS} without one client (none beyond a thousand clients):",
        "",
        "| attack | measure | value | standard error | by chance | p | |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(
            f"| {one.name} | {one.measure} | {one.value:.3f} | {one.error:.3f} | {one.chance:g} | {one.p:.2g} |"
            f" {one.verdict} |"
            for one in privacy.attacks
        ),
        "",
        f"An attack works where chance gives as much in fewer than one of {round(1 / SURE)} times and it is above a"
        f" limit (AUC {AUC:g}, with shadow twins {SHADOW_AUC:g}, {MORE:.0%} of the secrets); such a twin is not"
        " written. Above chance and below the limit it is weak. Terms and sources stand in"
        " `experiments.twin.privacy`.",
        "",
        f"## What it keeps: {inside} of {len(judged)} statistics",
        "",
        "A statistic counts as kept if the twin's value lies in the 95 % interval of the records. Statistics that are"
        " not kept should not be looked at in the twin.",
        "",
        "| | statistic | records | 95 % interval | twin | |",
        "| --- | --- | --- | --- | --- | --- |",
        *(
            f"| {one.id} | {one.statistic} | {_number(one.original)} | {_number(one.low)} to {_number(one.high)} |"
            f" {_number(one.twin)} | {_word(one)} |"
            for one in statistics
        ),
        "",
        "## What it does not have",
        "",
        *(f"- {note}" for note in notes),
        "",
        "## The model behind it",
        "",
        "A quick fit: one regression over an ensemble of simulations towards the statistics of the records, around"
        " the default clinic; `alliance calibrate --data` fits with care.",
        "",
        *(f"- {parameter} = {value:g}" for parameter, value in values.items()),
        "",
    ]
    return "\n".join(lines)


def _word(one: Compared) -> str:
    if not _has_interval(one):
        return "no interval"
    return "kept" if one.preserved else "**not kept**"


def _has_interval(one: Compared) -> bool:
    return math.isfinite(one.low) and math.isfinite(one.high)


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3g}"


def codebook_text(
    name: str,
    original: Original,
    learned: Learned,
    columns: Sequence[str],
    forms: ColumnForms,
    seed: int,
) -> str:
    """Write the codebook: every column, what it holds and how it came about."""
    roles = {column: meaning for meaning, column in original.rows.columns.names.items()}
    scales = original.records.mapping.scales
    lines = [
        f"# Codebook of {name}",
        "",
        f"Simulated, not real people. {learned.courses} courses of therapy of {learned.clients} clients in the"
        f" records; seed {seed}. What was simulated behind the scores stands in the truth beside it.",
        "",
        "| column | label | holds | how it came about |",
        "| --- | --- | --- | --- |",
    ]
    for column in columns:
        meaning = roles.get(column, "")
        scale = scales.get(meaning)
        holds = meaning or ("score" if column in original.score_columns.values() else "")
        if scale is not None and scale.range is not None:
            holds += f", {scale.range[0]:g} to {scale.range[1]:g}"
        codes = forms.value_labels.get(column, {})
        if codes:
            holds += "; " + ", ".join(f"{text_of(code)} = {label}" for code, label in codes.items())
        origin = _origin(column, meaning, original, learned)
        cells = (column, forms.labels.get(column, ""), holds, origin)
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join([*lines, ""])


def _cell(text: str) -> str:
    """Return a text as a cell of a table of Markdown, in which a bar and a new line would end it."""
    return " ".join(text.replace("|", r"\|").split())


def _origin(column: str, meaning: str, original: Original, learned: Learned) -> str:
    other = learned.others.get(column)
    if column in original.score_columns.values() or any(
        original.tidied.header[place] == column for place in original.occasions
    ):
        return "simulated, put on the distribution of the records stage by stage"
    if meaning in ORIGINS:
        return ORIGINS[meaning]
    if original.layout is not None and column in original.layout.written:
        return "as REDCap has it at such a session"
    if original.survey is not None and column == original.survey.response:
        return "new identifiers"
    if other is None or other.kind == "empty":
        return "left empty"
    return (
        f"drawn by itself from the distribution of the records ({_cells(other.categories.pooled)})"
    )


def _cells(pooled: int) -> str:
    if not pooled:
        return f"no entry of fewer than {SMALLEST_CELL} clients"
    return f"{pooled} entries of fewer than {SMALLEST_CELL} clients left out"
