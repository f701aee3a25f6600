"""Membership inference with shadow twins: whether it can be told that one certain client was in the records.

The client that lies furthest from all others is the easiest to find (Meeus et al. 2023, arXiv:2306.10308). Twins are
made of all clients and of all but this one, each with draws of its own; an attacker who knows everything but the
membership of this client learns from some of them to tell the two kinds apart, and is tried on the others (shadow
modelling: Stadler, Oprisanu & Troncoso 2022, *USENIX Security* 31:1451-1468). How many clients a twin has is not
looked at: that number is known of any records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.twin.features import distances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from experiments.tables.columns import Floats
    from experiments.twin.features import Features

__all__ = ["SHADOWS", "most_isolated", "shadow_attack"]

SHADOWS = 12
"""Twins of each kind."""

QUANTILES = (0.02, 0.1, 0.5, 0.9, 0.98)
RIDGE = 1.0
FOLDS = 4
PERMUTATIONS = 2000


def most_isolated(features: Features) -> int:
    """Return the place of the client that is furthest from its closest neighbour."""
    between = distances(features, features)
    np.fill_diagonal(between, np.inf)
    return int(between.min(axis=1).argmax())


def shadow_attack(
    target: Features,
    having: Sequence[Features],
    lacking: Sequence[Features],
    random: np.random.Generator,
) -> tuple[float, float, float]:
    """Learn from three quarters of the twins which kind they are, tell the kind of the others, and so on around.

    Parameters
    ----------
    target
        The client, as the only row.
    having, lacking
        Twins of records with the client, and as many without.
    random
        For the permutations of kinds by which chance is known: what is learned from some of so few twins and tried
        on others varies more than areas under the curve otherwise do.

    Returns
    -------
    tuple
        The area under the curve, its standard deviation by chance, and how often chance gives as much.
    """
    rows = np.array([_described(one, target) for one in (*having, *lacking)])
    rows = np.where(np.isfinite(rows), rows, 0.0)
    kind = np.r_[np.ones(len(having), dtype=bool), np.zeros(len(lacking), dtype=bool)]
    found = _auc_of(rows, kind)
    chance = np.array([_auc_of(rows, random.permutation(kind)) for _ in range(PERMUTATIONS)])
    p = (1 + int((chance >= found).sum())) / (1 + PERMUTATIONS)
    return found, float(chance.std()), p


def _auc_of(rows: Floats, kind: NDArray[Any]) -> float:
    fold = np.empty(len(kind), dtype=np.int64)
    # As many of each kind are left out, so that what is left does not tell the kind of those.
    for same in (kind, ~kind):
        fold[same] = np.arange(int(same.sum())) % FOLDS
    scores = np.full(len(rows), np.nan)
    for number in range(FOLDS):
        out = fold == number
        scores[out] = _scored(rows[~out], kind[~out], rows[out])
    above = scores[kind][:, None] > scores[~kind][None, :]
    return float(above.mean())


def _described(twin: Features, target: Features) -> Floats:
    """Return what an attacker looks at in a twin: its distributions, and how close it comes to the client."""
    near = np.sort(distances(target, twin)[0])
    found = [near[0], near[: max(1, len(near) // 20)].mean()]
    for name, values in sorted(twin.numbers.items()):
        known = values[np.isfinite(values)]
        if known.size:
            found += [known.mean(), known.std(), *np.quantile(known, QUANTILES)]
            own = target.numbers[name][0] if name in target.numbers else np.nan
            found.append(float((np.abs(known - own) <= 0.05 * twin.spans.get(name, 1.0)).mean()))
        else:
            found += [0.0] * (3 + len(QUANTILES))
    for name, codes in sorted(twin.words.items()):
        own = target.words[name][0] if name in target.words else -1.0
        found.append(float((codes == own).mean()))
    return np.array(found, dtype=np.float64)


def _scored(rows: Floats, kind: NDArray[Any], others: Floats) -> Floats:
    """Learn the kind from some twins by ridge regression, and score others."""
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    use = spread > 0
    x = (rows[:, use] - middle[use]) / spread[use]
    # More columns than rows: solved by rows.
    slopes = x.T @ np.linalg.solve(
        x @ x.T + RIDGE * len(x) * np.eye(len(x)), np.where(kind, 1.0, -1.0)
    )
    scores: Floats = (others[:, use] - middle[use]) / spread[use] @ slopes
    return scores
