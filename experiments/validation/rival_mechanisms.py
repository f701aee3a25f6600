"""Four rival mechanisms, and which published findings each survives.

Many wrong mechanisms reach the correlation of alliance with outcome. Each rival is the same model
with some paths closed; the question is which of them also passes the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from experiments.evidence.reading import fact
from experiments.quantities.intervals import error_behind
from experiments.validation.scores import mean_score
from experiments.validation.seeds import VALIDATION_SEED
from experiments.validation.validate import validate
from simulation.mistakes import name_of
from simulation.reused_memory import reused_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from experiments.validation.results import FactResult, Validation
    from simulation.parameters import Parameters

__all__ = ["HEADLINE", "MECHANISMS", "Parting", "Rivals", "rivals"]

HEADLINE = "F01"
"""The finding every rival must reach before it may be compared on the others."""

MECHANISMS = ("causal", "relief", "trait", "halo")


APART = 2.8
"""Standard errors between two values that a study tells apart with a power of 80 % (1.96 and .84)."""


TRIAL_ERRORS = MappingProxyType({"_d": 2.0, "_r": 1.0})
"""Standard errors, times the root of all clients, of a difference in SDs of two equal arms and of its correlation."""


@dataclass(frozen=True, slots=True)
class Parting:
    """A finding by which a study could tell two rivals apart.

    Attributes
    ----------
    fact, statistic
        Which.
    design
        What kind of study has it.
    one, other
        What each rival says.
    clients
        How many clients that study needs.
    """

    fact: str
    statistic: str
    design: str
    one: float
    other: float
    clients: int


@dataclass(frozen=True, slots=True)
class Rivals:
    """The rivals beside the same findings, under common random numbers.

    Attributes
    ----------
    validations
        One for each mechanism, all with the same rows in the same order.
    """

    validations: tuple[Validation, ...]

    def reaches_headline(self, mechanism: str) -> bool:
        """Whether a rival reaches F01; one that does not is not a rival yet."""
        row = self._of(mechanism).row(HEADLINE)
        return row is not None and row.inside

    def findings_inside(self, mechanism: str) -> tuple[int, int]:
        """Return how many findings that count a rival meets, F01 apart, and of how many."""
        rows = [r for r in self._of(mechanism).rows if r.id != HEADLINE and not r.not_counting]
        return sum(row.inside for row in rows), len(rows)

    def by_fact(self) -> tuple[tuple[FactResult, ...], ...]:
        """Return for every finding its rows, one a mechanism; F01 first."""
        together = list(zip(*(one.rows for one in self.validations), strict=True))
        together.sort(key=lambda rows: rows[0].id != HEADLINE)
        return tuple(together)

    def discriminating(self) -> tuple[str, ...]:
        """Return the findings that some rivals meet and others do not."""
        return tuple(
            rows[0].id for rows in self.by_fact() if len({row.inside for row in rows}) == 2
        )

    def score(self, mechanism: str) -> float:
        """Return a rival's mean score over the findings that were not fitted; lower is better."""
        return mean_score(row for row in self._of(mechanism).rows if row.role != "fit")

    def best(self) -> tuple[str, ...]:
        """Return the rivals that reach F01, the best score first."""
        alive = [one.preset for one in self.validations if self.reaches_headline(one.preset)]
        return tuple(sorted(alive, key=self.score))

    def parting(self, one: str, other: str) -> tuple[Parting, ...]:
        """Return by which findings a study could tell two rivals apart, the smallest study first.

        A study parts them where the two values are 2.8 of its standard errors apart: with four chances in five its
        95 % interval then leaves one of them out. Standard errors shrink with the root of the clients. Those of
        cohorts are the simulated studies' own; those of trials are of two arms of different clients, which simulated
        arms are not. Findings that a rival could be fitted to, and those that look at latent states, part nobody.
        """
        first, second = self._of(one), self._of(other)
        simulated = first.studies * first.clients_per_study
        found = []
        for a, b in zip(first.rows, second.rows, strict=True):
            if a.role == "fit" or a.latent:
                continue
            error = _error_of_one_client(a, b, simulated)
            distance = abs(a.simulated - b.simulated)
            if not (error > 0.0 and distance > 0.0):
                continue
            clients = math.ceil((APART * error / distance) ** 2)
            found.append(
                Parting(a.id, a.statistic, _design(a.id), a.simulated, b.simulated, clients)
            )
        return tuple(sorted(found, key=lambda row: row.clients))

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one object a finding: its range, and each mechanism's value and whether it is inside."""
        discriminating = self.discriminating()
        plain = {
            one.preset: {entry["id"]: entry for entry in one.to_dicts()} for one in self.validations
        }
        shared = ("id", "statistic", "published", "low", "high", "role", "status")
        own = ("simulated", "simulated_low", "simulated_high", "inside")
        return [
            {key: plain[self.validations[0].preset][rows[0].id][key] for key in shared}
            | {
                "discriminating": rows[0].id in discriminating,
                "mechanisms": {
                    name: {key: entries[rows[0].id][key] for key in own}
                    | {"reaches_F01": self.reaches_headline(name)}
                    for name, entries in plain.items()
                },
            }
            for rows in self.by_fact()
        ]

    def _of(self, mechanism: str) -> Validation:
        return next(one for one in self.validations if one.preset == mechanism)


def _error_of_one_client(a: FactResult, b: FactResult, simulated: int) -> float:
    """Return the standard error of a statistic times the root of the clients; nan where it is not known."""
    one = fact(a.id)
    if one.policy:
        name = one.statistic_function or ""
        return next((error for end, error in TRIAL_ERRORS.items() if name.endswith(end)), math.nan)
    error = max(error_behind(row.simulated_low, row.simulated_high) for row in (a, b))
    return error * math.sqrt(simulated)


def _named(given: str | Parameters, found: Validation) -> Validation:
    """Call a model of one's own by its file and class."""
    return found if isinstance(given, str) else replace(found, preset=name_of(type(given)))


def _design(name: str) -> str:
    one = fact(name)
    if one.policy:
        changed = ", ".join(key.replace("_", " ") for key, _ in one.policy)
        return f"a trial with and without {changed}"
    return "a cohort"


def rivals(
    names: Sequence[str | Parameters] = MECHANISMS,
    *,
    studies: int = 200,
    clients_per_study: int = 60,
    seed: int = VALIDATION_SEED,
    threads: int | None = None,
    on_fact: Callable[[int, int], None] | None = None,
) -> Rivals:
    """Compare rivals with the general findings, under common random numbers.

    Parameters
    ----------
    names
        Presets, published models of the dyad, or parameters of a model of one's own, which is called by its file and
        class; the four rival mechanisms if left out.
    studies, clients_per_study, seed, threads, on_fact
        As for `validate`.
    """

    def counting(place: int) -> Callable[[int, int], None] | None:
        if on_fact is None:
            return None
        return lambda done, total: on_fact(place * total + done, len(names) * total)

    with reused_memory():
        return Rivals(
            tuple(
                _named(
                    name,
                    validate(
                        name,
                        studies=studies,
                        clients_per_study=clients_per_study,
                        seed=seed,
                        threads=threads,
                        on_fact=counting(place),
                    ),
                )
                for place, name in enumerate(names)
            )
        )
