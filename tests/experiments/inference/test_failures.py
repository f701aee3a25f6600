"""A trial that cannot be analysed says why: each number of a reason stands by its own sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.inference import analysis

CLIENTS = 24


def trial(**changed: Any) -> dict[str, Any]:
    """Return a trial of four therapists nested in two arms, with some columns of its own."""
    random = np.random.default_rng(1)
    therapist = np.arange(CLIENTS) % 4
    columns = {
        "therapist": therapist,
        "arm": therapist % 2,
        "base": random.normal(size=CLIENTS),
        "score": random.normal(size=CLIENTS),
        "session": np.arange(CLIENTS) % 5 + 1,
        "event": np.arange(CLIENTS) // 4 % 2,
    }
    return {**columns, **changed}


ARM = trial()["arm"]


@pytest.mark.parametrize(
    ("kind", "changed", "why"),
    [
        ("t", {"score": np.where(ARM == 1, np.nan, 1.0)}, "too few clients with a score"),
        ("ancova", {"score": np.where(np.arange(CLIENTS) < 3, 1.0, np.nan)}, "no more rows than"),
        ("ancova", {"base": ARM.astype(float)}, "columns of the model are not independent"),
        ("lmm", {"therapist": ARM}, "too few therapists"),
        ("ancova", {"score": trial()["base"]}, "scores do not vary beyond"),
        ("cox", {"event": np.zeros(CLIENTS, dtype=int)}, "Nobody dropped out"),
        ("hazard", {"event": np.where(ARM == 1, 0, trial()["event"])}, "no finite estimate"),
        ("t_of_therapist_means", {"therapist": np.full(CLIENTS, -1)}, "mean needs therapists"),
        ("lmm", {"therapist": np.arange(CLIENTS)}, "No therapist has two clients"),
    ],
)
def test_a_trial_without_an_estimate_says_why(kind: str, changed: dict[str, Any], why: str) -> None:
    assert analysis(kind)(trial()).failed is None
    fitted = analysis(kind)(trial(**changed))
    assert fitted.failed is not None
    assert why in fitted.failed
    assert np.isnan([fitted.estimate, fitted.se, fitted.p]).all()
