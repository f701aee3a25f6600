"""What was asked of ``alliance run``: as parameters, and as the command that repeats it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from experiments.cli.custom_models import load
from experiments.cli.options import name_and_value
from experiments.execution.rules import Rules
from simulation.errors import AllianceError
from simulation.presets import layered

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.calibration import ClinicEnsemble
    from simulation.parameters import Parameters

__all__ = ["Engine", "RunRequest"]

Engine: TypeAlias = Literal["compiled", "plain", "mesa"]


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What was asked for on the command line.

    Attributes
    ----------
    presets
        Names or files of presets, later ones on top.
    settings
        ``NAME=VALUE``, on top of the presets.
    clients, therapists
        Size of the clinic, on top of those.
    seed, first_replicate, replicates
        Of the run.
    engine
        Who runs it; all give the same tables. None for whichever has them first.
    network
        A file with a supervision network.
    out
        Where the tables go.
    histories
        Whether the tables hold every session.
    rules
        Rules of one's own, ``FILE.py:NAME``.
    ensemble
        Whether every replicate is another clinic of the preset's ensemble.
    """

    presets: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    clients: str | None = None
    therapists: str | None = None
    seed: int = 1
    first_replicate: int = 0
    replicates: int = 1
    engine: Engine | None = None
    network: Path | None = None
    out: Path | None = None
    histories: bool = True
    rules: tuple[str, ...] = ()
    ensemble: bool = False

    def clinics(self) -> ClinicEnsemble:
        """Return the ensemble of the preset, with what was set on top.

        Raises
        ------
        AllianceError
            If there is none, too few parameter sets are left, or something is asked for that it does not go with.
        """
        from experiments.calibration import ensemble
        from experiments.calibration.clinic_ensembles import LEAST_SETS

        for given, option in (
            (len(self.presets) > 1, "two presets"),
            (self.rules, "--rule"),
            (self.engine in {"mesa", "plain"}, f"--engine {self.engine}"),
        ):
            if given:
                raise AllianceError(f"--ensemble does not go with {option}: leave one of them out.")
        found = ensemble(self.presets[0] if self.presets else "default")
        if found.too_few:
            raise AllianceError(found.too_few)
        if self.replicates < LEAST_SETS:
            raise AllianceError(
                f"{self.replicates} clinics make no interval of 95 %: ask for at least {LEAST_SETS}."
            )
        return found.replace(**self.values())

    def values(self) -> dict[str, Any]:
        """Return what was set on top of presets, as it was written."""
        values: dict[str, Any] = dict(
            name_and_value(text, "--set", "empathy=0.7") for text in self.settings
        )
        if self.clients is not None:
            values["clients"] = self.clients
        if self.therapists is not None:
            values["therapists"] = self.therapists
        if self.network is not None:
            values.setdefault("supervision_network", "file")
        return values

    def parameters(self) -> Parameters:
        """Return the parameters asked for.

        Raises
        ------
        AllianceError
            For names that do not exist, and values out of bounds.
        """
        return layered(self.presets, self.values(), self.rules_given().setting)

    def rules_given(self) -> Rules:
        """Return the rules of one's own, imported.

        Raises
        ------
        AllianceError
            If one cannot be imported, or is none.
        """
        return Rules.of(map(load, self.rules))

    def chosen_engine(self, parameters: Parameters) -> Engine:
        """Return who runs this: what was asked for, else plain Python where that is quicker than compiled code.

        Rules of one's own are compiled, but for classes of clients and therapists: Mesa runs those, whatever was
        asked for.
        """
        if self.rules_given().need_agents:
            return "mesa"
        if self.engine is not None:
            return self.engine
        if self.rules or self.ensemble:
            return "compiled"
        from simulation.engine.cache import is_compiled_before
        from simulation.plain.running import is_quicker

        plain = is_quicker(parameters, self.replicates, compiled_before=is_compiled_before())
        return "plain" if plain else "compiled"

    @property
    def command(self) -> str:
        """The command that repeats the run, seed and all."""
        words = ["alliance", "run"]
        for name in self.presets:
            words += ["--preset", name]
        for setting in self.settings:
            words += ["--set", setting]
        if self.clients is not None:
            words += ["--clients", self.clients]
        if self.therapists is not None:
            words += ["--therapists", self.therapists]
        if self.network is not None:
            words += ["--network", str(self.network)]
        for rule in self.rules:
            words += ["--rule", rule]
        words += ["--seed", str(self.seed)]
        if self.first_replicate:
            words += ["--first-replicate", str(self.first_replicate)]
        if self.replicates != 1:
            words += ["--replicates", str(self.replicates)]
        if self.ensemble:
            words.append("--ensemble")
        if self.engine is not None:
            words += ["--engine", self.engine]
        if not self.histories:
            words += ["--no-histories"]
        if self.out is not None:
            words += ["--out", str(self.out)]
        return shlex.join(words)
