"""No number that is learned rests on fewer than five clients: sites, and shares of missing scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from experiments.examples.counselling_records import FILE
from experiments.twin.learning import Learned, learn
from experiments.twin.original import read_original

if TYPE_CHECKING:
    from pathlib import Path

FRAME = pl.read_csv(FILE)
CLIENTS = FRAME["client"].unique(maintain_order=True).to_list()


def learned_of(folder: Path, frame: pl.DataFrame) -> Learned:
    path = folder / "records.csv"
    frame.write_csv(path)
    return learn(read_original(path))


@pytest.mark.parametrize(
    ("sites", "sizes"),
    [
        ({"north": 100, "south": 60}, (100, 60)),
        ({"north": 100, "south": 57, "a": 2, "b": 1}, (103, 57)),
        ({"north": 100, "south": 54, "a": 3, "b": 3}, (100, 54, 6)),
        ({str(number): 1 for number in range(160)}, (160,)),
    ],
)
def test_sites_of_few_clients_are_put_together(
    tmp_path: Path, sites: dict[str, int], sizes: tuple[int, ...]
) -> None:
    names = [name for name, clients in sites.items() for _ in range(clients)]
    of_client = dict(zip(CLIENTS, names, strict=True))
    frame = FRAME.with_columns(site=pl.col("client").replace_strict(of_client))
    assert learned_of(tmp_path, frame).sites == sizes


def test_a_share_of_missing_scores_rests_on_five_courses(tmp_path: Path) -> None:
    """Intake of three clients, one without a score: a third would tell of one of them."""
    intake = FRAME.filter(pl.col("client").is_in(CLIENTS[:3])).unique("client", keep="first")
    intake = intake.with_columns(
        session=pl.lit(0, dtype=FRAME["session"].dtype),
        core_10=pl.Series([None, 20, 20], dtype=FRAME["core_10"].dtype),
    )
    later = FRAME.filter(pl.col("session") > 0)
    score = learned_of(tmp_path, pl.concat([later, intake])).scores["core_10"]
    usual = later["core_10"].null_count() + 1, later.height + 3
    assert score.missing[0] == pytest.approx(usual[0] / usual[1], abs=0.01)
    assert np.isfinite(score.missing).all()
