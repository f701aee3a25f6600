"""The simulated studies of an audition: one table a study, from the model, its rivals, and a world without effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.design.listed_designs import Cases
from experiments.design.parameter_space import PRESET, ParameterSpace, layers_of, model_space
from experiments.execution.evaluation import parameters_of
from experiments.validation.null_clinics import CLOSED
from experiments.validation.rival_mechanisms import MECHANISMS
from simulation.errors import AllianceError, unknown_name
from simulation.presets import preset as preset_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from experiments.design.value import Scalar
    from simulation.parameters import Parameters

__all__ = [
    "MODEL",
    "NULL",
    "SIMULATED",
    "WORLD",
    "Arms",
    "SimulatedStudies",
    "StudyTable",
    "space",
    "worlds",
]

MODEL, NULL = "model", "null"
"""Names of the world that is believed in, and of the one in which what is looked for is not there."""

SIMULATED = "arms_differ"
"""Name of the switch that says whether the arms of a study differ."""

WORLD = "world_name"
"""Name of the setting that names the world."""

CLIENT_COLUMNS = (
    "client",
    "therapist",
    "status",
    "sessions",
    "core_10_intake",
    "core_10_last",
    "csq_8_last",
)
OUTCOMES_OF_CLIENTS = ("core_10_last", "core_10_intake", "csq_8_last", "sessions")
"""Numbers of a client that can be the outcome of a trial."""

SESSION_COLUMNS = (
    "client",
    "session",
    "week",
    "wai_sr_client",
    "wai_sr_therapist",
    "core_10",
    "csq_8",
)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What a design has to know of a setting that is none of the model's."""

    name: str
    kind: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class StudyTable:
    """The table of one study.

    Attributes
    ----------
    frame
        For functions.
    content, ending
        The file that commands are given.
    """

    frame: pl.DataFrame
    content: bytes
    ending: str = ".csv"

    @classmethod
    def of(cls, frame: pl.DataFrame) -> StudyTable:
        return cls(frame, frame.write_csv().encode())


@dataclass(frozen=True, slots=True)
class Arms:
    """A trial: what the second arm has, and by which column of the clients it is measured.

    Attributes
    ----------
    changes
        Parameters of the second arm, by name.
    outcome
        Column of the clients whose mean difference is the effect.
    """

    changes: tuple[tuple[str, Scalar], ...]
    outcome: str = "core_10_last"


def worlds(rivals: tuple[str, ...] = MECHANISMS, *, preset: str | None = None, arms: bool) -> Cases:
    """Return the worlds as a design: the model, its rivals, and the null.

    Parameters
    ----------
    rivals
        Presets that are layered on the setting.
    preset
        The setting; the default clinic if left out.
    arms
        Whether studies have two arms. The null then is two arms that do not differ; else it is the model with every
        path from the alliance to what becomes of a client closed.
    """
    for name in layers_of(preset):
        preset_named(name)
    cases: dict[str, dict[str, Scalar]] = {MODEL: {SIMULATED: True}}
    for name in rivals:
        if name in {MODEL, NULL} or name in cases:
            raise AllianceError(
                f"{name} is named twice, or is the name of a world that is always there: name each rival once."
            )
        preset_named(name)
        cases[name] = {PRESET: "+".join((*layers_of(preset), name)), SIMULATED: True}
    cases[NULL] = {SIMULATED: False} if arms else {SIMULATED: True, **CLOSED}
    return Cases(name="world", cases={name: {**one, WORLD: name} for name, one in cases.items()})


def space(words: tuple[str, ...]) -> ParameterSpace:
    """Return the parameters of the simulation, with those that say which world it is and whether arms differ."""
    own = model_space()

    def values(names: str | None) -> Mapping[str, Any]:
        return {**own.values(names), SIMULATED: True, WORLD: MODEL}

    added = {
        SIMULATED: _Setting(SIMULATED, "switch"),
        WORLD: _Setting(WORLD, "choice", choices=words),
    }
    return ParameterSpace({**own.parameters, **added}, own.presets, values)


@dataclass(frozen=True, slots=True)
class SimulatedStudies:
    """Makes the table of any study.

    Attributes
    ----------
    arms
        Of a trial; none for a cohort.
    rows
        ``"client"`` or ``"session"``: what a row of the table is.
    """

    arms: Arms | None
    rows: str = "session"

    def check(self) -> None:
        """Make sure that the outcome of a trial is a number of a client.

        Raises
        ------
        AllianceError
            If it is none.
        """
        if self.arms is not None and self.arms.outcome not in OUTCOMES_OF_CLIENTS:
            raise unknown_name(
                self.arms.outcome,
                "a number of a client",
                OUTCOMES_OF_CLIENTS,
                see=f"--outcome is one of {', '.join(OUTCOMES_OF_CLIENTS)}.",
            )

    def parameters(self, settings: Mapping[str, Scalar]) -> Parameters:
        """Return the setting of a world."""
        return parameters_of(
            tuple((k, v) for k, v in settings.items() if k not in {SIMULATED, WORLD})
        )

    def study(
        self, settings: Mapping[str, Scalar], seed: int, replicate: int
    ) -> tuple[StudyTable, float]:
        """Return the table of a study, and the mean effect on its clients (``nan`` without arms).

        Every client of a trial is simulated in both arms with the same luck, and is shown in the one that chance
        allots, half of the clients to each. There is no spill-over between the arms.

        Raises
        ------
        AllianceError
            If the outcome is no column of clients.
        """
        parameters = self.parameters(settings)
        if self.arms is None:
            return StudyTable.of(self._table(parameters, seed, replicate)), float("nan")
        import polars as pl

        changed = parameters
        if settings.get(SIMULATED, True):
            changed = parameters.replace(**dict(self.arms.changes))
        usual = self._table(parameters, seed, replicate)
        other = self._table(changed, seed, replicate)
        self.check()
        name = self.arms.outcome
        both = _of_clients(usual, name).join(_of_clients(other, name), on="client", suffix="_other")
        known = both.drop_nulls().with_columns(pl.all().cast(pl.Float64)).drop_nans()
        apart = (known[f"{name}_other"] - known[name]).to_numpy()
        effect = float(apart.mean()) if apart.size else float("nan")
        clients = parameters.clients
        allotted = np.random.default_rng([seed, replicate, 1]).permutation(clients) < clients // 2
        first = pl.Series("client", np.flatnonzero(~allotted))
        table = pl.concat(
            [
                usual.filter(pl.col("client").is_in(first.implode())).with_columns(arm=pl.lit(0)),
                other.filter(~pl.col("client").is_in(first.implode())).with_columns(arm=pl.lit(1)),
            ]
        )
        front = ["client", "therapist", "arm"]
        return StudyTable.of(table.select(*front, pl.exclude(front)).sort(*_keys(table))), effect

    def _table(self, parameters: Parameters, seed: int, replicate: int) -> pl.DataFrame:
        """Return the clients who started, or their sessions with what is known of the client beside."""
        import polars as pl

        from simulation.running import simulate

        result = simulate(
            parameters,
            seed=seed,
            replicates=1,
            first_replicate=replicate,
            histories=self.rows == "session",
            threads=1,
        )
        clients = result.clients.filter(pl.col("sessions") >= 1).select(CLIENT_COLUMNS)
        clients = clients.with_columns(pl.col("status").cast(pl.String))
        if self.rows == "client":
            return clients.sort("client")
        sessions = result.sessions.select(SESSION_COLUMNS)
        return (
            sessions.join(clients, on="client", how="inner")
            .sort("client", "session")
            .select("client", "therapist", pl.exclude("client", "therapist"))
        )


def _keys(table: pl.DataFrame) -> list[str]:
    return [name for name in ("client", "session") if name in table.columns]


def _of_clients(table: pl.DataFrame, name: str) -> pl.DataFrame:
    return table.select("client", name).unique("client", keep="first", maintain_order=True)
