"""An address restores exactly what was seen, and a bad one still gives a working page."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.addresses.address import LONGEST, MOST_NOTICES, PageState, read, write
from dashboards.addresses.fields import Number, Text, Whole, Word
from dashboards.addresses.pages import pages
from dashboards.addresses.parameter_controls import BEYOND, REACH
from simulation.correlations import loadings
from simulation.parameters import PARAMETERS
from simulation.presets import all_presets

FIELDS = MappingProxyType(
    {
        "at": Whole(0, 0, 60),
        "share": Number(0.5, 0.0, 1.0),
        "show": Word("felt", ("felt", "reported")),
        "stances": Text("", "[a-z]{0,60}"),
    }
)

NAMES = [
    name
    for name, row in PARAMETERS.items()
    if not name.endswith(
        ("_with_avoidance", "_with_trust", "_with_severity", "_with_responsiveness")
    )
]


def values_of(name: str) -> st.SearchStrategy[Any]:
    row = PARAMETERS[name]
    low, high = REACH.get(name, (row.low, row.high))
    match row.kind:
        case "switch":
            return st.booleans()
        case "choice":
            here = [one for one in row.choices if one not in BEYOND.get(name, ())]
            return st.sampled_from(here)
        case "integer":
            return st.integers(int(low or 0), int(high or 0))
        case _:
            return st.floats(low, high, allow_nan=False)


@st.composite
def page_states(draw: st.DrawFn) -> PageState:
    names = draw(st.lists(st.sampled_from(NAMES), max_size=6, unique=True))
    page = PageState(
        room=draw(st.sampled_from(sorted(pages()))),
        preset=draw(st.sampled_from([one.name for one in all_presets()])),
        seed=draw(st.integers(0, 2**32 - 1)),
    )
    base = page.base
    changes = {name: draw(values_of(name)) for name in names}
    view = {
        "at": draw(st.integers(0, 60)),
        "share": draw(st.floats(0, 1)),
        "show": draw(st.sampled_from(["felt", "reported"])),
        "stances": draw(st.text("alhb", max_size=20)),
    }
    return page.changed(
        changes={name: value for name, value in changes.items() if value != getattr(base, name)},
        view={name: value for name, value in view.items() if value != FIELDS[name].start},
    )


@given(page_states())
def test_an_address_restores_exactly_what_was_seen(page: PageState) -> None:
    again, notices = read(page.room, write(page, FIELDS), FIELDS)
    assert notices == ()
    assert again == page
    assert again.parameters == page.parameters


@given(st.text(max_size=200))
def test_any_text_behind_the_question_mark_gives_a_working_page(query: str) -> None:
    page, _ = read("clinic", query, FIELDS)
    assert read("clinic", write(page, FIELDS), FIELDS) == (page, ())


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("v=1&empathy=7", "empathy takes a number from"),
        ("v=1&empaty=0.7", "Did you mean empathy?"),
        ("v=1&empathy=nan", "empathy takes a number from"),
        ("v=1&seed=many", "The seed must be a whole number"),
        ("v=1&preset=univercity_counselling", "Did you mean university_counselling?"),
        ("v=1&preset=/etc/passwd.toml", "is not a preset"),
        ("v=99", "another version"),
        ("v=1&show=everything", "show = everything is not something this room can show."),
        ("v=1&clients=50000", "more than a page can show"),
        ("v=1&assignment=whim", "assignment"),
        ("x" * (LONGEST + 1), "too long"),
    ],
)
def test_what_an_address_says_wrongly_is_left_out_and_told(query: str, told: str) -> None:
    page, notices = read("clinic", query, FIELDS)
    assert len(notices) == 1
    assert told in notices[0]
    assert dict(page.changes) == {}
    assert page.seed == 1


def test_correlations_that_contradict_each_other_are_named_and_left_out_and_nothing_else() -> None:
    query = "v=1&anxiety_with_trust=-0.9&avoidance_with_trust=-0.9&anxiety_with_avoidance=-0.9&empathy=0.4"
    page, (notice,) = read("clinic", query, FIELDS)
    assert notice.startswith(
        "No population can have these correlations together: anxiety_with_avoidance = -0.9, "
        "anxiety_with_trust = -0.9 and avoidance_with_trust = -0.9."
    )
    assert notice.endswith("Those of the preset are used.")
    assert dict(page.changes) == {"empathy": 0.4}
    loadings(page.parameters)


def test_a_network_from_a_file_is_told_to_be_impossible_on_a_page() -> None:
    page, (notice,) = read("clinic", "v=1&supervision_network=file", FIELDS)
    assert notice.startswith("supervision_network = file is not possible on a page")
    assert notice.endswith(f"{page.parameters.supervision_network} is used.")


def test_an_address_says_nothing_of_what_is_as_usual() -> None:
    assert write(PageState(room="clinic"), FIELDS) == "v=1"


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("at=900", "at = 900 is out of range: it takes a whole number from 0 to 60. 60 is used."),
        ("at=-3", "at = -3 is out of range: it takes a whole number from 0 to 60. 0 is used."),
        (
            "at=soon",
            "at = soon is not something this room can show. It takes a whole number from 0 to 60. 0 is used.",
        ),
        (
            "share=1.5",
            "share = 1.5 is not something this room can show. It takes a number from 0.0 to 1.0. 0.5 is used.",
        ),
        (
            "show=all",
            "show = all is not something this room can show. It takes one of felt, reported. felt is used.",
        ),
        (
            "stances=LISTEN!",
            "stances = LISTEN! is not something this room can show. It takes letters and digits.",
        ),
        (
            "seed=99999999999999999999",
            "seed = 99999999999999999999 is out of range: it takes a whole number from 0 to "
            "18,446,744,073,709,551,615. 18446744073709551615 is used.",
        ),
        (
            "seed=x",
            "The seed must be a whole number, not x; it is 1 here.",
        ),
        (
            "clients=50000",
            "clients = 50000 is more than a page can show: it takes 1 to 2,000 here. 150 is used.",
        ),
        (
            "arrivals_per_week=0.11",
            "arrivals_per_week = 0.11 is less than a page can show: it takes 0.2 to 100 here. 8.0 is used.",
        ),
        ("show=felt&show=reported", "show is given 2 times; the last, reported, counts."),
        ("wek=3", "wek is not a parameter or a setting of this room. Did you mean weeks?"),
    ],
)
def test_a_value_out_of_range_tells_what_is_allowed_and_what_is_used(
    query: str, notice: str
) -> None:
    page, notices = read("clinic", f"v=1&{query}", FIELDS)
    assert notices == (notice,)
    assert page.parameters == PageState().parameters


def test_a_parameter_out_of_range_tells_the_value_used() -> None:
    _, (notice,) = read("clinic", "v=1&preset=training_clinic&empathy=7", FIELDS)
    assert notice.startswith("empathy = 7 is not allowed: empathy takes a number from 0.02 to 0.98")
    assert notice.endswith(" 0.57 is used.")


def test_a_link_that_is_all_wrong_is_told_in_a_few_sentences() -> None:
    query = "&".join(f"nothing{n}=1" for n in range(200))
    _, notices = read("clinic", query, FIELDS)
    assert len(notices) == MOST_NOTICES
    assert notices[-1] == "195 more parts of this link could not be read and are left out."


def test_no_view_uses_the_name_of_a_parameter() -> None:
    for fields in (page.fields for page in pages().values()):
        assert not set(fields) & ({*PARAMETERS} | {"v", "preset", "seed"})
