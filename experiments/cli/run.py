"""What `alliance run` does: settings from options, the run itself, and the files it leaves."""

from __future__ import annotations

import os
import shlex
import tempfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from simulation.errors import AllianceError
from simulation.presets import layered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulation.parameters import Parameters
    from simulation.results.result import Result

__all__ = [
    "MOST_HISTORIES",
    "Engine",
    "RunOptions",
    "assignments",
    "check_memory",
    "prepare",
    "run",
    "whole_number",
]

Engine: TypeAlias = Literal["compiled", "mesa"]

MOST_HISTORIES = 50_000
"""Courses of therapy up to which every session is kept for the summary; each takes about 2 kB of memory."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What was asked for on the command line.

    Attributes
    ----------
    presets
        Names or files of presets, later ones on top.
    settings
        ``NAME=VALUE``, on top of the presets.
    clients, therapists
        Size of the clinic, on top of those.
    seed, replicates
        Of the run.
    engine
        Who runs it; both give the same tables.
    network
        A file with a supervision network.
    out
        Where the tables go.
    histories
        Whether the tables hold every session.
    """

    presets: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    clients: str | None = None
    therapists: str | None = None
    seed: int = 1
    replicates: int = 1
    engine: Engine = "compiled"
    network: Path | None = None
    out: Path | None = None
    histories: bool = True

    def parameters(self) -> Parameters:
        """Return the parameters asked for.

        Raises
        ------
        AllianceError
            For names that do not exist, and values out of bounds.
        """
        values: dict[str, Any] = dict(assignments(self.settings))
        if self.clients is not None:
            values["clients"] = self.clients
        if self.therapists is not None:
            values["therapists"] = self.therapists
        if self.network is not None:
            values.setdefault("supervision_network", "file")
        return layered(self.presets, values)

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
        words += ["--seed", str(self.seed)]
        if self.replicates != 1:
            words += ["--replicates", str(self.replicates)]
        if self.engine != "compiled":
            words += ["--engine", self.engine]
        if not self.histories:
            words += ["--no-histories"]
        if self.out is not None:
            words += ["--out", str(self.out)]
        return shlex.join(words)


def assignments(settings: Sequence[str]) -> list[tuple[str, str]]:
    """Read ``NAME=VALUE``.

    Raises
    ------
    AllianceError
        For a setting without an equals sign.
    """
    pairs: list[tuple[str, str]] = []
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise AllianceError(
                f"{setting!r} is not a setting: write NAME=VALUE, such as empathy=0.7."
            )
        pairs.append((name.strip(), value.strip()))
    return pairs


def whole_number(name: str, text: str, *, least: int) -> int:
    """Read a whole number.

    Raises
    ------
    AllianceError
        If it is none, or smaller than `least`.
    """
    try:
        number = int(text)
    except ValueError:
        number = None
    if number is None or number < least:
        raise AllianceError(
            f"{name} = {text} is not allowed: {name} takes a whole number from {least}."
        )
    return number


def check_memory(parameters: Parameters, replicates: int) -> None:
    """Make sure that the clients of a run fit into this machine's memory.

    Raises
    ------
    AllianceError
        If their rows alone would not.
    """
    from simulation.engine.records import CLIENT_ROW

    each = CLIENT_ROW.itemsize * parameters.clients
    try:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return
    if each * replicates > there:
        raise AllianceError(
            f"{replicates:,} replicates of {parameters.clients:,} clients need {each * replicates / 2**30:,.0f} GiB, "
            f"and this machine has {there / 2**30:,.0f}: ask for at most {there // each:,} replicates."
        )


def run(options: RunOptions, parameters: Parameters) -> tuple[Result, Result | None]:
    """Run what was asked for.

    Returns
    -------
    result
        The run.
    histories
        Its first replicates with their sessions, where `result` is too large to keep them all and no tables
        are to be written; None where `result` has them.
    """
    if options.engine == "mesa":
        return _run_mesa(options, parameters), None
    from simulation.running import simulate

    def compiled(replicates: int, *, histories: bool) -> Result:
        return simulate(
            parameters,
            seed=options.seed,
            replicates=replicates,
            histories=histories,
            network=options.network,
        )

    few = max(1, MOST_HISTORIES // parameters.clients)
    wanted = options.histories and options.out is not None
    if wanted or options.replicates <= few:
        result = compiled(options.replicates, histories=True)
        if options.histories:
            return result, None
        return replace(result, session_rows=None), result
    return compiled(options.replicates, histories=False), compiled(few, histories=True)


def _run_mesa(options: RunOptions, parameters: Parameters) -> Result:
    import numpy as np

    from simulation.agents.model import AllianceModel

    results = [
        AllianceModel(
            parameters,
            rng=options.seed,
            replicate=replicate,
            network=options.network,
            histories=options.histories,
        )
        .run()
        .result()
        for replicate in range(options.replicates)
    ]
    first = results[0]
    kept = [one.session_rows for one in results if one.session_rows is not None]
    return replace(
        first,
        replicates=options.replicates,
        client_rows=np.concatenate([one.client_rows for one in results]),
        staff_rows=np.concatenate([one.staff_rows for one in results]),
        session_rows=np.concatenate(kept) if kept else None,
    )


def prepare(directory: Path) -> None:
    """Make sure that tables can be written to `directory`, before the run and not after it.

    Raises
    ------
    AllianceError
        If they cannot.
    """
    made = not directory.exists()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=directory, prefix=".writing-"):
            pass
    except OSError as error:
        raise AllianceError(f"{directory} cannot be written: {error.strerror}.") from None
    if made:
        directory.rmdir()
