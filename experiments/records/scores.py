"""Scores of questionnaires, read from rows and put on the scales of the simulation's own.

A score that cannot be right is taken as missing and named in a note.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.recognition import find_questionnaire
from experiments.records.values import outside
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.records.questionnaires import Questionnaire
    from experiments.records.rows import CleanRows
    from experiments.tables.columns import Floats

__all__ = ["Scores", "read_scores"]

MAIN = {"alliance": "wai_sr_client", "symptom": "core_10"}
"""The questionnaire of the simulation that a score is put on the scale of, by what it measures."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of the rows in use.

    Attributes
    ----------
    values
        One score a row by the simulation's name of the questionnaire; ``nan`` for missing.
    has_cut_off
        Whether recovery and reliable change can be computed from the symptom score.
    notes
        How they were read, and what was taken as missing.
    """

    values: Mapping[str, Floats]
    has_cut_off: bool
    notes: tuple[str, ...]


def read_scores(rows: CleanRows, ranges: Mapping[str, tuple[float, float] | None]) -> Scores:
    """Read all scores; `ranges` has the range of ``alliance`` and ``symptom`` where it is declared."""
    values: dict[str, Floats] = {}
    notes: list[str] = []
    has_cut_off = False
    for kind, questionnaire in MAIN.items():
        if rows.has(kind):
            known, values[questionnaire], said = _main_score(rows, kind, ranges.get(kind))
            notes += said
            has_cut_off = kind == "symptom" and known.has_cut_off
    for questionnaire, column in _further_questionnaires(rows).items():
        values[questionnaire], said = _further_score(rows, questionnaire, column)
        notes += said
    return Scores(MappingProxyType(values), has_cut_off, tuple(notes))


def _main_score(
    rows: CleanRows, kind: str, declared: tuple[float, float] | None
) -> tuple[Questionnaire, Floats, list[str]]:
    """Return the known of the alliance or the symptom score, the scores, and notes."""
    name = rows.columns.names[kind]
    numbers = rows.numbers(rows.columns.places[kind])
    notes: list[str] = []
    if numbers.unreadable:
        notes.append(f"{name} is no number in {rows.name(numbers.unreadable)}; taken as missing.")
    if numbers.decimal_comma:
        notes.append(f"{name} is read with decimal commas.")
    known, note = find_questionnaire(kind, name, numbers.values, declared)
    notes.append(note)
    impossible = outside(numbers.values, known.low, known.high)
    if impossible.any():
        notes.append(
            f"{name} is not from {known.low:g} to {known.high:g} in"
            f" {rows.name(impossible)}; taken as missing."
        )
    scale = known.to_alliance if kind == "alliance" else known.to_symptom
    scores = scale(np.where(impossible, np.nan, numbers.values))
    if not np.isfinite(scores).any():
        notes.append(f"{name} has no score that can be used.")
    return known, scores, notes


def _further_questionnaires(rows: CleanRows) -> dict[str, int]:
    """Return columns that have the name of a questionnaire of the simulation and no other use."""
    used = set(rows.columns.places.values())
    header = rows.cells.header
    return {
        name: header.index(name)
        for name in INSTRUMENTS
        if name not in MAIN.values() and header.count(name) == 1 and header.index(name) not in used
    }


def _further_score(rows: CleanRows, name: str, column: int) -> tuple[Floats, list[str]]:
    low, high = INSTRUMENTS[name].range
    numbers = rows.numbers(column)
    impossible = outside(numbers.values, low, high)
    notes = [f"{name} is read, too, as {low:g} to {high:g}."]
    missing = [*numbers.unreadable, *np.flatnonzero(impossible)]
    if missing:
        notes.append(f"{name} is taken as missing in {rows.name(missing)}: not in that range.")
    return np.where(impossible, np.nan, numbers.values), notes
