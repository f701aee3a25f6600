"""What charts promise to those who see no colours, who print in grey, and who read the numbers."""

from __future__ import annotations

import itertools
import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.charts.figures import DIGITS, Axis, Bars, Heat, Lines, Series, as_json
from dashboards.clinics.outcomes import value_text
from experiments.catalogue import outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Request

    from tests.browser.conftest import Visit

SMALL = "clients=60&therapists=6"

# The look of every entry of every legend without its colours and names.
LEGENDS = """() => [...document.querySelectorAll("figure.chart")].map((chart) => ({
  title: chart.querySelector("h2").textContent,
  entries: [...chart.querySelectorAll(".legend svg")].map((svg) => svg.outerHTML
    .replace(/(fill|stroke)="(#|rgb)[^"]*"/g, "").replace(/pattern-[0-9]+/g, "")),
}))"""

STEPS = """async (figure) => {
  const { options } = await import("/static/assets/drawing.js");
  const style = { palette: ["#000000"], size: 12, family: "sans-serif", soft: "#666666", line: "#ccc", ink: "#000" };
  const { series } = options(figure, style, true, { width: 600, height: 300 });
  const own = series.find((one) => one.type === "line");
  const stairs = series.find((one) => one.name === "steps");
  const drawn = stairs.data.map((_, dataIndex) => stairs.renderItem({ dataIndex }, { coord: (point) => point }));
  return { shown: own.lineStyle.opacity, lines: drawn.filter(Boolean).map((one) => one.shape.points) };
}"""

HIDDEN_AT_FIRST = """async (figure) => {
  const { default: widget } = await import("/static/assets/chart.js");
  const model = { get: (name) => ({ figure, height: 300, choosable: false })[name], on() {}, off() {}, send() {} };
  const settled = () => new Promise((done) => setTimeout(done, 1000));
  const places = ["none", "block"].map((display) => {
    const el = document.createElement("div");
    el.style.cssText = `width: 520px; display: ${display}`;
    document.querySelector("main").prepend(el);
    widget.render({ model, el });
    return el;
  });
  await settled();
  dispatchEvent(new Event("beforeprint"));  // asks for every chart at once, with or without a width
  places[0].style.display = "block";
  await settled();
  return places.map((el) => el.querySelector("canvas").toDataURL());
}"""

# How a chart of bars is laid out in a box: room for each tick of its axis of values, width of the widest number.
SHORT = """async ([figure, width, size]) => {
  const { options, tall } = await import("/static/assets/drawing.js");
  const colours = { palette: ["#000000"], soft: "#666666", line: "#ccc", ink: "#000", card: "#fff" };
  const style = { ...colours, size, family: "sans-serif" };
  const box = { width, height: tall(figure, 300, style, width, width > 460) };
  const { grid, xAxis, yAxis } = options(figure, style, width > 460, box);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${size}px sans-serif`;
  const { min, max, interval } = xAxis;
  const ticks = [];
  for (let n = Math.ceil(min / interval - 1e-9); n * interval <= max + 1e-9; n += 1) ticks.push(n * interval);
  const wide = ticks.map((tick) => pen.measureText(xAxis.axisLabel.formatter(tick)).width);
  const plot = width - grid.left - grid.right;
  return {
    plot, height: box.height, inside: Boolean(yAxis.axisLabel.inside), ticks: ticks.length,
    apart: plot * interval / (max - min) - Math.max(...wide),
    before: Math.min(grid.left - wide[0] / 2, grid.right - wide[wide.length - 1] / 2),
  };
}"""

ROWS = """async ([figure, height]) => {
  const { options } = await import("/static/assets/drawing.js");
  const style = { palette: ["#000000"], size: 12, family: "sans-serif", soft: "#666666", line: "#ccc", ink: "#000" };
  const { grid, yAxis } = options(figure, style, true, { width: 600, height });
  return (height - grid.top - grid.bottom) / figure.ys.length * (yAxis.axisLabel.interval + 1);
}"""

SAID = """async ([axis, values]) => {
  const { said } = await import("/static/assets/written.js");
  return values.map((value) => said(axis, value));
}"""


@pytest.mark.parametrize(
    "path",
    [
        f"/clinic?v=1&{SMALL}&week=8",
        f"/clinic?v=1&{SMALL}&week=8&measure=latent",
        "/clinic?v=1&clients=200&therapists=2&caseload_cap=4&waiting_loss=0.2&weeks=30",
        f"/compare?v=1&{SMALL}&replicates=3",
        "/session?v=1&stances=llaholalop&at=8",
        "/lessons?v=1&lesson=who_is_still_there&answer=more",
        "/lessons?v=1&lesson=rupture_and_repair&answer=10",
    ],
)
def test_whatever_a_chart_tells_apart_by_colour_it_tells_apart_without(
    visit: Callable[..., Visit], path: str
) -> None:
    page = visit().go(path)
    legends = [one for one in page.evaluate(LEGENDS) if len(one["entries"]) > 1]
    assert legends
    for one in legends:
        assert len(set(one["entries"])) == len(one["entries"]), one["title"]


def test_a_share_still_there_is_drawn_in_steps_however_small_they_are(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go("/evidence?v=1&part=about")
    values = (1.0, 0.5, 0.4999, 0.4998, None, 0.2, 0.1999, 0.0)
    axis = Axis("x")
    figure = Lines(
        "a", "b", axis, axis, tuple(map(float, range(8))), (Series("s", values),), steps=True
    )
    found: dict[str, Any] = page.evaluate(STEPS, as_json(figure))
    assert found["shown"] == 0, "the line that a library simplifies is drawn as well"
    assert [len(line) for line in found["lines"]] == [7, 5]
    for line in found["lines"]:
        for (x, y), (next_x, next_y) in itertools.pairwise(line):
            assert x == next_x or y == next_y, "a step that slopes"


def test_a_chart_that_had_no_width_at_first_is_drawn_as_one_that_had(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go("/evidence?v=1&part=about")
    there = tuple(6000.0 / session for session in range(1, 21))
    figure = Lines(
        "a",
        "b",
        Axis("Session", 1.0, 20.0),
        Axis("y"),
        tuple(map(float, range(1, 21))),
        (Series("s", there, number=there),),
        counted="clients still in treatment",
    )
    shown_late, shown_at_once = page.evaluate(HIDDEN_AT_FIRST, as_json(figure))
    assert shown_late == shown_at_once


@pytest.mark.parametrize("rows", [2, 9, 40, 60])
def test_the_names_of_a_maps_rows_stand_clear_of_each_other(
    visit: Callable[..., Visit], rows: int
) -> None:
    page = visit().go("/evidence?v=1&part=about")
    names = tuple(f"{place / rows:.4g}" for place in range(rows))
    cells = ((0.5,),) * rows
    figure = Heat("a", "b", Axis("x"), Axis("y"), ("1",), names, cells, Axis("v"))
    for height in (560, 300):
        apart: float = page.evaluate(ROWS, [as_json(figure), height])
        assert apart >= 12 * 1.3


@pytest.mark.parametrize("name", ["dropout_rate", "core_10_change", "mean_fatigue"])
def test_a_chart_writes_every_number_as_its_sentence_does(
    visit: Callable[..., Visit], name: str
) -> None:
    page = visit().go("/evidence?v=1&part=about")
    measure, draw = outcome(name), random.Random(1)
    spread = 1.0 if measure.unit.percent else 3.0
    values = [round(draw.uniform(0, spread), DIGITS) for _ in range(2_000)]
    values += [place / 16 for place in range(17)] + [place / 80 for place in range(81)]
    axis = as_json(Axis(measure.axis, percent=measure.unit.percent, measured=True))
    assert page.evaluate(SAID, [axis, values]) == [
        value_text(measure.unit, value) for value in values
    ]


def numbers_of(page: Page, column: int) -> list[str]:
    return page.locator(f".numbers tbody tr td:nth-child({column})").all_text_contents()


def test_the_table_of_a_map_says_what_its_sentence_says(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go(
        "/sweep?v=1&y=boundary&x_count=4&y_count=4&repeats=2&size=16&outcome=dropout_rate&go=1"
    )
    page.get_by_text("32 of 32 clinics").wait_for()
    opened.rest()
    page.get_by_role("button", name=re.compile("^Table: ")).click()
    said = re.findall(r"(\d+\.\d) %", page.locator("figure.chart .summary").text_content() or "")
    shown = sorted(float(cell.removesuffix(" %")) for cell in numbers_of(page, 3))
    assert [float(one) for one in said] == [shown[0], shown[-1]]


def test_every_chart_of_a_room_can_be_kept_as_numbers_and_as_a_picture(
    visit: Callable[..., Visit],
) -> None:
    opened = visit()
    for path in (f"/clinic?v=1&{SMALL}", f"/compare?v=1&{SMALL}&replicates=2"):
        page = opened.go(path)
        for folded in page.locator("details:not([open]):has(figure.chart) > summary").all():
            folded.click()
        charts = page.locator("figure.chart")
        assert charts.count() >= 4
        for place in range(charts.count()):
            chart = charts.nth(place)
            assert len(chart.locator(".summary").text_content() or "") > 20
            for name in ("CSV", "Picture"):
                with page.expect_download() as coming:
                    chart.get_by_role("button", name=re.compile(f"^{name}: ")).click()
                # Of more than ten files a second Chromium drops the others, whoever asks for them.
                page.wait_for_timeout(120)
                content = coming.value.path().read_bytes()
                assert len(content) > (8_000 if name == "Picture" else 20)
                assert content.startswith(b"\x89PNG") == (name == "Picture")


def test_the_number_still_there_stands_below_every_curve_over_sessions(
    visit: Callable[..., Visit],
) -> None:
    opened = visit()
    for path, curves in ((f"/clinic?v=1&{SMALL}", 3), (f"/compare?v=1&{SMALL}&replicates=2", 3)):
        page = opened.go(path)
        below = page.get_by_text(re.compile("^The numbers below the axis are clients still in"))
        assert below.count() == curves


def test_after_an_upgrade_no_module_of_the_old_version_is_kept(
    visit: Callable[..., Visit],
) -> None:
    opened = visit()
    page = opened.go("/evidence?v=1&part=about")
    anew: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type == "fetch" and request.url.endswith(".js"):
            anew.append(request.url.rpartition("/")[2])

    page.on("request", note)
    opened.go(f"/clinic?v=1&{SMALL}")
    assert anew == [], "fetched although nothing has changed"
    page.evaluate("localStorage.allianceModules = 'that of an older version'")
    opened.go(f"/compare?v=1&{SMALL}&replicates=2")
    assert {"chart.js", "drawing.js", "marks.js", "page.js"} <= set(anew)


def test_differences_are_points_with_a_real_minus_and_their_axis_says_so(
    visit: Callable[..., Visit],
) -> None:
    page = visit().go("/evidence?v=1&part=about")
    points = as_json(Axis("Difference (percentage points)", percent=True, points=True))
    assert page.evaluate(SAID, [points, [-0.0271, 0.075, -0.0001]]) == ["−2.7", "7.5", "0.0"]
    scores = as_json(Axis("Score", measured=True))
    assert page.evaluate(SAID, [scores, [-0.5, -12.0]]) == ["−0.500", "−12.00"]
    assert page.evaluate(SAID, [as_json(Axis("Value")), [-1234.0, -0.25]]) == ["−1,234", "−0.25"]


def test_the_marks_at_the_foot_of_a_chart_have_a_key(visit: Callable[..., Visit]) -> None:
    opened = visit()
    page = opened.go("/session?v=1&seed=10&stances=hlacblhlacblhl&at=4")
    for chart in page.locator("figure.chart").all():
        entries = chart.locator(".legend li").all_text_contents()
        assert entries[-3:] == ["rupture", "rupture, repaired", "test of the frame"]
    page = opened.go("/session?v=1&seed=10&stances=hlacblhlacblhl&at=4&show=reported")
    assert page.locator("figure.chart .legend li", has_text="test of the frame").count() == 6


@pytest.mark.parametrize(("width", "size"), [(310, 17), (330, 12), (640, 12), (640, 17)])
@pytest.mark.parametrize(
    ("axis", "values"),
    [
        (Axis("Share who dropped out", low=0.0, high=1.0, percent=True), (0.2, 0.7)),
        (Axis("Difference (percentage points)", zero=True), (-3.2, 3.9)),
        (Axis("Mean fall (CORE-10 points)", zero=True), (8.3, 9.7)),
    ],
)
def test_numbers_along_bars_stand_clear_of_each_other_on_any_screen(
    visit: Callable[..., Visit],
    axis: Axis,
    values: tuple[float, ...],
    width: int,
    size: int,
) -> None:
    page = visit().go("/evidence?v=1&part=about")
    names = ("High alliance reported at session 3", "Low severity")
    figure = as_json(
        Bars("Who drops out", "", axis, names=names, series=(Series("one", values),), points=True)
    )
    laid = page.evaluate(SHORT, [figure, width, size])
    assert laid["ticks"] >= 2
    assert laid["apart"] >= size * 0.4, "a gap that the eye takes for one"
    assert laid["before"] >= 0, "neither the first number nor the last is cut off"
    assert laid["plot"] >= 0.45 * width, "what is drawn has about half of the width"
    assert laid["inside"] == (size == 17), "names go above where they would take half of it"


@pytest.mark.parametrize("width", [1440, 390])
def test_no_number_of_a_table_is_broken_in_two(visit: Callable[..., Visit], width: int) -> None:
    page = visit(width).go("/session?v=1&seed=10&stances=hlacblhlacblhl&at=14&counterfactual=3")
    for button in page.get_by_role("button", name=re.compile("^Table: ")).all():
        button.click()
    cells = page.locator(".numbers tbody tr:nth-child(4) td")
    assert cells.count() > 10
    lines = "one => one.scrollHeight / parseFloat(getComputedStyle(one).lineHeight)"
    assert max(cell.evaluate(lines) for cell in cells.all()) < 2
