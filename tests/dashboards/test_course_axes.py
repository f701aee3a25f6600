"""A measure of clients has one axis over sessions: in the clinic room, the compare room and the page in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboards.charts.figures import Axis, Lines, Series, as_json
from dashboards.clinics import course_figures
from dashboards.clinics.course_axes import AXES
from dashboards.clinics.pictures import clinic_picture
from dashboards.comparisons.comparison import Arm
from dashboards.comparisons.figures import curve_figure
from dashboards.comparisons.running import refine_comparison
from dashboards.compiled.scripts import page_script
from dashboards.page.bundling import bundled_module
from dashboards.page.clinic import clinic
from dashboards.portable.model import model_script
from simulation import Parameters
from simulation.instruments import INSTRUMENTS
from tests.dashboards.javascript import run
from tests.dashboards.node import evaluate

SCRIPT = Path(__file__).resolve().parents[2] / "dashboards" / "page" / "scripts" / "clinic.js"

SMALL = Parameters(clients=40, therapists=4)

DRAWN = """
const estimate = (value) => ({ value, low: value - 0.01, high: value + 0.01, number: 50 });
const curves = { wai_sr_client: [40, 41].map(estimate), core_10: [20, 18].map(estimate) };
return figures({ staying: [1, 0.9].map(estimate), curves }, given).map((figure) => figure.y);
"""


@pytest.fixture(scope="module")
def rooms() -> dict[str, dict[str, Any]]:
    """Axes of values by measure, as each room draws them."""
    picture = clinic_picture(SMALL, 1)
    *_, comparison = refine_comparison(Arm("a", SMALL), Arm("b", SMALL.replace(empathy=0.9)), 1, 4)
    drawn = run(
        bundled_module(SCRIPT, "figures", {"model.js": model_script(), "engine.js": page_script()}),
        DRAWN,
        clinic()["axes"],
    )
    return {
        "clinic": {
            "staying": course_figures.survival_figure(picture).y,
            "alliance": course_figures.alliance_figure(picture, reported=False).y,
            "wai_sr_client": course_figures.alliance_figure(picture).y,
            "distress": course_figures.distress_figure(picture, reported=False).y,
            "core_10": course_figures.distress_figure(picture).y,
        },
        "compare": {name: curve_figure(comparison, name).y for name in AXES},  # type: ignore[arg-type]
        "file": dict(zip(("staying", "wai_sr_client", "core_10"), drawn, strict=True)),
    }


def test_a_measure_has_one_axis_wherever_it_is_drawn(rooms) -> None:
    for room, axes in rooms.items():
        for name, axis in axes.items():
            assert as_json(axis) == as_json(AXES[name]), (room, name)


def test_an_axis_holds_all_values_that_its_measure_can_take() -> None:
    found = {name: (axis.low, axis.high) for name, axis in AXES.items()}
    assert found == {
        "staying": (0, 1),
        "alliance": (0, 1),
        "distress": (0, 1),
        "wai_sr_client": (12, 60),
        "core_10": (0, 40),
    }


TICKS = f"""
import {{ ticksAlong, valueAxisOf }} from "{(SCRIPT.parents[2] / "assets" / "axes.js").as_uri()}";
export const main = (figures) => figures.map((figure) => {{
  const along = valueAxisOf(figure);
  return [along.step, ...[4, 5, 6].map((most) => ticksAlong(along, most))];
}});
"""


def test_an_axis_of_a_questionnaire_has_a_tick_at_both_its_ends() -> None:
    ranges = [one.range for one in INSTRUMENTS.values()]
    figures = [
        as_json(
            Lines("A", "B.", Axis("Session"), Axis("C", *ends), (1.0,), (Series("a", (ends[0],)),))
        )
        for ends in ranges
    ]
    found = evaluate(TICKS, figures)
    for (low, high), (step, *drawn) in zip(ranges, found, strict=True):
        assert (high - low) % step == 0, "the dashboard counts from the beginning of the axis"
        for ticks in drawn:
            assert (ticks[0], ticks[-1]) == (low, high)
            assert 4 <= len(ticks) <= 11
