"""An axis of values begins at 0 or says where it begins: by one rule on the dashboard, on the page and on paper."""

from __future__ import annotations

import itertools
import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.charts.axes import axis_label, extent, ticks_from_first
from dashboards.charts.figures import Axis, Bars, Lines, Series, as_json
from dashboards.lessons.catalogue import lessons
from dashboards.lessons.print_figures import drawn
from dashboards.lessons.running import result_of
from tests.dashboards.node import ASSETS, evaluate

if TYPE_CHECKING:
    from dashboards.charts.figures import Figure

EXTENTS = f"""
import {{ extentOf }} from "{ASSETS}/axes.js";
export const main = (asked) => asked.map(([axis, values]) => extentOf(axis, values));
"""

TICKS = f"""
import {{ ticksFromFirst }} from "{ASSETS}/axes.js";
export const main = (asked) => asked.map(([low, high, most, whole]) => ticksFromFirst(low, high, most, whole));
"""

AXES = f"""
import {{ labelOf, valueAxisOf }} from "{ASSETS}/axes.js";
import {{ options }} from "{ASSETS}/drawing.js";
const pen = {{ scale() {{}}, fillRect() {{}}, stroke() {{}} }};
globalThis.document = {{ createElement: () => ({{ getContext: () => pen }}) }};
globalThis.Path2D = class {{}};
const style = {{ palette: ["1", "2"], size: 12, family: "", soft: "s", line: "l", ink: "i", card: "c" }};
export const main = (figures) => figures.map((figure) => {{
  const asked = options(figure, style, true, {{ width: 600, height: 300 }});
  const {{ min, max }} = figure.kind === "lines" ? asked.yAxis : asked.xAxis;
  const {{ low, high }} = valueAxisOf(figure);
  return {{ drawn: [min, max], said: [low, high], label: labelOf(figure) }};
}});
"""


def value_axis(figure: Figure) -> Axis:
    assert isinstance(figure, Bars | Lines)
    return figure.y if isinstance(figure, Lines) else figure.x


@pytest.fixture(scope="module")
def shown() -> list[tuple[Figure, dict[str, Any]]]:
    figures = [figure for lesson in lessons() for figure in result_of(lesson.key).figures]
    return list(zip(figures, evaluate(AXES, [as_json(one) for one in figures]), strict=True))


def test_every_chart_of_a_lesson_begins_at_0_or_says_where_it_begins(shown) -> None:
    elsewhere = []
    for figure, axis in shown:
        assert axis["drawn"] == axis["said"], figure.title
        low = axis["said"][0]
        said = "the axis begins at" in axis["label"]
        assert said == (low != 0), figure.title
        values = [value for one in figure.series for value in (*one.values, *one.low)]
        below = min(value for value in values if value is not None)
        if said:
            elsewhere.append(figure.title)
            # Nothing but a value below 0, or a questionnaire whose scale has no 0, moves an axis away from it.
            assert below < 0 or "12 to 60" in axis["label"], figure.title
        assert low <= below
    assert "Alliance over sessions, three ways to draw it" in elsewhere
    assert len(elsewhere) < len(shown) / 3


def test_paper_begins_where_the_screen_does_and_says_so_too(shown) -> None:
    for figure, axis in shown:
        words = re.findall(r"<text[^>]*>([^<]*)</text>", drawn(figure).picture)
        assert axis["label"] in words, figure.title


def test_paper_and_browser_follow_one_rule() -> None:
    draw = random.Random(4)
    asked = []
    for _ in range(300):
        size = 10 ** draw.uniform(-3, 3)
        values = [draw.uniform(-0.3, 1) * size for _ in range(draw.randint(1, 6))]
        if draw.random() < 0.2:
            values.append(None)
        axis = Axis(
            "A",
            low=draw.choice([None, None, min(0.0, *(v for v in values if v is not None))]),
            percent=draw.random() < 0.3,
            zero=draw.random() < 0.5,
        )
        asked.append((axis, values))
    found = evaluate(EXTENTS, [[as_json(axis), values] for axis, values in asked])
    for (axis, values), (low, high) in zip(asked, found, strict=True):
        assert (low, high) == pytest.approx(extent(axis, values))
        known = [value for value in values if value is not None]
        assert low <= min(known) + 1e-9
        assert high >= max(known) - 1e-9
        if axis.zero:
            assert low <= 0 <= high
    assert len({low == 0 for low, _ in found}) == 2


def test_sessions_are_counted_from_1_on_paper_and_in_the_browser() -> None:
    asked = [(1.0, float(last), most, True) for last in range(2, 80) for most in (3, 4, 6, 9, 12)]
    asked += [
        (0.0, 24.0, 6, True),
        (0.0, 1.5, 5, False),
        (0.3, 2.9, 4, False),
        (4.0, 32.0, 6, True),
    ]
    found = evaluate(TICKS, asked)
    for (low, high, most, whole), ticks in zip(asked, found, strict=True):
        assert ticks == ticks_from_first(low, high, most, whole=whole)
        assert low <= ticks[0] <= ticks[-1] <= high
        if not whole or low == 0:
            continue
        assert ticks[0] == low
        apart = [after - before for before, after in itertools.pairwise(ticks)]
        assert all(gap >= 0.7 * max(apart) for gap in apart), ticks
    assert ticks_from_first(1.0, 24.0, 6, whole=True) == [1, 5, 10, 15, 20]
    assert ticks_from_first(1.0, 16.0, 8, whole=True) == [1, 3, 5, 7, 9, 11, 13, 15]


def test_every_chart_of_a_lesson_over_sessions_names_session_1_on_paper() -> None:
    figures = [figure for lesson in lessons() for figure in result_of(lesson.key).figures]
    over = [one for one in figures if isinstance(one, Lines) and one.x.label == "Session"]
    assert over
    for figure in over:
        words = re.findall(r"<text[^>]*>([^<]*)</text>", drawn(figure).picture)
        assert "1" in words, figure.title


def test_an_axis_near_its_values_says_where_it_begins() -> None:
    assert extent(Axis("A"), (43.1, 50.4)) == (42.0, 52.0)
    assert extent(Axis("A", zero=True), (43.1, 50.4)) == (0.0, 60.0)
    assert extent(Axis("A", percent=True, zero=True), (0.3, 0.9)) == (0.0, 1.0)
    assert axis_label(Axis("Rating"), 42.0) == "Rating; the axis begins at 42"
    assert axis_label(Axis("Share", percent=True), -0.1).endswith("begins at \N{MINUS SIGN}10 %")
    assert axis_label(Axis("Rating"), 0.0) == "Rating"


def test_bars_are_drawn_from_0_whatever_their_axis_says() -> None:
    bars = Bars("N", "S.", Axis("Points"), ("a",), (Series("s", (8.0,)),))
    (axis,) = evaluate(AXES, [as_json(bars)])
    assert axis["drawn"][0] == 0
