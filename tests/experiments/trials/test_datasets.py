"""Data sets for other programs: what a researcher would have, and the truth in a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyreadstat
import pytest

from experiments.trials import Trial
from experiments.trials.clinics import differing_values
from experiments.trials.datasets import LABEL, check_formats, write_dataset
from simulation.errors import AllianceError
from tests.experiments.trials.small_trials import ARMS, design

if TYPE_CHECKING:
    from pathlib import Path

MADE = design(
    arms={"waiting": {"therapists": 0}, **ARMS}, missing={"after_dropout": 0.9, "at_random": 0.1}
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_dataset(folder, MADE, Trial(MADE).simulate(1, first=3))
    return folder


def test_everything_is_there(written: Path) -> None:
    names = {one.name for one in written.iterdir()}
    assert names == {
        *("data.csv", "data_long.csv", "data.sav", "data_long.sav"),
        *("read.R", "codebook.md", "truth.csv"),
    }


def test_what_clinics_differ_in_is_a_truth_of_its_own(tmp_path: Path) -> None:
    made = design(design={"clients": 40, "therapists": 8, "clinics": 4})
    write_dataset(tmp_path, made, Trial(made).simulate(1, first=3), formats=["csv"])
    clinics = pl.read_csv(tmp_path / "truth_clinics.csv")
    assert clinics["clinic"].to_list() == [1, 2, 3, 4]
    assert clinics["severity"].n_unique() == 4
    expected = differing_values(made, made.parameters_of("usual"), range(3, 4))
    assert np.array_equal(clinics["dropout_first"].to_numpy(), expected["dropout_first"])
    book = (tmp_path / "codebook.md").read_text("utf-8")
    assert "truth_clinics.csv" in book
    assert "differ as much as published studies do" in book


def test_both_forms_and_both_formats_say_the_same(written: Path) -> None:
    table = Trial(MADE).simulate(1, first=3).table
    wide, long = (pl.read_csv(written / name) for name in ("data.csv", "data_long.csv"))
    assert wide["arm"].to_list() == [list(MADE.arms)[arm] for arm in table.arm]
    assert wide["therapist"].fill_null(0).to_list() == (table.therapist + 1).tolist()
    scores = wide.select("core_10_w2", "core_10_w6", "core_10_w12").fill_null(-1).to_numpy()
    assert np.array_equal(scores, np.nan_to_num(table.scores, nan=-1))
    assert long["core_10"].fill_null(-1).to_list() == scores.reshape(-1).tolist()
    spss, about = pyreadstat.read_sav(str(written / "data.sav"))
    assert about.file_label == LABEL
    assert about.variable_value_labels["arm"] == {0: "waiting", 1: "usual", 2: "supervision"}
    assert about.column_names_to_labels["core_10_w6"].endswith("(primary)")
    assert np.array_equal(np.nan_to_num(spss["core_10_w6"], nan=-1), scores[:, 1])
    assert spss["therapist"].isna().sum() == (table.therapist < 0).sum() > 0


def test_the_truth_is_in_its_own_file_alone(written: Path) -> None:
    truth = pl.read_csv(written / "truth.csv")
    assert {"score_waiting", "score_usual", "effect_supervision", "status"} <= set(truth.columns)
    assert (truth["effect_usual"] == truth["score_usual"] - truth["score_waiting"]).all()
    for name in ("data.csv", "data_long.csv"):
        shown = set(pl.read_csv(written / name).columns)
        assert not shown & (set(truth.columns) - {"client", "arm"})
    data = pl.read_csv(written / "data.csv")
    assert (data["core_10_w6"].is_null() == (truth["why_missing_w6"].fill_null("") != "")).all()
    book = (written / "codebook.md").read_text("utf-8")
    assert "Simulated, not real people" in book
    for column in [*data.columns, *pl.read_csv(written / "data_long.csv").columns]:
        assert f"`{column}`" in book


def test_the_same_trial_is_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_dataset(tmp_path, MADE, Trial(MADE).simulate(1, first=3))
    for one in written.iterdir():
        assert (tmp_path / one.name).read_bytes() == one.read_bytes(), one.name


def test_nothing_is_written_over_what_is_there(written: Path) -> None:
    write_dataset(written, MADE, Trial(MADE).simulate(1, first=3))  # the same again
    with pytest.raises(AllianceError, match="overwrite"):
        write_dataset(written, MADE, Trial(MADE).simulate(1))


def test_r_brings_the_file_that_its_script_reads() -> None:
    assert check_formats(["r"]) == ("csv", "r")
    with pytest.raises(AllianceError, match=r"xls is not a format of data"):
        check_formats(["xls"])
