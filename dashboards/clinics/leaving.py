"""Who drops out: the share of dropouts among the lower, middle and upper third of a trait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.quantities.intervals import shares_of
from simulation.clinic import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from experiments.quantities.estimate import Estimates

    Counts = NDArray[np.int64]

__all__ = ["EARLY_ALLIANCE", "TRAITS", "Thirds", "thirds", "who_drops_out"]

TRAITS = ("attachment_anxiety", "attachment_avoidance", "severity", "motivation")
EARLY_ALLIANCE = "early_alliance"
"""WAI-SR by the client at session 3; of those only who held it."""


@dataclass(frozen=True, slots=True, eq=False)
class Thirds:
    """Dropout by thirds of a trait, from the lowest.

    Attributes
    ----------
    edges
        The two values that part the thirds, on the trait's scale.
    number, dropped
        Clients in each third who began, and those of them who dropped out.
    rate
        Share, with 95 % Wilson interval; not a number where a third is empty.
    """

    edges: tuple[float, float]
    number: Counts
    dropped: Counts
    rate: Estimates


def thirds(values: NDArray[Any], dropped: NDArray[np.bool_]) -> Thirds:
    """Return dropout by thirds of `values`; clients without a value (not a number) are left out."""
    numbers = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(numbers)
    numbers, left = numbers[known], dropped[known]
    edges = np.quantile(numbers, [1 / 3, 2 / 3]) if len(numbers) else np.full(2, np.nan)
    group = np.searchsorted(edges, numbers, side="left")
    number = np.bincount(group, minlength=3)
    gone = np.bincount(group[left], minlength=3)
    return Thirds((float(edges[0]), float(edges[1])), number, gone, shares_of(gone, number))


def who_drops_out(
    clients: Mapping[str, NDArray[Any]], early_alliance: NDArray[Any]
) -> dict[str, Thirds]:
    """Return trait to dropout by its thirds, of clients who began.

    Parameters
    ----------
    clients
        Columns of the table of clients.
    early_alliance
        WAI-SR at session 3 of every client; not a number where there was none.
    """
    began = clients["sessions"] > 0
    dropped = clients["status"][began] == STATUSES.index("dropped_out")
    found = {name: thirds(clients[name][began], dropped) for name in TRAITS}
    found[EARLY_ALLIANCE] = thirds(early_alliance[began], dropped)
    return found
