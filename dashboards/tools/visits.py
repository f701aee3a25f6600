"""The rooms in the states worth seeing."""

from __future__ import annotations

from dataclasses import dataclass, field

from dashboards.addresses.address import PageState
from dashboards.addresses.pages import address

__all__ = ["VISITS", "Visit"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A state of a room worth seeing.

    Attributes
    ----------
    name
        What its picture is called.
    page
        Its address.
    charts
        How many charts there are at least when it is ready.
    runs
        Whether something is run by itself; False for a page that waits to be asked.
    press
        Names of buttons to press once it is there.
    """

    name: str
    page: PageState
    charts: int = 0
    runs: bool = True
    press: tuple[str, ...] = field(default=())

    @property
    def path(self) -> str:
        """Path and query of its address."""
        return address(self.page)


def _at(room: str, **view: object) -> PageState:
    return PageState(room=room, view=view)


def _lesson(key: str, answer: str = "") -> PageState:
    return _at("lessons", lesson=key, answer=answer)


PLAYED = {"stances": "lcahbl", "at": 4}

VISITS: tuple[Visit, ...] = (
    Visit("home", _at("home")),
    Visit("story", _at("story")),
    Visit("session-before", _at("session")),
    Visit("session-played", _at("session", **PLAYED, counterfactual=3), charts=3),
    Visit(
        "session-readme",
        PageState("session", seed=5, view={"client": "wary", "stances": "lhcalbal", "at": 8}),
        charts=3,
    ),
    Visit("session-reported", _at("session", **PLAYED, show="reported"), charts=2),
    Visit("clinic", _at("clinic", week=12), charts=8),
    Visit("clinic-felt", _at("clinic", week=12, measure="latent", colour="alliance"), charts=8),
    Visit("clinic-shared", _at("clinic", week=12), charts=8, press=("Share what you see",)),
    Visit("compare", _at("compare"), charts=4),
    Visit("sweep-before", _at("sweep"), runs=False),
    Visit("sweep-line", _at("sweep", go=1, point=4), charts=1),
    Visit("sweep-map", _at("sweep", y="boundary", go=1, point=40), charts=1),
    Visit("trial", _at("trial", go=1), charts=2),
    Visit(
        "trial-empathy",
        _at("trial", differ="empathy", seen="crossed", over="therapists", go=1),
        charts=2,
    ),
    Visit("lessons", _at("lessons")),
    Visit("lesson-begun", _lesson("rupture_and_repair")),
    Visit("lesson-number", _lesson("rupture_and_repair", "10"), charts=2),
    Visit("lesson-direction", _lesson("empathy_without_boundaries", "more"), charts=2),
    Visit("lesson-choice", _lesson("correlation_is_not_cause", "two"), charts=1),
    Visit("lesson-curves", _lesson("who_is_still_there", "more"), charts=1),
    Visit("lesson-study", _lesson("tired_team", "helps_less"), charts=2),
    Visit("lesson-therapists", _lesson("therapist_effects", "20"), charts=2),
    Visit("lesson-two", _lesson("two_therapists", "20"), charts=2),
    Visit("lesson-wall", _at("lessons", lesson="rupture_and_repair", wall="open")),
    Visit("chance", _at("chance")),
    Visit("records", _at("records")),
    Visit("evidence-reproduced", _at("evidence"), charts=2),
    Visit("evidence-parameters", _at("evidence", part="parameters")),
    Visit("evidence-equations", _at("evidence", part="equations")),
    Visit("evidence-limits", _at("evidence", part="limits")),
    Visit("evidence-about", _at("evidence", part="about")),
    Visit("bad-link", PageState(room="clinic", changes={"empaty": 0.7}), charts=8),
)
"""Every room in the states worth seeing."""
