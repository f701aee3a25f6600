"""Four rival mechanisms, and which published findings each survives.

Many wrong mechanisms reach the correlation of alliance with outcome. Each rival is the same model
with some paths closed; the question is which of them also passes the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.validation.seeds import VALIDATION_SEED
from experiments.validation.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.validation.results import FactResult, Validation

__all__ = ["HEADLINE", "MECHANISMS", "Rivals", "rivals"]

HEADLINE = "F01"
"""The finding every rival must reach before it may be compared on the others."""

MECHANISMS = ("causal", "relief", "trait", "halo")


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
        """Return how many findings a rival meets, F01 apart, and of how many."""
        rows = [row for row in self._of(mechanism).rows if row.id != HEADLINE]
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

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one object a finding: its range, and each mechanism's value and whether it is inside."""
        discriminating = self.discriminating()
        plain = {
            one.preset: {entry["id"]: entry for entry in one.to_dicts()} for one in self.validations
        }
        shared = ("id", "statistic", "published", "low", "high", "role", "status")
        own = ("simulated", "simulated_low", "simulated_high", "inside")
        return [
            {key: plain[MECHANISMS[0]][rows[0].id][key] for key in shared}
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


def rivals(
    *,
    studies: int = 200,
    clients_per_study: int = 60,
    seed: int = VALIDATION_SEED,
    threads: int | None = None,
    on_fact: Callable[[int, int], None] | None = None,
) -> Rivals:
    """Compare the four rival mechanisms with the general findings; options as for `validate`."""

    def counting(place: int) -> Callable[[int, int], None] | None:
        if on_fact is None:
            return None
        return lambda done, total: on_fact(place * total + done, len(MECHANISMS) * total)

    return Rivals(
        tuple(
            validate(
                name,
                studies=studies,
                clients_per_study=clients_per_study,
                seed=seed,
                threads=threads,
                on_fact=counting(place),
            )
            for place, name in enumerate(MECHANISMS)
        )
    )
