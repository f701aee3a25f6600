"""Which questionnaire a column of scores comes from: as declared, or by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.names import plain
from experiments.records.questionnaires import (
    ALLIANCE_QUESTIONNAIRES,
    SYMPTOM_QUESTIONNAIRES,
    Questionnaire,
)
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from experiments.tables.columns import Floats

__all__ = ["NO_CUT_OFF", "Recognised", "find_questionnaire"]


MOSTLY = 0.95
"""Share of scores that must be possible for a questionnaire to be a good guess."""


NO_CUT_OFF = " No cut-off is known for it, so recovery and reliable change are left out."

HALF = 0.5
"""Share below which the name of a column is not believed."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The questionnaire that a column of scores comes from.

    Attributes
    ----------
    questionnaire
        Range, cut-off and reliable change.
    note
        What to say about it.
    doubtful
        Whether its range is not known: then no statistic that depends on it can be given.
    """

    questionnaire: Questionnaire
    note: str
    doubtful: bool = False


def find_questionnaire(
    kind: str, column: str, scores: Floats, declared: tuple[float, float] | None
) -> Recognised:
    """Return the questionnaire a column comes from.

    A questionnaire is known by the name of the column alone, never by the scores: other questionnaires
    have the same ones, and another cut-off.

    Parameters
    ----------
    kind
        ``"alliance"`` or ``"symptom"``.
    column
        Name of the column.
    scores
        Its scores, shape (rows,); ``nan`` for missing.
    declared
        Range the user gave; then nothing is guessed, save a known questionnaire of that range.

    Raises
    ------
    AllianceError
        When there are no scores, most are impossible for what the name says, or lie outside the
        declared range.
    """
    known = ALLIANCE_QUESTIONNAIRES if kind == "alliance" else SYMPTOM_QUESTIONNAIRES
    named = _named(known, plain(column))
    finite = scores[np.isfinite(scores)]
    option = f"--{kind}-range LOW:HIGH"
    if declared is not None:
        return _declared(kind, column, finite, declared, named, known)
    if not finite.size:
        raise AllianceError(f"{column} has no scores. Name another column with --{kind} NAME.")
    if not named:
        low, high = float(finite.min()), float(finite.max())
        unknown = Questionnaire(f"scores of {column}", "", low, max(high, low + 1))
        return Recognised(
            _holding_all(known, finite, unknown) if kind == "alliance" else unknown,
            f"{column} runs from {low:g} to {high:g}; its name is that of no known questionnaire, so"
            f" statistics that depend on its range{' or its cut-off' * (kind == 'symptom')} are left out"
            f" (say {option}).",
            doubtful=True,
        )
    holding = [one for one in named if _share_inside(one, finite) >= MOSTLY]
    one = max(named, key=lambda each: _share_inside(each, finite))
    if _share_inside(one, finite) < HALF:
        raise AllianceError(
            f"{column} runs from {finite.min():g} to {finite.max():g}, but by its name it is"
            f" {one.name}, {_span(one)}. Say its range with {option}."
        )
    ranges = list(dict.fromkeys(_span(each) for each in (one, *holding)))
    if len(ranges) > 1:
        return Recognised(
            one,
            f"{column} could be {' or '.join(ranges)} by its name and its scores, so statistics that depend"
            f" on its range are left out (say {option}).",
            doubtful=True,
        )
    note = f"{column}: guessed to be {one.name}, {_span(one)}, by its name (else {option})."
    return Recognised(one, note)


def _holding_all(
    known: tuple[Questionnaire, ...], finite: Floats, unknown: Questionnaire
) -> Questionnaire:
    """Return the likeliest questionnaire that could give all scores."""
    return next((one for one in known if _share_inside(one, finite) == 1.0), unknown)


def _declared(
    kind: str,
    column: str,
    finite: Floats,
    declared: tuple[float, float],
    named: list[Questionnaire],
    known: tuple[Questionnaire, ...],
) -> Recognised:
    low, high = declared
    one = next(
        (
            each
            for each in (*named, *known)
            if (each.low, each.high) == declared and (each in named or kind == "alliance")
        ),
        None,
    )
    if one is not None:
        found = Recognised(one, f"{column}: {_span(one)} as declared ({one.name}).")
    else:
        unknown = Questionnaire(f"declared range of {column}", "", low, high)
        found = Recognised(
            unknown, f"{column}: {low:g} to {high:g} as declared." + _no_cut_off(kind)
        )
    if finite.size and _share_inside(found.questionnaire, finite) < HALF:
        raise AllianceError(
            f"{column} runs from {finite.min():g} to {finite.max():g}, so most of it is outside the declared"
            f" range of {low:g} to {high:g}. Say its range with --{kind}-range LOW:HIGH."
        )
    return found


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
    return "" if kind == "alliance" else NO_CUT_OFF
