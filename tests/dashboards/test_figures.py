"""Figures are plain values that a browser can read."""

from __future__ import annotations

import json
import math

from dashboards.charts.figures import (
    Axis,
    Bars,
    Heat,
    Lines,
    Mark,
    Network,
    Node,
    Series,
    as_json,
    numbers,
    plain_number,
)


def test_what_is_not_a_number_is_left_open() -> None:
    assert numbers([0.123456, math.nan, math.inf]) == (0.1235, None, None)


def test_every_kind_of_figure_is_json() -> None:
    axis = Axis("Session", 0, 1)
    figures = (
        Lines("a", "b", axis, axis, (1.0, 2.0), (Series("s", (0.1, None)),), marks=(Mark(1, "x"),)),
        Heat("a", "b", axis, axis, ("1",), ("2",), ((0.5,),), axis),
        Bars("a", "b", axis, ("one",), (Series("s", (0.1,), (0.0,), (0.2,)),)),
        Network("a", "b", (Node("n", 1.0, 0.5),), ((0, 0),), ((0.5, 0.5),), axis),
    )
    for figure in figures:
        plain = json.loads(json.dumps(as_json(figure), allow_nan=False))
        assert plain["kind"] == figure.kind
        assert plain["title"] == "a"


def test_a_score_has_two_decimals_and_what_is_below_one_three() -> None:
    assert [plain_number(value) for value in (5.2, 0.5, -0.125, 12.0)] == [
        "5.20",
        "0.500",
        "−0.125",
        "12.00",
    ]
