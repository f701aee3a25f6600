"""Calibration to one's own records aims at what those records say, as surely as they say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from experiments.calibration import targets_for
from experiments.calibration.real_data import targets_from_records
from experiments.records import read_records
from experiments.records.describe import describe_records
from simulation.errors import AllianceError
from simulation.parameters import Parameters
from simulation.running import simulate
from tests.experiments.records.test_estimates import table
from tests.experiments.records.test_shapes import WIDE

if TYPE_CHECKING:
    from pathlib import Path


def records(path: Path, replicates: int) -> Path:
    clinic = Parameters(clients=60, therapists=6, client_rating_base=0.25)
    sessions = simulate(clinic, seed=9, replicates=replicates, histories=True).sessions
    client = (sessions["replicate"] * 1000 + sessions["client"]).alias("client")
    rating = sessions["wai_sr_client"].alias("wai_sr")
    sessions.select(client, "session", "therapist", rating, "core_10").write_csv(path)
    return path


def test_the_targets_are_what_the_records_say_and_more_records_say_it_more_surely(
    tmp_path: Path,
) -> None:
    few = {
        t.id: t for t in targets_from_records(read_records(records(tmp_path / "few.csv", 2))).rows
    }
    many = {
        t.id: t for t in targets_from_records(read_records(records(tmp_path / "many.csv", 20))).rows
    }
    published = {t.id: t for t in targets_for("default").rows}
    assert {"F74", "F75"} <= few.keys() <= published.keys()
    assert many["F74"].value < published["F74"].value
    assert many["F74"].low <= few["F74"].high
    assert few["F74"].low <= many["F74"].high
    narrower = [many[name].sd < few[name].sd for name in few.keys() & many.keys()]
    assert sum(narrower) > 0.8 * len(narrower)


def test_records_that_support_nothing_are_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "bare.csv"
    file.write_text("client,session\n1,1\n1,2\n2,1\n", encoding="utf-8")
    with pytest.raises(AllianceError, match="support none of the statistics"):
        targets_from_records(read_records(file))


@pytest.mark.parametrize("name", ["plain", "wide", "separated", "unknown scale"])
def test_a_calibration_uses_only_what_describe_shows(tmp_path: Path, name: str) -> None:
    path = records(tmp_path / "records.csv", 3)
    if name == "unknown scale":
        path.write_text(path.read_text("utf-8").replace("wai_sr", "alliance"), encoding="utf-8")
    if name == "wide":
        path.write_text(WIDE, encoding="utf-8")
    if name == "separated":
        path.write_text(table(60, caseload=10, rated=60, separated=True), encoding="utf-8")
    read = read_records(path)
    shown = {row.id: row.yours for row in describe_records(read, studies=0).rows}
    targets = targets_from_records(read).rows
    assert 3 <= len(targets) < len(shown)
    for target in targets:
        assert (target.low + target.high) / 2 == pytest.approx(shown[target.id])


def test_statistics_are_counted_while_they_are_computed(tmp_path: Path) -> None:
    read = read_records(records(tmp_path / "records.csv", 2))
    for function in (
        targets_from_records,
        lambda *given, **named: describe_records(*given, studies=0, **named),
    ):
        steps: list[tuple[int, int]] = []
        function(read, on_statistic=lambda done, of, steps=steps: steps.append((done, of)))
        assert [done for done, _ in steps] == list(range(1, len(steps) + 1))
        assert {of for _, of in steps} == {len(steps)}
