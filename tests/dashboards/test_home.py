"""The first page tells a newcomer what this is, where to begin, and shows only what the model does."""

from __future__ import annotations

import re
from html import unescape

import pytest

from dashboards.addresses.address import PageState, read, write
from dashboards.addresses.pages import pages, rooms
from dashboards.shell.welcome import (
    CLIENT,
    DOORS,
    NEVER,
    PAIR,
    SEED,
    doors_html,
    drawing_html,
    link_to,
    meeting,
)
from dashboards.therapies.playing import play
from dashboards.therapies.therapy_state import MOST, TherapyState


def test_there_is_a_door_for_students_teachers_and_researchers_each_into_a_room() -> None:
    assert [door.who for door in DOORS] == ["For students", "For teachers", "For researchers"]
    assert [door.room for door in DOORS] == ["session", "lessons", "sweep"]
    assert {door.room for door in DOORS} <= {room.name for room in rooms()}


def test_the_first_page_says_that_it_never_advises_on_a_real_client() -> None:
    assert "never advises on a real client" in NEVER


def test_doors_take_what_was_set_along() -> None:
    query = write(PageState(seed=7, changes={"empathy": 0.4}), {})
    found = re.findall(r'href="([^"]+)"', doors_html(query))
    assert [unescape(one) for one in found] == [f"/{door.room}?{query}" for door in DOORS]


@pytest.mark.parametrize("therapist", [key for key, _, _ in PAIR])
def test_the_therapy_drawn_is_the_therapy_its_link_plays(therapist: str) -> None:
    room, _, query = link_to(therapist).removeprefix("/").partition("?")
    page, notices = read(room, query, pages()[room].fields)
    assert notices == ()
    played = TherapyState.of(page).therapy()
    assert played == meeting(therapist)


def test_the_drawing_has_an_axis_from_0_to_1_and_draws_values_on_it() -> None:
    drawn = drawing_html()
    assert re.findall(r'text-anchor="end">(0|\.5|1)</text>', drawn) == ["0", ".5", "1"]
    bottom, middle, top = (float(one) for one in re.findall(r'<line [^>]*y1="([\d.]+)"', drawn))
    assert middle == pytest.approx((bottom + top) / 2, abs=0.1)
    heights = [float(one) for one in re.findall(r'<circle [^>]*cy="([\d.]+)"', drawn)]
    levels = [record.after.trust for key, _, _ in PAIR for record in meeting(key).records]
    drawn_at = [bottom + (top - bottom) * level for level in levels]
    assert heights == pytest.approx(drawn_at, abs=0.11)


def test_the_drawing_is_a_typical_pair() -> None:
    def apart(seed: int) -> float:
        clear, warm = (
            play(
                TherapyState.of(
                    PageState(seed=seed, view={"client": CLIENT, "therapist": key})
                ).setup,
                "",
                MOST,
            )
            for key, _, _ in PAIR
        )
        return clear.state.trust - warm.state.trust

    shown = apart(SEED)
    beyond = sum(apart(seed) > shown for seed in range(1, 101))
    assert 45 <= beyond <= 55


def test_the_drawing_shows_what_its_words_say() -> None:
    clear, warm = (meeting(key) for key, _, _ in PAIR)
    assert [one.setup.client for one in (clear, warm)] == [clear.setup.client] * 2
    assert clear.records[-1].after.trust > clear.records[0].after.trust
    assert warm.records[-1].after.trust < clear.records[-1].after.trust
    ruptures = [record for one in (clear, warm) for record in one.records if record.events.rupture]
    drawn = drawing_html()
    assert drawn.count('class="mended"/>') == sum(bool(one.events.repaired) for one in ruptures)
    assert drawn.count('class="torn"/>') == sum(not one.events.repaired for one in ruptures)
    assert (
        f"from {clear.records[0].after.trust:.2f} to {clear.records[-1].after.trust:.2f}" in drawn
    )
    assert "http" not in drawn
