"""Statistics of simulated records are those that lme4, survival, psych and R's own functions compute, to a millionth.

``agreement/make.py`` writes the records, ``agreement/make.R`` asks R. Shares of variance are compared where
nothing is missing and caseloads are equal: there the analysis of variance, which describe uses, and restricted
maximum likelihood agree.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from experiments.records.describe import describe_records
from experiments.records.reading import read_records

FOLDER = Path(__file__).with_name("agreement")
ANSWERS = tomllib.loads((FOLDER / "answers.toml").read_text("utf-8"))
KNOWN = [(file, name) for file in ("simulated", "balanced") for name in ANSWERS[file]]


@pytest.fixture(scope="module")
def described() -> dict[str, dict[str, float]]:
    found = {}
    for file in ("simulated", "balanced"):
        records = read_records(FOLDER / f"{file}.csv")
        assert records.rows_left_out == 0
        found[file] = {row.id: row.yours for row in describe_records(records, studies=0).rows}
    return found


def test_r_was_asked_for_half_a_hundred() -> None:
    assert len(KNOWN) >= 45
    assert set(ANSWERS["versions"]) == {"R", "lme4", "survival", "psych"}


@pytest.mark.parametrize(("file", "name"), KNOWN)
def test_a_statistic_is_what_r_computes(described, file: str, name: str) -> None:
    assert described[file][name] == pytest.approx(ANSWERS[file][name], rel=1e-6, abs=1e-6)
