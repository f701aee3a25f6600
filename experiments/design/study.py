"""A study: a question, a design, outcomes, a replication rule and a seed, as one frozen value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from experiments.design.designs import Design, smaller
from experiments.design.listed_designs import Table
from experiments.design.replication import Adaptive, Fixed, Replication
from experiments.design.series import expanded
from experiments.design.toml_text import to_toml
from experiments.design.value import Scalar, StudyError, Value
from simulation.errors import unknown_name
from simulation.input_files import MEBIBYTE, InputFileError, parse_toml, read_text

__all__ = ["DEFAULT_OUTCOMES", "Study"]

DEFAULT_OUTCOMES = (
    "dropout_rate",
    "completion_rate",
    "mean_sessions",
    "core_10_change",
    "reliable_improvement_rate",
)
"""What a study looks at when it does not say."""

LARGEST = 64 * MEBIBYTE
"""Of a study's file, which may hold a long table of points."""

SMALL_REPLICATES = 8


def _joined(given: Any) -> Any:
    return "+".join(map(str, given)) if isinstance(given, list | tuple) else given


class Study(Value):
    """What to run, what to look at, how often, with which seed.

    Attributes
    ----------
    name, question
        For people; they do not change a result.
    preset
        The base that everything starts from; None is the default clinic. Several, as a list or joined
        by ``+``, are layered on each other, later ones winning.
    settings
        Parameters that differ from the preset at every point.
    design
        Which points to run.
    outcomes
        What is stored of every run, by the names of `experiments.catalogue.OUTCOMES`; ``alliance@1:20`` is the series
        over twenty sessions, one outcome each.
    replication
        How often each point is run.
    seed
        Of the simulation, shared by all points (common random numbers).
    chunk_runs
        Runs in one file of results; None leaves it to the plan.

    Raises
    ------
    StudyError
        For anything that cannot be run as written.

    Examples
    --------
    >>> from experiments.design.designs import Grid
    >>> study = Study(design=Grid(factors={"empathy": "0.2:0.8:7"}))
    """

    name: str = "study"
    question: str = ""
    preset: Annotated[str | None, BeforeValidator(_joined)] = None
    settings: dict[str, Scalar] = Field(default_factory=dict)
    design: Design
    outcomes: tuple[str, ...] = Field(default=DEFAULT_OUTCOMES, min_length=1)
    replication: Replication = Fixed()
    seed: int = Field(default=1, ge=0, lt=2**64)
    chunk_runs: int | None = Field(default=None, ge=1)

    @field_validator("outcomes")
    @classmethod
    def _each_once(cls, outcomes: tuple[str, ...]) -> tuple[str, ...]:
        outcomes = expanded(outcomes)
        for name in outcomes:
            if outcomes.count(name) > 1:
                raise StudyError(f"Outcome {name} is named twice: name it once.")
        return outcomes

    @field_validator("replication")
    @classmethod
    def _watched_outcomes_are_stored(
        cls, replication: Fixed | Adaptive, info: ValidationInfo
    ) -> Fixed | Adaptive:
        outcomes = info.data.get("outcomes", ())
        if isinstance(replication, Adaptive) and outcomes:
            for name in replication.within:
                if name not in outcomes:
                    raise unknown_name(
                        name,
                        "an outcome of this study, so replication cannot watch it",
                        outcomes,
                        see="Name it under outcomes.",
                    )
        return replication

    @classmethod
    def from_toml(cls, text: str, *, beside: Path | None = None) -> Self:
        """Read a study from TOML.

        Parameters
        ----------
        text
            The study.
        beside
            Folder that the paths of tables are relative to.

        Raises
        ------
        StudyError
            If it is not TOML, or not a study.
        """
        return cls(**_with_tables(_values_in(text, "The study"), beside or Path()))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a study from a TOML file.

        Raises
        ------
        StudyError
            If the file cannot be read, or is not a study.
        """
        file = Path(path)
        try:
            text = read_text(file, called="The study", most=LARGEST)
        except InputFileError as error:
            raise StudyError(str(error)) from None
        return cls(**_with_tables(_values_in(text, str(file)), file.parent))

    def small(self) -> Self:
        """Return a quick form of the study, to try it out: few replicates, small samples.

        It is another study, with a folder of its own; its intervals are wide.
        """
        rule: Fixed | Adaptive = self.replication
        if isinstance(rule, Adaptive):
            least = min(rule.minimum, SMALL_REPLICATES)
            rule = rule.model_copy(update={"minimum": least, "ceiling": least, "batch": least})
        else:
            rule = Fixed(replicates=min(rule.replicates, SMALL_REPLICATES))
        changes = {
            "replication": rule,
            "design": smaller(self.design),
            "name": f"{self.name} (small)",
        }
        return self.model_copy(update=changes)

    def to_toml(self) -> str:
        """Write the study as TOML; `from_toml` gives the same value back."""
        return to_toml(self.model_dump())

    def identity(self) -> dict[str, Any]:
        """Return what results depend on: everything but the words for people."""
        values = json.loads(self.model_dump_json(exclude={"name", "question"}))
        return {key: value for key, value in values.items() if value is not None}

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what results depend on, in hexadecimal."""
        canonical = json.dumps(self.identity(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def _values_in(text: str, called: str) -> dict[str, Any]:
    try:
        return parse_toml(text, called)
    except InputFileError as error:
        raise StudyError(str(error)) from None


def _with_tables(values: Mapping[str, Any], beside: Path) -> dict[str, Any]:
    """Replace ``path`` in table designs by the columns of that file."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            found[key] = _with_tables(value, beside)
        elif isinstance(value, list):
            found[key] = [
                _with_tables(item, beside) if isinstance(item, Mapping) else item for item in value
            ]
        else:
            found[key] = value
    if found.get("kind") == "table" and isinstance(found.get("path"), str):
        table = Table.from_file(beside / found.pop("path"))
        found["columns"] = dict(table.columns)
    return found
