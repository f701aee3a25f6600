"""What comes of comparing a setting with published findings: rows, counts, and their plain form."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from experiments.evidence.informed import ROLE_WORDS
from experiments.quantities.writing import percent

if TYPE_CHECKING:
    from experiments.evidence.facts import Status
    from experiments.evidence.informed import FullRole

__all__ = [
    "STATUS_WORDS",
    "FactResult",
    "InsideCount",
    "NotComputed",
    "Validation",
    "finite_or_none",
]

STATUS_WORDS: dict[str, str] = {
    "V": "read in the paper",
    "V2": "read in a secondary source",
    "M": "from memory of the literature, to be checked",
    "D": "derived from published figures",
}
"""What the verification status of a finding means."""


@dataclass(frozen=True, slots=True)
class FactResult:
    """One published finding and what the simulation makes of it.

    Attributes
    ----------
    id, statistic, setting, status, citation, doi, note
        As in `experiments.evidence.Fact`; `status` says how far the published number is verified.
    role
        ``fit``; ``informed``, where a parameter that was set by hand names the finding as its source; ``predict``.
    published, published_low, published_high
        The published number and its 95 % interval where there are such.
    low, high, range_rule, range_reason
        What counts as inside, and why.
    simulated, simulated_low, simulated_high
        The same statistic over the simulated studies, and the 95 % interval that is left by
        simulating a finite number of them; ``nan`` where there is none.
    inside
        Whether `simulated` lies between `low` and `high`.
    sure
        Whether its interval lies wholly on the same side of those limits.
    explanation
        For a miss: the best explanation found so far. Empty for what is inside.
    definition
        How the statistic is computed, in a sentence.
    latent
        Whether it looks at latent states that no instrument reports.
    not_counting
        Why it is not counted: nearly every clinic meets it. Empty for what counts.
    """

    id: str
    statistic: str
    published: float | None
    published_low: float | None
    published_high: float | None
    low: float
    high: float
    range_rule: str
    range_reason: str
    simulated: float
    simulated_low: float
    simulated_high: float
    inside: bool
    sure: bool
    role: FullRole
    status: Status
    setting: str
    explanation: str
    definition: str
    citation: str
    doi: str | None
    note: str
    latent: bool
    not_counting: str = ""

    @property
    def remembered(self) -> bool:
        """Whether the published number was written down from memory; say so wherever it is shown."""
        return self.status == "M"


@dataclass(frozen=True, slots=True)
class NotComputed:
    """A published finding that is not computed, and why."""

    id: str
    statistic: str
    reason: str


@dataclass(frozen=True, slots=True)
class InsideCount:
    """How many findings of one role lie inside."""

    role: FullRole
    inside: int
    total: int

    @property
    def share(self) -> float:
        """Share inside; ``nan`` where there is none to be inside."""
        return self.inside / self.total if self.total else math.nan

    def __str__(self) -> str:
        """Return the line for the foot of a table."""
        word = ROLE_WORDS[self.role]
        if not self.total:
            return f"{word}: none"
        return f"{word}: {self.inside} of {self.total} inside ({percent(self.share)})"


@dataclass(frozen=True, slots=True)
class Validation:
    """A setting beside the published findings.

    Attributes
    ----------
    preset
        Name of the setting that was validated.
    setting
        Whose findings it was compared with.
    rows
        One for every finding, in the order of the evidence.
    not_computed
        Findings of the setting that cannot be computed.
    studies, clients_per_study, therapists_per_study, seed
        What was simulated.
    """

    preset: str
    setting: str
    rows: tuple[FactResult, ...]
    not_computed: tuple[NotComputed, ...]
    studies: int
    clients_per_study: int
    therapists_per_study: int
    seed: int

    def counted(self, role: FullRole) -> tuple[FactResult, ...]:
        """Return the rows of a role that count: not those that nearly every clinic meets."""
        return tuple(row for row in self.rows if row.role == role and not row.not_counting)

    def count_inside(self, role: FullRole) -> InsideCount:
        """Count what is inside among the findings of a role that count."""
        chosen = self.counted(role)
        return InsideCount(role, sum(row.inside for row in chosen), len(chosen))

    def row(self, fact: str) -> FactResult | None:
        """Return the row of a finding, if the setting is compared with it."""
        return next((row for row in self.rows if row.id == fact), None)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as plain values for JSON; what is not a finite number becomes ``None``."""
        return [
            {"preset": self.preset}
            | {key: finite_or_none(value) for key, value in asdict(row).items()}
            | {"status_meaning": STATUS_WORDS[row.status]}
            for row in self.rows
        ]


def finite_or_none(value: Any) -> Any:
    """Return a value for JSON: ``None`` for a number that is not finite."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
