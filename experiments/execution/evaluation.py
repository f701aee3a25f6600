"""The simulation as a study sees it: settings and replicate numbers in, outcomes out."""

from __future__ import annotations

import functools
import hashlib
import shlex
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.catalogue import outcome, tables_needed
from experiments.design.parameter_space import PRESET, layers_of, model_space
from experiments.execution.model_source import SIMULATION, model_source_hash, sources_of
from experiments.execution.rules import Rules
from experiments.outcomes.estimating import one_a_replicate
from experiments.tables.run_tables import RunTables
from simulation.errors import AllianceError
from simulation.mistakes import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from experiments.design.parameter_space import ParameterSpace
    from experiments.design.value import Scalar
    from simulation.parameters import Parameters

__all__ = ["ClinicEvaluation"]

CLIENTS_AT_A_TIME = 25_000
"""Clients simulated together; bounds memory, and changes no result."""

CLIENTS_AT_A_TIME_WITH_HISTORIES = 5_000

CLIENTS_TOGETHER = 5_000
"""Clients of several points whose outcomes are computed together; more would leave the processor's cache."""


@dataclass(frozen=True)
class ClinicEvaluation:
    """Runs the simulation in the calling thread and computes some outcomes of every replicate.

    Attributes
    ----------
    outcomes
        Their names.
    rules
        What to use instead of the model's own: a session function or a subclass of `Parameters` with a model of the
        dyad, subclasses of `Client` and `Therapist`. With one of the latter, runs are Mesa runs, some hundred times
        slower than the engine's.

    Raises
    ------
    AllianceError
        If an outcome does not exist, a rule is none, or a setting is not allowed.
    """

    outcomes: tuple[str, ...]
    rules: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        Rules.of(self.rules)
        for name in self.outcomes:
            outcome(name)

    @property
    def sources(self) -> dict[str, str]:
        """What results depend on: the simulation, and everything that the rules reach."""
        parts = {SIMULATION: model_source_hash()}
        for rule in self.rules:
            parts |= _sources_of_setting(rule) if rule is self._kind else sources_of(rule)
        return parts

    @property
    def space(self) -> ParameterSpace | None:
        """The parameters that a study may vary, where a rule adds some."""
        return None if self._kind is None else model_space(self._kind)

    @property
    def _kind(self) -> Any:
        return Rules.of(self.rules).setting

    def __call__(
        self, settings: Mapping[str, Scalar], seed: int, first_replicate: int, replicates: int, /
    ) -> dict[str, NDArray[np.float64]]:
        """Return outcome name to values of shape (`replicates`,)."""
        import numpy as np

        parameters = parameters_of(tuple(settings.items()), self._kind)
        needed = tables_needed(self.outcomes)
        at_a_time = CLIENTS_AT_A_TIME_WITH_HISTORIES if "sessions" in needed else CLIENTS_AT_A_TIME
        step = max(1, at_a_time // parameters.clients)
        end = first_replicate + replicates
        pieces = [
            self._some([parameters], seed, first, min(step, end - first))
            for first in range(first_replicate, end, step)
        ]
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in self.outcomes}

    def together(
        self, settings: Sequence[Mapping[str, Scalar]], seed: int, first: int, count: int
    ) -> list[Mapping[str, NDArray[np.float64]] | None]:
        """Return for some points what calling with each would; None for those better called for alone.

        Outcomes of short runs take longer than the runs, and of many at once hardly longer than of one.
        """
        given: list[Mapping[str, NDArray[np.float64]] | None] = [None] * len(settings)
        if Rules.of(self.rules).need_agents:
            return given
        groups: dict[tuple[Any, ...], list[tuple[int, Parameters]]] = {}
        for place, values in enumerate(settings):
            with suppress(AllianceError):  # said when the point is called for alone
                parameters = parameters_of(tuple(values.items()), self._kind)
                groups.setdefault(_size(parameters), []).append((place, parameters))
        for (_kind, clients, *_), points in groups.items():
            at_once = CLIENTS_TOGETHER // (clients * count)
            for begin in range(0, len(points), at_once) if at_once > 1 else ():
                some = points[begin : begin + at_once]
                with suppress(
                    Exception
                ):  # which of them it was is found when each is called for alone
                    found = self._some([one for _, one in some], seed, first, count)
                    for row, (place, _) in enumerate(some):
                        rows = slice(row * count, (row + 1) * count)
                        given[place] = {name: values[rows] for name, values in found.items()}
        return given

    def replay(self, settings: Mapping[str, Scalar], seed: int, replicate: int) -> str:
        """Write the command that repeats one run."""
        words = ["alliance", "run"]
        for name, value in settings.items():
            text = str(value).lower() if isinstance(value, bool) else str(value)
            if name == PRESET:
                words += [word for layer in layers_of(text) for word in ("--preset", layer)]
            else:
                words += ["--set", f"{name}={text}"]
        for rule in self.rules:
            words += ["--rule", name_of(rule)]
        words += ["--seed", str(seed), "--first-replicate", str(replicate)]
        return shlex.join(words)

    def _some(
        self, settings: Sequence[Parameters], seed: int, first: int, count: int
    ) -> dict[str, NDArray[np.float64]]:
        """Return the outcomes of some replicates of each setting, one setting after the other."""
        from simulation.running import simulate_together

        needed = tables_needed(self.outcomes)
        rules, histories = Rules.of(self.rules), "sessions" in needed
        if rules.need_agents:
            replicates = range(first, first + count)
            result = rules.run_agents(settings[0], seed, replicates, histories=histories)
        else:
            result = simulate_together(
                settings,
                seed=seed,
                replicates=count,
                first_replicate=first,
                histories=histories,
                session=rules.session,
            )
        tables = RunTables.of(result, needed)
        return {name: one_a_replicate(outcome(name), tables) for name in self.outcomes}


def _size(parameters: Parameters) -> tuple[Any, ...]:
    """Return what settings that are run together have in common."""
    return (
        type(parameters),
        parameters.clients,
        parameters.therapists,
        parameters.session_limit,
    )


@functools.lru_cache(maxsize=64)
def parameters_of(
    settings: tuple[tuple[str, Scalar], ...], kind: type[Parameters] | None = None
) -> Parameters:
    """Build the parameters that a point sets: its preset first, then everything else."""
    from simulation.presets import layered

    values = dict(settings)
    names = values.pop(PRESET, None)
    return layered(layers_of(None if names is None else str(names)), values, kind)


def _sources_of_setting(kind: type[Parameters]) -> dict[str, str]:
    """Return the sources of a model of the dyad, and its parameters; a class of settings has none to be read."""
    model = kind.dyad
    rows = repr([kind.rows[name] for name in kind.own])
    functions = (model.begin, model.session, model.measured, model.ending)
    return {name_of(kind): hashlib.sha256(rows.encode()).hexdigest()} | sources_of(functions)
