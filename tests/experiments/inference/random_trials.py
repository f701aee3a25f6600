"""Thousands of trials made of whole numbers alone, so that lme4's answers for some can be stored.

Draws are splitmix64 of the trial's number and a counter. Scores are multiples of 1/1024: exact in a text file.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]


def uniforms(trial: int, count: int) -> NDArray[np.float64]:
    """Return draws from (0, 1), by Steele, Lea & Flood (2014), OOPSLA '14."""
    with np.errstate(over="ignore"):
        z = (np.uint64(trial + 1) << np.uint64(32)) + np.arange(1, count + 1, dtype=np.uint64)
        z = z * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53


def trial_of(number: int) -> dict[str, Array]:
    """Return a trial: 4 to 20 therapists with 1 to 20 clients, nested in odd numbers, crossed in even ones.

    In every third the therapists do not differ.
    """
    u = uniforms(number, 2_000)
    therapists = 4 + int(u[0] * 17)
    sizes = 1 + np.floor(u[20 : 20 + therapists] * (20 if u[1] < 0.7 else 4)).astype(np.int64)
    sizes[0] = max(int(sizes[0]), 4)  # somebody has several clients
    if u[2] < 0.2:
        sizes[:] = sizes[0]
    therapist = np.repeat(np.arange(therapists), sizes)
    n = len(therapist)
    arm = therapist % 2 if number % 2 else np.arange(n) % 2
    draws = u[100 : 100 + 4 * n].reshape(4, n)
    noise = (draws[:3].sum(axis=0) - 1.5) * 2
    spread = 0.0 if number % 3 == 0 else 0.1 + 2.5 * u[3] ** 2
    of_therapist = (u[50 : 50 + therapists] - 0.5) * 3.4641 * spread
    base = np.round(draws[3] * 24 + 8)
    score = 0.4 * base - 0.5 * arm + of_therapist[therapist] + noise
    return {
        "therapist": therapist,
        "arm": arm,
        "base": base,
        "score": np.round(score * 1024) / 1024,
    }


def together(trials: list[dict[str, Array]]) -> tuple[dict[str, Array], NDArray[np.int64]]:
    """Return trials one after the other, and where each begins."""
    rows = {name: np.concatenate([trial[name] for trial in trials]) for name in trials[0]}
    return rows, np.cumsum([0, *(len(trial["arm"]) for trial in trials)]).astype(np.int64)
