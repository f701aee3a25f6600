"""What one room hands to another, to a file or to the command line means the same clinic there."""

from __future__ import annotations

import itertools
import shlex
import tomllib
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.addresses.address import PageState, read
from dashboards.addresses.pages import pages, shown
from dashboards.addresses.qr import qr_code
from dashboards.comparisons.baseline import SAME, WORDS, arms_of, choices
from dashboards.lessons.catalogue import lessons
from dashboards.lessons.onward import onward, place_of
from dashboards.shell.repeat import command, preset_file
from dashboards.sweeps.inputs import FIELDS, axis_names, has_range, span, sweep_of
from simulation.parameters import Parameters
from simulation.presets import all_presets, layered, preset

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [one.name for one in all_presets()]

page_states = st.builds(
    lambda name, empathy, telehealth, clients, seed: PageState(
        room="clinic",
        preset=name,
        changes=MappingProxyType(
            {"empathy": empathy, "telehealth": telehealth, "clients": clients}
        ),
        seed=seed,
    ),
    st.sampled_from(NAMES),
    st.floats(0.02, 0.98),
    st.booleans(),
    st.integers(1, 2000),
    st.integers(0, 2**32 - 1),
)


@settings(max_examples=30)
@given(page_states)
def test_the_command_shown_runs_the_clinic_shown(page: PageState) -> None:
    words = shlex.split(command(page))
    assert words[:2] == ["alliance", "run"]
    given_options = dict(zip(words[2::2], words[3::2], strict=True))
    assert given_options["--preset"] == page.preset
    assert given_options["--seed"] == str(page.seed)
    changed = [word for flag, word in itertools.pairwise(words) if flag == "--set"]
    values = dict(pair.split("=") for pair in changed)
    assert layered([page.preset], values) == page.parameters


@settings(max_examples=20)
@given(page_states)
def test_a_clinic_kept_as_a_file_is_the_same_clinic(
    tmp_path_factory: pytest.TempPathFactory, page: PageState
) -> None:
    file: Path = tmp_path_factory.mktemp("kept") / "clinic.toml"
    file.write_text(preset_file(page), encoding="utf-8")
    tomllib.loads(file.read_text("utf-8"))
    assert preset(str(file)) == page.parameters


@pytest.mark.parametrize("one", lessons(), ids=lambda one: one.key)
def test_every_lesson_leads_on_to_a_page_that_shows_what_it_asks(one: object) -> None:
    step = one.next  # type: ignore[attr-defined]
    room, _, query = onward(step).removeprefix("/").partition("?")
    page, notices = read(room, query, pages()[room].fields)
    assert room == step.room
    assert notices == ()
    assert page.parameters == layered(step.presets, step.parameters)
    if step.room == "compare" and step.other_presets:
        first, other = arms_of(page, page.view.get("other", "progress_feedback"))
        assert first.parameters == layered(step.presets, step.parameters)
        assert other.parameters == layered(step.other_presets, step.other_parameters)
        assert first.parameters != other.parameters
    if step.room == "sweep":
        asked = {**dict(zip(("x", "y"), step.vary, strict=False)), "outcome": step.outcome, "go": 1}
        assert {name: shown(page, name) for name in asked} == asked


def test_presets_laid_over_each_other_become_changes_of_the_first() -> None:
    page = place_of("clinic", ["training_clinic", "progress_feedback"], {"empathy": 0.4})
    assert page.preset == "training_clinic"
    expected = layered(["training_clinic", "progress_feedback"], {"empathy": 0.4})
    assert page.parameters == expected


@pytest.mark.parametrize("word", WORDS)
def test_a_clinic_can_be_held_against_everything_that_is_offered(word: str) -> None:
    a, b = arms_of(PageState(changes=MappingProxyType({"clients": 40})), word)
    assert a.label != b.label
    assert isinstance(a.parameters, Parameters)
    assert isinstance(b.parameters, Parameters)
    assert word in {one.value for one in choices()}


def test_a_policy_keeps_the_changes_of_the_page_and_a_setting_does_not() -> None:
    page = PageState(changes=MappingProxyType({"empathy": 0.4}))
    assert arms_of(page, "progress_feedback")[1].parameters.empathy == 0.4
    assert arms_of(page, "youth")[1].parameters == preset("youth")


def test_against_itself_the_first_arm_is_without_the_changes() -> None:
    page = PageState(changes=MappingProxyType({"empathy": 0.4}))
    unchanged, changed = arms_of(page, SAME)
    assert unchanged.parameters == page.base
    assert changed.parameters.empathy == 0.4


@pytest.mark.parametrize("name", [name for name, _ in axis_names()])
def test_every_parameter_can_be_swept_as_it_is_first_offered(name: str) -> None:
    if has_range(name):
        (low, high), (least, most) = span(name)
        assert least <= low < high <= most
    view = {"x": name, "repeats": 2, "x_count": 3, "size": 10}
    sweep = sweep_of(PageState(room="sweep", view=view))
    assert sweep.points >= 2
    assert [axis.parameter for axis in sweep.axes] == [name]


def test_a_sweep_over_two_parameters_has_the_first_across() -> None:
    view = {"x": "empathy", "y": "boundary", "x_count": 4, "y_count": 3}
    sweep = sweep_of(PageState(room="sweep", view=view))
    assert [axis.parameter for axis in sweep.axes] == ["boundary", "empathy"]
    assert sweep.shape == (3, 4)


def test_the_sweep_room_starts_with_something_that_can_be_run() -> None:
    assert sweep_of(PageState(room="sweep")).outcome == FIELDS["outcome"].start


def test_a_qr_code_is_a_drawing_without_anything_from_elsewhere() -> None:
    drawing = qr_code("http://127.0.0.1:8765/clinic?v=1&empathy=0.7")
    assert drawing.startswith("<svg")
    assert "http" not in drawing
