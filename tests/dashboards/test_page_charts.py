"""The page's own charts draw what the dashboard's draw: the same marks in the same places, with the same names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.charts.figures import Axis, Bars, Lines, Mark, Series, as_json
from dashboards.lessons.catalogue import find_lesson
from dashboards.lessons.marks import with_prediction
from dashboards.lessons.running import result_of
from dashboards.therapies.figures import felt
from dashboards.therapies.offers import offered
from dashboards.therapies.playing import counterfactuals, play
from dashboards.therapies.therapy import Setup, Situation
from tests.dashboards.node import ASSETS, SCRIPTS, evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPARE = (
    (Path(__file__).parent / "compare_charts.mjs")
    .read_text("utf-8")
    .replace("ASSETS", ASSETS)
    .replace("SCRIPTS", SCRIPTS)
)

ENDS = f"""
import {{ options }} from "{ASSETS}/drawing.js";
const pen = {{ scale() {{}}, fillRect() {{}}, stroke() {{}} }};
globalThis.document = {{ createElement: () => ({{ getContext: () => pen }}) }};
globalThis.Path2D = class {{}};
const style = {{ palette: ["1", "2"], size: 12, family: "", soft: "s", line: "l", ink: "i", card: "c" }};
export const main = (figures) => figures.map((figure) => {{
  const {{ series }} = options(figure, style, true, {{ width: 600, height: 300 }});
  return series.filter((one) => one.endLabel).map((one) => one.name);
}});
"""

OFFERED = f"""
import {{ offered }} from "{SCRIPTS}/chair.js";
export const main = (situations, room) => situations.map((one) => offered(one, room));
"""


def made() -> Iterator[Any]:
    """Yield figures of every form that a page draws, and some that none of its rooms has."""
    for key in ("why_people_leave", "who_is_still_there", "therapist_effects", "feedback"):
        assert find_lesson(key)
        yield from result_of(key).figures
    setup = Setup.of("wary", "warm", seed=3)
    yield from felt(play(setup, "lcl"), 4, counterfactuals(setup, "lcl", 2))
    for key, answer in (
        ("tired_team", "both"),
        ("who_is_still_there", "less"),
        ("why_people_leave", 40.0),
    ):
        yield from with_prediction(result_of(key), answer)
    axis = Axis("Share", 0.0, None, percent=True)
    gaps = Series("a", (0.2, None, 0.4, 0.5), (0.1, None, 0.3, 0.4), (0.3, None, 0.5, 0.6))
    shares = Series("b", (0.1, 0.2, 0.3, 0.4))
    xs = (1.0, 2.0, 3.0, 4.0)
    marks = (Mark(2.0, "Rupture, missed"), Mark(3.0, "Limit held", "boundary"))
    for stacked, steps in ((False, False), (False, True), (True, False)):
        yield Lines(
            "A", "B.", Axis("Session"), axis, xs, (gaps, shares), stacked, steps, marks, 3.0
        )
    for points in (False, True):
        series = (Series("a", (0.2, None), (0.1, None), (0.3, None)), Series("b", (0.1, 0.4)))
        yield Bars("A", "B.", axis, ("one", "two"), series, points, reference=0.0)


@pytest.fixture(scope="module")
def drawn() -> list[Any]:
    figures = [as_json(figure) for figure in made()]
    found = evaluate(COMPARE, figures)
    return list(zip(figures, found, strict=True))


def test_both_draw_the_same_series_points_and_labels(drawn) -> None:
    for figure, (page, dashboard) in drawn:
        assert page == dashboard, figure["title"]
        assert page


def test_the_comparison_sees_every_kind_of_mark(drawn) -> None:
    kinds = {mark[2:].partition('"')[0] for _, (page, _) in drawn for mark in page}
    expected = {"line", "band", "symbol", "event", "cursor", "bar", "point", "whisker", "reference"}
    assert kinds == expected | {"prediction"}


TOOLTIPS = f"""
import {{ options }} from "{ASSETS}/drawing.js";
const style = {{ palette: ["1", "2"], size: 12, family: "", soft: "s", line: "l", ink: "i", card: "c" }};
export const main = (figures) => figures.map((figure) => options(
  figure, style, true, {{ width: 600, height: 300 }}
).tooltip.formatter([{{ dataIndex: 0 }}]));
"""


def test_a_row_of_bars_says_its_values_when_it_is_pointed_at() -> None:
    figure = result_of("feedback").figures[0]
    (said,) = evaluate(TOOLTIPS, [as_json(figure)])
    value, low, high = (getattr(figure.series[0], name)[0] for name in ("values", "low", "high"))
    assert said == (
        f"{figure.names[0]}<br>{figure.series[0].name}: <b>{value:.2f}</b> ({low:.2f} to {high:.2f})"
    )


def test_a_moved_point_is_seen(drawn) -> None:
    figure = drawn[0][0]
    moved = {**figure, "series": [dict(one) for one in figure["series"]]}
    moved["series"][0]["values"] = [0.123, *moved["series"][0]["values"][1:]]
    (page, _), (_, dashboard) = evaluate(COMPARE, [moved, figure])
    assert page != dashboard


def test_the_page_offers_the_stances_that_python_offers() -> None:
    from dashboards.page.room import room

    situations = [
        Situation(2, tests, strain, rupture, False, tension)
        for tests in (False, True)
        for strain in (0.0, 0.2, 0.19)
        for rupture in ("none", "withdrawal")
        for tension in (0.0, 0.3)
    ]
    found = evaluate(OFFERED, [as_json(one) for one in situations], room())
    assert found == [offered(one) for one in situations]
    assert len(set(found)) == 4


def test_a_line_is_named_at_its_end_where_the_legend_does_not_name_it() -> None:
    main = Series("as it is", (0.1, 0.2))
    others = [Series(name, (0.2, 0.3), role="ghost") for name in ("listen", "bend it")]
    axis = Axis("Share", 0.0, 1.0)
    figures = [
        as_json(Lines("A", "B.", Axis("Session"), axis, (1.0, 2.0), (main, *others[:count])))
        for count in (0, 1, 2)
    ]
    assert evaluate(ENDS, figures) == [[], [], ["listen", "bend it"]]
