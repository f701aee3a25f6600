"""Which questionnaire a column of scores comes from: as declared, by its name, or by its scores."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from simulation.errors import AllianceError

if TYPE_CHECKING:
    from experiments.tables.columns import Floats
from experiments.records.questionnaires import (
    ALLIANCE_QUESTIONNAIRES,
    SYMPTOM_QUESTIONNAIRES,
    Questionnaire,
)

__all__ = ["find_questionnaire"]


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
