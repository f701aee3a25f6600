"""`make_twin`: records in, a twin with its report, its codebook and its truth out."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.describe import describe_records
from experiments.records.session_numbers import AFTER
from experiments.twin.drawing import LATENT, Pool, draw_courses
from experiments.twin.features import courses_as_scores, distances, features_of
from experiments.twin.files import check_target, file_bytes, file_columns
from experiments.twin.fitting import QuickFit
from experiments.twin.learning import learn
from experiments.twin.margins import SMALLEST_CELL
from experiments.twin.original import read_original, refuse_few
from experiments.twin.privacy import (
    Attack,
    Halves,
    Privacy,
    attack_by_shadows,
    attack_halves,
    find_copies,
)
from experiments.twin.report import Compared, codebook_text, compared_statistics, report_text
from experiments.twin.shadow import SHADOWS, most_isolated
from simulation.errors import AllianceError
from simulation.files import check_output, write_output

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from experiments.records.mapping import DataMapping
    from experiments.tables.columns import Booleans
    from experiments.twin.features import Features
    from experiments.twin.learning import Learned
    from experiments.twin.original import Original
    from experiments.twin.table import TwinTable

__all__ = ["Twin", "make_twin"]

HALVES = 4
"""How many times the clients are halved for the attacks."""

MOST_ATTACKED = 4000
"""Courses up to which all are compared; of more, so many are drawn."""


MOST_SHADOWED = 1000
"""Courses up to which shadow twins are made; of more, one client is hardly seen."""


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
    truth, codebook, report
        Texts of the files beside it.
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
    statistics: tuple[Compared, ...]
    privacy: Privacy
    notes: tuple[str, ...]
    parameters: Mapping[str, float]

    def write(self, target: Path, *, overwrite: bool = False) -> tuple[Path, ...]:
        """Write the twin, and beside it the truth, the codebook and the report; return their paths."""
        contents = dict(
            zip(
                files_of(target),
                (self.content, self.truth.encode(), self.codebook.encode(), self.report.encode()),
                strict=True,
            )
        )
        for path in contents:
            check_output(path, overwrite=overwrite)
        for path, content in contents.items():
            write_output(path, content, overwrite=overwrite)
        return tuple(contents)


def files_of(target: Path) -> tuple[Path, ...]:
    """Return the twin's file, its truth, its codebook and its report."""
    return (
        target,
        target.with_name(f"{target.stem}.truth.csv"),
        target.with_name(f"{target.stem}.codebook.md"),
        target.with_name(f"{target.stem}.report.md"),
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
    content = file_bytes(original, columns, target)
    twin = maker.read(table)
    say(f"attacking it, by way of {HALVES + 2 * SHADOWS} other twins")
    privacy = maker.attacked(twin)
    if not privacy.passed:
        raise PrivacyError(
            f"No twin of {original.path} is written, because an attack on it works: {privacy.found}."
        )
    say("comparing statistics")
    statistics = compared_statistics(
        describe_records(original.records, studies=0), describe_records(twin.records, studies=0)
    )
    notes = notes_on(original, drawn.learned)
    return Twin(
        content,
        truth_text(table),
        codebook_text(target.name, original, drawn.learned, list(columns), original.forms, seed),
        report_text(target.name, statistics, privacy, drawn.values, notes),
        statistics,
        privacy,
        notes,
        drawn.values,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A twin as it was drawn.

    Attributes
    ----------
    table
        Its cells.
    learned, values
        What it was drawn from: margins, and fitted parameters by name.
    """

    table: TwinTable
    learned: Learned
    values: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Maker:
    """Makes twins of some records, or of some of their courses."""

    original: Original
    fit: QuickFit
    seed: int

    def drawn(self, number: int, chosen: Booleans | None = None) -> Drawn:
        """Draw a twin; each number gives one with draws of its own.

        Margins and parameters are learned from a random half of the clients, anew for each twin: that adds to every
        number the uncertainty with which the records know it, as draws from a posterior do (proper synthesis:
        Raghunathan, Reiter & Rubin 2003, *Journal of Official Statistics* 19:1-16; half samples have the variance of
        the bootstrap), so that no single client shows in any.

        Parameters
        ----------
        number
            Which twin it is.
        chosen
            Which courses it is of, shape (courses,) in the order of `Original.course`; all if left out.
        """
        from experiments.twin.table import make_table

        original = self.original
        everybody = (
            np.ones(int(original.course.max()) + 1, dtype=bool) if chosen is None else chosen
        )
        random = np.random.default_rng([self.seed, number])
        half = self._half(everybody, random)
        records = replace(
            original.records, tables=original.records.tables.only(self._rows_of(half))
        )
        parameters, values = self.fit.parameters(records)
        whole = learn(original, everybody)
        learned = replace(
            learn(original, half),
            courses=whole.courses,
            clients=whole.clients,
            therapists=whole.therapists,
        )
        pool = Pool.simulated(parameters, learned, tuple(learned.scores), self.seed + number)
        table = make_table(original, learned, draw_courses(learned, pool, random), random)
        return Drawn(table, learned, values)

    def read(self, table: TwinTable) -> Original:
        """Read a twin as its records are read, by the same mapping: as an attacker, or a colleague, would."""
        columns = file_columns(self.original, table)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "twin.csv"
            path.write_bytes(file_bytes(self.original, columns, path))
            return read_original(path, self._mapping)

    @property
    def _mapping(self) -> DataMapping:
        """How the records were read, everything that was guessed or declared in them said."""
        mapping = self.original.records.mapping
        forms = self.original.forms
        codes = {text for texts in forms.declared.values() for text in texts if text}
        labels = self.original.file.labels.get(mapping.columns.get("ended", ""), {})
        endings = {
            code: mapping.endings[label]
            for code, label in labels.items()
            if label in mapping.endings
        }
        scales = {
            kind: replace(scale, missing=tuple({*(scale.missing or ()), *codes}) or scale.missing)
            for kind, scale in mapping.scales.items()
        }
        return replace(mapping, scales=scales, endings={**mapping.endings, **endings}, table=None)

    def attacked(self, twin: Original) -> Privacy:
        """Attack a twin of all courses, twins of halves of them, and shadow twins."""
        random = np.random.default_rng([self.seed, 10**6])
        real, own = features_of(self.original), features_of(twin)
        some, few = _some(len(real), random), _some(len(own), random)
        nearest = distances(own.only(few), real.only(some)).min(axis=1)
        between = distances(real.only(some), real.only(some))
        np.fill_diagonal(between, np.inf)
        copies, expected, copied = find_copies(
            courses_as_scores(self.original), courses_as_scores(twin), random
        )
        halves = []
        for number in range(1, HALVES + 1):
            chosen = self._half(np.ones(len(real), dtype=bool), random)
            half = self._features(number, real, chosen)
            in_half, out = _some(int(chosen.sum()), random), _some(int((~chosen).sum()), random)
            halves.append(
                Halves(
                    real.only(chosen).only(in_half),
                    real.only(~chosen).only(out),
                    half.only(_some(len(half), random)),
                )
            )
        return Privacy(
            copies,
            expected,
            copied,
            float(np.median(nearest)),
            float(np.median(between.min(axis=1))),
            (*attack_halves(halves), *self._shadow_attack(real)),
            HALVES,
        )

    def _features(self, number: int, real: Features, chosen: Booleans | None = None) -> Features:
        return features_of(self.read(self.drawn(number, chosen).table), real.spans)

    def _shadow_attack(self, real: Features) -> tuple[Attack, ...]:
        """Try whether twins tell that the most isolated client was in the records, unless it is one of thousands."""
        if len(real) > MOST_SHADOWED:
            return ()
        alone = np.arange(len(real)) == most_isolated(real)
        first = HALVES + 1
        having = [self._features(first + n, real) for n in range(SHADOWS)]
        lacking = [self._features(first + SHADOWS + n, real, ~alone) for n in range(SHADOWS)]
        random = np.random.default_rng([self.seed, 10**6 + 1])
        return (attack_by_shadows(real.only(alone), having, lacking, random),)

    def _half(self, chosen: Booleans, random: np.random.Generator) -> Booleans:
        """Return the courses of a random half of the clients that have any of some courses."""
        person = np.empty(len(chosen), dtype=np.int64)
        person[self.original.course] = self.original.person
        people = np.unique(person[chosen])
        half = random.permutation(people)[: (len(people) + 1) // 2]
        found: Booleans = chosen & np.isin(person, half)
        return found

    def _rows_of(self, chosen: Booleans) -> Booleans:
        """Return which rows of the clients' table some courses are."""
        from experiments.records.building import client_order

        keys = list(dict.fromkeys(self.original.rows.clients))
        wanted = {keys[place] for place in np.flatnonzero(chosen).tolist()}
        return np.array([key in wanted for key in client_order(self.original.rows)])


def _some(count: int, random: np.random.Generator) -> Booleans:
    """Choose so many courses as can be compared at once."""
    chosen = np.zeros(count, dtype=bool)
    chosen[random.permutation(count)[:MOST_ATTACKED]] = True
    return chosen


def truth_text(table: TwinTable) -> str:
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


def notes_on(original: Original, learned: Learned) -> tuple[str, ...]:
    """Say what the twin does not have."""
    notes = []
    for name, other in learned.others.items():
        if other.kind == "empty":
            notes.append(
                f"{name} is left empty: free text, an identifier, a day, or nothing that {SMALLEST_CELL} clients"
                " share."
            )
        else:
            left = (
                f"; {other.categories.pooled} rare entries are left out"
                if other.categories.pooled
                else ""
            )
            notes.append(f"{name} is drawn by itself: what it goes together with is lost{left}.")
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
    notes.append(
        "The tails of every distribution are cut to the mean of the five lowest and highest."
    )
    return tuple(notes)
