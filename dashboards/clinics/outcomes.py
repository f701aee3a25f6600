"""What an outcome is called, and how its values and differences are written for people."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from dashboards.charts.figures import DIGITS, plain_number
from experiments.outcomes.catalogue import OUTCOMES, SHARE, outcome
from experiments.quantities.writing import fixed

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LABELS", "OutcomeLabel", "labelled", "outcome_labels"]

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "dropout_rate": "dropout",
        "completion_rate": "planned endings",
        "session_limit_rate": "endings at the session limit",
        "never_started_rate": "clients who never start",
        "early_dropout_share": "dropouts after one or two sessions",
        "one_session_rate": "clients who come once",
        "dropout_rate_severe": "dropout of severely distressed clients",
        "dropout_rate_milder": "dropout of less distressed clients",
        "dropout_rate_anxious": "dropout of anxiously attached clients",
        "dropout_rate_secure": "dropout of securely attached clients",
        "mean_sessions": "sessions a client",
        "core_10_intake": "distress at intake",
        "core_10_last": "distress at the last session",
        "core_10_change": "fall in distress",
        "effect_size": "effect size",
        "reliable_improvement_rate": "reliable improvement",
        "reliable_deterioration_rate": "reliable deterioration",
        "recovery_rate": "recovery",
        "mean_csq_8": "satisfaction",
        "ruptures_per_session": "ruptures",
        "rupture_notice_rate": "ruptures noticed",
        "repair_rate": "ruptures repaired",
        "boundary_tests_per_session": "tests of the frame",
        "crossings_per_session": "boundary crossings",
        "violation_rate": "boundary violations",
        "mean_fatigue": "fatigue of the team",
        "last_fatigue": "fatigue of the team at the end",
        "skill_gain": "skill gained by the team",
        "mean_alliance": "latent alliance",
        "mean_trust": "latent trust",
        "mean_wai_sr_client": "alliance as clients report it",
        "mean_blri_empathy": "empathy as clients report it",
        "early_wai_sr_client": "alliance reported at session 3",
        "alliance_outcome_r": "correlation of alliance and outcome",
        "alliance_dropout_d": "alliance lead of those who stay",
    }
)
"""Outcome to a few words for people, in lower case."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "CORE-10 points": "CORE-10, 0 to 40",
        "sessions": "",
        "r": "r",
        "[0, 1]": "0 to 1",
        "d": "standard deviations",
    }
)
"""Unit of an outcome as an axis names it, where it is not named as in the table."""

STEPS: Mapping[str, str] = MappingProxyType(
    {
        SHARE: "percentage points",
        "CORE-10 points": "points",
        "sessions": "sessions",
        "per session": "per session",
        "SD at intake": "standard deviations",
        "d": "standard deviations",
        "logits": "logits",
    }
)
"""Unit of an outcome to the unit of a difference, where it has a name."""


REACHES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        SHARE: (0.0, 1.0),
        "[0, 1]": (0.0, 1.0),
        "r": (-1.0, 1.0),
        "WAI-SR, 12 to 60": (12.0, 60.0),
        "BLRI, -48 to 48": (-48.0, 48.0),
        "CSQ-8, 8 to 32": (8.0, 32.0),
        "CORE-10 points": (0.0, 40.0),
        "sessions": (0.0, math.inf),
        "per session": (0.0, math.inf),
    }
)
"""Unit of an outcome to the values that are possible on it; whatever is not named has no ends."""

CHANGES = frozenset({"core_10_change"})
"""Outcomes that are differences of two scores of their unit, so that they may go either way."""


@dataclass(frozen=True, slots=True)
class OutcomeLabel:
    """How an outcome is offered and written.

    Attributes
    ----------
    name
        As in `experiments.outcomes.catalogue.OUTCOMES`.
    label
        A few words, in lower case but for names: ``"dropout"``, ``"fall in distress"``.
    meaning, unit
        From the table of outcomes.
    share
        Whether it is a share, written as a percentage.
    slow
        Whether it needs every session, which takes about two to three times as long.
    """

    name: str
    label: str
    meaning: str
    unit: str
    share: bool
    slow: bool

    @property
    def title(self) -> str:
        """The label with a capital letter."""
        return self.label[:1].upper() + self.label[1:]

    @property
    def axis(self) -> str:
        """The label with its unit, for an axis."""
        unit = "" if self.share else UNITS.get(self.unit, self.unit)
        return f"{self.title} ({unit})" if unit else self.title

    @property
    def reach(self) -> tuple[float, float]:
        """The lowest and the highest value that is possible: no interval goes beyond."""
        low, high = REACHES.get(self.unit, (-math.inf, math.inf))
        return (low - high, high - low) if self.name in CHANGES else (low, high)

    @property
    def difference_reach(self) -> tuple[float, float]:
        """The lowest and the highest difference of two values that is possible."""
        low, high = self.reach
        return (low - high, high - low)

    def value(self, number: float) -> str:
        """Write a value: ``31.4 %``, ``5.20``. Rounded as charts round, from the number that charts are sent."""
        if not math.isfinite(number):
            return "not defined"
        return (
            f"{self._hundredths(number)} %" if self.share else plain_number(round(number, DIGITS))
        )

    def amount(self, number: float) -> str:
        """Write the size of a difference without its unit; shares in percentage points."""
        return self._hundredths(number) if self.share else plain_number(round(number, DIGITS))

    def _hundredths(self, number: float) -> str:
        return fixed(100 * round(number, DIGITS), 1)

    @property
    def step(self) -> str:
        """The unit of a difference; empty where it has no name."""
        return STEPS.get(self.unit, "")


def labelled(name: str) -> OutcomeLabel:
    """Return how an outcome is written.

    Raises
    ------
    AllianceError
        If there is none of this name.
    """
    row = outcome(name)
    return OutcomeLabel(
        name=name,
        label=LABELS.get(name, name.replace("_", " ")),
        meaning=row.meaning,
        unit=row.unit,
        share=row.unit == SHARE,
        slow="sessions" in row.tables,
    )


@cache
def outcome_labels() -> tuple[OutcomeLabel, ...]:
    """Return every outcome that can be offered, in the order of the table."""
    return tuple(labelled(name) for name in OUTCOMES)
