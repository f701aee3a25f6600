"""Questionnaires that real records come in, and how their scores are put on the model's scales.

The alliance is put on the WAI-SR's 12 to 60 by its range. Symptoms are put on the CORE-10's scale so
that the instrument's own cut-off and reliable change fall on the CORE-10's: shares of recovered and
improved clients are then those of the instrument itself, and correlations do not change at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.tables.clinical_change import CUT_OFF, RELIABLE_CHANGE
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from experiments.tables.columns import Floats

__all__ = ["ALLIANCE_QUESTIONNAIRES", "SAME_POINTS", "SYMPTOM_QUESTIONNAIRES", "Questionnaire"]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire.

    Attributes
    ----------
    name, pattern
        What it is called, and how column names call it.
    low, high
        Range of its score.
    cut_off, reliable_change
        For symptoms: first clinical score (from where on, or below which where more is better),
        and reliable change index; ``None`` where not known.
    more_is_better
        For symptoms: whether a high score is a good one.
    """

    name: str
    pattern: str
    low: float
    high: float
    cut_off: float | None = None
    reliable_change: float | None = None
    more_is_better: bool = False

    @property
    def has_cut_off(self) -> bool:
        """Whether recovery and reliable change can be computed."""
        return self.cut_off is not None and self.reliable_change is not None

    def to_alliance(self, scores: Floats) -> Floats:
        """Put scores on the range of the WAI-SR, 12 to 60."""
        low, high = INSTRUMENTS["wai_sr_client"].range
        scaled: Floats = low + (scores - self.low) / (self.high - self.low) * (high - low)
        return scaled if (self.low, self.high) != (low, high) else scores

    def to_symptom(self, scores: Floats) -> Floats:
        """Put scores on the scale of the CORE-10 (higher is worse)."""
        if self.cut_off is None or self.reliable_change is None:
            low, high = INSTRUMENTS["core_10"].range
            scaled: Floats = low + (scores - self.low) / (self.high - self.low) * (high - low)
            return high - scaled if self.more_is_better else scaled
        if (self.cut_off, self.reliable_change) == (CUT_OFF, RELIABLE_CHANGE):
            return scores
        sign = -1.0 if self.more_is_better else 1.0
        # Rounded, so that a change of exactly the index stays one after the division.
        return np.round(
            CUT_OFF + sign * (scores - self.cut_off) * RELIABLE_CHANGE / self.reliable_change, 9
        )


ALLIANCE_QUESTIONNAIRES = (
    Questionnaire(
        "WAI-SR", r"wai sr|wai|working alliance|alliance", *INSTRUMENTS["wai_sr_client"].range
    ),
    Questionnaire("SRS", r"srs", *INSTRUMENTS["srs"].range),
    Questionnaire("WAI-SR, mean of items", r"wai sr|wai|alliance", 1, 5),
    Questionnaire("WAI, mean of items", r"wai|alliance", 1, 7),
    Questionnaire("WAI-S", r"wai s|wai short|wai|alliance", 12, 84),
    Questionnaire("HAq-II", r"haq|haq ii", 19, 114),
    Questionnaire("WAI, 36 items", r"wai|alliance", 36, 252),
)
"""Alliance questionnaires; of those that hold all scores, the first named by the column is taken."""

SAME_POINTS = frozenset({"WAI-SR", "WAI-SR, mean of items", "CORE-10"})
"""Questionnaires whose scores are in points of the simulation's own once they are put on its scale.

The others' are only as far from cut-off or end of the range, so spreads in points cannot be compared."""

SYMPTOM_QUESTIONNAIRES = (
    Questionnaire("CORE-10", r"core ?10", *INSTRUMENTS["core_10"].range, CUT_OFF, RELIABLE_CHANGE),
    Questionnaire("CORE-OM, clinical score", r"core om|core", 0, 40, 10, 5),
    Questionnaire("PHQ-9", r"phq ?9|phq", *INSTRUMENTS["phq_9"].range, 10, 6),
    Questionnaire("GAD-7", r"gad ?7|gad", 0, 21, 8, 4),
    Questionnaire("ORS", r"ors", *INSTRUMENTS["ors"].range, 24.9, 5, more_is_better=True),
    Questionnaire("OQ-45", r"oq ?45|oq", *INSTRUMENTS["oq_45"].range, 64, 14),
)
"""Symptom questionnaires, with cut-off and reliable change as in the project's evidence."""
