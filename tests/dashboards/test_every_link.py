"""Every room is drawn from every link: those the dashboard writes, and those that nobody should have written."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import solara
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.addresses.address import LONGEST, MOST_NOTICES, PageState, read, write
from dashboards.addresses.fields import Number, Text, Whole, Word
from dashboards.addresses.pages import HOME, limited, pages
from dashboards.app.page import Inside, arrive
from dashboards.shell import state
from dashboards.sweeps.inputs import span
from dashboards.therapies.stances import STANCES
from simulation.presets import all_presets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.addresses.fields import Field

NAMES = tuple(pages())
SMALL = {"clients": 12, "therapists": 2}
"""Keeps a clinic so small that a room is drawn in some hundredths of a second."""

SMALL_VIEWS = {
    "sweep": {"size": 10, "repeats": 2, "x_count": 2, "y_count": 2},
    "compare": {"replicates": 2},
    "trial": {"people": 20, "team": 4},
}
"""The same for what a room runs over and over."""

AFTER = ("x_low", "x_high", "y_low", "y_high")
"""Ends of a range, which depend on the parameter that is varied."""


def values_of(name: str, field: Field) -> st.SearchStrategy[Any]:
    """Any value that a field of a room may have."""
    match field:
        case Whole():
            return st.integers(field.low, field.high)
        case Number():
            return st.floats(field.low, field.high, allow_nan=False)
        case Word():
            return st.sampled_from(field.words)
        case Text() if name == "stances":
            return st.text("".join(STANCES), max_size=12)
        case _:
            return st.sampled_from(["", "10", "more", "less", "two", "0.25", "nonsense"])


@st.composite
def page_states(draw: st.DrawFn, room: str) -> PageState:
    """Any state of a room, of a small clinic."""
    fields = pages()[room].fields
    shown = draw(st.lists(st.sampled_from(sorted(fields)), unique=True)) if fields else []
    view = {name: draw(values_of(name, fields[name])) for name in shown if name not in AFTER}
    if room == "session":
        # A session that was not played is no state of the room: a link to one is told, see below.
        played = len(view.get("stances", ""))
        view |= {name: min(view[name], played) for name in ("at", "counterfactual") if name in view}
    if room == "clinic" and "week" in view:
        # Nor is a week after the end, of which the smallest clinic has one in the second week.
        view["week"] = min(view["week"], 1)
    if room == "lessons" and view.get("lesson"):
        # Nor is an answer to another question.
        view.pop("answer", None)
    if room == "sweep":
        view |= {**SMALL_VIEWS[room], "point": -1, "go": 0}
        low, high = span("empathy")[0]
        view |= {"x": "empathy", "x_low": low, "x_high": draw(st.floats(low + 0.01, high))}
    if room in {"compare", "trial"}:
        view = {name: value for name, value in view.items() if name != "go"} | SMALL_VIEWS[room]
    page = PageState(
        room=room,
        preset=draw(st.sampled_from([one.name for one in all_presets()])),
        seed=draw(st.integers(0, 2**32 - 1)),
        view={name: value for name, value in view.items() if value != fields[name].start},
    )
    changes = {**SMALL, "empathy": draw(st.floats(0.02, 0.98))}
    usual = page.base
    state = page.changed(
        changes={name: value for name, value in changes.items() if value != getattr(usual, name)}
    )
    return limited(state)[0]


@pytest.fixture(autouse=True, scope="module")
def comparison_that_is_still_running() -> Iterator[None]:
    """Leave the evidence room waiting: a comparison with the evidence would run on into other tests."""
    over = threading.Event()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboards.rooms.evidence.validated", lambda **_: over.wait(60))
        yield
        over.set()


def drawn(room: str, query: str) -> PageState:
    """Arrive by an address, draw the room and return where one is; an error in the room is an error here."""
    state.page.value, state.left.value = PageState(), {}
    arrive(f"/{room}" if room != HOME else "/", query)
    page = state.page.value
    _, context = solara.render(Inside(page), handle_error=False)
    context.close()
    return page


def goes_through_its_address_and_is_drawn(page: PageState) -> None:
    """Hold a state of a room to what every state must do."""
    query = write(page, pages()[page.room].fields)
    again = drawn(page.room, query)
    assert state.notices.value == ()
    assert again.changed(changes={}, view={}) == page.changed(changes={}, view={})
    assert dict(again.view) == page.view
    assert again.parameters == page.parameters
    assert sorted(write(again, pages()[page.room].fields).split("&")) == sorted(query.split("&"))


@pytest.mark.parametrize("room", NAMES)
@settings(max_examples=15)
@given(st.data())
def test_every_state_of_every_room_goes_through_its_address_and_is_drawn(
    room: str, data: st.DataObject
) -> None:
    goes_through_its_address_and_is_drawn(data.draw(page_states(room)))


MANY = 50
"""Words of a field from which on one in ten is drawn: drawing every parameter to vary takes half a minute."""


def choices_of(room: str) -> Iterator[tuple[str, str]]:
    """Every word that a field of a room takes; of very many, some."""
    for name, field in pages()[room].fields.items():
        if isinstance(field, Word):
            step = 10 if len(field.words) > MANY else 1
            yield from ((name, word) for word in field.words[::step] if word != field.start)


@pytest.mark.parametrize("room", NAMES)
def test_the_choices_of_every_room_go_through_its_address_and_are_drawn(room: str) -> None:
    for name, word in choices_of(room):
        view = {name: word} | SMALL_VIEWS.get(room, {})
        goes_through_its_address_and_is_drawn(PageState(room=room, changes=SMALL, view=view))


@pytest.mark.parametrize("letter", STANCES)
def test_every_stance_goes_through_the_address_and_is_played_and_drawn(letter: str) -> None:
    view = {"stances": letter * 3, "at": 3, "counterfactual": 2}
    goes_through_its_address_and_is_drawn(PageState(room="session", changes=SMALL, view=view))


BAD = {
    "an unknown parameter": "empaty=0.7",
    "text for a number": "empathy=high",
    "no number": "empathy=nan",
    "infinity": "empathy=inf",
    "a huge number": "empathy=1e308",
    "a negative count": "clients=-5",
    "a huge count": "clients=999999999999",
    "a number with many digits": "clients=" + "9" * 60,
    "a twin": "empathy=0.4&empathy=0.6&empathy=x",
    "an unknown preset": "preset=nowhere",
    "a preset's file": "preset=../../etc/passwd.toml",
    "text for a seed": "seed=lucky",
    "a huge seed": "seed=99999999999999999999",
    "another version": "v=2",
    "correlations that contradict each other": "anxiety_with_trust=0.9&avoidance_with_trust=-0.9",
    "a network from a file": "supervision_network=file",
    "markup": "empathy=%3Cscript%3Ealert(1)%3C/script%3E",
    "an empty name": "=5",
    "letters of no alphabet": "%FF%FE=%00",
    "a very long link": "empathy=" + "0" * (LONGEST + 1),
    "very many parts": "&".join(f"a{n}=1" for n in range(500)),
}


@pytest.mark.parametrize("room", NAMES)
@pytest.mark.parametrize("what", BAD)
def test_a_bad_link_gives_a_notice_and_a_room_that_works(room: str, what: str) -> None:
    page = drawn(
        room, f"{BAD[what]}&clients=12&therapists=2" if "clients" not in BAD[what] else BAD[what]
    )
    told = state.notices.value
    assert 1 <= len(told) <= MOST_NOTICES
    assert all(len(one) < 400 and one.endswith((".", "?")) for one in told)
    query = write(page, pages()[room].fields)
    assert read(room, query, pages()[room].fields) == (page, ()), "what is shown has a good address"


@pytest.mark.parametrize(
    ("room", "name"), [(room, name) for room in NAMES for name in pages()[room].fields]
)
def test_every_field_of_a_room_tells_what_it_takes_and_is_drawn_without_it(
    room: str, name: str
) -> None:
    for text in ("", "%00", "no such thing", "nan", "1e400"):
        drawn(room, f"{name}={text}&clients=12&therapists=2")
        if pages()[room].fields[name].read(text) is None:
            (notice,) = state.notices.value
            assert pages()[room].fields[name].allowed in notice


def test_a_room_that_does_not_exist_leads_to_the_first_page() -> None:
    arrive("/nowhere", "v=1")
    assert state.page.value.room == HOME
    assert state.notices.value == ("There is no room called nowhere.",)


@pytest.mark.parametrize(
    ("room", "query", "view", "said"),
    [
        ("session", "stances=lll&at=3&counterfactual=3", {"at": 3, "counterfactual": 3}, ""),
        (
            "session",
            "stances=lll&at=7",
            {"at": 3},
            "at = 7 is a session after the last one played, 3.",
        ),
        ("session", "at=7", {}, "at = 7 is a session after what was played: no session yet."),
        (
            "session",
            "stances=lll&at=3&counterfactual=9",
            {"at": 3},
            "counterfactual = 9 is a session after",
        ),
        (
            "lessons",
            "lesson=empathy_without_boundaries&answer=more",
            {"answer": "more"},
            "",
        ),
        ("lessons", "lesson=empathy_without_boundaries&answer=x", {}, "Predict first"),
        ("lessons", "lesson=rupture_and_repair&answer=9999", {}, "give a number from"),
        ("sweep", "x_count=5&point=4", {"point": 4}, ""),
        ("sweep", "x_count=5&point=5", {}, "5 points are numbered from 0 to 4. No point is shown."),
        ("sweep", "x_count=5&y=boundary&y_count=4&point=19", {"point": 19}, ""),
        ("sweep", "x_count=5&y=boundary&y_count=4&point=20", {}, "numbered from 0 to 19."),
    ],
)
def test_what_the_rest_of_a_link_leaves_no_room_for_is_told_and_brought_back(
    room: str, query: str, view: dict[str, int], said: str
) -> None:
    state.page.value, state.left.value = PageState(), {}
    arrive(f"/{room}", query)
    page = state.page.value
    kept = {
        name: page.view[name]
        for name in ("answer", "at", "counterfactual", "point")
        if name in page.view
    }
    assert kept == view
    assert (len(state.notices.value) == 1) == bool(said)
    assert all(said in notice for notice in state.notices.value)
