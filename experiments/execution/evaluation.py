"""The simulation as a study sees it: settings and replicate numbers in, outcomes out."""

from __future__ import annotations

import functools
import hashlib
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.catalogue import outcome, tables_needed
from experiments.design.parameter_space import PRESET, layers_of, model_space
from experiments.execution.model_source import SIMULATION, model_source_hash, sources_of
from experiments.execution.rules import Rules, name_of
from experiments.tables.run_tables import RunTables

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from experiments.design.parameter_space import ParameterSpace
    from experiments.design.value import Scalar
    from simulation.parameters import Parameters

__all__ = ["ClinicEvaluation"]

CLIENTS_AT_A_TIME = 25_000
"""Clients simulated together; bounds memory, and changes no result."""

CLIENTS_AT_A_TIME_WITH_HISTORIES = 5_000


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
            self._some(parameters, seed, first, min(step, end - first), needed)
            for first in range(first_replicate, end, step)
        ]
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in self.outcomes}

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
        self, parameters: Parameters, seed: int, first: int, count: int, needed: frozenset[str]
    ) -> dict[str, NDArray[np.float64]]:
        from simulation.running import simulate

        rules, histories = Rules.of(self.rules), "sessions" in needed
        if rules.need_agents:
            replicates = range(first, first + count)
            result = rules.run_agents(parameters, seed, replicates, histories=histories)
        else:
            result = simulate(
                parameters,
                seed=seed,
                replicates=count,
                first_replicate=first,
                histories=histories,
                session=rules.session,
                threads=1,
            )
        tables = RunTables.of(result, needed)
        return {name: outcome(name).compute(tables) for name in self.outcomes}


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
