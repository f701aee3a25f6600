"""Bands of a lesson's charts stay where a questionnaire or a share can be."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from dashboards.charts.figures import Bars, Lines
from dashboards.lessons.catalogue import find_lesson
from dashboards.lessons.pictures import picture
from dashboards.lessons.wanted import FigureWanted

LESSON = find_lesson("who_is_still_there")


def arm(panel: np.ndarray, dropped_out: np.ndarray) -> SimpleNamespace:
    """Return a finished arm of a few clients with these ratings."""
    started = np.ones(len(panel), dtype=bool)
    tables = SimpleNamespace(panel=lambda _: panel, started=started, dropped_out=dropped_out)
    return SimpleNamespace(title="few", tables=tables)


@pytest.mark.parametrize(("column", "low", "high"), [("wai_sr_client", 12, 60), ("core_10", 0, 40)])
def test_a_band_of_ratings_ends_where_the_questionnaire_does(column, low, high) -> None:
    middle = (low + high) / 2
    panel = np.array(
        [[high, low, high], [high, low, middle], [middle, middle, middle]], dtype=float
    )
    wanted = FigureWanted(kind="curve", title="A curve", arms=("few",), column=column)
    few = arm(panel, np.zeros(3, dtype=bool))
    figure = picture(wanted, LESSON, {"few": few}, {})
    assert isinstance(figure, Lines)
    band = figure.series[0]
    assert max(band.high) == high
    assert min(band.low) == low
    for below, value, above in zip(band.low, band.values, band.high, strict=True):
        assert below <= value <= above


def test_an_interval_of_a_share_ends_at_none_and_at_all() -> None:
    first = np.array([20.0, 20, 20, 40, 40, 40, 50, 50, 50])
    left = np.array([1, 1, 0, 1, 0, 0, 0, 0, 0], dtype=bool)
    wanted = FigureWanted(kind="leaving", title="Who leaves", arms=("few",))
    figure = picture(wanted, LESSON, {"few": arm(first[:, None], left)}, {})
    assert isinstance(figure, Bars)
    series = figure.series[0]
    assert max(series.high) == 1.0
    assert min(series.low) == 0.0
