"""Every measure is found in the file that declares it, and says what it is and what it is counted in."""

from __future__ import annotations

import importlib
import math
import re
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from experiments.catalogue import CONTRASTS, OUTCOMES, STATISTICS, outcome, tables_needed
from experiments.outcomes.estimating import one_a_replicate
from experiments.quantities.measure import Measure, measures_in
from experiments.quantities.unit import SHARE, points_of
from experiments.tables.run_tables import RunTables
from simulation.errors import AllianceError
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CATALOGUES = {"outcomes": OUTCOMES, "statistics": STATISTICS, "contrasts": CONTRASTS}
DECLARING = """
from experiments.quantities.measure import Measure
from experiments.quantities.unit import SHARE

MEASURES = (Measure("{name}", "a label", "A meaning.", SHARE, compute=len),)
"""


@pytest.mark.parametrize("kind", CATALOGUES)
def test_every_measure_has_words_for_people_and_a_unit(kind: str) -> None:
    for name, one in CATALOGUES[kind].items():
        assert one.name == name
        assert one.label
        assert one.label != name
        assert one.meaning[-1] in ".)"
        low, high = one.unit.range
        assert low < high


def test_no_two_outcomes_are_offered_under_the_same_words() -> None:
    assert len({one.label for one in OUTCOMES.values()}) == len(OUTCOMES)


def test_a_statistic_says_what_its_docstring_says() -> None:
    assert STATISTICS["satisfaction_mean"].meaning == (
        "Mean satisfaction at the last session, CSQ-8 points (F79)."
    )


def test_what_a_run_must_store_is_said_by_its_outcomes() -> None:
    assert tables_needed(["dropout_rate", "repair_rate"]) == frozenset()
    assert tables_needed(["mean_alliance", "mean_fatigue"]) == {"sessions", "therapists"}


@pytest.mark.parametrize("column", ["wai_sr_client", "csq_8", "blri_empathy"])
def test_points_reach_as_far_as_their_questionnaire(column: str) -> None:
    row = INSTRUMENTS[column]
    unit = points_of(column)
    assert unit.range == (row.low, row.high)
    assert unit.name.endswith(f"{row.low} to {row.high}")


def test_a_change_may_go_either_way_as_far_as_its_scale() -> None:
    assert outcome("core_10_last").unit.range == (0, 40)
    assert outcome("core_10_change").unit.range == (-40, 40)
    assert outcome("core_10_change").unit.range_of_differences == (-80, 80)
    assert SHARE.of_differences().range == (-1, 1)
    assert outcome("skill_gain").unit.range == (-math.inf, math.inf)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Make a package of files that each declare a measure."""
    name = "package_of_measures"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    def make(**files: str) -> str:
        for file, measure in files.items():
            (tmp_path / name / f"{file}.py").write_text(DECLARING.format(name=measure), "utf-8")
        importlib.invalidate_caches()
        return name

    yield make
    for module in [one for one in sys.modules if one.startswith(name)]:
        del sys.modules[module]


def test_a_file_is_found_by_itself_in_the_order_of_names(package: Callable[..., str]) -> None:
    found = measures_in(package(b="second", a="first"))
    assert list(found) == ["first", "second"]
    assert isinstance(found["first"], Measure)
    assert found["first"]("abc") == 3


def test_two_measures_of_one_name_are_refused(package: Callable[..., str]) -> None:
    with pytest.raises(AllianceError, match="two measures of the name same"):
        measures_in(package(a="same", b="same"))


def test_a_forgotten_comma_is_told(package: Callable[..., str], tmp_path: Path) -> None:
    name = package(a="some")
    file = tmp_path / name / "a.py"
    file.write_text(file.read_text("utf-8").replace(",)\n", ")\n"), "utf-8")
    with pytest.raises(AllianceError, match="with a comma behind each"):
        measures_in(name)


@pytest.mark.parametrize("needs", ["sessions", ("session",)])
def test_what_an_outcome_cannot_need_is_told(needs: Any) -> None:
    with pytest.raises(AllianceError, match=r'such as \("sessions",\)'):
        Measure("some", "some", "Some.", SHARE, len, needs=needs)


@pytest.mark.parametrize(
    ("gives", "said"),
    [(None, "gave nothing"), (0.5, "gave a single value"), (np.ones(3), "gave the shape (3,)")],
)
def test_an_outcome_that_is_no_number_a_replicate_is_told(gives: Any, said: str) -> None:
    tables = RunTables({"replicate": np.arange(2), "client": np.zeros(2, int)})
    one: Measure[Any] = Measure("some", "some", "Some.", SHARE, lambda _: gives)
    with pytest.raises(AllianceError, match=re.escape(said)) as caught:
        one_a_replicate(one, tables)
    assert "shape (2,)" in str(caught.value)
    fine: Measure[Any] = Measure("some", "some", "Some.", SHARE, lambda _: np.ones(2))
    assert one_a_replicate(fine, tables).tolist() == [1.0, 1.0]
