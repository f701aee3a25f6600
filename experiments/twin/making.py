"""`make_twin`: records in, a twin with its report, its codebook and its truth out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.describe import describe_records
from experiments.records.mapping import mapping_text
from experiments.records.session_numbers import AFTER
from experiments.twin.drawing import LATENT
from experiments.twin.files import check_target, file_bytes, file_columns
from experiments.twin.fitting import QuickFit
from experiments.twin.labels import refuse_names, shared_forms, shared_mapping, unlabelled
from experiments.twin.maker import Maker
from experiments.twin.margins import SMALLEST_CELL
from experiments.twin.original import read_original, refuse_few
from experiments.twin.report import Compared, codebook_text, compared_statistics, report_text
from simulation.errors import AllianceError
from simulation.files import check_output, write_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from experiments.records.mapping import DataMapping
    from experiments.twin.learning import Learned
    from experiments.twin.original import Original
    from experiments.twin.privacy import Privacy
    from experiments.twin.table import TwinTable

__all__ = ["PrivacyError", "Twin", "files_of", "make_twin"]

MOST_NAMED = 8
"""Kinds of rows that a note names."""


class PrivacyError(AllianceError):
    """A twin that an attack got more out of than chance; it is not written."""

    exit_code = 1


@dataclass(frozen=True, slots=True, eq=False)
class Twin:
    """A twin and everything beside it.

    Attributes
    ----------
    content
        Bytes of its file.
    truth, codebook, report, mapping
        Texts of the files beside it; the mapping says how it is read.
    statistics
        Statistics of the records and of the twin.
    privacy
        What the attacks found.
    notes
        What it does not have.
    parameters
        Fitted values by parameter.
    """

    content: bytes
    truth: str
    codebook: str
    report: str
    mapping: str
    statistics: tuple[Compared, ...]
    privacy: Privacy
    notes: tuple[str, ...]
    parameters: Mapping[str, float]

    def write(self, target: Path, *, overwrite: bool = False) -> tuple[Path, ...]:
        """Write the twin, and beside it the truth, the codebook, the report and the mapping; return their paths."""
        contents = dict(
            zip(
                files_of(target),
                (
                    self.content,
                    *(
                        text.encode()
                        for text in (self.truth, self.codebook, self.report, self.mapping)
                    ),
                ),
                strict=True,
            )
        )
        for path in contents:
            check_output(path, overwrite=overwrite)
        for path, content in contents.items():
            write_output(path, content, overwrite=overwrite)
        return tuple(contents)


def files_of(target: Path) -> tuple[Path, ...]:
    """Return the twin's file, its truth, its codebook, its report and its mapping.

    Raises
    ------
    AllianceError
        As for `experiments.twin.files.check_target`.
    """
    check_target(target)
    return (
        target,
        target.with_name(f"{target.stem}.truth.csv"),
        target.with_name(f"{target.stem}.codebook.md"),
        target.with_name(f"{target.stem}.report.md"),
        target.with_name(f"{target.stem}.map.toml"),
    )


def make_twin(
    path: str | Path,
    target: str | Path,
    mapping: str | Path | DataMapping | None = None,
    *,
    seed: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Twin:
    """Make a twin of records; nothing is written.

    Parameters
    ----------
    path, mapping
        The records, and how they are read, as for `experiments.records.read_records`.
    target
        The file it is for: the ending says its form (.csv, .sav, .xlsx, .dta).
    seed
        The same one gives the same twin.
    progress
        Called with what is being done.

    Raises
    ------
    AllianceError
        If the records cannot be read, are of fewer than 60 clients, or of a form that a twin cannot have.
    PrivacyError
        If an attack on the twin worked.
    """
    say = progress or (lambda _: None)
    target = Path(target)
    check_target(target)
    say("reading the records")
    original = read_original(path, mapping)
    refuse_few(original)
    say("fitting the model (a quick fit)")
    fit = QuickFit(seed=seed)
    maker = Maker(original, fit, seed)
    drawn = maker.drawn(0)
    table = drawn.table
    columns = file_columns(original, table)
    forms = shared_forms(original, drawn.learned)
    refuse_names(original, columns, forms)
    content = file_bytes(original, columns, target, forms)
    twin = maker.read(table)
    say("attacking it, by way of other twins")
    privacy = maker.attacked(twin)
    if not privacy.passed:
        raise PrivacyError(
            f"No twin of {original.path} is written, because an attack on it works: {privacy.found}."
        )
    say("comparing statistics")
    statistics = compared_statistics(
        describe_records(original.records, studies=0), describe_records(twin.records, studies=0)
    )
    notes = _notes_on(original, drawn.learned)
    return Twin(
        content,
        _truth_text(table),
        codebook_text(target.name, original, drawn.learned, list(columns), forms, seed),
        report_text(target.name, statistics, privacy, drawn.values, notes),
        mapping_text(shared_mapping(original, drawn.learned, maker.mapping)),
        statistics,
        privacy,
        notes,
        drawn.values,
    )


def _truth_text(table: TwinTable) -> str:
    """Return what was simulated behind each row, as CSV: latent states, and scores before cells were emptied."""
    import polars as pl

    course = table.course.tolist()
    session = table.session.tolist()
    columns: dict[str, list[object]] = {
        "client": [table.client[one] for one in course],
        "course": [one + 1 for one in course],
        "session": ["after" if one == AFTER else one for one in session],
        "therapist": [table.therapies[one].therapist + 1 for one in course],
        "ending": [table.therapies[one].status for one in course],
    }
    for name in LATENT:
        columns[name] = [
            float(table.therapies[one].reports[name][number - 1])
            if 1 <= number < AFTER and name in table.therapies[one].reports
            else None
            for one, number in zip(course, session, strict=True)
        ]
    for name, values in table.complete.items():
        columns[f"{name}_complete"] = [None if np.isnan(one) else one for one in values.tolist()]
    columns["session"] = [str(one) for one in columns["session"]]
    memory = io.StringIO()
    pl.DataFrame(columns).write_csv(memory)
    return memory.getvalue()


def _notes_on_export(original: Original, learned: Learned) -> Iterator[str]:
    """Say what a twin does not have of an export of REDCap or Qualtrics, and what it has word for word."""
    if original.survey is not None and original.survey.heads:
        yield (
            "The second and the third row of the header, texts of questions, are copied word for word: look whether"
            " they name anybody."
        )
    layout, patterns = original.layout, learned.patterns
    if layout is None or patterns is None:
        return
    if layout.left_out:
        yield f"Rows that no session is of are not in it: {', '.join(layout.left_out[:MOST_NAMED])}."
    last, others = patterns.rare(layout)
    if last:
        ends = " and ".join(
            f"{end} ({arm.strip('_()')})" if len(patterns.arms) > 1 else str(end)
            for arm, end in last.items()
        )
        yield f"Sessions above {ends} are not in it: fewer than {SMALLEST_CELL} clients share their event."
    if others:
        names = dict.fromkeys(" ".join(filter(None, (one.event, one.instrument))) for one in others)
        yield (
            f"Rows that fewer than {SMALLEST_CELL} clients share are not in it:"
            f" {', '.join(list(names)[:MOST_NAMED])}."
        )
    if len(patterns.arms) > 1:
        yield "Arms of the project are drawn in their shares: nothing depends on them."
    if original.course.max() > original.person.max():
        yield "Every client has one course: REDCap counts the instances of a client, not of a course."


def _notes_on(original: Original, learned: Learned) -> tuple[str, ...]:
    """Say what the twin does not have."""
    notes = []
    empty = [name for name, other in learned.others.items() if other.kind == "empty"]
    drawn = [
        name + (f" ({other.categories.pooled} entries left out)" if other.categories.pooled else "")
        for name, other in learned.others.items()
        if other.kind != "empty"
    ]
    if drawn:
        notes.append(
            f"Each drawn by itself, so what it goes together with is lost: {', '.join(drawn)}."
        )
    if empty:
        notes.append(
            "Left empty, as free text, an identifier, a day, or nothing that"
            f" {SMALLEST_CELL} clients share: {', '.join(empty)}."
        )
    rare = [one for one, words in learned.words.items() if not words.entries]
    if rare:
        notes.append(
            f"Endings of fewer than {SMALLEST_CELL} clients are not in it: {', '.join(rare)}."
        )
    for questionnaire, column in original.score_columns.items():
        if (
            questionnaire != "core_10"
            and np.isfinite(original.values(questionnaire)[original.rows.sessions == 0]).any()
        ):
            notes.append(
                f"{column} at intake is empty: the model has no such rating before the first session."
            )
    if named := unlabelled(original):
        notes.append(
            "Labels that contain an entry of a column that says who or where somebody is are left out:"
            f" {', '.join(named)}."
        )
    notes += _notes_on_export(original, learned)
    notes.append(
        "The tails of every distribution are cut to the mean of the five lowest and highest."
    )
    return tuple(notes)
