"""What a file says of each client, as an attacker would compare it: scores, course, ending, all else."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.values import read_numbers
from experiments.twin.other_columns import FEW_VALUES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.tables.columns import Booleans, Floats
    from experiments.twin.original import Original

__all__ = ["Features", "courses_as_scores", "distances", "features_of"]

AT_ONCE = 2_000_000
"""Pairs of clients that are compared at once."""

NEAR = 0.1
"""Share of a score's range within which it counts as known."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Clients (courses of therapy) as rows of numbers and words.

    Attributes
    ----------
    numbers
        By name, shape (clients,); ``nan`` for missing.
    words
        By name, shape (clients,), as codes; -1 for missing.
    spans
        Range of each number, over the original.
    """

    numbers: Mapping[str, Floats]
    words: Mapping[str, Floats]
    spans: Mapping[str, float]

    def __len__(self) -> int:
        return len(next(iter(self.numbers.values())))

    def only(self, chosen: Booleans) -> Features:
        """Return some of the clients."""
        return replace(
            self,
            numbers={name: one[chosen] for name, one in self.numbers.items()},
            words={name: one[chosen] for name, one in self.words.items()},
        )

    def without(self, secret: str) -> Features:
        """Return what is known to an attacker who does not know the ending, or anything of the last score."""
        hidden = {"ending"} if secret == "ending" else {"last score", "mean score"}
        return replace(
            self,
            numbers={name: one for name, one in self.numbers.items() if name not in hidden},
            words={name: one for name, one in self.words.items() if name not in hidden},
        )

    def agrees(self, other: Features, closest: Floats, secret: str) -> Booleans:
        """Tell for which clients the closest other one has the same secret; those without it are left out."""
        if secret == "ending":
            if "ending" not in self.words:
                return np.empty(0, dtype=bool)
            own, guess = self.words["ending"], other.words["ending"][closest]
            same: Booleans = (own == guess)[own >= 0]
            return same
        if "last score" not in self.numbers:
            return np.empty(0, dtype=bool)
        own, guess = self.numbers["last score"], other.numbers["last score"][closest]
        near: Booleans = np.abs(own - guess) <= NEAR * self.spans["last score"]
        return near[np.isfinite(own)]


def features_of(original: Original, spans: Mapping[str, float] | None = None) -> Features:
    """Return what records say of each client, in the order of `Original.course`.

    Parameters
    ----------
    original
        Records, or a twin read as records.
    spans
        Ranges to compare with; their own if left out.
    """
    from experiments.records.building import client_order

    tables = original.records.tables
    row_of = {key: row for row, key in enumerate(client_order(original.rows))}
    order = np.array([row_of[key] for key in dict.fromkeys(original.rows.clients)])
    numbers: dict[str, Floats] = {"sessions": tables.sessions_attended[order].astype(np.float64)}
    words: dict[str, Floats] = {}
    for name, called in (("core_10", "score"), ("wai_sr_client", "alliance")):
        if tables.has(name):
            panel = tables.panel(name)[order]
            numbers |= {
                f"first {called}": _first(panel),
                f"mean {called}": _mean(panel),
                f"last {called}": _first(panel[:, ::-1]),
            }
    if tables.has("core_10_intake"):
        numbers["score at intake"] = tables.client("core_10_intake")[order]
    if original.rows.has("ended"):
        status = [str(one) for one in list(tables.clients["status"])]
        words["ending"] = _codes([status[row] for row in order.tolist()])
    for name in original.others:
        texts = _of_clients(original, name)
        found = read_numbers(texts)
        if not found.unreadable and len(set(texts)) > FEW_VALUES:
            numbers[name] = found.values
        else:
            words[name] = _codes(texts)
    numbers = {name: one for name, one in numbers.items() if np.isfinite(one).any()}
    own = {name: float(np.nanmax(one) - np.nanmin(one)) or 1.0 for name, one in numbers.items()}
    return Features(numbers, words, own if spans is None else spans)


def courses_as_scores(original: Original) -> list[tuple[float, ...]]:
    """Return all scores of each course, session after session, in the order of `Original.course`."""
    found: list[list[float]] = [[] for _ in range(int(original.course.max()) + 1)]
    scores = {name: original.values(name) for name in original.score_columns}
    order = np.lexsort((original.rows.sessions, original.course))
    for row in order.tolist():
        found[original.course[row]] += [
            float(values[row]) for values in scores.values() if np.isfinite(values[row])
        ]
    return [tuple(one) for one in found]


def distances(one: Features, other: Features) -> Floats:
    """Return Gower's distance of every client to every other one, shape (clients, other clients), from 0 to 1."""
    names = [name for name in one.numbers if name in other.numbers]
    words = [name for name in one.words if name in other.words]
    total = np.zeros((len(one), len(other)))
    known = np.zeros_like(total)
    step = max(1, AT_ONCE // max(1, len(other)))
    for begin in range(0, len(one), step):
        rows = slice(begin, begin + step)
        for name in names:
            apart = np.abs(one.numbers[name][rows, None] - other.numbers[name][None, :])
            there = np.isfinite(apart)
            total[rows] += np.where(there, np.minimum(apart / one.spans.get(name, 1.0), 1.0), 0.0)
            known[rows] += there
        for name in words:
            a, b = one.words[name][rows, None], other.words[name][None, :]
            there = (a >= 0) & (b >= 0)
            total[rows] += np.where(there, a != b, 0.0)
            known[rows] += there
    found: Floats = np.where(known > 0, total / np.maximum(known, 1.0), 1.0)
    return found


def _first(panel: Floats) -> Floats:
    """Return the first score of each row, ``nan`` where there is none."""
    there = np.isfinite(panel)
    return np.where(there.any(axis=1), panel[np.arange(len(panel)), there.argmax(axis=1)], np.nan)


def _mean(panel: Floats) -> Floats:
    there = np.isfinite(panel)
    count = there.sum(axis=1)
    total = np.where(there, panel, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _of_clients(original: Original, name: str) -> list[str]:
    """Return the first entry of each course in a column."""
    found: dict[int, str] = {}
    for one, text in zip(original.course.tolist(), original.texts(name), strict=True):
        if not found.get(one):
            found[one] = text
    return [found[one] for one in range(len(found))]


def _codes(texts: list[str]) -> Floats:
    """Return a number for each word, the same for the same word wherever it stands; -1 for an empty one."""
    return np.array([float(zlib.crc32(text.encode())) if text else -1.0 for text in texts])
