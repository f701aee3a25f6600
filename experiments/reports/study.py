"""The report of a study: one self-contained HTML file that can be read, printed and checked."""

from __future__ import annotations

import html
import itertools
from typing import TYPE_CHECKING, Any

from experiments.analysis.estimates import Summary, summarise, variance_saved
from experiments.analysis.main_effects import axis_of, main_effect, two_way
from experiments.analysis.study_sensitivity import analyse, suited
from experiments.design.replication import Adaptive, Fixed
from experiments.design.value import StudyError
from experiments.reports.charts import bars, curve, heat_map, span_of
from experiments.reports.html import figures, note, page, section, table
from experiments.reports.study_table import estimate, number

if TYPE_CHECKING:
    from experiments.design.designs import Design
    from experiments.design.study import Study
    from experiments.store.study_folder import StudyFolder

__all__ = ["report_html"]

MOST_POINTS = 60
"""Points shown in the table of results;

Beyond that the report shows effects and says where the rest is.
"""

FEW_POINTS = 12
MOST_PAIRS = 6
MOST_FAILURES = 20


def report_html(folder: StudyFolder) -> str:
    """Return the report of a study as HTML that loads nothing from elsewhere.

    Raises
    ------
    StorageError
        If nothing is finished, or a part is damaged.
    """
    study, summary = folder.study, summarise(folder)
    parts = [
        _asked(study, summary, folder),
        _design(study, summary, folder),
        _sensitivity(folder, summary),
        _main_effects(summary),
        _two_way(summary),
        _results(summary),
        _luck(folder),
        _failures(folder),
        _again(folder, study),
    ]
    return page(study.name, [part for part in parts if part])


def _asked(study: Study, summary: Summary, folder: StudyFolder) -> str:
    body = f"<p class=question>{html.escape(study.question)}</p>" if study.question else ""
    rows = []
    for name in summary.outcomes:
        known = summary.points.filter(~summary.points[name].is_nan())
        if known.is_empty():
            rows.append([name, "not defined at any point", "", ""])
            continue
        least, most = known.sort(name).row(0, named=True), known.sort(name).row(-1, named=True)
        rows.append(
            [name, *(_extreme(row, name, summary) for row in (least, most)), _meaning(name)]
        )
    body += table(["outcome", "lowest mean", "highest mean", "what it is"], rows, left=(0, 1, 2, 3))
    finished, parts = len(folder.finished()), int(folder.manifest["parts"])
    if finished < parts:
        body += note(
            f"Not finished: {finished:,} of {parts:,} parts. What follows describes the finished "
            "part."
        )
    return section("What was asked, and the span of answers", body)


def _extreme(row: dict[str, Any], outcome: str, summary: Summary) -> str:
    where = ", ".join(f"{name} {_shown(row[name])}" for name in summary.factors)
    return f"{_interval(row, outcome)} at {where}"


def _interval(row: dict[str, Any], outcome: str) -> str:
    low, high = row[f"{outcome}_low"], row[f"{outcome}_high"]
    return f"{number(row[outcome])} [{number(low)}, {number(high)}]"


def _meaning(name: str) -> str:
    from experiments.outcomes.catalogue import OUTCOMES

    return f"{OUTCOMES[name].meaning} ({OUTCOMES[name].unit})" if name in OUTCOMES else ""


def _design(study: Study, summary: Summary, folder: StudyFolder) -> str:
    said = _rule_in_words(study.replication)
    base = study.preset or "the default clinic"
    settings = ", ".join(f"{name} = {_shown(value)}" for name, value in study.settings.items())
    rows = [
        ["design", _in_words(study.design)],
        ["points", f"{int(folder.manifest['points']):,}"],
        ["replication", said],
        ["base", base + (f", with {settings}" if settings else "")],
        ["seed", f"{study.seed}, the same for every point (common random numbers)"],
        ["runs", f"{summary.runs:,}"],
    ]
    for name in summary.factors:
        values = summary.points[name].unique(maintain_order=True).to_list()
        shown = ", ".join(_shown(value) for value in values[:12])
        if len(values) > 12:
            shown = f"{_shown(min(values))} to {_shown(max(values))}, {len(values):,} values"
        rows.append([f"factor {name}", shown])
    return section("Design", table(["", ""], rows, left=(0, 1)))


def _rule_in_words(rule: Fixed | Adaptive) -> str:
    if isinstance(rule, Fixed):
        return f"{rule.replicates:,} replicates of every point"
    wanted = ", ".join(f"{name} within ± {width:g}" for name, width in rule.within.items())
    what = "mean"
    if rule.contrast is not None:
        settings = ", ".join(f"{name} = {value}" for name, value in rule.contrast.items())
        what = f"difference to {settings or 'the base'}"
    return (
        f"adaptive: {rule.minimum} to {rule.ceiling} replicates, until the {rule.confidence:.0%} "
        f"interval of the {what} has {wanted}"
    )


def _in_words(design: Design) -> str:
    inner = getattr(design, "designs", None)
    if inner is not None:
        sign = " × " if design.kind == "product" else " + "
        return f"{design.kind}: " + sign.join(_in_words(one) for one in inner)
    return design.kind.replace("_", " ")


def _results(summary: Summary) -> str:
    rows = []
    most = FEW_POINTS if summary.points.height > MOST_POINTS else MOST_POINTS
    for row in summary.points.head(most).iter_rows(named=True):
        cells = [_shown(row[name]) for name in summary.factors] + [f"{row['replicates']:,}"]
        cells += [estimate(row, name) for name in summary.outcomes]
        rows.append(cells)
    head = [*summary.factors, "replicates", *summary.outcomes]
    body = table(head, rows, left=tuple(range(len(summary.factors))))
    if summary.points.height > most:
        body += note(
            f"{summary.points.height - most:,} more points: alliance results DIR --csv FILE."
        )
    return section(
        "Results", body + note("Mean over replicates; ± is half its 95 % interval (Student's t).")
    )


def _main_effects(summary: Summary) -> str:
    axes = {name: axis_of(summary.points[name].to_list()) for name in summary.factors}
    body = ""
    for outcome in summary.outcomes:
        marks = {
            factor: main_effect(summary.points, axis, outcome)
            for factor, axis in axes.items()
            if len(axis.places) > 1
        }
        span = span_of([mark for one in marks.values() for mark in one])
        drawn = [
            curve(
                one,
                factor,
                outcome,
                names=None if axes[factor].ordered else axes[factor].names,
                span=span,
            )
            for factor, one in marks.items()
        ]
        body += figures(outcome, drawn)
    told = "Mean of an outcome over all points at a level of a factor, with its 95 % interval."
    return section("Main effects", note(told) + body) if body else ""


def _two_way(summary: Summary) -> str:
    axes = {name: axis_of(summary.points[name].to_list()) for name in summary.factors}
    varied = [name for name, axis in axes.items() if len(axis.places) > 1]
    pairs = list(itertools.combinations(varied, 2))
    body = ""
    for outcome in summary.outcomes:
        drawn = []
        for down, across in pairs[:MOST_PAIRS]:
            cells = two_way(summary.points, axes[across], axes[down], outcome)
            drawn.append(
                heat_map(axes[across].names, axes[down].names, cells, across, down, outcome)
            )
        body += figures(outcome, drawn)
    if len(pairs) > MOST_PAIRS:
        body += note(f"The first {MOST_PAIRS} of {len(pairs)} pairs of factors are shown.")
    return section("Two factors at a time", body) if pairs else ""


def _sensitivity(folder: StudyFolder, summary: Summary) -> str:
    try:
        suited(folder.study)
    except StudyError:
        return ""
    body = ""
    for outcome in summary.outcomes:
        try:
            found = analyse(folder, outcome, summary=summary)
        except StudyError as error:
            body += note(str(error))
            continue
        leading = found.main()
        measure = {"sobol": "total", "morris": "mu_star", "pawn": "median"}[found.method]
        effects = {e.factor: e for e in found.effects if e.measure == measure}
        drawn = bars(
            list(leading),
            list(leading.values()),
            [effects[name].low for name in leading],
            [effects[name].high for name in leading],
            f"{measure.replace('_', ' ')} ({found.method})",
        )
        body += figures(outcome, [drawn]) + note(found.note)
    return section("Sensitivity", body)


def _luck(folder: StudyFolder) -> str:
    saved = {name: share for name, share in variance_saved(folder).items() if share is not None}
    if not saved:
        return ""
    rows = [[name, f"{share:.0%}"] for name, share in saved.items()]
    told = (
        "All points use the same seed and the same replicate numbers. So much less variance does "
        "the difference "
        "of two points have than it would have with independent luck (average over all pairs of "
        "points):"
    )
    return section(
        "Common random numbers", note(told) + table(["outcome", "variance saved"], rows, left=(0,))
    )


def _failures(folder: StudyFolder) -> str:
    failures = folder.failures()
    if failures.is_empty():
        return section("Failures", "<p>No run failed.</p>")
    rows = [
        [
            str(row["point"]),
            f"{row['replicates']:,}",
            f"{row['error']}: {row['message']}",
            row["replay"],
        ]
        for row in failures.head(MOST_FAILURES).iter_rows(named=True)
    ]
    body = table(["point", "replicates", "what happened", "replay"], rows, left=(2, 3))
    if failures.height > MOST_FAILURES:
        body += note(f"{failures.height - MOST_FAILURES:,} more in failures.parquet.")
    return section("Failures", body)


def _again(folder: StudyFolder, study: Study) -> str:
    manifest = folder.manifest
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())
    rows = [
        ["begun", str(manifest["begun"])],
        ["study", f"sha256 {study.fingerprint}"],
        ["source of the model", f"sha256 {manifest['source_hash']}"],
        ["versions", versions],
        ["platform", str(manifest["platform"])],
    ]
    commands = (
        "alliance sweep study.toml --out AGAIN    # the same bytes, on any number of cores\n"
        "alliance verify DIR                      # runs random rows again and compares every bit\n"
        "alliance results DIR --csv runs.csv      # every run, in a fixed order\n"
        "duckdb -c \"SELECT * FROM 'DIR/results/*.parquet'\""
    )
    body = table(["", ""], rows, left=(0, 1)) + f"<pre>{html.escape(commands)}</pre>"
    body += f"<p>study.toml:</p><pre>{html.escape(study.to_toml())}</pre>"
    return section("How to reproduce this", body)


def _shown(value: object) -> str:
    return number(value) if isinstance(value, float) else "–" if value is None else str(value)
