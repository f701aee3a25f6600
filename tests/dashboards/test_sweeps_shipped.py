"""The sweep that the room opens with is what the model gives today."""

from __future__ import annotations

import json

import numpy as np

from dashboards.addresses.address import PageState
from dashboards.sweeps.figures import sweep_figure
from dashboards.sweeps.inputs import FIELDS, sweep_of
from dashboards.sweeps.shipped import FILE, VIEW, as_text, run_again, shipped


def test_it_is_what_the_model_gives_today() -> None:
    stored, now = json.loads(FILE.read_text("utf-8")), json.loads(as_text(run_again()))
    for part, values in stored.items():
        assert np.allclose(values, now[part], rtol=0, atol=2e-6), (
            "The model has changed: run python -m dashboards.tools.shipped_sweep"
        )


def test_its_settings_can_be_chosen_in_the_room() -> None:
    assert all(FIELDS[name].read(str(value)) == value for name, value in VIEW.items())
    assert sweep_of(PageState(room="sweep", view=VIEW)) == shipped().sweep


def test_it_is_finished_and_drawn_whole() -> None:
    made = shipped()
    assert made.finished
    figure = sweep_figure(made)
    assert figure.kind == "heat"
    assert all(value is not None for row in figure.values for value in row)
