"""Data sets made of whole numbers alone, the same in any language: their answers were computed with R.

``u(i, a) = ((a·i² + 7919·i + 104729) mod 10007) / 10007`` for the running client number ``i`` from 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Table = dict[str, NDArray[np.generic]]

SIZES_B = (4, 17, 9, 12, 7, 20, 5, 11, 14, 6)
SIZES_C = (14, 9, 16, 12, 11, 10, 15, 13)


def u(i: NDArray[np.int64], a: int) -> NDArray[np.float64]:
    return ((a * i * i + 7919 * i + 104729) % 10007) / 10007


def base_of(i: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.round(8 + 24 * u(i, 31))


def noise_of(i: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.round(16 * (u(i, 57) - 0.5) * 4) / 4


def of_therapist(j: NDArray[np.int64]) -> NDArray[np.float64]:
    return (((37 * j) % 11) - 5) * 0.75


def slope_of(j: NDArray[np.int64]) -> NDArray[np.float64]:
    return (((53 * j) % 7) - 3) * 0.5


def _clients(sizes: tuple[int, ...]) -> tuple[NDArray[np.int64], ...]:
    i = np.arange(1, sum(sizes) + 1)
    j = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    c = np.concatenate([np.arange(1, size + 1) for size in sizes])
    return i, j, c


def _table(
    i: NDArray[np.int64], j: NDArray[np.int64], arm: NDArray[np.int64], y: NDArray[np.float64]
) -> Table:
    return {
        "client": i - 1,
        "therapist": j - 1,
        "clinic": np.zeros_like(i),
        "arm": arm,
        "base": base_of(i),
        "score": y,
    }


def nested(sizes: tuple[int, ...], weight: float) -> Table:
    i, j, _ = _clients(sizes)
    arm = (j > len(sizes) // 2).astype(np.int64)
    y = 6 + 0.5 * base_of(i) - 1.5 * arm + weight * of_therapist(j) + noise_of(i)
    return _table(i, j, arm, y)


def data_a() -> Table:
    return nested((12,) * 10, 1.0)


def data_b() -> Table:
    return nested(SIZES_B, 1.0)


def data_c() -> Table:
    i, j, c = _clients(SIZES_C)
    arm = c % 2
    y = 6 + 0.5 * base_of(i) - 1.5 * arm + of_therapist(j) + slope_of(j) * (arm - 0.5) + noise_of(i)
    return _table(i, j, arm, y)


def data_d() -> Table:
    return nested((12,) * 10, 0.0)


def data_e() -> Table:
    i = np.arange(1, 121)
    arm = (i > 60).astype(np.int64)
    j = np.where(arm == 1, (i - 61) // 10 + 1, 0)
    y = np.where(arm == 1, 4.5 + of_therapist(j), 6.0) + 0.5 * base_of(i) + noise_of(i)
    return _table(i, j, arm, y)


def data_f() -> Table:
    """Eight therapists with eight clients each, seen in weeks 0, 4, 8 and 12 until they leave."""
    rows = [
        (i, j, c % 2, k)
        for i, (j, c) in enumerate(((j, c) for j in range(1, 9) for c in range(8)), 1)
        for k in range(min(3, int(4 * u(np.int64(i), 71) * 1.6)) + 1)
    ]
    i, j, arm, k = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    week = 4.0 * k
    slope = -0.5 - 0.2 * arm + 0.6 * (u(i, 43) - 0.5) + 0.05 * (((53 * j) % 7) - 3)
    noise = np.round(8 * (u(4 * i + k, 57) - 0.5) * 4) / 4
    level = 20 + 0.4 * (((37 * j) % 11) - 5) + 12 * (u(i, 31) - 0.5)
    y = np.round((level + slope * week + noise) * 4) / 4
    return {
        "client": i - 1,
        "therapist": j - 1,
        "clinic": np.zeros_like(i),
        "arm": arm,
        "time": week,
        "score": y,
    }


def data_g() -> Table:
    """Eight therapists with fifteen clients each, who may drop out in one of twelve sessions."""
    i = np.arange(1, 121)
    j, c = (i - 1) // 15 + 1, (i - 1) % 15
    arm = c % 2
    hazard = 0.06 + 0.004 * base_of(i) - 0.04 * arm + 0.006 * (((37 * j) % 11) - 5)
    session, event = np.full(120, 12), np.zeros(120, dtype=np.int64)
    for s in range(12, 0, -1):
        drops = u(13 * i + s, 57) < hazard
        session[drops], event[drops] = s, 1
    return {
        "client": i - 1,
        "therapist": j - 1,
        "clinic": np.zeros_like(i),
        "arm": arm,
        "base": base_of(i),
        "session": session,
        "event": event,
    }


def data_h() -> Table:
    """Three arms, five clinics, unequal therapists, up to five assessments: by a formula of its own.

    ``v(i, a) = ((a·i³ + 104651·i + 15485863) mod 65521) / 65521``, scores in eighths.
    """

    def v(i: NDArray[np.int64], a: int) -> NDArray[np.float64]:
        return ((a * i * i * i + 104651 * i + 15485863) % 65521) / 65521

    therapist = np.repeat(np.arange(17), [2 + (7 * j) % 5 for j in range(17)])
    client = np.arange(len(therapist))
    visits = 2 + np.floor(v(client + 1, 29) * 3.999).astype(np.int64)
    rows = np.repeat(client, visits)
    visit = np.concatenate([np.arange(one) for one in visits])
    j, week, arm = therapist[rows], visit * 3.0, rows % 3
    base = np.round(10 + 20 * v(rows + 1, 113))
    level = 0.45 * base - 1.2 * (arm == 1) - 2.0 * (arm == 2) + 3 * (v(j + 1, 977) - 0.5)
    slope = -0.3 - 0.1 * arm + 0.8 * (v(rows + 1, 61) - 0.5) + 0.3 * (v(j + 1, 71) - 0.5)
    clinic = j % 5
    noise = (
        7 * (v(5 * rows + visit + 1, 43) - 0.5)
        + 5 * (v(rows + 1, 83) - 0.5)
        + 4 * (v(clinic + 1, 59) - 0.5)
    )
    return {
        "client": rows,
        "therapist": j,
        "clinic": clinic,
        "arm": arm,
        "time": week,
        "base": base,
        "score": np.round((level + slope * week + noise) * 8) / 8,
    }
