"""What a therapist can choose to do."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.therapies.playing import play
from dashboards.therapies.stances import (
    OWN_WAY,
    STANCES,
    by_letter,
    find_stance,
    read_stances,
    write_stances,
)
from dashboards.therapies.therapy import Setup
from simulation import AllianceError, Parameters
from simulation.clinic import presence
from simulation.states import Presence, TherapistState

CODES = "".join(STANCES)
TESTING = Parameters(test_base=4.0, violation_rate=0.0, session_limit=12)

shares = st.floats(0.0, 1.0)
logits = st.floats(-10.0, 10.0)
presences = st.builds(
    Presence,
    empathy_logit=logits,
    present_acceptance=shares,
    present_collaboration=shares,
    present_porosity=shares,
    present_rigidity=shares,
    yields=shares,
    rebuffs=shares,
    notices=logits,
    repairs=logits,
    present_style=shares,
    habit=logits,
    retains=logits,
)


def usual() -> Presence:
    setup = Setup()
    return presence(setup.therapist, TherapistState(setup.fatigue, 0.0), setup.parameters)


@given(presences)
def test_as_they_are_changes_nothing(therapist) -> None:
    assert OWN_WAY(therapist) == therapist


@given(presences, st.sampled_from(list(STANCES.values())))
def test_a_stance_leaves_a_therapist_who_can_exist(therapist, stance) -> None:
    met = stance(therapist)
    for name in ("present_acceptance", "present_collaboration", "yields", "rebuffs"):
        assert 0.0 <= getattr(met, name) <= 1.0
    unchanged = ("present_porosity", "present_rigidity", "present_style", "habit", "retains")
    assert all(getattr(met, name) == getattr(therapist, name) for name in unchanged)


def test_what_each_stance_moves_is_what_its_name_says() -> None:
    me = usual()
    listening, challenging = find_stance("l")(me), find_stance("c")(me)
    assert listening.empathy_logit > me.empathy_logit
    assert listening.present_collaboration < me.present_collaboration
    assert challenging.present_collaboration > me.present_collaboration
    assert challenging.empathy_logit < me.empathy_logit
    assert challenging.present_acceptance < me.present_acceptance
    assert find_stance("a")(me).notices > me.notices
    assert find_stance("a")(me).repairs > me.repairs
    assert (find_stance("h")(me).yields, find_stance("h")(me).rebuffs) == (0.0, 0.0)
    assert (find_stance("b")(me).yields, find_stance("b")(me).rebuffs) == (1.0, 0.0)


def test_sizes_are_about_half_to_two_standard_deviations_between_therapists() -> None:
    p = Parameters()
    spreads = {
        "empathy": p.empathy_spread,
        "acceptance": p.acceptance_spread,
        "collaboration": p.collaboration_spread,
        "repairs": p.repair_ability * p.repair_skill_spread / 4.0,
    }
    for stance in STANCES.values():
        for name, spread in spreads.items():
            size = abs(getattr(stance, name)) / spread
            assert size == 0.0 or 0.4 <= size <= 2.25, (stance.name, name, size)


def test_the_words_for_a_stance_hold_its_numbers() -> None:
    for stance in STANCES.values():
        for size in (stance.empathy, stance.acceptance, stance.collaboration, stance.repairs):
            assert f"{abs(size):g}" in stance.effect or size == 0.0
    assert "practically never noticed" in find_stance("p").effect
    assert "holding the limit" in find_stance("h").effect
    assert OWN_WAY.effect.startswith("Nothing")


def frame_events(code: str) -> list[str]:
    therapies = [
        play(Setup.of("clinging", who, TESTING, number=k), code * 12)
        for who in ("warm", "rigid")
        for k in range(12)
    ]
    return [record.boundary_event for therapy in therapies for record in therapy.records]


def test_who_holds_the_limit_never_crosses_and_never_rebuffs() -> None:
    assert set(frame_events("h")) <= {"none", "held"}
    assert "held" in frame_events("h")
    assert {"crossing", "rebuff"} <= set(frame_events("o"))


def test_who_bends_it_yields_whenever_tested() -> None:
    assert set(frame_events("b")) <= {"none", "crossing"}
    assert "crossing" in frame_events("b")


def test_who_lets_it_pass_never_notices() -> None:
    rough = Parameters(rupture_base=2.0, session_limit=12)
    for code, expected in (("p", False), ("a", True)):
        therapies = [
            play(Setup.of("wary", "repairer", rough, number=k), code * 12) for k in range(12)
        ]
        records = [record for therapy in therapies for record in therapy.records]
        assert any(record.rupture != "none" for record in records)
        assert any(record.noticed for record in records) is expected


@given(st.text(CODES, max_size=60))
def test_stances_survive_the_way_through_an_address(text) -> None:
    codes = read_stances(text)
    assert "".join(codes) == text
    written = write_stances(codes)
    assert text == written + "o" * (len(text) - len(written))


def test_letters_that_stand_for_nothing_are_refused() -> None:
    for text in ("x", "lhz", "L", " ", "é"):
        with pytest.raises(AllianceError, match="is not a stance: choose among l"):
            read_stances(text)


def test_two_stances_cannot_have_the_same_letter_nor_one_that_an_address_cannot_hold() -> None:
    listen = find_stance("l")
    with pytest.raises(AllianceError, match="listen and listen have the same letter, l: choose"):
        by_letter(listen, listen)
    for letter in ("", "L", "ll", "]", "é"):
        with pytest.raises(AllianceError, match="choose a letter from a to z"):
            dataclasses.replace(listen, letter=letter)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"story": "The therapist listened."}, "write a tuple of sentences"),
        ({"fits": "calm stormy"}, "name some of calm, tested, tense, both"),
        ({"yields": 2.0}, "give one from 0 to 1"),
    ],
)
def test_an_entry_that_would_be_told_or_offered_wrongly_is_refused(changes, said) -> None:
    with pytest.raises(AllianceError, match=said):
        dataclasses.replace(find_stance("l"), **changes)
    with pytest.raises(AllianceError, match="two stances of the name listen"):
        by_letter(find_stance("l"), dataclasses.replace(find_stance("l"), letter="d"))
