"""Golden runs have the bits they had, on every Python."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.golden.renew import CLINICS, FILE, hashes, run

GOLDEN: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", GOLDEN["clinics"])
def test_a_golden_clinic_has_the_bits_it_had(name: str) -> None:
    clinic = GOLDEN["clinics"][name]
    parameters = {**GOLDEN["parameters"], **clinic["changes"]}
    result = run(parameters, clinic["seed"], clinic["replicate"])
    assert int(result.client_rows["sessions"].sum()) == clinic["sessions"]
    for table, columns in clinic["hashes"].items():
        now = hashes(result)[table]
        moved = [column for column, value in columns.items() if now.get(column) != value]
        assert not moved, f"{table}: {moved}. If meant: python tests/golden/renew.py"


def test_the_golden_file_holds_the_clinics_that_renewing_would_write() -> None:
    assert {name: clinic["changes"] for name, clinic in GOLDEN["clinics"].items()} == CLINICS
