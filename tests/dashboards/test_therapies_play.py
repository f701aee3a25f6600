"""Playing a therapy: the clinic's dynamics, and what another choice would have done."""

from __future__ import annotations

from itertools import product
from statistics import fmean

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboards.therapies.characters import CLIENTS, THERAPISTS
from dashboards.therapies.playing import counterfactuals, play
from dashboards.therapies.stances import STANCES, find_stance
from dashboards.therapies.therapy import Setup
from simulation import AllianceError, Parameters
from simulation.clinic import STATUS_OF_ENDING, presence
from simulation.coefficients import coefficients, unpack
from simulation.equations.boundaries import boundary_test_probability
from simulation.population import draw_client
from simulation.randomness import key_of
from simulation.session import begin_therapy, draw_session, hold_session
from simulation.states import TherapistState

setups = st.builds(
    Setup.of,
    st.sampled_from(sorted(CLIENTS)),
    st.sampled_from(sorted(THERAPISTS)),
    seed=st.integers(0, 2**64 - 1),
    number=st.integers(0, 999_999),
)
choices = st.text("".join(STANCES), max_size=20)


def test_a_therapy_is_that_of_a_clinic_with_one_client_and_a_therapist_who_does_not_tire() -> None:
    from simulation import AllianceModel

    parameters = Parameters(clients=1, therapists=1, fatigue_rate=0.0, telehealth=True)
    lengths = set()
    for seed in range(6):
        model = AllianceModel(parameters, rng=seed)
        therapist = model.therapists[0]
        client = model.clients[0]
        setup = Setup(client.traits, therapist.traits, therapist.state.fatigue, parameters, seed)
        therapy = play(setup)
        while model.running:
            model.step()
            if client.state is not None and client.sessions <= len(therapy):
                record = therapy.records[client.sessions - 1]
                assert record.after == client.state
                assert record.events == client.events
                assert record.reports == client.report()
        assert therapy.ending == client.status
        assert len(therapy) == client.sessions
        lengths.add(len(therapy))
    assert len(lengths) > 1


@given(setups, choices)
@settings(max_examples=15)
def test_every_session_is_the_models_own_with_the_stance_chosen(setup, codes) -> None:
    therapy = play(setup, codes)
    key = key_of(setup.seed)
    p = unpack(coefficients(setup.parameters).tolist())
    usual = presence(setup.therapist, TherapistState(setup.fatigue, 0.0), p)
    state = begin_therapy(setup.client, setup.client.severity, setup.therapist.style, p)
    for place, record in enumerate(therapy.records):
        met = find_stance(codes[place] if place < len(codes) else "o")(usual)
        draws = draw_session(key, setup.number, place + 1)
        assert record.before == state
        state, events = hold_session(setup.client, state, met, draws, p)
        assert (record.after, record.events, record.draws) == (state, events, draws)
    assert [record.ending for record in therapy.records[:-1]] == [None] * (len(therapy) - 1)
    assert therapy.ending in STATUS_OF_ENDING.values()


@given(setups, choices, st.integers(1, 20))
@example(Setup.of("wary", "new", number=14), "llhcabll", 2)
@settings(max_examples=15)
def test_a_choice_leaves_earlier_sessions_untouched(setup, codes, at) -> None:
    played = play(setup, codes)
    at = min(at, len(played))
    others = counterfactuals(setup, codes, at)
    taken = played.records[at - 1].stance
    assert list(others) == [code for code in STANCES if code != taken]
    for code, other in others.items():
        assert other.records[: at - 1] == played.records[: at - 1]
        assert other.records[at - 1].stance == code
        assert other.records[at - 1].situation == played.records[at - 1].situation
        assert other.records[at - 1].draws == played.records[at - 1].draws
        padded = codes.ljust(20, "o")
        assert other == play(setup, padded[: at - 1] + code + padded[at:])


def test_a_choice_can_change_what_comes_after() -> None:
    setup = Setup.of("wary", "new", number=14)
    played = play(setup, "", 6)
    others = counterfactuals(setup, "", 2, 6)
    assert any(other.state != played.state for other in others.values())


@given(setups, choices, st.integers(0, 25))
@settings(max_examples=15)
def test_a_therapy_played_in_part_is_the_beginning_of_the_whole(setup, codes, sessions) -> None:
    whole = play(setup, codes)
    part = play(setup, codes, sessions)
    assert part == whole.until(sessions)
    following = whole.records[sessions].situation if sessions < len(whole) else None
    assert part.situation == following


def test_the_situation_tells_the_test_of_the_frame_that_will_come() -> None:
    seen = set()
    for number in range(10):
        setup = Setup.of("clinging", "clear", number=number)
        for record in play(setup).records:
            chance = boundary_test_probability(
                record.before.dependency, setup.client.attachment_anxiety, setup.parameters
            )
            assert record.situation.tests is (record.draws.test < chance)
            assert record.situation.tests is (record.boundary_event != "none")
            assert record.situation.strain == record.before.strain
            seen.add(record.situation.tests)
    assert seen == {True, False}


def test_the_situation_tells_the_tension_that_the_therapists_own_way_will_meet() -> None:
    depths = []
    for number in range(20):
        for record in play(Setup.of("wary", "new", number=number)).records:
            tension = record.situation.tension
            assert (tension > 0.0) is (record.rupture != "none")
            depths.append(tension)
    assert min(depths) == 0.0
    assert any(0.0 < depth <= 0.4 for depth in depths)
    assert max(depths) > 0.4


def test_a_choice_hardly_matters_where_nothing_is_tested_and_there_is_no_tension() -> None:
    spreads: dict[str, list[float]] = {"quiet": [], "marked": []}
    for client, therapist, number in product(
        ("wary", "exacting", "ready"), ("warm", "new"), range(5)
    ):
        setup = Setup.of(client, therapist, number=number)
        for record in play(setup, "", 6).records:
            met = record.situation
            quiet = not met.tests and met.tension == 0.0 and met.open_rupture == "none"
            if quiet or met.tension > 0.4:
                others = counterfactuals(setup, "", record.session, record.session)
                trust = [record.after.trust, *(other.state.trust for other in others.values())]
                spreads["quiet" if quiet else "marked"].append(max(trust) - min(trust))
    assert fmean(spreads["marked"]) > 3.0 * fmean(spreads["quiet"])


def test_a_rupture_stays_open_until_it_is_repaired_or_three_sessions_old() -> None:
    rough = Parameters(rupture_base=1.0)
    seen = set()
    for number in range(20):
        records = play(Setup.of("wary", "new", rough, number=number)).records
        for place, record in enumerate(records):
            recent = [r for r in records[max(0, place - 3) : place] if r.rupture != "none"]
            last = recent[-1] if recent else None
            expected = ("none", False)
            if last is not None and not last.repaired:
                expected = (last.rupture, not last.noticed)
            assert (record.situation.open_rupture, record.situation.unspoken) == expected
            seen.add(expected)
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("parameters", "ending"),
    [
        (Parameters(dropout_later=5.0, dropout_first=5.0), "dropped_out"),
        (Parameters(planned_exit=1.0, enough_change=0.0, good_enough=0.9), "completed"),
        (Parameters(session_limit=3, planned_exit=0.0, dropout_later=-10.0), "session_limit"),
        (Parameters(test_base=4.0, violation_rate=0.2), "boundary_violation"),
    ],
)
def test_each_ending_ends_the_therapy(parameters, ending) -> None:
    found = [
        therapy
        for number in range(40)
        if (
            therapy := play(Setup.of("clinging", "warm", parameters, number=number), "b" * 20)
        ).ending
        == ending
    ]
    assert found
    for therapy in found:
        assert therapy.situation is None
        assert play(therapy.setup, "b" * 20, 500) == therapy
        with pytest.raises(AllianceError, match=f"ended after session {len(therapy)}"):
            counterfactuals(therapy.setup, "b" * 20, len(therapy) + 1)


def test_the_questionnaires_are_filled_in_by_the_client_of_that_number() -> None:
    one, other = (play(Setup(number=number), "", 1) for number in (0, 1))
    assert one.start == other.start
    assert len({play(Setup(number=number), "", 1).core_10_intake for number in range(6)}) > 1
    p = unpack(coefficients(Parameters()).tolist())
    raters = [draw_client(key_of(1), number, p)[1] for number in (0, 1)]
    assert raters[0] != raters[1]
    assert one.records[0].reports != other.records[0].reports


@pytest.mark.parametrize(
    "nonsense",
    [{"seed": -1}, {"seed": 1.5}, {"number": -1}, {"fatigue": 2.0}, {"fatigue": float("nan")}],
)
def test_nonsense_is_refused(nonsense) -> None:
    with pytest.raises(AllianceError):
        Setup(**nonsense)


def test_stances_and_sessions_that_do_not_exist_are_refused() -> None:
    for call in (
        lambda: play(Setup(), "lx"),
        lambda: play(Setup(), "", -1),
        lambda: counterfactuals(Setup(), "", 0),
        lambda: counterfactuals(Setup(), "", 400),
        lambda: play(Setup()).until(-1),
    ):
        with pytest.raises(AllianceError):
            call()
