"""What to sweep: one or two axes, an outcome, replicates; and the study that says the same."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING

from experiments.catalogue import outcome
from experiments.design.designs import Grid
from experiments.design.parameter_space import model_space
from experiments.design.replication import Fixed
from experiments.design.study import Study
from experiments.execution.evaluation import parameters_of
from experiments.execution.plan import plan
from simulation.errors import AllianceError, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.sweeps.axis import SweepAxis
    from experiments.design.value import Scalar
    from experiments.quantities.measure import Measure
    from experiments.tables.columns import Floats
    from simulation.parameters import Parameters

__all__ = ["Sweep", "study_file", "study_of"]

MOST_RUNS = 200_000
MOST_CLIENTS = 50_000
MOST_CLIENTS_RUN = 50_000_000
"""Limits of what a page may be asked for: some minutes of work; larger studies are for the command line."""


@dataclass(frozen=True)
class Sweep:
    """One outcome over the levels of one or two parameters; every point under the same random numbers.

    Attributes
    ----------
    axes
        One or two; the last changes fastest in the order of points.
    presets
        Names of presets, layered, that every point starts from; none for the default clinic.
    changes
        Parameter to value, where every point differs from the presets.
    outcome
        Name in `experiments.catalogue.OUTCOMES`.
    replicates
        Clinics at each point.
    clients
        Clients of a clinic; None leaves it to presets and changes.
    seed
        Of all runs.

    Raises
    ------
    AllianceError
        For anything that cannot be run as written, or would take too long for a page.
    """

    axes: tuple[SweepAxis, ...]
    presets: tuple[str, ...] = ()
    changes: Mapping[str, Scalar] = field(default_factory=dict)
    outcome: str = "dropout_rate"
    replicates: int = 20
    clients: int | None = 200
    seed: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", MappingProxyType(dict(self.changes)))
        if not 1 <= len(self.axes) <= 2:
            raise AllianceError(
                f"A sweep takes one or two parameters, not {len(self.axes)}: write a study for more."
            )
        names = [axis.parameter for axis in self.axes]
        if len(set(names)) < len(names):
            raise AllianceError(f"{names[0]} is on both axes: choose another parameter for one.")
        outcome(self.outcome)
        whole_number("replicates", self.replicates, 1, MOST_RUNS)
        whole_number("seed", self.seed, 0, 2**64 - 1)
        if self.clients is not None and "clients" not in names:
            model_space().checked("clients", self.clients)
        if self.runs > MOST_RUNS or self._clients_run > MOST_CLIENTS_RUN:
            raise AllianceError(
                f"{self.runs:,} clinics with {self._clients_run:,} clients in all are too many for a page: choose "
                "fewer values, replicates or clients, or run the study file with alliance sweep."
            )
        if self._most_clients > MOST_CLIENTS:
            raise AllianceError(
                f"A clinic of {self._most_clients:,} clients is too large for a page: choose at most "
                f"{MOST_CLIENTS:,}."
            )
        plan(study_of(self))
        for corner in {0, self.points - 1}:
            self.parameters_at(corner)

    def __hash__(self) -> int:
        """Hash what the sweep is made of."""
        return hash((self.axes, self.presets, tuple(sorted(self.changes)), self.outcome, self.seed))

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of values on each axis."""
        return tuple(len(axis.levels) for axis in self.axes)

    @property
    def points(self) -> int:
        return math.prod(self.shape)

    @property
    def runs(self) -> int:
        """Number of clinics."""
        return self.points * self.replicates

    @property
    def measure(self) -> Measure[Floats]:
        """The outcome."""
        return outcome(self.outcome)

    @cached_property
    def grid(self) -> tuple[tuple[Scalar, ...], ...]:
        """The values of the axes at each point, in the order of points."""
        return tuple(product(*(axis.levels for axis in self.axes)))

    @property
    def axes_columns(self) -> dict[str, list[object]]:
        """Parameter to its value at each point."""
        return {
            axis.parameter: [values[place] for values in self.grid]
            for place, axis in enumerate(self.axes)
        }

    @cached_property
    def settings(self) -> Mapping[str, Scalar]:
        """What every point sets beyond its presets."""
        varied = {axis.parameter for axis in self.axes}
        found: dict[str, Scalar] = {k: v for k, v in self.changes.items() if k not in varied}
        if self.clients is not None and "clients" not in varied:
            found["clients"] = self.clients
        return MappingProxyType(found)

    def settings_at(self, point: int) -> dict[str, Scalar]:
        """Return everything a point sets, as the study's plan gives it to the model."""
        found: dict[str, Scalar] = {"preset": "+".join(self.presets)} if self.presets else {}
        found.update(self.settings)
        for axis, value in zip(self.axes, self.grid[point], strict=True):
            found[axis.parameter] = value
        return found

    def parameters_at(self, point: int) -> Parameters:
        """Return the clinic of a point: what to open when it is clicked.

        Raises
        ------
        AllianceError
            If there is no such point.
        """
        whole_number("point", point, 0, self.points - 1)
        return parameters_of(tuple(self.settings_at(point).items()))

    def point_of(self, *places: int) -> int:
        """Return the number of a point from its place on each axis.

        Raises
        ------
        AllianceError
            If there is no such place.
        """
        number = 0
        for axis, size, place in zip(self.axes, self.shape, places, strict=True):
            number = number * size + whole_number(axis.parameter, place, 0, size - 1)
        return number

    @property
    def _most_clients(self) -> int:
        return max(self.parameters_at(corner).clients for corner in (0, self.points - 1))

    @property
    def _clients_run(self) -> int:
        for place, axis in enumerate(self.axes):
            if axis.parameter == "clients":
                other = self.points // self.shape[place]
                return self.replicates * other * sum(int(value) for value in axis.levels)
        fixed = self.settings.get("clients")
        if fixed is None:
            fixed = self.parameters_at(0).clients
        return self.runs * int(fixed)


def study_of(sweep: Sweep) -> Study:
    """Return the study that runs the same clinics: same seeds, same replicates, same bits.

    Raises
    ------
    AllianceError
        If it cannot be run.
    """
    across = " and ".join(axis.parameter for axis in sweep.axes)
    return Study(
        name=f"{sweep.outcome} over {across}",
        question=f"How does {sweep.measure.label} depend on {across.replace('_', ' ')}?",
        preset="+".join(sweep.presets) or None,
        settings=dict(sweep.settings),
        design=Grid(factors={axis.parameter: axis.factor for axis in sweep.axes}),
        outcomes=(sweep.outcome,),
        replication=Fixed(replicates=sweep.replicates),
        seed=sweep.seed,
    )


def study_file(sweep: Sweep) -> str:
    """Return the study as the TOML file that ``alliance sweep`` runs to the same numbers."""
    return study_of(sweep).to_toml()
