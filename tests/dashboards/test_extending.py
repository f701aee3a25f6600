"""A room and a stance, each added to the dashboard as `docs/extending.md` shows it: as one file or one entry."""

from __future__ import annotations

import pytest
from website.running import blocks

from tests.extending import PAGE, Copy, changed, copy_of

EXAMPLES = blocks(PAGE)
(ROOM,) = (block.text for block in EXAMPLES if "PAGE = Page(" in block.text)
(STANCE,) = (block.text for block in EXAMPLES if "therapies/stances.py" in block.text)


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the dashboard with both additions."""
    copy = copy_of(tmp_path_factory.mktemp("extended"), "dashboards")
    (copy.folder / "dashboards/rooms/waiting.py").write_text(ROOM, "utf-8")
    changed(copy.folder, STANCE)
    return copy


THE_ROOM = """
import solara
from dashboards.addresses.pages import address, pages, rooms
from dashboards.app.page import Inside, arrive, routes
from dashboards.rooms.home import PAGE
from dashboards.shell import state
from dashboards.shell.layout import header

def written(widget):
    if hasattr(widget, "unsafe_innerHTML"):
        yield widget.unsafe_innerHTML
    for child in getattr(widget, "children", ()):
        yield from written(child)

# It is found by its name, listed after the rooms there are, and has a way that leads to it.
assert [room.name for room in rooms()][-1] == "waiting"
assert "waiting" in [route.path for route in routes]
arrive("/waiting", "week=3&empathy=0.7")
page = state.page.value
assert (page.room, dict(page.view), dict(page.changes)) == ("waiting", {"week": 3}, {"empathy": 0.7})
assert state.notices.value == ()
assert address(page) == "/waiting?v=1&empathy=0.7&week=3"

# It stands in the navigation and on the first page, and is drawn.
assert 'href="/waiting?v=1&amp;empathy=0.7" data-room aria-current=page>Waiting</a>' in header(page)
box, context = solara.render(PAGE.component(page), handle_error=False)
assert any("Who is waiting, week by week." in text for text in written(box))
context.close()
box, context = solara.render(Inside(page), handle_error=False)
assert box.children
context.close()

# What a link cannot say is noticed: by the field, and by what the rest of the link leaves room for.
arrive("/waiting", "week=soon")
(notice,) = state.notices.value
assert "It takes a whole number from 0 to 520" in notice
arrive("/waiting", "week=60&weeks=26")
assert state.page.value.view == {"week": 25}
assert state.notices.value == ("week = 60 is after the last week, 25. Week 25 is shown.",)
"""


def test_a_room_is_found_by_name_listed_drawn_and_keeps_to_its_fields_and_limits(
    extended: Copy,
) -> None:
    extended.run(THE_ROOM)


THE_STANCE = """
import asyncio

import solara
from dashboards.addresses.pages import address
from dashboards.app.page import Inside, arrive
from dashboards.rooms.session_chair import EFFECTS, choice
from dashboards.shell import state
from dashboards.therapies.constant_stance import under_same_draws
from dashboards.therapies.export import to_csv, to_text
from dashboards.therapies.offers import OFFERS
from dashboards.therapies.play_file import read_play, replay, write_play
from dashboards.therapies.quantities import Quantity
from dashboards.therapies.figures import felt
from dashboards.therapies.stances import STANCES
from dashboards.therapies.therapy_state import TherapyState

new = STANCES["d"]
link = "seed=6&stances=dlddo&at=5&counterfactual=2"
arrive("/session", link)
assert state.notices.value == ()
page = state.page.value
assert address(page) == f"/session?v=1&{link}"
asyncio.set_event_loop(asyncio.new_event_loop())  # which a server has
_, context = solara.render(Inside(page), handle_error=False)
context.close()
now = TherapyState.of(page)
therapy = now.therapy()
assert therapy.stances == ("d", "l", "d", "d", "o")
words = to_text(therapy)
assert words.count(new.story[0]) == 2 and words.count(new.story[1]) == 1, words
assert read_play(write_play(now.as_play())) == now.as_play()
assert replay(now.as_play()).records[:5] == therapy.records
assert to_csv(therapy).count(",disclose,") == 3
assert new.title in dict(under_same_draws(now.setup, now.stances))
others = now.counterfactuals(therapy)
assert "d" in others
Quantity.visible = property(lambda _: 1e-6)  # however little it does
assert any(new.title in line.name for figure in felt(therapy, 5, others) for line in figure.series)
assert choice("d").label == new.says
assert OFFERS["calm"] == "lcado" and OFFERS["tested"] == "lchbo"
assert new.title in EFFECTS and "Empathy up by 0.5" in EFFECTS
"""


def test_a_stance_is_offered_played_written_exported_drawn_and_linked(extended: Copy) -> None:
    extended.run(THE_STANCE)
