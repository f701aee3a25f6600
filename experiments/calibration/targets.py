"""What calibration aims at: published facts with the role ``fit``, or the statistics of real data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from experiments.evidence import Fact
    from experiments.tables.run_tables import RunTables

__all__ = ["Target", "Targets", "targets_for"]


@dataclass(frozen=True, slots=True)
class Target:
    """A statistic and the range it should fall in.

    The range [`low`, `high`] is read as two standard deviations on both sides of its middle.
    """

    id: str
    statistic_function: str
    arguments: tuple[tuple[str, object], ...]
    low: float
    high: float

    @classmethod
    def of(cls, fact: Fact) -> Target:
        """Return a finding that is computed as a target."""
        assert fact.statistic_function is not None
        assert fact.low is not None
        assert fact.high is not None
        return cls(fact.id, fact.statistic_function, fact.arguments, fact.low, fact.high)

    @property
    def value(self) -> float:
        """Middle of the range."""
        return 0.5 * (self.low + self.high)

    @property
    def sd(self) -> float:
        """A quarter of the range: how far studies of the same thing differ; at least a twentieth of the value."""
        return max(0.25 * (self.high - self.low), 0.05 * abs(self.value), 1e-6)


@dataclass(frozen=True, slots=True)
class Targets:
    """All targets of a calibration."""

    rows: tuple[Target, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def values(self) -> NDArray[np.float64]:
        """Their middles, shape (targets,)."""
        return np.array([row.value for row in self.rows])

    @property
    def sds(self) -> NDArray[np.float64]:
        """Their standard deviations, shape (targets,)."""
        return np.array([row.sd for row in self.rows])

    def inside(self, statistics: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which statistics, shape (..., targets), lie inside their ranges."""
        low = np.array([row.low for row in self.rows])
        high = np.array([row.high for row in self.rows])
        within: NDArray[np.bool_] = (statistics >= low) & (statistics <= high)
        return within

    def compute(self, tables: RunTables) -> NDArray[np.float64]:
        """Compute all statistics on simulated or real tables; nan where the data cannot give one."""
        from experiments.catalogue import statistic

        return np.array(
            [statistic(row.statistic_function)(tables, **dict(row.arguments)) for row in self.rows]
        )


def targets_for(setting: str, facts: Iterable[Fact] | None = None) -> Targets:
    """Return the facts with the role ``fit`` that a setting is calibrated to.

    Each setting is fitted to its own facts, and to those of the default clinic that no fact of its own replaces:
    a fact replaces another that is computed by the same statistic, or that it says it stands for.

    Raises
    ------
    AllianceError
        If there are none.
    """
    from experiments.evidence import load_facts
    from experiments.evidence.facts_by_setting import DEFAULT

    fit = [f for f in (facts or load_facts()) if f.role == "fit" and f.computed and not f.policy]
    own = [f for f in fit if f.setting == setting]
    replaced = {f.statistic_function for f in own}
    said = {name for f in own for name in f.instead_of}
    general = [
        f
        for f in fit
        if f.setting == DEFAULT and f.statistic_function not in replaced and f.id not in said
    ]
    chosen = own if setting == DEFAULT else [*own, *general]
    if not chosen:
        raise AllianceError(f"There are no facts to fit the setting {setting} to.")
    return Targets(tuple(map(Target.of, chosen)))
