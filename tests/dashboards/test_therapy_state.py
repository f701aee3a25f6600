"""What is played in the session room goes into the address and comes back from it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dashboards.addresses.address import PageState, read, write
from dashboards.therapies.stances import STANCES
from dashboards.therapies.therapy_state import FIELDS, MOST, TherapyState

LETTERS = "".join(STANCES)


def therapy_state(**view: Any) -> TherapyState:
    page = PageState(seed=6, view=view)
    return TherapyState.of(page)


@given(
    st.text(LETTERS, max_size=20),
    st.integers(0, MOST),
    st.integers(0, MOST),
    st.floats(0.02, 0.98),
)
def test_a_link_restores_a_therapy_to_the_session(
    stances: str, at: int, counterfactual: int, motivation: float
) -> None:
    view = {
        "stances": stances,
        "at": at,
        "counterfactual": counterfactual,
        "client.motivation": motivation,
    }
    page = PageState(room="session", view=view)
    again, notices = read("session", write(page, FIELDS), FIELDS)
    assert notices == ()
    before = TherapyState.of(page)
    after = TherapyState.of(again)
    assert before == after
    assert before.therapy() == after.therapy()


def test_a_step_holds_one_more_session_in_the_therapists_own_way() -> None:
    assert therapy_state(stances="l", at=1).stepped() == {
        "stances": "lo",
        "at": 2,
        "counterfactual": 0,
    }


def test_a_step_after_looking_back_keeps_what_was_played() -> None:
    assert therapy_state(stances="lcl", at=1).stepped() == {"at": 2}


def test_another_choice_after_looking_back_forgets_what_came_after_it() -> None:
    assert therapy_state(stances="lcl", at=1).chosen("a") == {
        "stances": "la",
        "at": 2,
        "counterfactual": 0,
    }


def test_to_the_end_plays_until_the_therapy_is_over() -> None:
    now = therapy_state(stances="ll", at=1)
    view = now.to_the_end()
    ended = therapy_state(**view)
    assert view["stances"].startswith("ll")
    assert ended.therapy().ending is not None
    assert view["at"] == len(ended.therapy())


def test_traits_of_ones_own_stand_over_those_of_the_character() -> None:
    now = therapy_state(**{"client.motivation": 0.9})
    assert now.setup.client.motivation == 0.9
    assert therapy_state().setup.client.motivation != 0.9


def test_other_choices_are_shown_only_for_sessions_that_were_held() -> None:
    now = therapy_state(stances="oo", at=2, counterfactual=9)
    assert now.counterfactual == 2
    assert set(now.counterfactuals(now.therapy())) == set(STANCES) - {"o"}
    assert therapy_state(stances="oo", at=2).counterfactuals(now.therapy()) == {}


def test_other_choices_are_followed_as_far_as_the_session_looked_at() -> None:
    back = therapy_state(stances="oooooo", at=3, counterfactual=2)
    others = back.counterfactuals(back.therapy()).values()
    assert {len(one) for one in others} == {3}
    last = therapy_state(stances="oooooo", at=6, counterfactual=2)
    assert max(len(one) for one in last.counterfactuals(last.therapy()).values()) == 6
