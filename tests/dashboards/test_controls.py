"""Controls are made from the table of parameters."""

from __future__ import annotations

import math

import pytest

from dashboards.addresses.parameter_controls import (
    BEYOND,
    REACH,
    checked,
    control,
    every_parameter,
    label,
    some_parameters,
)
from dashboards.widgets.buttons import Press
from simulation.parameters import PARAMETERS, Parameters


def test_every_parameter_has_a_control_with_its_bounds_meaning_and_status() -> None:
    controls = {one.name: one for group in every_parameter(Parameters()) for one in group.controls}
    assert set(controls) == set(PARAMETERS)
    for name, row in PARAMETERS.items():
        one = controls[name]
        assert one.status == row.status
        assert row.meaning in one.meaning
        assert one.start == row.default
        if row.kind == "choice":
            here = [word for word in row.choices if word not in BEYOND.get(name, ())]
            assert [choice.value for choice in one.choices] == here
        elif row.kind != "switch":
            assert (one.low, one.high) == REACH.get(name, (row.low, row.high))


@pytest.mark.parametrize("name", [n for n, row in PARAMETERS.items() if row.kind == "number"])
def test_a_slider_has_about_a_hundred_steps_of_a_round_size(name: str) -> None:
    one = control(PARAMETERS[name], 0.0)
    assert one.step is not None
    assert one.low is not None
    assert one.high is not None
    assert 40 <= (one.high - one.low) / one.step <= 250
    power = 10 ** math.floor(math.log10(one.step) + 1e-9)
    assert round(one.step / power, 6) in {1, 2, 5, 10}


def test_a_control_returns_to_the_value_of_the_preset() -> None:
    base = Parameters(empathy=0.8)
    (one,) = some_parameters("", ["empathy"], base).controls
    assert one.start == 0.8


def test_what_a_browser_sends_is_checked_before_it_counts() -> None:
    base = Parameters()
    sent = {
        "empathy": 0.8,
        "boundary": 7.0,
        "nonsense": 1,
        "severity": math.nan,
        "motivation": "high",
        "clients": 50_000,
        "telehealth": True,
        "acceptance": base.acceptance,
        "caseload_cap": [3],
    }
    assert checked(base, sent) == {
        "empathy": 0.8,
        "clients": REACH["clients"][1],
        "telehealth": True,
    }


def test_a_scale_shows_the_bounds_that_are_enforced_and_other_parameters_their_unit() -> None:
    controls = {one.name: one for group in every_parameter(Parameters()) for one in group.controls}
    assert controls["empathy"].unit == "0.02 to 0.98"
    assert controls["weeks"].unit == "weeks"
    for name, row in PARAMETERS.items():
        if row.unit == "[0, 1]":
            assert controls[name].unit == f"{row.low:g} to {row.high:g}"


def test_a_page_offers_no_network_from_a_file_and_takes_none() -> None:
    assert checked(Parameters(), {"supervision_network": "file"}) == {}


def test_names_are_shown_as_words() -> None:
    assert label("caseload_cap") == "Caseload cap"


def test_what_a_button_is_called_holds_the_words_one_sees_on_it():
    assert Press("step", "Step", "Step: hold the next session").said
    with pytest.raises(ValueError, match="does not say 'Step'"):
        Press("step", "Step", "Hold the next session")
