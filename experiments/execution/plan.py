"""Planning: from a study to numbered chunks, the same however and wherever it is run."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.design.parameter_space import CASE, LAYER, PRESET, layers_of, model_space
from experiments.design.replication import Adaptive, Fixed
from experiments.design.value import StudyError
from experiments.execution.tasks import ChunkTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from experiments.design.design_points import DesignPoint, DesignPoints
    from experiments.design.parameter_space import ParameterSpace
    from experiments.design.study import Study
    from experiments.design.value import Scalar
    from experiments.execution.tasks import ChunkResult

__all__ = ["Plan", "plan"]

RUNS_IN_A_CHUNK = 2000
"""Most runs of the default clinic in a chunk: about a third of a second on one core."""

MOST_CHUNKS = 1_000_000
"""Of a study: about four days of one core."""

CLIENT_SESSIONS_IN_A_RUN = 2000
"""Of the default clinic: 100 clients, 20 sessions."""

CHUNKS_TO_SHARE = 32
"""Chunks that a study is cut into when it is long enough, so that workers finish together."""

FEWEST_RUNS_IN_A_CHUNK = 200
"""Fewer would spend more on storage than is gained by sharing."""


@dataclass(frozen=True)
class Plan:
    """A study made ready to run: its points, and how they fall into chunks.

    The layout is a function of the study alone, never of the machine, the workers or what was
    already done.
    """

    study: Study
    space: ParameterSpace

    @functools.cached_property
    def points(self) -> DesignPoints:
        """The points of the design, in their fixed order."""
        return self.study.design.points(self.space)

    @property
    def runs(self) -> int:
        """Number of runs; for adaptive replication the most there can be."""
        return len(self.points) * self.study.replication.ceiling

    @functools.cached_property
    def chunk_runs(self) -> int:
        """Runs in a chunk (for adaptive replication: expected runs)."""
        if self.study.chunk_runs is not None:
            return self.study.chunk_runs
        base = {**self.space.values(self.study.preset), **self.study.settings}
        work = float(base.get("clients", 100)) * float(base.get("session_limit", 20))
        most = max(1, round(RUNS_IN_A_CHUNK * CLIENT_SESSIONS_IN_A_RUN / max(work, 1.0)))
        expected = len(self.points) * self.study.replication.expected
        return min(most, max(FEWEST_RUNS_IN_A_CHUNK, math.ceil(expected / CHUNKS_TO_SHARE)))

    @functools.cached_property
    def points_in_a_chunk(self) -> int:
        """Points in a chunk of an adaptive study."""
        return max(1, self.chunk_runs // self.study.replication.expected)

    @property
    def chunks(self) -> int:
        if isinstance(self.study.replication, Fixed):
            return math.ceil(self.runs / self.chunk_runs)
        return math.ceil(len(self.points) / self.points_in_a_chunk)

    def runs_in(self, chunk: int) -> int:
        """Return the runs a chunk is planned to have; for adaptive replication the most it can."""
        if isinstance(self.study.replication, Fixed):
            return min(self.chunk_runs, self.runs - chunk * self.chunk_runs)
        first = chunk * self.points_in_a_chunk
        points = min(self.points_in_a_chunk, len(self.points) - first)
        return points * self.study.replication.ceiling

    def tasks(
        self,
        chunks: Iterable[int],
        reference: Mapping[str, NDArray[np.float64]] | None = None,
    ) -> Iterator[ChunkTask]:
        """Make the tasks of some chunks, one after the other, as they are asked for."""
        for chunk in chunks:
            spans = self.spans(chunk)
            first, last = min(spans), max(spans)
            settings = tuple(self.settings(point) for point in self.points.rows(first, last + 1))
            yield ChunkTask(
                chunk=chunk,
                seed=self.study.seed,
                points=tuple(spans),
                settings=settings,
                spans=tuple(spans.values()),
                outcomes=self.study.outcomes,
                rule=self.study.replication,
                reference=reference,
            )

    def settings(self, point: DesignPoint) -> dict[str, Scalar]:
        """Return everything a point sets: preset, the study's settings, its cases, its factors."""
        settings: dict[str, Scalar] = {}
        layered = [name for name in point if self._is_layer(name)]
        presets = [*layers_of(self.study.preset)]
        for name in layered:
            presets += layers_of(str(point[name]))
        if presets:
            settings[PRESET] = "+".join(presets)
        settings.update(self.study.settings)
        for name, value in point.items():
            settings.update(self.points.bundles.get(name, {}).get(str(value), {}))
        settings.update(
            {
                name: value
                for name, value in point.items()
                if name not in self.points.bundles and name not in layered
            }
        )
        return settings

    def row(self, point: DesignPoint) -> dict[str, Scalar | None]:
        """Return the value of every factor at a point; what it does not vary, from its base."""
        settings = self.settings(point)
        base = self.space.values(str(settings[PRESET]) if PRESET in settings else None)
        own = {name: self.study.preset if name == PRESET else None for name in self.points.columns}
        return {
            name: point.get(
                name,
                own[name] if column.kind in {CASE, LAYER} else settings.get(name, base.get(name)),
            )
            for name, column in self.points.columns.items()
        }

    def schema(self) -> dict[str, pl.DataType]:
        """Return the columns of the results and their types.

        Point, replicate, factors, outcomes.
        """
        import polars as pl

        types: dict[str, pl.DataType] = {"point": pl.UInt32(), "replicate": pl.UInt32()}
        for name, column in self.points.columns.items():
            match column.kind:
                case "number":
                    types[name] = pl.Float64()
                case "integer":
                    types[name] = pl.Int64()
                case "switch":
                    types[name] = pl.Boolean()
                case _:
                    extra = (self.study.preset,) if name == PRESET and self.study.preset else ()
                    types[name] = pl.Enum(list(dict.fromkeys(column.categories + extra)))
        types.update({name: pl.Float64() for name in self.study.outcomes})
        return types

    def frame(self, result: ChunkResult) -> pl.DataFrame:
        """Lay a chunk's result out as a tidy table, one row a run."""
        import numpy as np
        import polars as pl

        schema = self.schema()
        seen, place = np.unique(result.point, return_inverse=True)
        first = int(seen[0]) if len(seen) else 0
        known = self.points.rows(first, int(seen[-1]) + 1) if len(seen) else []
        rows = [self.row(known[int(point) - first]) for point in seen]
        columns = {
            "point": pl.Series("point", result.point, dtype=pl.UInt32()),
            "replicate": pl.Series("replicate", result.replicate, dtype=pl.UInt32()),
        }
        for name in self.points.columns:
            values = pl.Series(name, [row[name] for row in rows], dtype=schema[name])
            columns[name] = values.gather(place) if rows else values
        for name in self.study.outcomes:
            columns[name] = pl.Series(name, result.outcomes[name], dtype=pl.Float64())
        return pl.DataFrame(columns).rechunk()

    def _is_layer(self, name: str) -> bool:
        column = self.points.columns.get(name)
        return name == PRESET or (column is not None and column.kind == LAYER)

    def spans(self, chunk: int) -> dict[int, tuple[int, int]]:
        """Return point to (first replicate, replicates) for one chunk."""
        rule = self.study.replication
        if not isinstance(rule, Fixed):
            first = chunk * self.points_in_a_chunk
            last = min(first + self.points_in_a_chunk, len(self.points))
            return dict.fromkeys(range(first, last), (0, rule.ceiling))
        begin, end = chunk * self.chunk_runs, min((chunk + 1) * self.chunk_runs, self.runs)
        spans = {}
        while begin < end:
            point, replicate = divmod(begin, rule.replicates)
            count = min(rule.replicates - replicate, end - begin)
            spans[point] = (replicate, count)
            begin += count
        return spans


def plan(study: Study, space: ParameterSpace | None = None) -> Plan:
    """Check a study against the parameters of its model and cut it into chunks.

    Parameters
    ----------
    study
        What to run.
    space
        Parameters of another model than the simulation.

    Raises
    ------
    AllianceError
        For parameters, presets or values that the model does not have.
    """
    chosen = space or model_space()
    if study.preset is not None:
        chosen.checked(PRESET, study.preset)
    for name, value in study.settings.items():
        chosen.checked(name, value)
    if isinstance(study.replication, Adaptive):
        for name, value in (study.replication.contrast or {}).items():
            chosen.checked(name, value)
    made = Plan(study, chosen)
    for name in made.points.columns:
        if name in study.outcomes or name in {"point", "replicate"}:
            raise StudyError(
                f"{name} is both a factor and a column of the results; rename the factor."
            )
        if name in study.settings:
            raise StudyError(
                f"{name} is both set for the whole study and varied; do one of the two."
            )
    if made.chunks > MOST_CHUNKS:
        raise StudyError(
            f"A study of {made.runs:,} runs ({len(made.points):,} points) would fill {made.chunks:,} files and take "
            f"about {made.chunks / 3 / 86_400:,.0f} days of one core: ask for fewer points or replicates."
        )
    return made
