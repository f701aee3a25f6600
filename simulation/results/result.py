"""What a run returns: rows of clients, therapists and sessions, as arrays and as polars tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from simulation.clinic import STATUSES
from simulation.engine.lanes import COUNTS
from simulation.engine.records import BOUNDARY_EVENTS, RUPTURES
from simulation.errors import AllianceError
from simulation.results.manifest import environment
from simulation.results.sessions import SESSION_COLUMNS, session_column
from simulation.results.writing import RUN, write_tables
from simulation.states import ClientTraits, TherapistTraits

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

    from simulation.parameters import Parameters

    Array = NDArray[Any]

__all__ = ["Result", "Table", "joined"]

Table = Literal["clients", "therapists", "sessions"]


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """The clients, therapists and sessions of a run.

    Attributes
    ----------
    parameters, seed, first_replicate, replicates
        What was run.
    client_rows, therapist_rows, session_rows
        Arrays of records, in the order of replicate, client, therapist and session; `session_rows` is None where
        histories were not recorded. Layouts are in `simulation.engine.records`.
    run
        Number of this run where several make one table.
    settings
        The setting of each replicate where clinics differ; `parameters` is then the one in their middle. Empty where
        all have the same.
    """

    parameters: Parameters
    seed: int
    first_replicate: int
    replicates: int
    client_rows: Array
    therapist_rows: Array
    session_rows: Array | None = None
    run: int = 0
    settings: tuple[Parameters, ...] = ()

    def __repr__(self) -> str:
        """Say what was run, not the tables."""
        recorded = "with" if self.session_rows is not None else "without"
        return (
            f"Result({self.replicates} x {self.parameters.clients} clients, seed {self.seed}, "
            f"{int(self.client_rows['sessions'].sum())} sessions, {recorded} histories)"
        )

    def columns(self, table: Table) -> dict[str, Array]:
        """Return the columns of a table as arrays, without building a data frame.

        Words are given as codes: `status` as a place in `simulation.clinic.STATUSES`, `rupture` in
        `simulation.engine.records.RUPTURES`, `boundary_event` in `BOUNDARY_EVENTS`. Weeks and therapists are -1,
        scores not a number, where there was none.

        Raises
        ------
        AllianceError
            If `table` is ``"sessions"`` and they were not recorded.
        """
        match table:
            case "clients":
                return self._client_columns()
            case "therapists":
                return self._therapist_columns()
            case "sessions":
                return self._session_columns()

    @cached_property
    def clients(self) -> pl.DataFrame:
        """One row a client."""
        return _frame(self._client_columns())

    @cached_property
    def therapists(self) -> pl.DataFrame:
        """One row a therapist."""
        return _frame(self._therapist_columns())

    @cached_property
    def sessions(self) -> pl.DataFrame:
        """One row a session."""
        return _frame(self._session_columns())

    @cached_property
    def clinic_settings(self) -> pl.DataFrame:
        """One row a replicate: the parameters that differ between clinics, where they do."""
        import polars as pl

        rows = [one.model_dump() for one in self.settings]
        varied = (
            [name for name in rows[0] if any(row[name] != rows[0][name] for row in rows)]
            if rows
            else []
        )
        numbers = range(self.first_replicate, self.first_replicate + len(rows))
        return pl.DataFrame(
            {"replicate": list(numbers), **{name: [row[name] for row in rows] for name in varied}}
        )

    def write(self, directory: str | Path, *, command: str = "", overwrite: bool = False) -> Path:
        """Write all tables as Parquet and the manifest as JSON into `directory`, all or none; return it.

        Raises
        ------
        AllianceError
            If the directory cannot be written, or holds an earlier run and `overwrite` is not set.
        """
        directory = Path(directory)
        frames = {
            "clients": self.clients,
            "therapists": self.therapists,
            "sessions": None if self.session_rows is None else self.sessions,
            "settings": self.clinic_settings if self.settings else None,
        }
        write_tables(directory, frames, self.manifest(command=command), overwrite=overwrite)
        return directory

    def manifest(self, *, command: str = "") -> dict[str, Any]:
        """Return what the run was made with; `command` repeats it."""
        return {
            "name": RUN,
            "parameters": self.parameters.model_dump(),
            "changed": self.parameters.changed(),
            "seed": self.seed,
            "first_replicate": self.first_replicate,
            "replicates": self.replicates,
            "clients": len(self.client_rows),
            "sessions": int(self.client_rows["sessions"].sum()),
            **environment(),
            "command": command,
            "notice": "Group statistics of a simulation. Not advice about any real client.",
        }

    def _keys(self, each: int, label: str) -> dict[str, Array]:
        replicates = np.arange(self.replicates, dtype=np.int64) + self.first_replicate
        return {
            "run": np.full(self.replicates * each, self.run, dtype=np.int64),
            "replicate": np.repeat(replicates, each),
            "seed": np.full(self.replicates * each, self.seed, dtype=np.uint64),
            label: np.tile(np.arange(each, dtype=np.int64), self.replicates),
        }

    def _client_columns(self) -> dict[str, Array]:
        rows = self.client_rows
        names = (
            "therapist",
            "status",
            "sessions",
            "week_arrived",
            "week_started",
            "week_ended",
            *ClientTraits._fields,
            "preference_match",
            "core_10_intake",
            "core_10_last",
            "csq_8_last",
            *COUNTS,
            "boundary_crossings",
        )
        columns = self._keys(self.parameters.clients, "client")
        columns.update((name, rows[name]) for name in names)
        columns["boundary_violation"] = rows["status"] == STATUSES.index("boundary_violation")
        return columns

    def _therapist_columns(self) -> dict[str, Array]:
        rows = self.therapist_rows
        columns = self._keys(self.parameters.therapists, "therapist")
        names = (
            *(name for name in TherapistTraits._fields if name != "rating_habit"),
            "clients_seen",
            "ties",
            "fatigue_mean",
            "fatigue_last",
            "skill_gain",
        )
        columns.update((name, rows[name]) for name in names)
        return columns

    def _session_columns(self) -> dict[str, Array]:
        rows = self.session_rows
        if rows is None:
            raise AllianceError(
                "This run did not record its sessions: run it again with histories=True."
            )
        return {
            "run": np.full(len(rows), self.run, dtype=np.int64),
            **{name: session_column(rows, name) for name in SESSION_COLUMNS},
        }


def joined(results: Sequence[Result], parameters: Parameters | None = None) -> Result:
    """Return the tables of replicates that follow each other as those of one run.

    Parameters
    ----------
    results
        One a replicate.
    parameters
        The setting in their middle, where each has its own; left out, all have that of the first.
    """
    sessions = [one.session_rows for one in results if one.session_rows is not None]
    return replace(
        results[0],
        parameters=parameters or results[0].parameters,
        replicates=len(results),
        client_rows=np.concatenate([one.client_rows for one in results]),
        therapist_rows=np.concatenate([one.therapist_rows for one in results]),
        session_rows=np.concatenate(sessions) if sessions else None,
        settings=tuple(one.parameters for one in results) if parameters is not None else (),
    )


WORDS = {"status": STATUSES, "rupture": RUPTURES, "boundary_event": BOUNDARY_EVENTS}
ABSENT_BELOW_ZERO = ("therapist", "week_started", "week_ended")


def _frame(columns: dict[str, Array]) -> pl.DataFrame:
    import polars as pl

    series = []
    for name, values in columns.items():
        column = pl.Series(name, np.ascontiguousarray(values))
        if name in WORDS:
            words = WORDS[name]
            column = column.replace_strict(
                list(range(len(words))), list(words), return_dtype=pl.Enum(words)
            )
        elif name in ABSENT_BELOW_ZERO:
            column = column.set(column < 0, None)
        elif column.dtype == pl.Float32:
            column = column.fill_nan(None)
        series.append(column)
    return pl.DataFrame(series)
