"""Who can meet: described characters and sliders."""

from __future__ import annotations

import pytest

from dashboards.therapies.characters import (
    CLIENT_TRAITS,
    CLIENTS,
    THERAPIST_TRAITS,
    THERAPISTS,
    client_traits,
    find_client,
    find_therapist,
    therapist_traits,
)
from simulation import PARAMETERS, AllianceError
from simulation.states import ClientTraits, TherapistTraits


def test_every_trait_of_the_model_has_one_slider() -> None:
    assert tuple(control.name for control in CLIENT_TRAITS) == ClientTraits._fields
    assert tuple(c.name for c in THERAPIST_TRAITS) == (*TherapistTraits._fields, "fatigue")


def test_sliders_begin_at_the_medians_of_the_parameter_table() -> None:
    traits = client_traits({})
    for name in ClientTraits._fields[:-1]:
        assert getattr(traits, name) == PARAMETERS[name].default
    therapist, fatigue = therapist_traits({})
    assert therapist.empathy == PARAMETERS["empathy"].default
    assert fatigue == PARAMETERS["fatigue_start"].default
    by_name = {control.name: control for control in (*CLIENT_TRAITS, *THERAPIST_TRAITS)}
    assert by_name["severity"].high == PARAMETERS["severity"].high
    assert by_name["severity"].meaning.startswith("Distress at intake")


@pytest.mark.parametrize("people", [CLIENTS, THERAPISTS])
def test_characters_are_described_in_two_sentences_and_differ(people) -> None:
    assert len({tuple(person.traits.values()) for person in people.values()}) == len(people) >= 6
    for key, person in people.items():
        assert person.key == key
        assert person.description.count(".") == 2
        assert person.description.endswith(".")
        assert person.title


def test_a_character_without_a_trait_has_its_median() -> None:
    assert find_client("ready").traits["preference"] == PARAMETERS["preference"].default
    assert find_therapist("clear").traits["style"] == PARAMETERS["style"].default


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 1.0, "high", None, True])
def test_a_trait_out_of_bounds_is_refused_in_one_sentence(value) -> None:
    with pytest.raises(AllianceError, match=r"severity = .* takes a number from 0\.02 to 0\.98"):
        client_traits({"severity": value})
    with pytest.raises(AllianceError, match="fatigue"):
        therapist_traits({"fatigue": value})


def test_an_unknown_trait_or_character_is_answered_with_the_nearest() -> None:
    with pytest.raises(AllianceError, match="Did you mean severity"):
        client_traits({"severty": 0.5})
    with pytest.raises(AllianceError, match="Did you mean wary"):
        find_client("weary")
    with pytest.raises(AllianceError, match="Choose among warm"):
        find_therapist("zzz")
