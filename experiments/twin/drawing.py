"""Drawing a twin: clients of a simulated clinic, chosen so that endings, lengths and caseloads are as learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.twin.learning import Learned
    from simulation.parameters import Parameters

__all__ = ["LATENT", "Pool", "Therapy", "draw_courses"]

POOL = 15
"""Simulated clients for each one of the twin, between the two bounds below."""

LEAST_POOL, MOST_POOL = 1500, 30_000

ALIKE: Mapping[str, tuple[str, ...]] = {
    "completed": ("completed", "session_limit"),
    "session_limit": ("session_limit", "completed"),
    "dropped_out": ("dropped_out", "boundary_violation"),
    "boundary_violation": ("boundary_violation", "dropped_out"),
}
"""Simulated endings that stand for one of the records."""

LATENT = ("trust", "bond", "alliance", "distress", "strain", "dropout_probability")
"""What no questionnaire reports; it stands in the truth beside the twin."""


@dataclass(frozen=True, slots=True, eq=False)
class Therapy:
    """One course of therapy of the twin.

    Attributes
    ----------
    therapist
        Number, from 0.
    status
        How it ended, in the words of the simulation; empty where the records do not say.
    sessions
        How many were held.
    intake, last
        Simulated distress at intake and after the last session, CORE-10.
    reports
        Simulated reports by questionnaire, and latent states by name, shape (sessions,) each.
    """

    therapist: int
    status: str
    sessions: int
    intake: float
    last: float
    reports: Mapping[str, Floats]


@dataclass(frozen=True, eq=False)
class Pool:
    """Clients of one simulated clinic with the fitted parameters and the therapists of the twin.

    Attributes
    ----------
    status, sessions, therapist
        Of each client who started, shape (clients,).
    intake, last
        As in `Therapy`.
    first
        Row of the first session of each client.
    columns
        The rows of all sessions.
    """

    status: Any
    sessions: Integers
    therapist: Integers
    intake: Floats
    last: Floats
    first: Integers
    columns: Mapping[str, Any]

    @classmethod
    def simulated(
        cls, parameters: Parameters, learned: Learned, names: tuple[str, ...], seed: int
    ) -> Pool:
        """Simulate it; `names` are the questionnaires that are needed."""
        import polars as pl

        from simulation.running import simulate

        longest = max(high for kind in learned.kinds for _, high, _ in kind.lengths)
        therapists = learned.therapists or max(2, round(learned.courses / 10))
        clients = int(np.clip(POOL * learned.courses, LEAST_POOL, MOST_POOL))
        clinic = parameters.replace(
            clients=clients,
            therapists=therapists,
            arrivals_per_week=2.0 * therapists,
            session_limit=int(np.clip(longest, 1, 500)),
            weeks=int(
                min(
                    5000,
                    clients / (2.0 * therapists) + 2 * longest * parameters.session_interval + 60,
                )
            ),
        )
        result = simulate(clinic, seed=seed, replicates=1, histories=True)
        people, sessions = result.clients, result.sessions.sort("client", "session")
        started = people.filter(people["sessions"] >= 1).sort("client")
        starts = np.searchsorted(sessions["client"].to_numpy(), started["client"].to_numpy())
        return cls(
            started["status"].cast(pl.String).to_numpy(),
            started["sessions"].to_numpy().astype(np.int64),
            started["therapist"].to_numpy().astype(np.int64),
            started["core_10_intake"].to_numpy().astype(np.float64),
            started["core_10_last"].to_numpy().astype(np.float64),
            starts,
            {
                name: sessions[name].to_numpy().astype(np.float64)
                for name in dict.fromkeys((*names, *LATENT))
                if name in sessions.columns
            },
        )

    def therapy(self, place: int, status: str, sessions: int) -> Therapy:
        """Return the first sessions of a client as a course."""
        rows = slice(self.first[place], self.first[place] + sessions)
        reports = {name: values[rows] for name, values in self.columns.items()}
        whole = sessions == self.sessions[place]
        last = self.last[place] if whole or "core_10" not in reports else reports["core_10"][-1]
        return Therapy(
            int(self.therapist[place]), status, sessions, self.intake[place], float(last), reports
        )


def draw_courses(learned: Learned, pool: Pool, random: np.random.Generator) -> list[Therapy]:
    """Choose clients of the pool, none twice, so that endings and lengths are as frequent as learned.

    Each therapist is given clients of their own in the pool as long as there are such with an ending and a length
    that are still wanted, so what therapists differ in stays. Where the pool has nobody of a length, the nearest
    one is taken.

    Returns
    -------
    list of Therapy
        In random order.
    """
    cells = [
        (kind.status, low, high, kind.share * share)
        for kind in learned.kinds
        for low, high, share in kind.lengths
    ]
    ongoing = any(kind.status == "in_treatment" for kind in learned.kinds)
    # Half of the pool is cut short somewhere, where the records have therapies under way.
    cut = random.random(len(pool.sessions)) < (0.5 if ongoing else 0.0)
    shorter = 1 + np.floor(random.random(len(cut)) * pool.sessions).astype(np.int64)
    length = np.where(cut, np.minimum(shorter, pool.sessions), pool.sessions)
    period, place = learned.every
    cell = np.where(length % period == place, _cells_of(cells, pool, cut, length), -1)
    shares = np.array([share for *_, share in cells])
    # As many as learned but for chance: exact counts would tell who was counted.
    left = random.multinomial(learned.courses, shares / shares.sum())
    _hand_on(left, cells, np.bincount(cell[cell >= 0], minlength=len(cells)))
    free = cell >= 0
    own = [np.flatnonzero(pool.therapist == one) for one in range(int(pool.therapist.max()) + 1)]
    therapist = np.repeat(np.arange(len(own)), _caseloads(learned, len(own), random))
    found = []
    for one in random.permutation(therapist).tolist():
        client = _choose(own[one], cell, left, free, random)
        if client is None:
            client = _choose(np.arange(len(cell)), cell, left, free, random)
        if client is None:
            break
        free[client] = False
        left[cell[client]] -= 1
        found.append(pool.therapy(client, cells[cell[client]][0], int(length[client])))
    return found


def _cells_of(
    cells: Sequence[tuple[str, int, int, float]], pool: Pool, cut: Booleans, length: Integers
) -> Integers:
    """Return the cell that each client of the pool falls into, -1 for none."""
    found = np.full(len(length), -1, dtype=np.int64)
    for number, (status, low, high, _) in enumerate(cells):
        fits = (length >= low) & (length <= high)
        if status == "in_treatment":
            fits &= cut
        else:
            fits &= ~cut
            if status:
                fits &= np.isin(pool.status, ALIKE.get(status, (status,)))
        found[fits & (found < 0)] = number
    return found


def _hand_on(left: Integers, cells: Sequence[tuple[str, int, int, float]], there: Integers) -> None:
    """Let the nearest cell give what a cell has not: of the same ending, if it has any at all."""
    for number, (status, low, _, _) in enumerate(cells):
        lacking = int(max(0, left[number] - there[number]))
        near = sorted(
            range(len(cells)), key=lambda c: (cells[c][0] != status, abs(cells[c][1] - low))
        )
        for other in near:
            spare = int(min(lacking, max(0, there[other] - left[other])))
            left[other] += spare
            left[number] -= spare
            lacking -= spare


def _caseloads(learned: Learned, therapists: int, random: np.random.Generator) -> Integers:
    """Return how many clients each therapist has: as unequal as the records' on the whole, drawn anew."""
    size = learned.courses
    spread = max(learned.unequal**2 - therapists / size, 1e-3)
    shares = random.gamma(1.0 / spread, spread, therapists)
    return random.multinomial(size, shares / shares.sum())


def _choose(
    among: Integers, cell: Integers, left: Integers, free: Booleans, random: np.random.Generator
) -> int | None:
    """Choose a client whose cell is still wanted, with the chance that its cell has; ``None`` if there is none."""
    among = among[free[among]]
    if not among.size:
        return None
    mine = cell[among]
    there = np.bincount(mine, minlength=len(left))
    weight = (left / np.maximum(there, 1))[mine]
    total = float(weight.sum())
    return int(random.choice(among, p=weight / total)) if total > 0.0 else None
