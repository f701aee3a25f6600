"""The summary of a run as a page for the terminal; plain text where there is no terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from experiments.catalogue import OUTCOMES
from experiments.quantities.intervals import CHANCE_ALONE
from experiments.quantities.writing import count, fixed, percent, significant
from experiments.tables.clinical_change import CUT_OFF, RELIABLE_CHANGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from experiments.analysis.run_summary import AllianceAtSession, Core10Change, RunSummary

__all__ = ["outcome_page", "run_page"]

MAIN = (
    "dropout_rate",
    "early_dropout_rate",
    "mean_sessions",
    "core_10_change",
    "reliable_improvement_rate",
    "recovery_rate",
    "reliable_deterioration_rate",
    "mean_csq_8",
    "ruptures_per_session",
)
"""Outcomes of which a page tells how much clinics may differ."""

BAR = 16
"""Width of the longest bar."""

MOST_ROWS = 12
"""Most sessions shown; the others are in the tables and in ``--json``."""


def run_page(summary: RunSummary, *, unicode: bool = True) -> Group:
    """Return the page; `unicode` says whether the output can show block characters."""
    parts: list[RenderableType] = [_opening(summary)]
    parts += [_heading("Who stayed"), _staying(summary, unicode)]
    parts += [_heading("Who got better"), *_outcome(summary)]
    parts += [_heading("Alliance over sessions, as clients rate it (WAI-SR, 12-60)")]
    parts += _alliance(summary, unicode)
    parts += [_heading("Ruptures and repairs"), _ruptures(summary)]
    parts += [_heading("Boundaries"), _boundaries(summary)]
    parts += [_heading("Waiting"), _waiting(summary), Text("")]
    if summary.clinics:
        parts += [_heading("How much clinics may differ"), *_clinics(summary, MAIN), Text("")]
    return Group(*parts, *_closing(summary))


def _clinics(summary: RunSummary, names: Iterable[str]) -> tuple[RenderableType, ...]:
    """Return the middle clinic and where 95 % of them lie, and what that holds."""
    table = _table("", "middle", "95 % of clinics", justify_right=(1, 2))
    for name in names:
        if name in summary.clinics:
            found, unit = summary.clinics[name], OUTCOMES[name].unit
            ends = f"{unit.number(found.low)} to {unit.number(found.high)}"
            table.add_row(OUTCOMES[name].axis, unit.number(found.value), ends)
    note = (
        f"Each clinic is drawn from {summary.holds}. The range holds that and the chance of who comes to a clinic of "
        f"{count(summary.clients, 'client')}; it does not hold what the model itself may get wrong (see alliance "
        "validate --ensemble)."
    )
    return table, Text(note)


def outcome_page(summary: RunSummary) -> Group:
    """Return every outcome of a run with its interval, and what it is."""
    table = _table("outcome", "mean (95 %)", "what it is")
    table.columns[2].no_wrap = False
    for name, found in summary.outcomes.items():
        outcome = OUTCOMES[name]
        table.add_row(name, outcome.unit.estimate(found), outcome.meaning)
    note = (
        f"Means over clinics. {CHANCE_ALONE} Where all clinics are alike or there is only one, a share has the "
        "interval of its cases and anything else has none."
    )
    clinics = [Text(""), *_clinics(summary, summary.clinics)] if summary.clinics else []
    return Group(
        _opening(summary), Text(""), table, Text(note, "dim"), *clinics, *_closing(summary)
    )


def _closing(summary: RunSummary) -> tuple[Text, Text]:
    return Text(summary.notice, "dim"), Text(f"Repeat with: {summary.command}", "dim")


def _heading(words: str) -> Text:
    return Text(f"\n{words}", "bold")


def _score(value: float) -> str:
    return fixed(value, 1)


def _bar(part: float, whole: float, *, unicode: bool) -> str:
    if not whole or math.isnan(part):
        return ""
    eighths = round(8 * BAR * part / whole)
    if not unicode:
        return "#" * round(eighths / 8)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def _opening(summary: RunSummary) -> Text:
    clinics = count(summary.replicates, "clinic")
    each = "" if summary.replicates == 1 else " each"
    text = Text(f"{clinics} with ", "bold")
    text.append(count(summary.clients, "client"))
    text.append(" and " + count(summary.therapists, "therapist") + each)
    text.append(f", seed {summary.seed}, {summary.ruptures.sessions:,} sessions")
    return text


def _table(*headings: str, justify_right: Sequence[int] = ()) -> Table:
    table = Table(
        box=None,
        show_header=any(headings),
        header_style="dim",
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    for place, heading in enumerate(headings):
        right = place in justify_right
        table.add_column(heading, justify="right" if right else "left", no_wrap=right)
    return table


def _staying(summary: RunSummary, unicode: bool) -> Group:
    stay = summary.staying
    rows = [
        ("completed as planned", stay.completed),
        ("dropped out", stay.dropped_out),
        ("reached the session limit", stay.session_limit),
        ("ended by a boundary violation", stay.boundary_violation),
        ("still in treatment at closing", stay.in_treatment),
    ]
    table = _table("", "", "", "", justify_right=(1, 2))
    for words, clients in rows:
        if clients or words in ("completed as planned", "dropped out"):
            share = clients / stay.started if stay.started else math.nan
            bar = _bar(clients, stay.started, unicode=unicode)
            table.add_row(words, f"{clients:,}", percent(share), bar)
    lines = [f"{stay.asked:,} asked for therapy, {stay.started:,} started. Of those who started:"]
    if stay.started == 0:
        return Group(Text(f"{stay.asked:,} asked for therapy, nobody started."))
    ending = (
        f"Sessions: {_score(stay.sessions_mean)} on average, {significant(stay.sessions_median)} in the "
        f"middle (median). {stay.dropped_out_after_one_or_two:,} of {stay.dropped_out:,} who dropped out did so "
        "after session 1 or 2."
    )
    return Group(Text(lines[0]), table, Text(ending))


def _outcome(summary: RunSummary) -> list[RenderableType]:
    table = _table("", "all starters", "completers", justify_right=(1, 2))
    everyone, finished = summary.all_starters, summary.completers

    def row(words: str, value: str, other: str) -> None:
        table.add_row(words, value, other)

    def both(words: str, field: str) -> None:
        row(words, percent(getattr(everyone, field)), percent(getattr(finished, field)))

    row("clients", f"{everyone.clients:,}", f"{finished.clients:,}")
    row("CORE-10, intake to last", _change(everyone), _change(finished))
    both(f"improved reliably ({significant(RELIABLE_CHANGE)} points or more)", "improved")
    both(f"recovered: and now below {significant(CUT_OFF)}, of those above it", "recovered")
    both("no reliable change", "unchanged")
    both("deteriorated reliably", "deteriorated")
    note = (
        "Completers ended as planned or at the limit. Who leaves feeling worse is missing there, "
        "so read all starters first."
    )
    return [table, Text(note, "dim")]


def _change(outcome: Core10Change) -> str:
    return f"{_score(outcome.core_10_intake)} to {_score(outcome.core_10_last)}"


def _shown(points: Sequence[AllianceAtSession]) -> list[AllianceAtSession]:
    """Choose sessions to show: the first five, then ever wider apart, and the last."""
    last = len(points)
    if last <= MOST_ROWS:
        return list(points)
    wanted = {1, 2, 3, 5, last}
    for step in range(1, MOST_ROWS - 4):
        wanted.add(round(5 * (last / 5) ** (step / (MOST_ROWS - 4))))
    return [point for point in points if point.session in wanted]


def _alliance(summary: RunSummary, unicode: bool) -> list[RenderableType]:
    if not summary.alliance:
        return [Text("No session was stored.")]
    table = _table(
        "session",
        "still in\ntreatment",
        "",
        "all\nstarters*",
        "those\nstill there",
        "completers",
        justify_right=(0, 1, 3, 4, 5),
    )
    table.columns[2].no_wrap = True
    table.columns[2].min_width = BAR
    whole = summary.alliance[0].in_treatment
    for point in _shown(summary.alliance):
        table.add_row(
            str(point.session),
            f"{point.in_treatment:,}",
            _bar(point.in_treatment, whole, unicode=unicode),
            _score(point.all_starters),
            _score(point.still_in_treatment),
            _score(point.completers),
        )
    note = (
        "* with the last rating of those who have left. A rise among those still there alone may only "
        "mean that others left."
    )
    lines: list[RenderableType] = [table, Text(note, "dim")]
    if summary.alliance_replicates < summary.replicates:
        lines.append(
            Text(
                "Figures over sessions, and kinds of events, come from the first "
                f"{summary.alliance_replicates:,} clinics.",
                "dim",
            )
        )
    return lines


def _ruptures(summary: RunSummary) -> Text:
    found = summary.ruptures
    if found.ruptures == 0:
        return Text("No session with a rupture.")
    kinds = (
        ""
        if math.isnan(found.withdrawals)
        else f", {percent(found.withdrawals)} of them withdrawals"
    )
    return Text(
        f"In {percent(found.share_of_sessions)} of sessions{kinds}. Therapists noticed {percent(found.noticed)} "
        f"and {percent(found.repaired)} were repaired. "
        f"{percent(found.clients_with_any)} of clients had at least one."
    )


def _boundaries(summary: RunSummary) -> Text:
    found = summary.boundaries
    if found.tests == 0:
        return Text("Nobody tested the frame.")
    tests = count(found.tests, "test of the frame", "tests of the frame")
    kinds = (
        ""
        if math.isnan(found.held)
        else f": {percent(found.held)} held warmly, {percent(found.rebuffed)} rebuffed"
    )
    violations = count(found.violations, "violation")
    crossings = count(found.crossings, "crossing")
    return Text(
        f"{tests}{kinds}; {crossings} (with {percent(found.clients_with_crossings)} of clients) and {violations}. "
        "Crossings are not violations."
    )


def _waiting(summary: RunSummary) -> Text:
    stay, wait = summary.staying, summary.waiting
    lost = ""
    if stay.never_started or stay.waiting:
        lost = f" {stay.never_started:,} gave up waiting, {stay.waiting:,} still wait."
    if stay.started == 0:
        return Text(lost.strip() or "Nobody.")
    if wait.weeks_longest == 0:
        return Text(f"Everybody who started began in the week of asking.{lost}")
    return Text(
        f"{percent(wait.started_at_once)} began in the week of asking; the wait was "
        f"{_score(wait.weeks_mean)} weeks on average, {count(wait.weeks_longest, 'week', 'weeks')} at most.{lost}"
    )
