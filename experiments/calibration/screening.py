"""Which assumed parameters matter: those that move something a finding is about.

``python -m experiments.calibration.screening`` writes ``screened.json``. Clinics are drawn from the priors, all
parameters at once, and every statistic that a finding is computed by is correlated with every parameter. No published
number is looked at, only what moves what.
"""

from __future__ import annotations

import json
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.priors import (
    LEAST_SHARE,
    NEVER_MOVED,
    SCREENED,
    matters_among,
    prior_of,
)
from experiments.evidence.facts_by_setting import DEFAULT, facts_for
from simulation.errors import AllianceError
from simulation.files import write_whole
from simulation.parameters import PARAMETERS, Parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["shares_of_variance"]

CLINICS = 1500
STUDIES = 20


def shares_of_variance(
    clinics: int = CLINICS, studies: int = STUDIES, seed: int = 0
) -> dict[str, float]:
    """Return for every number the largest share of a statistic's variance that it explains by itself.

    Squared rank correlations over clinics drawn from the priors.

    Parameters
    ----------
    clinics, studies, seed
        How many clinics, simulated studies of each, and which.
    """
    from scipy.stats import rankdata

    from experiments.validation.seeds import VALIDATION_SEED
    from experiments.validation.validate import simulated_values

    facts = facts_for(DEFAULT)

    names = [
        row.name
        for row in PARAMETERS.values()
        if row.kind == "number" and row.name not in NEVER_MOVED
    ]
    places, found = [], []
    for row, setting in _drawn(names, clinics, seed):
        places.append(row)
        found.append(simulated_values(setting, facts, seed=VALIDATION_SEED, studies=studies))
    values = np.array(found)
    ranks = rankdata(np.array(places), axis=0)
    ranks = (ranks - ranks.mean(axis=0)) / ranks.std(axis=0)
    largest = np.zeros(len(names))
    for column in values.T:
        known = np.isfinite(column)
        if known.mean() < 0.5 or np.ptp(column[known]) == 0.0:
            continue
        of_value = rankdata(column[known])
        of_value = (of_value - of_value.mean()) / of_value.std()
        r = ranks[known].T @ of_value / known.sum()
        largest = np.maximum(largest, r**2)
    return dict(zip(names, largest.tolist(), strict=True))


def _drawn(names: list[str], clinics: int, seed: int) -> Iterator[tuple[Array, Parameters]]:
    """Yield places and settings of clinics from the priors; what contradicts itself is drawn again."""
    from simulation.coefficients import coefficients

    rng = np.random.default_rng(seed)
    priors = [prior_of(PARAMETERS[name]) for name in names]
    made = 0
    while made < clinics:
        row = rng.standard_normal(len(names))
        try:
            setting = Parameters(**{p.name: float(p.value(row[i])) for i, p in enumerate(priors)})
            coefficients(setting)
        except AllianceError:
            continue
        made += 1
        yield row, setting


def main() -> None:
    """Screen again and write down what every parameter explains, the largest first; some five minutes."""
    shares = shares_of_variance()
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    document = {
        "clinics": CLINICS,
        "studies": STUDIES,
        "seed": 0,
        "least_share": LEAST_SHARE,
        "shares": {name: round(share, 3) for name, share in ordered},
    }
    path = Path(str(resources.files("experiments"))) / "calibration" / SCREENED
    write_whole(path, f"{json.dumps(document, indent=1)}\n".encode())
    sys.stdout.write("\n".join(matters_among(shares)) + "\n")


if __name__ == "__main__":
    main()
