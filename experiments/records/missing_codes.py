"""Numbers that stand for a missing score: 99, 999, -99 and their kin.

A code that the questionnaire cannot give is missing. One that it could give, but that lies far from all
other scores, is never guessed at: the file itself decides where it uses the same code where no score can
be, else the user is asked.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.cells import times
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from experiments.tables.columns import Booleans, Floats

__all__ = [
    "CODES",
    "check_codes",
    "codes_note",
    "is_among",
    "is_code",
    "isolated_codes",
    "read_missing",
    "unused_codes",
    "unused_note",
]

CODES = frozenset(
    sign * float(digit * length)
    for sign in (1, -1)
    for digit in "6789"
    for length in range(1, 5)
    if not (sign > 0 and length == 1)
)
"""Numbers that files use for a missing score; single digits are scores unless they are negative."""

SMALLEST_CODE = min(code for code in CODES if code > 0)
SMALLEST_DOUBTFUL = 66
APART = 0.25
"""Distance from all other scores, as a share of their spread, from which on a code is doubtful."""

APART_ON_SCALE = 0.05
"""Least such distance as a share of the range of the questionnaire."""

SPIKE = 5
"""So many times as often as the scores around it, and at least so often, a code is doubtful."""

NONE = frozenset({"none", "-"})
"""What a user says where every number is a score."""


def read_missing(text: str | None) -> tuple[str, ...] | None:
    """Read what a user says is missing, parted by commas: ``"99, -99, k.A."``; ``None`` where nothing is said.

    Returns
    -------
    tuple of str
        Cells that are missing; empty for ``"none"``.
    """
    if text is None:
        return None
    return tuple(
        part for part in (one.strip() for one in text.split(",")) if part and part not in NONE
    )


def is_code(values: Floats) -> Booleans:
    """Which values are numbers that files use for missing, shape as `values`."""
    found = np.zeros(values.shape, dtype=bool)
    size = np.abs(values)
    # Few scores are so large, or below 0, that they need to be compared one by one.
    may = np.flatnonzero((size >= SMALLEST_CODE) | (values < 0))
    found[may] = is_among(values[may], CODES)
    return found


def is_among(values: Floats, numbers: Iterable[float]) -> Booleans:
    """Which values are one of a few numbers, shape as `values`."""
    found = np.zeros(values.shape, dtype=bool)
    for number in numbers:
        found |= values == number
    return found


def isolated_codes(values: Floats, low: float, high: float) -> tuple[float, ...]:
    """Return the codes that could be scores from `low` to `high`, but lie far from all others or heap up."""
    finite = values[np.isfinite(values) & (values >= low) & (values <= high)]
    others = finite[~is_code(finite)]
    if not others.size:
        return ()
    found = []
    for code in sorted(set(finite[is_code(finite)].tolist())):
        if abs(code) < SMALLEST_DOUBTFUL:
            continue
        apart = float(np.abs(others - code).min())
        beyond = code > others.max() or code < others.min()
        count = int((finite == code).sum())
        around = int((np.abs(others - code) <= 3).sum()) / 6
        spike = count >= SPIKE and count > SPIKE * max(around, 1.0)
        far = max(APART * float(np.ptp(others)), APART_ON_SCALE * (high - low))
        if spike or (beyond and apart >= far):
            found.append(code)
    return tuple(found)


def check_codes(name: str, codes: Sequence[float], rows: str) -> None:
    """Refuse codes that could be scores.

    Raises
    ------
    AllianceError
        If there are any; says which, where, and how to decide.
    """
    if codes:
        shown = ", ".join(f"{code:g}" for code in codes)
        raise AllianceError(
            f"{name} is {shown} in {rows}, far from or far more often than all other scores: a score, or a"
            f" code for missing? Say --missing {shown.replace(' ', '')}, or --missing none if it is a score."
        )


def codes_note(name: str, values: Floats, codes: Collection[float], rows: str) -> str:
    """Say how often which codes were taken as missing, and in which rows."""
    counts = Counter(values[is_among(values, codes)].tolist())
    said = ", ".join(f"{code:g} ({times(count)})" for code, count in sorted(counts.items()))
    return f"{name}: {said} taken as codes for missing in {rows} (else --missing)."


def unused_codes(columns: Iterable[tuple[Collection[str], Collection[str]]]) -> tuple[str, ...]:
    """Return the codes for missing that stand nowhere.

    Parameters
    ----------
    columns
        Of each column the codes that were given for it, and those of them that no cell of it has.
    """
    given: dict[str, None] = {}
    used: set[str] = set()
    for codes, unused in columns:
        given.update(dict.fromkeys(codes))
        used.update(code for code in codes if code not in unused)
    return tuple(code for code in given if code not in used)


def unused_note(codes: Sequence[str]) -> str:
    """Say which codes that the user gave stand nowhere; empty for none."""
    if not codes:
        return ""
    return f"No cell is {' or '.join(codes)}: check the codes given with --missing."
