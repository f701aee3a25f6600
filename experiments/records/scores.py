"""Scores of questionnaires, read from rows and put on the scales of the simulation's own.

A score that cannot be right is taken as missing and named in a note.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.missing_codes import (
    check_codes,
    codes_note,
    is_among,
    is_code,
    isolated_codes,
    unused_codes,
)
from experiments.records.questionnaires import Questionnaire
from experiments.records.recognition import NO_CUT_OFF, Recognised, find_questionnaire
from experiments.records.values import outside
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from experiments.records.rows import CleanRows
    from experiments.tables.columns import Booleans, Floats

__all__ = ["MAIN", "Scale", "Scores", "read_scores"]

MAIN = {
    "alliance": "wai_sr_client",
    "symptom": "core_10",
    "alliance_therapist": "wai_sr_therapist",
}
"""The questionnaire of the simulation that a score is put on the scale of, by what it measures."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What a user says about a score.

    Attributes
    ----------
    range
        Lowest and highest possible score.
    cut_off, reliable_change
        Of a symptom score: first clinical score, and reliable change index.
    more_is_better
        Of a symptom score: whether a high score is a good one.
    missing
        Cells that are missing; ``None`` where nothing is said.
    """

    range: tuple[float, float] | None = None
    cut_off: float | None = None
    reliable_change: float | None = None
    more_is_better: bool = False
    missing: tuple[str, ...] | None = None


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
    doubtful
        Questionnaires of the simulation whose scores are of a scale that is not known.
    scales
        What was found out about the scale of each score, in the form in which a user says it.
    unused
        Codes for missing that were given and no score has.
    questionnaires
        What each score was recognised as, by the simulation's name of the questionnaire; the column's name where it
        is none that is known.
    """

    values: Mapping[str, Floats]
    has_cut_off: bool
    notes: tuple[str, ...]
    doubtful: frozenset[str] = frozenset()
    scales: Mapping[str, Scale] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    questionnaires: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class RawScore:
    """A column of scores as the file has them, and what it was recognised as."""

    kind: str
    column: str
    values: Floats
    notes: tuple[str, ...]
    known: Recognised
    missing: tuple[str, ...] | None
    unused: tuple[str, ...]

    @property
    def called(self) -> str:
        """Name of the questionnaire; that of the column where it is none that is known."""
        return self.known.questionnaire.name if self.known.questionnaire.pattern else self.column

    @property
    def impossible(self) -> Booleans:
        one = self.known.questionnaire
        return outside(self.values, one.low, one.high)

    @property
    def coded(self) -> Booleans:
        """Which impossible scores are codes for a missing one; none where the user gave the codes."""
        if self.missing is not None:
            return np.zeros(len(self.values), dtype=bool)
        return self.impossible & is_code(self.values)


def read_scores(rows: CleanRows, scales: Mapping[str, Scale]) -> Scores:
    """Read all scores.

    Parameters
    ----------
    rows
        The rows in use.
    scales
        What the user says about ``alliance``, ``symptom`` and, if another scale, ``alliance_therapist``.

    Raises
    ------
    AllianceError
        When a score cannot be what its name or its range says, or may be a code for missing.
    """
    raw = [
        _raw_score(rows, kind, scales.get(kind, scales.get(kind.partition("_")[0], Scale())))
        for kind in MAIN
        if rows.has(kind)
    ]
    codes = {float(code) for one in raw for code in one.values[one.coded].tolist()}
    values: dict[str, Floats] = {}
    notes: list[str] = []
    found: dict[str, Scale] = {}
    for one in raw:
        values[MAIN[one.kind]], coded, said = _main_score(rows, one, codes)
        notes += said
        known = one.known.questionnaire
        found[one.kind] = Scale(
            range=None if one.known.doubtful else (known.low, known.high),
            cut_off=known.cut_off,
            reliable_change=known.reliable_change,
            more_is_better=known.more_is_better,
            missing=tuple(f"{code:g}" for code in coded) or one.missing,
        )
    for questionnaire, column in _further_questionnaires(rows).items():
        values[questionnaire], said = _further_score(rows, questionnaire, column)
        notes += said
    return Scores(
        MappingProxyType(values),
        any(one.kind == "symptom" and one.known.questionnaire.has_cut_off for one in raw),
        tuple(notes),
        frozenset(MAIN[one.kind] for one in raw if one.known.doubtful),
        MappingProxyType(found),
        unused_codes((one.missing or (), one.unused) for one in raw),
        MappingProxyType({MAIN[one.kind]: one.called for one in raw}),
    )


def _raw_score(rows: CleanRows, kind: str, scale: Scale) -> RawScore:
    missing = scale.missing
    name = rows.columns.names[kind]
    numbers = rows.numbers(rows.columns.places[kind], missing or ())
    notes: list[str] = []
    if missing and numbers.declared_missing:
        notes.append(f"{name}: {numbers.declared_missing} cells are missing as declared.")
    if numbers.unreadable:
        notes.append(f"{name} is no number in {rows.name(numbers.unreadable)}; taken as missing.")
    if numbers.decimal_comma:
        notes.append(f"{name} is read with decimal commas.")
    values = numbers.values
    without = np.where(is_code(values), np.nan, values) if missing is None else values
    if not np.isfinite(without).any():
        without = values
    measured = kind.partition("_")[0]
    known = (
        find_questionnaire(measured, name, without, scale.range)
        if np.isfinite(values).any()
        else Recognised(Questionnaire(name, "", 0, 1), f"{name} has no score that can be used.")
    )
    return RawScore(
        kind, name, values, tuple(notes), _with_cut_off(known, scale), missing, numbers.unused
    )


def _with_cut_off(known: Recognised, scale: Scale) -> Recognised:
    """Return a questionnaire with the cut-off and the reliable change that a user gave."""
    if scale.cut_off is None and scale.reliable_change is None and not scale.more_is_better:
        return known
    one = known.questionnaire
    own = replace(
        one,
        cut_off=one.cut_off if scale.cut_off is None else scale.cut_off,
        reliable_change=(
            one.reliable_change if scale.reliable_change is None else scale.reliable_change
        ),
        more_is_better=scale.more_is_better or one.more_is_better,
    )
    note = known.note.removesuffix(NO_CUT_OFF) if own.has_cut_off else known.note
    if own.has_cut_off:
        note += f" Cut-off {own.cut_off:g} and reliable change {own.reliable_change:g}."
    return replace(known, questionnaire=own, note=note)


def _main_score(
    rows: CleanRows, raw: RawScore, codes: Collection[float]
) -> tuple[Floats, list[float], list[str]]:
    """Return scores on the scale of the simulation's questionnaire, the codes taken as missing, and notes."""
    known, values = raw.known.questionnaire, raw.values
    notes = [*raw.notes, raw.known.note]
    impossible = raw.impossible
    coded = raw.coded
    if raw.missing is None:
        doubtful = isolated_codes(values, known.low, known.high)
        unsure = [code for code in doubtful if code not in codes]
        check_codes(raw.column, unsure, rows.name(is_among(values, unsure)))
        coded |= is_among(values, [code for code in doubtful if code in codes])
    if coded.any():
        notes.append(codes_note(raw.column, values, set(values[coded].tolist()), rows.name(coded)))
    slips = impossible & ~coded
    if slips.any():
        notes.append(
            f"{raw.column} is not from {known.low:g} to {known.high:g} in"
            f" {rows.name(slips)}; taken as missing."
        )
    scale = known.to_symptom if raw.kind == "symptom" else known.to_alliance
    scores = scale(np.where(impossible | coded, np.nan, values))
    if np.isfinite(values).any() and not np.isfinite(scores).any():
        notes.append(f"{raw.column} has no score that can be used.")
    return scores, sorted(set(values[coded].tolist())), notes


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
