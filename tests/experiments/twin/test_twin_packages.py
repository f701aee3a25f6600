"""What a file of SPSS or Stata says about its columns, as a twin keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyreadstat
import pytest

from experiments.twin.packages import column_forms

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("version", [8, 12, 13, 14, 15])
def test_labels_of_every_version_of_stata_keep_their_letters(version: int, tmp_path: Path) -> None:
    path = tmp_path / "records.dta"
    table = pl.DataFrame({"mood": [1, 2, 1]})
    pyreadstat.write_dta(
        table,
        str(path),
        version=version,
        column_labels=["Gefühl"],
        variable_value_labels={"mood": {1: "früh", 2: "spät"}},
    )
    forms = column_forms(path, "Stata")
    assert forms.labels == {"mood": "Gefühl"}
    assert list(forms.value_labels["mood"].values()) == ["früh", "spät"]
