"""Drawing twins of records, or of some of their clients, and attacking one by way of others."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.twin.copies import find_copies
from experiments.twin.drawing import Pool, draw_courses
from experiments.twin.features import courses_as_scores, distances, features_of
from experiments.twin.files import file_bytes, file_columns
from experiments.twin.learning import learn
from experiments.twin.original import read_original
from experiments.twin.privacy import (
    Attack,
    Halves,
    Privacy,
    attack_by_shadows,
    attack_halves,
)
from experiments.twin.shadow import SHADOWS, most_isolated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.records.mapping import DataMapping
    from experiments.tables.columns import Booleans
    from experiments.twin.features import Features
    from experiments.twin.fitting import QuickFit
    from experiments.twin.learning import Learned
    from experiments.twin.original import Original
    from experiments.twin.table import TwinTable

__all__ = ["HALVES", "Drawn", "Maker"]

HALVES = 4
"""How many times the clients are halved for the attacks."""

MOST_ATTACKED = 4000
"""Courses up to which all are compared; of more, so many are drawn."""

MOST_SHADOWED = 1000
"""Courses up to which shadow twins are made; of more, one client is hardly seen."""


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
            sites=whole.sites,
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
            return read_original(path, self.mapping)

    @property
    def mapping(self) -> DataMapping:
        """How a twin is read, in whichever form: everything that was guessed or declared in the records is said."""
        mapping = self.original.records.mapping
        forms = self.original.forms
        codes = {
            text
            for name, texts in forms.declared.items()
            if name not in self.original.naming.columns
            for text in texts
            if text
        }
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
