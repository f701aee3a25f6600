"""Presets: named settings of the clinic, and what their layers promise."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import AllianceError
from simulation.parameters import PARAMETERS, Parameters
from simulation.presets import KINDS, all_presets, find_preset, layered, preset, read_preset

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = {
    "university_counselling",
    "private_practice",
    "stepped_care",
    "training_clinic",
    "telehealth",
    "medical_follow_up",
    "inpatient",
    "youth",
}
NAMES = [one.name for one in all_presets()]


def names(kind: str) -> set[str]:
    return {one.name for one in all_presets() if one.kind == kind}


def test_the_eight_settings_and_four_rival_mechanisms_are_there() -> None:
    assert names("setting") >= SETTINGS
    assert names("mechanism") >= {"causal", "relief", "trait", "halo"}
    assert len(names("scenario")) >= 10
    assert len(names("policy")) >= 7


def test_no_two_presets_share_a_name() -> None:
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("one", all_presets(), ids=NAMES)
def test_every_preset_is_a_documented_change_of_the_default_clinic(one) -> None:
    assert one.title
    assert one.description.endswith(".")
    assert one.facts
    assert one.kind in KINDS
    same_as_default = [n for n, v in one.parameters.items() if PARAMETERS[n].default == v]
    assert len(same_as_default) < len(one.parameters) or one.name == "mere_experience"
    assert preset(one.name).changed().keys() <= one.parameters.keys()


@pytest.mark.parametrize(
    "one", [p for p in all_presets() if p.kind == "scenario"], ids=lambda p: p.name
)
def test_every_teaching_scenario_asks_a_question(one) -> None:
    assert "?" in one.question or one.question.endswith(".")
    assert len(one.question) > 30


@pytest.mark.parametrize(
    "one", [p for p in all_presets() if p.kind == "policy"], ids=lambda p: p.name
)
def test_a_policy_changes_one_thing_only(one) -> None:
    assert len(preset(one.name).changed()) == 1


def closed(name: str) -> set[str]:
    p = preset(name)
    paths = {
        "alliance to distress": p.alliance_effect == 0,
        "relief to alliance": p.bond_relief == 0 and p.task_relief == 0,
        "trait to both": p.trust_with_responsiveness == 0 and p.motivation_with_responsiveness == 0,
        "halo on both": p.halo_alliance == 0 and p.halo_symptoms == 0,
    }
    return {path for path, is_closed in paths.items() if is_closed}


@pytest.mark.parametrize(
    ("name", "left_open"),
    [
        ("causal", "alliance to distress"),
        ("relief", "relief to alliance"),
        ("trait", "trait to both"),
        ("halo", "halo on both"),
    ],
)
def test_a_rival_mechanism_leaves_one_path_open_and_closes_the_others(name, left_open) -> None:
    every = {"alliance to distress", "relief to alliance", "trait to both", "halo on both"}
    assert closed(name) == every - {left_open}


def test_overrides_win_over_the_preset() -> None:
    assert preset("telehealth", telehealth=False, clients=7).clients == 7
    assert preset("telehealth", telehealth=False).telehealth is False
    assert preset("telehealth").telehealth is True


def test_later_layers_win() -> None:
    first, second = find_preset("stepped_care"), find_preset("relief")
    both = layered(["stepped_care", "relief"])
    for name, value in second.parameters.items():
        assert getattr(both, name) == value
    for name in first.parameters.keys() - second.parameters.keys():
        assert getattr(both, name) == first.parameters[name]
    shared = first.parameters.keys() & second.parameters.keys()
    assert shared, "the test needs two presets that disagree"
    assert layered(["relief", "stepped_care"]) != both


@given(
    st.lists(st.sampled_from(NAMES), max_size=4),
    st.fixed_dictionaries(
        {}, optional={"empathy": st.floats(0.02, 0.98), "clients": st.integers(1, 99)}
    ),
)
def test_layering_is_changing_the_default_clinic_step_by_step(chosen, overrides) -> None:
    expected = Parameters()
    for name in chosen:
        expected = expected.replace(**find_preset(name).parameters)
    assert layered(chosen, overrides) == expected.replace(**overrides)


def test_no_preset_is_the_default_clinic() -> None:
    assert layered([]) == Parameters()


def test_a_misspelt_preset_is_told_the_nearest() -> None:
    with pytest.raises(
        AllianceError, match=r"^warm_but_pourous is not a preset\. Did you mean warm_but_porous\?$"
    ):
        preset("warm_but_pourous")


def test_a_misspelt_parameter_on_top_of_a_preset_is_told_the_nearest() -> None:
    with pytest.raises(AllianceError, match="Did you mean empathy"):
        preset("youth", empahty=0.5)


def test_presets_cannot_be_changed_by_accident() -> None:
    one = find_preset("youth")
    with pytest.raises(FrozenInstanceError):
        one.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        one.parameters["empathy"] = 1.0  # type: ignore[index]


def test_a_preset_of_ones_own_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "village.toml"
    file.write_text('title = "A village"\n[parameters]\ntherapists = 1\nclients = 12\n', "utf-8")
    assert preset(str(file)).therapists == 1
    assert read_preset(file).name == "village"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[parameters]\nempaty = 0.7\n", "empaty is not a parameter. Did you mean empathy?"),
        ("[parameters]\nempathy = 7\n", "empathy takes a number from 0.02 to 0.98"),
        ("[paramters]\nempathy = 0.7\n", "Did you mean parameters?"),
        ("parameters = 3\n", "parameters must be a table"),
        ("title = 3\n", "title must be text"),
        ('facts = "F01"\n', "facts must be a list"),
        ('kind = "seting"\n', "kind must be one of setting"),
        ("empathy = = 1\n", "is not valid TOML"),
    ],
)
def test_a_typo_in_a_preset_file_gets_one_sentence_that_names_the_file(
    tmp_path: Path, text: str, complaint: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(AllianceError) as caught:
        preset(str(file))
    assert complaint in str(caught.value)
    assert "mine.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_preset_file_that_is_not_there_or_not_text_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AllianceError, match="cannot be read"):
        preset(str(tmp_path / "nowhere.toml"))
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AllianceError, match="not text in UTF-8"):
        preset(str(binary))
