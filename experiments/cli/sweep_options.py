"""What the command line says about a study, turned into a `Study`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.cli.options import name_and_value
from experiments.design.factors import parse_factor, parse_scalar
from experiments.design.study import Study
from experiments.design.value import StudyError
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SweepOptions"]

SIZES = {"latin_hypercube": "size", "sobol": "size", "saltelli": "base", "morris": "trajectories"}
"""Sampled designs and the name of their size."""

DESIGNS = ("grid", "one_at_a_time", *SIZES)


@dataclass(frozen=True, slots=True)
class SweepOptions:
    """A study as options; see ``alliance sweep --help``."""

    vary: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    preset: str | None = None
    outcomes: tuple[str, ...] = ()
    replicates: int | None = None
    seed: int | None = None
    design: str | None = None
    size: int | None = None

    def study(self, file: Path | None) -> Study:
        """Return the study of `file`, or the one the options describe.

        Raises
        ------
        StudyError
            If there is neither, or both.
        """
        given = [name for name in self.__slots__ if getattr(self, name) not in {None, ()}]
        if file is not None:
            if given:
                option = "--set" if given[0] == "settings" else f"--{given[0].removesuffix('s')}"
                raise StudyError(
                    f"{option} and {file} both describe the study; change the file, or leave it "
                    "out."
                )
            return Study.load(file)
        if not self.vary:
            raise StudyError("Say what to vary: --vary empathy=0.2:0.8:7, or give a STUDY.toml.")
        values: dict[str, Any] = {
            "name": "sweep of "
            + ", ".join(
                name_and_value(text, "--vary", "empathy=0.2:0.8:7")[0] for text in self.vary
            ),
            "preset": self.preset,
            "settings": dict(self._settings()),
            "design": self._design(),
            "outcomes": self.outcomes or None,
            "replication": None
            if self.replicates is None
            else {"kind": "fixed", "replicates": self.replicates},
            "seed": self.seed,
        }
        return Study(**{name: value for name, value in values.items() if value is not None})

    def _settings(self) -> list[tuple[str, Any]]:
        pairs = [name_and_value(text, "--set", "empathy=0.7") for text in self.settings]
        return [(name, parse_scalar(value)) for name, value in pairs]

    def _design(self) -> dict[str, Any]:
        kind = (self.design or "grid").replace("-", "_")
        if kind not in DESIGNS:
            names = [name.replace("_", "-") for name in DESIGNS]
            raise unknown_name(
                str(self.design), "a design", names, see="There are: " + ", ".join(names) + "."
            )
        factors: dict[str, Any] = {}
        for text in self.vary:
            name, value = name_and_value(text, "--vary", "empathy=0.2:0.8:7")
            if name in factors:
                raise StudyError(f"{name} is varied twice; write all its values once.")
            factors[name] = parse_factor(value)
        design: dict[str, Any] = {"kind": kind, "factors": factors}
        if kind in SIZES:
            if self.size is None:
                raise StudyError(f"A {kind.replace('_', '-')} design needs its size: --size 256.")
            design[SIZES[kind]] = self.size
        elif self.size is not None:
            raise StudyError(
                f"--size belongs to sampled designs, and {kind.replace('_', '-')} is none."
            )
        return design
