"""The report of a study: one self-contained HTML file that can be read, printed and checked."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from experiments.analysis.estimates import StudySummary, summarise, variance_saved
from experiments.analysis.main_effects import LevelMean, levels_of, main_effect, two_way
from experiments.analysis.sensitivity import LEADING
from experiments.analysis.study_sensitivity import sensitivity, suited
from experiments.design.replication import Adaptive, Fixed
from experiments.design.series import parted, series_in
from experiments.design.value import StudyError
from experiments.execution.own_code import stored_own_code
from experiments.quantities.intervals import CHANCE_ALONE
from experiments.quantities.writing import count, percent, significant
from experiments.quantities.writing import estimate as written
from experiments.reports.charts import bars, curve, heat_map, span_of
from experiments.reports.document import (
    Block,
    Charts,
    Note,
    Section,
    TableOfTexts,
    document,
    facts,
)
from experiments.reports.reproduction import reproduction
from experiments.reports.study_table import MOST_FAILURES, cell_of, estimate_of, own_code_line

if TYPE_CHECKING:
    from markupsafe import Markup

    from experiments.analysis.main_effects import FactorLevels
    from experiments.analysis.sensitivity import Sensitivity
    from experiments.design.designs import Design
    from experiments.design.study import Study
    from experiments.store.study_folder import StudyFolder

__all__ = ["study_document"]

MOST_POINTS = 60
"""Points up to which the table of results has all of them; beyond, it has `FEW_POINTS` and says where the rest is."""

FEW_POINTS = 12
MOST_PAIRS = 6


def study_document(folder: StudyFolder) -> str:
    """Return the report of a study as HTML that loads nothing from elsewhere.

    Raises
    ------
    StorageError
        If no run gave a result, or a chunk is damaged.
    """
    study, summary = folder.study, summarise(folder)
    sections = [
        _question(study, summary, folder),
        _design(study, summary, folder),
        _sensitivity(folder, summary),
        _over_sessions(summary),
        _main_effects(summary),
        _two_way(summary),
        _results(summary),
        _variance_saved(folder),
        _failures(folder),
        reproduction(folder),
    ]
    own = " and ".join(one.name for one in stored_own_code(folder.manifest))
    title = f"{study.name}, with {own}" if own else study.name
    return document(title, tuple(section for section in sections if section is not None))


def _question(study: Study, summary: StudySummary, folder: StudyFolder) -> Section:
    blocks: list[Block] = [Note(study.question, style="question")] if study.question else []
    blocks.append(
        TableOfTexts(
            ("outcome", "lowest mean", "highest mean", "defined in", "what it is"),
            tuple(_span_of_answers(name, summary) for name in summary.outcomes),
            left=(0, 1, 2, 3, 4),
        )
    )
    finished, chunks = len(folder.finished()), int(folder.manifest["chunks"])
    if finished < chunks:
        blocks.append(
            Note(
                f"Not finished: {finished:,} of {chunks:,} chunks. What follows describes the finished part."
            )
        )
    return Section("What was asked, and the span of answers", tuple(blocks))


def _span_of_answers(outcome: str, summary: StudySummary) -> tuple[str, ...]:
    known = summary.points.filter(~summary.points[outcome].is_nan()).sort(outcome)
    if known.is_empty():
        return outcome, "not defined at any point", "", f"0 of {summary.runs:,} runs", ""
    least, most = known.row(0, named=True), known.row(-1, named=True)
    return (
        outcome,
        _extreme(least, outcome, summary),
        _extreme(most, outcome, summary),
        f"{summary.defined(outcome):,} of {summary.runs:,} runs",
        _meaning(outcome),
    )


def _extreme(row: dict[str, Any], outcome: str, summary: StudySummary) -> str:
    where = ", ".join(f"{name} {_shown(row[name])}" for name in summary.factors)
    return f"{written(estimate_of(row, outcome))} at {where}"


def _meaning(name: str) -> str:
    from experiments.catalogue import OUTCOMES
    from experiments.outcomes.series import at_session

    known = OUTCOMES.get(name) or at_session(name)
    return f"{known.meaning} ({known.unit.name})" if known else ""


def _design(study: Study, summary: StudySummary, folder: StudyFolder) -> Section:
    base = study.preset or "the default clinic"
    settings = ", ".join(f"{name} = {_shown(value)}" for name, value in study.settings.items())
    rows = [
        ["design", _in_words(study.design)],
        ["points", f"{int(folder.manifest['points']):,}"],
        ["replication", _rule_in_words(study.replication)],
        ["base", base + (f", with {settings}" if settings else "")],
        *([one.kind, own_code_line(one)] for one in stored_own_code(folder.manifest)),
        ["seed", f"{study.seed}, the same for every point (common random numbers)"],
        ["runs", f"{summary.runs:,}"],
    ]
    for name in summary.factors:
        values = summary.points[name].unique(maintain_order=True).to_list()
        shown = ", ".join(_shown(value) for value in values[:12])
        if len(values) > 12:
            shown = f"{_shown(min(values))} to {_shown(max(values))}, {len(values):,} values"
        rows.append([f"factor {name}", shown])
    return Section("Design", (facts(rows),))


def _rule_in_words(rule: Fixed | Adaptive) -> str:
    if isinstance(rule, Fixed):
        return f"{rule.replicates:,} replicates of every point"
    wanted = ", ".join(
        f"{name} within ± {significant(width)}" for name, width in rule.within.items()
    )
    what = "mean"
    if rule.contrast is not None:
        settings = ", ".join(f"{name} = {value}" for name, value in rule.contrast.items())
        what = f"difference to {settings or 'the base'}"
    return (
        f"adaptive: {rule.minimum} to {rule.ceiling} replicates, until the {percent(rule.confidence)} "
        f"interval of the {what} has {wanted}"
    )


def _in_words(design: Design) -> str:
    inner = getattr(design, "designs", None)
    if inner is not None:
        sign = " × " if design.kind == "product" else " + "
        return f"{design.kind}: " + sign.join(_in_words(one) for one in inner)
    return design.kind.replace("_", " ")


def _results(summary: StudySummary) -> Section:
    most = FEW_POINTS if summary.points.height > MOST_POINTS else MOST_POINTS
    rows = tuple(
        (
            *(_shown(row[name]) for name in summary.factors),
            f"{row['replicates']:,}",
            *(cell_of(row, name) for name in summary.outcomes),
        )
        for row in summary.points.head(most).iter_rows(named=True)
    )
    head = (*summary.factors, "replicates", *summary.outcomes)
    blocks: list[Block] = [TableOfTexts(head, rows, left=tuple(range(len(summary.factors))))]
    if summary.points.height > most:
        blocks.append(
            Note(
                f"{count(summary.points.height - most, 'more point')}: alliance results DIR --csv FILE."
            )
        )
    blocks.append(
        Note(
            "Mean over replicates; ± is half its 95 % interval (Student's t); n says in how many replicates an "
            f"outcome is defined, where that is not all. {CHANCE_ALONE}"
        )
    )
    return Section("Results", tuple(blocks))


def _levels(summary: StudySummary) -> dict[str, FactorLevels]:
    """Return the levels of every factor that has more than one."""
    levels = {name: levels_of(summary.points[name].to_list()) for name in summary.factors}
    return {name: one for name, one in levels.items() if len(one.places) > 1}


def _without_series(summary: StudySummary) -> list[str]:
    """Return the outcomes that are not those of one session of a series."""
    return [name for name in summary.outcomes if parted(name) is None]


def _over_sessions(summary: StudySummary) -> Section | None:
    """Draw every series, point by point, session by session."""
    blocks: list[Block] = []
    for series, sessions in series_in(summary.outcomes).items():
        rows = list(summary.points.head(MOST_PAIRS).iter_rows(named=True))
        lines = [[_at(row, session, name) for session, name in sessions] for row in rows]
        span = span_of([mean for line in lines for mean in line])
        titles = [
            ", ".join(f"{name} {_shown(row[name])}" for name in summary.factors) for row in rows
        ]
        blocks += _charts(
            series,
            *(
                curve(line, f"session ({title})" if title else "session", series, span=span)
                for line, title in zip(lines, titles, strict=True)
            ),
        )
    if not blocks:
        return None
    note = (
        "Mean at each session over the clients who came to it, with its 95 % interval; those who left are missing "
        f"from later sessions. The first {MOST_PAIRS} points are drawn. {CHANCE_ALONE}"
    )
    return Section("Over the sessions", (Note(note), *blocks))


def _at(row: dict[str, Any], session: int, name: str) -> LevelMean:
    found = estimate_of(row, name)
    return LevelMean(float(session), found.value, found.low, found.high)


def _main_effects(summary: StudySummary) -> Section | None:
    levels = _levels(summary)
    if not levels:
        return None
    blocks: list[Block] = [
        Note(
            "Mean of an outcome over all points at a level of a factor, with its 95 % interval, which holds how the "
            "other factors vary, and chance."
        )
    ]
    for outcome in _without_series(summary):
        means = {
            factor: main_effect(summary.points, one, outcome) for factor, one in levels.items()
        }
        span = span_of([mean for one in means.values() for mean in one])
        blocks += _charts(
            outcome,
            *(
                curve(
                    means[factor],
                    factor,
                    outcome,
                    names=None if one.ordered else one.names,
                    span=span,
                )
                for factor, one in levels.items()
            ),
        )
    return Section("Main effects", tuple(blocks)) if len(blocks) > 1 else None


def _two_way(summary: StudySummary) -> Section | None:
    levels = _levels(summary)
    pairs = list(itertools.combinations(levels, 2))
    if not pairs:
        return None
    blocks: list[Block] = []
    for outcome in _without_series(summary):
        blocks += _charts(
            outcome,
            *(
                heat_map(
                    levels[across].names,
                    levels[down].names,
                    two_way(summary.points, levels[across], levels[down], outcome),
                    across,
                    down,
                    outcome,
                )
                for down, across in pairs[:MOST_PAIRS]
            ),
        )
    if len(pairs) > MOST_PAIRS:
        blocks.append(Note(f"The first {MOST_PAIRS} of {len(pairs)} pairs of factors are shown."))
    return Section("Two factors at a time", tuple(blocks))


def _sensitivity(folder: StudyFolder, summary: StudySummary) -> Section | None:
    try:
        suited(folder.study)
    except StudyError:
        return None
    blocks: list[Block] = []
    for outcome in summary.outcomes:
        try:
            found = sensitivity(folder, outcome, summary=summary)
        except StudyError as error:
            blocks.append(Note(str(error)))
            continue
        blocks += [*_charts(outcome, _bars_of(found)), Note(found.note)]
    return Section("Sensitivity", tuple(blocks))


def _bars_of(found: Sensitivity) -> Markup:
    leading = found.main()
    measure = LEADING[found.method]
    effects = {e.factor: e for e in found.effects if e.measure == measure}
    return bars(
        list(leading),
        list(leading.values()),
        [effects[name].low for name in leading],
        [effects[name].high for name in leading],
        f"{measure.replace('_', ' ')} ({found.method})",
    )


def _variance_saved(folder: StudyFolder) -> Section | None:
    saved = {name: share for name, share in variance_saved(folder).items() if share is not None}
    if not saved:
        return None
    meaning = Note(
        "All points use the same seed and the same replicate numbers. So much less variance does the difference of "
        "two points have than it would have with independent luck (average over all pairs of points):"
    )
    rows = tuple((name, percent(share)) for name, share in saved.items())
    return Section(
        "Common random numbers",
        (meaning, TableOfTexts(("outcome", "variance saved"), rows, left=(0,))),
    )


def _failures(folder: StudyFolder) -> Section:
    failures = folder.failures()
    if failures.is_empty():
        return Section("Failures", (Note("No run failed.", style=""),))
    rows = tuple(
        (
            str(row["point"]),
            f"{row['replicates']:,}",
            f"{row['error']}: {row['message']}",
            str(row["replay"]),
        )
        for row in failures.head(MOST_FAILURES).iter_rows(named=True)
    )
    head = ("point", "replicates", "what happened", "replay")
    blocks: list[Block] = [TableOfTexts(head, rows, left=(2, 3))]
    if failures.height > MOST_FAILURES:
        blocks.append(Note(f"{failures.height - MOST_FAILURES:,} more in failures.parquet."))
    return Section("Failures", tuple(blocks))


def _charts(heading: str, *drawn: Markup) -> list[Block]:
    """Return charts that show something under a heading; nothing if none does."""
    shown = tuple(chart for chart in drawn if chart)
    return [Charts(heading, shown)] if shown else []


def _shown(value: object) -> str:
    return (
        significant(value, 4) if isinstance(value, float) else "–" if value is None else str(value)
    )
