"""Questionnaires that real records come in, and how their scores are put on the model's scales.

The alliance is put on the WAI-SR's 12 to 60 by its range. Symptoms are put on the CORE-10's scale so
that the instrument's own cut-off and reliable change fall on the CORE-10's: shares of recovered and
improved clients are then those of the instrument itself, and correlations do not change at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.tables.clinical_change import CUT_OFF, RELIABLE_CHANGE
from simulation.errors import AllianceError
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from experiments.tables.columns import Floats

__all__ = [
    "ALLIANCE_QUESTIONNAIRES",
    "SYMPTOM_QUESTIONNAIRES",
    "Questionnaire",
    "find_questionnaire",
]


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
    Questionnaire("WAI-SR", r"wai sr|wai|working alliance|alliance", 12, 60),
    Questionnaire("SRS", r"srs", 0, 40),
    Questionnaire("WAI-SR, mean of items", r"wai sr|wai|alliance", 1, 5),
    Questionnaire("WAI, mean of items", r"wai|alliance", 1, 7),
    Questionnaire("WAI-S", r"wai s|wai short|wai|alliance", 12, 84),
    Questionnaire("HAq-II", r"haq|haq ii", 19, 114),
    Questionnaire("WAI, 36 items", r"wai|alliance", 36, 252),
)
"""Alliance questionnaires; of those that hold all scores, the first named by the column is taken."""

SYMPTOM_QUESTIONNAIRES = (
    Questionnaire("CORE-10", r"core ?10", 0, 40, CUT_OFF, RELIABLE_CHANGE),
    Questionnaire("CORE-OM, clinical score", r"core om|core", 0, 40, 10, 5),
    Questionnaire("PHQ-9", r"phq ?9|phq", 0, 27, 10, 6),
    Questionnaire("GAD-7", r"gad ?7|gad", 0, 21, 8, 4),
    Questionnaire("ORS", r"ors", 0, 40, 24.9, 5, more_is_better=True),
    Questionnaire("OQ-45", r"oq ?45|oq", 0, 180, 64, 14),
)
"""Symptom questionnaires, with cut-off and reliable change as in the project's evidence."""


MOSTLY = 0.95
"""Share of scores that must be possible for a questionnaire to be a good guess."""

HALF = 0.5
"""Share below which the name of a column is not believed."""


def find_questionnaire(
    kind: str, column: str, scores: Floats, declared: tuple[float, float] | None
) -> tuple[Questionnaire, str]:
    """Return the questionnaire a column comes from, and what to say about it.

    Parameters
    ----------
    kind
        ``"alliance"`` or ``"symptom"``.
    column
        Name of the column.
    scores
        Its scores; ``nan`` for missing.
    declared
        Range the user gave; then nothing is guessed, save a known questionnaire of that range.
    """
    known = ALLIANCE_QUESTIONNAIRES if kind == "alliance" else SYMPTOM_QUESTIONNAIRES
    words = " ".join(re.sub(r"[^0-9a-z]+", " ", column.lower()).split())
    named = _named(known, words)
    if declared is not None:
        low, high = declared
        for one in [*named, *known]:
            if (one.low, one.high) == declared and (one in named or kind == "alliance"):
                return one, f"{column}: {_span(one)} as declared ({one.name})."
        unknown = Questionnaire(f"declared range of {column}", "", low, high)
        return unknown, f"{column}: {low:g} to {high:g} as declared." + _no_cut_off(kind)
    finite = scores[np.isfinite(scores)]
    option = f"--{kind}-range LOW:HIGH"
    if named:
        one = max(named, key=lambda each: min(_share_inside(each, finite), MOSTLY))
        if _share_inside(one, finite) < HALF:
            raise AllianceError(
                f"{column} runs from {finite.min():g} to {finite.max():g}, but by its name it is"
                f" {one.name}, {_span(one)}. Say its range with {option}."
            )
        note = f"{column}: guessed to be {one.name}, {_span(one)}, by its name (else {option})."
        return one, note
    fitting = [one for one in known if _share_inside(one, finite) >= MOSTLY]
    if not fitting:
        raise AllianceError(
            f"{column} runs from {finite.min():g} to {finite.max():g}, which no known {kind}"
            f" questionnaire does. Say its range with {option}."
            if finite.size
            else f"{column} has no scores. Name another column with --{kind} NAME."
        )
    one = fitting[0]
    return one, f"{column}: guessed to be {one.name}, {_span(one)}, by its scores (else {option})."


def _named(known: tuple[Questionnaire, ...], words: str) -> list[Questionnaire]:
    """Return the questionnaires that the longest part of a column's name calls by name."""
    lengths = {
        one: max(
            (len(found[0]) for found in re.finditer(rf"\b({one.pattern})\b", words)), default=0
        )
        for one in known
    }
    longest = max(lengths.values())
    return [one for one in known if longest and lengths[one] == longest]


def _share_inside(one: Questionnaire, scores: Floats) -> float:
    if scores.size == 0:
        return 1.0
    return float(((scores >= one.low) & (scores <= one.high)).mean())


def _span(one: Questionnaire) -> str:
    return f"{one.low:g} to {one.high:g}"


def _no_cut_off(kind: str) -> str:
    if kind == "alliance":
        return ""
    return " No cut-off is known for it, so recovery and reliable change are left out."
