"""Studies that look like somebody's records: each a twin of them, with the mechanism of a rival in its place."""

from __future__ import annotations

import functools
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.audition.studies import SIMULATED, WORLD, StudyTable
from experiments.execution.evaluation import parameters_of
from experiments.records.names import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.design.value import Scalar
    from experiments.twin.learning import Learned
    from experiments.twin.original import Original
    from simulation.parameters import Parameters

__all__ = ["StudiesLikeRecords"]

OF_SIZE = frozenset({"clients", "therapists", "arrivals_per_week"})

ARMS = frozenset(
    {"arm", "group", "condition", "allocation", "randomised", "randomized", "gruppe", "bedingung"}
)
"""Words in the name of a column that says which arm of a trial a client is in."""


@dataclass(frozen=True, slots=True)
class StudiesLikeRecords:
    """Makes the table of any study in the columns and the form of some records.

    Attributes
    ----------
    path, mapping
        The records, and how they are read; empty for as they are.
    checksum
        Of both, so that a study knows when they change.
    """

    path: str
    mapping: str = ""
    checksum: str = ""

    @classmethod
    def of(cls, path: Path, mapping: Path | None = None) -> StudiesLikeRecords:
        """Read and check records.

        Raises
        ------
        AllianceError
            As for a twin.
        """
        from experiments.twin.original import refuse_few

        content = path.read_bytes() if path.is_file() else b""
        about = mapping.read_bytes() if mapping is not None and mapping.is_file() else b""
        checksum = hashlib.sha256(content + b"\0" + about).hexdigest()
        made = cls(str(path), "" if mapping is None else str(mapping), checksum)
        refuse_few(_fitted(made)[0])
        return made

    def arms(self) -> tuple[str, ...]:
        """Return the columns that are called what arms of a trial are: studies have them, but no effect of them."""
        _, learned, _ = _fitted(self)
        return tuple(
            name
            for name, other in learned.others.items()
            if ARMS & set(plain(name).split()) and len(other.categories.entries) > 1
        )

    def parameters(self, settings: Mapping[str, Scalar]) -> Parameters:
        """Return the fitted setting, with what a world changes."""
        own = {k: v for k, v in settings.items() if k not in {SIMULATED, WORLD, *OF_SIZE}}
        changes = parameters_of(tuple(own.items())).changed()
        return _fitted(self)[2].replace(**changes)

    def study(
        self, settings: Mapping[str, Scalar], seed: int, replicate: int
    ) -> tuple[StudyTable, float]:
        """Return the table of a study; it has no arms."""
        import polars as pl

        from experiments.twin.drawing import Pool, draw_courses
        from experiments.twin.files import ENDINGS_OF_FILES, file_bytes, file_columns
        from experiments.twin.labels import shared_forms
        from experiments.twin.table import make_table

        original, learned, _ = _fitted(self)
        pool = Pool.simulated(
            self.parameters(settings), learned, tuple(learned.scores), seed + replicate
        )
        random = np.random.default_rng([seed, replicate])
        table = make_table(original, learned, draw_courses(learned, pool, random), random)
        columns = file_columns(original, table)
        ending = original.path.suffix.lower()
        ending = ending if ending in ENDINGS_OF_FILES else ".csv"
        content = file_bytes(
            original, columns, Path(f"study{ending}"), shared_forms(original, learned)
        )
        plain = io.StringIO()
        frame = pl.DataFrame(columns).select(pl.when(pl.all() != "").then(pl.all()))
        commas = any(
            "," in cell and cell.replace(",", "").isdigit()
            for one in columns.values()
            for cell in one
        )
        frame.write_csv(plain, separator=";")
        text = plain.getvalue().encode()
        read = pl.read_csv(text, separator=";", decimal_comma=commas, infer_schema_length=None)
        return StudyTable(read, content, ending), float("nan")


@functools.lru_cache(maxsize=2)
def _fitted(studies: StudiesLikeRecords) -> tuple[Original, Learned, Parameters]:
    from experiments.twin.fitting import QuickFit
    from experiments.twin.learning import learn
    from experiments.twin.original import read_original

    original = read_original(studies.path, studies.mapping or None)
    return original, learn(original), QuickFit().parameters(original.records)[0]
