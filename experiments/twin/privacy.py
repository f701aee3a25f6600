"""What somebody could learn about real clients from a twin: tried on it, and said.

Four attacks, by the field's terms:

- **Copies**: courses of which every score is that of a real one, beside how many chance would give.
- **Distance to closest record (DCR)**: whether simulated clients lie closer to the clients the twin was learned from
  than to others who were held out (the share test of Platzer & Reutterer 2021, *Frontiers in Big Data* 4:679939).
- **Membership inference**: whether the distance to the twin tells who was learned from; the area under the curve
  (AUC), for all clients and for the tenth that lies furthest from all others, who are the easiest to find (Meeus et
  al. 2023, *Achilles' heels*, arXiv:2306.10308). Distances alone miss leaks that attacks on membership find (Yao et
  al. 2025, *The DCR delusion*, arXiv:2505.01524).
- **Attribute inference**: whether the closest simulated client tells a client's ending or last score better for those
  learned from than for those held out (Giomi et al. 2023, *Proceedings on Privacy Enhancing Technologies*
  2023:312-328).

For the last three, the whole of making a twin is done again on random halves of the clients, fit included, with the
other half held out: a twin of all clients leaves nobody to compare with. Twins of halves tell more than the twin of
all, whose numbers rest on twice as many clients. Membership of the most isolated client is tried with shadow twins,
too (`experiments.twin.shadow`). Distances are Gower's (1971, *Biometrics* 27:857-871) over what a file says of a
client.

Passing is no proof of anonymity. An attacker with other knowledge, or another attack, may learn more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.twin.features import Features, distances
from experiments.twin.shadow import shadow_attack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Floats, Integers

__all__ = [
    "AUC",
    "MORE",
    "SHADOW_AUC",
    "SURE",
    "Attack",
    "Halves",
    "Privacy",
    "attack_by_shadows",
    "attack_halves",
]

SURE = 0.001
"""How seldom chance gives as much where an attack counts as one that is above it."""

AUC = 0.65
"""Area under the curve, and share of those closer, up to which an attack counts as weak."""

SHADOW_AUC = 0.75
"""The same for one client and few twins, of which chance gives more."""

MORE = 0.15
"""Share of secrets, beyond those of clients held out, up to which an attack counts as weak."""

ISOLATED = 0.1
"""Share of clients furthest from all others."""


@dataclass(frozen=True, slots=True)
class Attack:
    """What came of one attack.

    Attributes
    ----------
    name
        By the field's term.
    measure
        What the number is.
    value, error
        The number, and its standard error.
    p
        How often chance gives as much.
    chance
        What it would be if nothing could be learned.
    limit
        Up to where an attack counts as weak, even if it is above chance beyond doubt.
    """

    name: str
    measure: str
    value: float
    error: float
    p: float
    chance: float
    limit: float

    @property
    def works(self) -> bool:
        """Whether the number is above chance beyond doubt, and above the limit."""
        return self.p < SURE and self.value > self.limit

    @property
    def verdict(self) -> str:
        """What came of it, in a word or two."""
        if self.works:
            return "works"
        return "like chance" if self.like_chance else "weak"

    @property
    def like_chance(self) -> bool:
        """Whether chance gives as much more than once in twenty times."""
        return self.p >= 0.05


@dataclass(frozen=True, slots=True)
class Privacy:
    """All attacks on a twin.

    Attributes
    ----------
    copies, expected_copies
        Courses whose every score is that of a real course, and how many chance would give.
    copied
        Places of courses of the twin that chance does not explain.
    nearest, nearest_real
        Median distance of a simulated client to the closest real one, and of a real client to the closest other.
    attacks
        The others.
    halves
        How many times the clients were halved.
    """

    copies: int
    expected_copies: float
    copied: tuple[int, ...]
    nearest: float
    nearest_real: float
    attacks: tuple[Attack, ...]
    halves: int

    @property
    def passed(self) -> bool:
        """Whether no attack worked."""
        return not self.copied and not any(one.works for one in self.attacks)

    @property
    def found(self) -> str:
        """Say which attack worked, for a message; empty if none did."""
        if self.copied:
            return f"{len(self.copied)} of its courses have every score of a real one, which chance does not explain"
        worked = next((one for one in self.attacks if one.works), None)
        if worked is None:
            return ""
        return f"{worked.name} works: {worked.measure} {worked.value:.2f}, by chance {worked.chance:.2f}"


@dataclass(frozen=True, slots=True, eq=False)
class Halves:
    """Clients that a twin was learned from, others, and that twin."""

    learned: Features
    left_out: Features
    twin: Features


def attack_halves(halves: Sequence[Halves]) -> tuple[Attack, ...]:
    """Try DCR, membership and attribute inference on twins of halves of the clients."""
    closer, membership, isolated, endings, scores = [], [], [], [], []
    for one in halves:
        to_learned, to_others = distances(one.twin, one.learned), distances(one.twin, one.left_out)
        a, b = to_learned.min(axis=1), to_others.min(axis=1)
        closer.append((float((a < b).mean() + 0.5 * (a == b).mean()), 0.5 / math.sqrt(len(a))))
        near, far = -to_learned.min(axis=0), -to_others.min(axis=0)
        membership.append(_auc(near, far))
        alone, others = _isolated(one.learned), _isolated(one.left_out)
        isolated.append(_auc(near[alone], far[others]))
        endings.append(_attribute(one, "ending"))
        scores.append(_attribute(one, "last score"))
    found = [
        _mean(
            "distance to closest record", "share closer to those learned from", closer, (0.5, AUC)
        ),
        _mean("membership inference", "AUC", membership, (0.5, AUC)),
        _mean("membership inference, most isolated tenth", "AUC", isolated, (0.5, AUC)),
        _mean(
            "attribute inference, ending",
            "share right, beyond those held out",
            endings,
            (0.0, MORE),
        ),
        _mean(
            "attribute inference, last score",
            "share near, beyond those held out",
            scores,
            (0.0, MORE),
        ),
    ]
    return tuple(one for one in found if math.isfinite(one.value))


def _mean(
    name: str, measure: str, values: Sequence[tuple[float, float]], about: tuple[float, float]
) -> Attack:
    """Put the halvings together: who is in which half is drawn anew in each."""
    known = [one for one in values if all(map(math.isfinite, one))]
    if not known:
        return Attack(name, measure, math.nan, math.nan, math.nan, *about)
    value, error = np.mean(np.array(known), axis=0).tolist()
    error /= math.sqrt(len(known))
    p = 0.5 * math.erfc((value - about[0]) / error / math.sqrt(2.0))
    return Attack(name, measure, value, error, p, *about)


def attack_by_shadows(
    target: Features,
    having: Sequence[Features],
    lacking: Sequence[Features],
    random: np.random.Generator,
) -> Attack:
    """Try whether twins tell if a client was in the records; see `experiments.twin.shadow`."""
    value, error, p = shadow_attack(target, having, lacking, random)
    name = "membership inference, shadow twins, most isolated client"
    return Attack(name, "AUC", value, error, p, 0.5, SHADOW_AUC)


def _auc(membership: Floats, others: Floats) -> tuple[float, float]:
    """Return the area under the curve and its standard error (Hanley & McNeil 1982, *Radiology* 143:29-36)."""
    m, n = len(membership), len(others)
    if m < 2 or n < 2:
        return math.nan, math.nan
    above = membership[:, None] > others[None, :]
    same = membership[:, None] == others[None, :]
    auc = float(above.mean() + 0.5 * same.mean())
    first, second = auc / (2.0 - auc), 2.0 * auc * auc / (1.0 + auc)
    square = auc * (1.0 - auc) + (m - 1) * (first - auc**2) + (n - 1) * (second - auc**2)
    return auc, math.sqrt(max(square, 1e-9) / (m * n))


def _isolated(features: Features) -> Integers:
    """Return the clients that are furthest from their closest neighbour."""
    between = distances(features, features)
    np.fill_diagonal(between, np.inf)
    return np.argsort(-between.min(axis=1), kind="stable")[: max(5, round(ISOLATED * len(between)))]


def _attribute(halves: Halves, secret: str) -> tuple[float, float]:
    """Return how much more often the closest simulated client tells a secret of those learned from than of others."""
    twin = halves.twin.without(secret)
    rates = []
    for real in (halves.learned, halves.left_out):
        closest = distances(real.without(secret), twin).argmin(axis=1)
        right = real.agrees(halves.twin, closest, secret)
        if right.size < 10:
            return math.nan, math.nan
        rates.append((float(right.mean()), right.size))
    (p, n), (q, m) = rates
    return p - q, math.sqrt(max(p * (1 - p), 0.05) / n + max(q * (1 - q), 0.05) / m)
