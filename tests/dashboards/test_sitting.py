"""What is played in the session room goes into the address and comes back from it."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.addresses.address import PageState, read, write
from dashboards.therapies.stances import STANCES
from dashboards.therapies.therapy_state import FIELDS, MOST, Sitting

LETTERS = "".join(STANCES)


def sitting(**view: Any) -> Sitting:
    page = PageState(view=view)
    return Sitting.of(page.parameters, page.seed, page.view)


@settings(deadline=None)  # two therapies of up to twenty sessions, on a machine that may be busy
@given(
    st.text(LETTERS, max_size=20),
    st.integers(0, MOST),
    st.integers(0, MOST),
    st.floats(0.02, 0.98),
)
def test_a_link_restores_a_therapy_to_the_session(
    stances: str, at: int, otherwise: int, motivation: float
) -> None:
    view = {"stances": stances, "at": at, "otherwise": otherwise, "client.motivation": motivation}
    page = PageState(room="session", view=view)
    again, notices = read("session", write(page, FIELDS), FIELDS)
    assert notices == ()
    before = Sitting.of(page.parameters, page.seed, page.view)
    after = Sitting.of(again.parameters, again.seed, again.view)
    assert before == after
    assert before.therapy() == after.therapy()


def test_a_step_holds_one_more_session_in_the_therapists_own_way() -> None:
    assert sitting(stances="l", at=1).stepped() == {"stances": "lo", "at": 2, "otherwise": 0}


def test_a_step_after_looking_back_keeps_what_was_played() -> None:
    assert sitting(stances="lcl", at=1).stepped() == {"at": 2}


def test_another_choice_after_looking_back_forgets_what_came_after_it() -> None:
    assert sitting(stances="lcl", at=1).chosen("a") == {"stances": "la", "at": 2, "otherwise": 0}


def test_to_the_end_plays_until_the_therapy_is_over() -> None:
    now = sitting(stances="ll", at=1)
    view = now.to_the_end()
    ended = sitting(**view)
    assert view["stances"].startswith("ll")
    assert ended.therapy().ending is not None
    assert view["at"] == len(ended.therapy())


def test_traits_of_ones_own_stand_over_those_of_the_character() -> None:
    now = sitting(**{"client.motivation": 0.9})
    assert now.setup.client.motivation == 0.9
    assert sitting().setup.client.motivation != 0.9


def test_other_choices_are_shown_only_for_sessions_that_were_held() -> None:
    now = sitting(stances="oo", at=2, otherwise=9)
    assert now.otherwise == 2
    assert set(now.other_choices(now.therapy())) == set(STANCES) - {"o"}
    assert sitting(stances="oo", at=2).other_choices(now.therapy()) == {}
