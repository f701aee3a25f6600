"""Session numbers as files write them."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.records.session_numbers import AFTER, INTAKE, MOST_SESSIONS, read_sessions


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("3.0", 3),
        ("3,00", 3),
        ("3.5", np.nan),
        ("-1", np.nan),
        ("", np.nan),
        ("Session 3", 3),
        ("Sitzung_012", 12),
        ("S4", 4),
        ("Baseline", INTAKE),
        ("Prä", INTAKE),
        ("Post-Treatment", AFTER),
        (f"{MOST_SESSIONS}", MOST_SESSIONS),
        (f"{MOST_SESSIONS + 1}", np.nan),
        (f"Session {MOST_SESSIONS}", MOST_SESSIONS),
        (f"Session {MOST_SESSIONS + 1}", np.nan),
    ],
)
def test_a_cell_means_one_session_or_none(cell: str, number: float) -> None:
    """What is above the most is a slip, and no measurement after the last session."""
    np.testing.assert_array_equal(read_sessions(["1", cell, "2"]), [1, number, 2])
