"""The clinic room: a team and everyone who comes to it, week by week."""

from __future__ import annotations

import asyncio
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import solara
from solara.lab import use_task

from dashboards.addresses.controls import Control, Groups
from dashboards.addresses.fields import Fields, Whole, Word
from dashboards.addresses.pages import Page, shown
from dashboards.clinics import course_figures, figures, team_figures
from dashboards.clinics.engine_ready import is_warm
from dashboards.clinics.pictures import clinic_picture
from dashboards.computing.background import use_work
from dashboards.rooms.measures import MEASURE, MeasureToggle
from dashboards.shell import state
from dashboards.shell.repeat import Repeat
from dashboards.shell.setting import Setting, ToSetting
from dashboards.widgets.buttons import Buttons, Press, Toggle
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.html import Headlines, Tag
from dashboards.widgets.panel import Panel

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState
    from dashboards.clinics.pictures import Picture

__all__ = ["PAGE", "PARAMETERS", "Room"]

PARAMETERS = (
    "clients",
    "therapists",
    "session_limit",
    "empathy",
    "boundary",
    "repair_skill",
    "caseload_cap",
    "supportive_environment",
    "progress_feedback",
)

FIELDS: Fields = MappingProxyType(
    {
        "week": Whole(0, 0, 520),
        "measure": MEASURE,
        "colour": Word("fatigue", ("fatigue", "alliance")),
    }
)

FEW_CLIENTS = 1_200
"""Clients of a clinic that is run within some hundredths of a second."""

PACE = 0.35
"""Seconds a week takes when weeks play."""


ONE_CLINIC = "One clinic, one draw of luck: another seed, other numbers. The room Compare runs many, with intervals."


@component
def Room(page: PageState) -> Any:
    parameters, seed = page.parameters, page.seed
    work = use_work(
        lambda: clinic_picture(parameters, seed),
        parameters,
        seed,
        brief=is_warm() and parameters.clients <= FEW_CLIENTS,
    )
    if work.problem:
        body = Tag("p", work.problem, class_="notice", role="alert")
    elif work.value is None:
        body = Tag(
            "p",
            "The clinic is being run. The first time takes a little longer.",
            class_="empty",
            role="status",
        )
    else:
        body = Clinic(page, work.value, work.busy)
    return Tag("div", Setting(page, PARAMETERS), body, class_="room")


@component
def Clinic(page: PageState, picture: Picture, busy: bool) -> Any:
    """Show a clinic that has been run."""
    last = int(picture.weeks.weeks[-1]) + 1
    week = min(shown(page, "week") or busiest(picture), last)
    use_week_in_range(page, picture, last)
    reported = shown(page, "measure") == "reported"
    colour = shown(page, "colour")
    whole = solara.use_memo(lambda: _whole(picture, reported), [picture, reported])
    weekly = solara.use_memo(lambda: _weekly(picture, week - 1, colour), [picture, week, colour])
    network = Toggle(
        "Colour of the network",
        (("fatigue", "Coloured by fatigue"), ("alliance", "By alliance of the caseload")),
        colour,
        lambda one: state.see(colour=one),
    )
    rows = [(one.label, one.value, one.unit) for one in figures.headlines(picture)]
    return Tag(
        "div",
        ToSetting("Change this clinic"),
        Headlines(rows),
        Tag("p", ONE_CLINIC, class_="soft"),
        Tag("div", MeasureToggle(page), class_="flow spread no-print"),
        Tag(
            "div",
            *(Chart(one, height=_tall(one)).key(f"chart {one.title}") for one in whole),
            class_="grid",
        ),
        Tag("h2", "Week by week"),
        Weeks(week, last, busiest(picture), (page.preset, page.changes, page.seed)),
        Tag("div", network, class_="flow spread no-print"),
        Tag(
            "div",
            Chart(weekly[0], height=360).key("chart team"),
            Chart(weekly[1], height=360).key("chart weeks"),
            class_="grid",
        ),
        Tag(
            "details",
            Tag("summary", "Caseloads, therapist by therapist"),
            Chart(weekly[2], height=_tall(weekly[2])).key("chart caseloads"),
            class_="card",
            data_fold="clinic caseloads",
        ).key("caseloads"),
        Repeat(page),
        class_="stack working" if busy else "stack",
        aria_busy="true" if busy else "false",
    )


def use_week_in_range(page: PageState, picture: Picture, last: int) -> None:
    """Let the address name a week that there is; a hook, like those of Solara.

    A link to a week after the end gives a notice. Where a change has made the run shorter, the end is in view and
    the slider says so: the address follows without a word.
    """
    arrived, asked = solara.use_ref(True), shown(page, "week")

    def bring() -> None:
        of_this_clinic = (picture.parameters, picture.seed) == (page.parameters, page.seed)
        if asked > last and of_this_clinic:
            state.see(week=last)
            if arrived.current:
                said = (
                    f"Week {asked} is after the end of this run: its last week, {last}, is shown."
                )
                state.notices.value = (*state.notices.peek(), said)
        arrived.current = False

    solara.use_effect(bring, [asked > last, picture])


def busiest(picture: Picture) -> int:
    """Return the week, from 1, in which the team sees most clients."""
    return int(picture.team.caseload.sum(axis=0).argmax()) + 1


def _tall(figure: Any) -> int:
    return max(260, 60 + 26 * len(figure.names)) if figure.kind == "bars" else 300


def _weekly(picture: Picture, week: int, colour: Any) -> tuple[Any, ...]:
    return (
        team_figures.team_figure(picture, week, colour=colour),
        figures.weeks_figure(picture, week),
        team_figures.caseload_figure(picture, week),
    )


def _whole(picture: Picture, reported: bool) -> tuple[Any, ...]:
    return (
        course_figures.survival_figure(picture),
        course_figures.number_figure(picture),
        course_figures.alliance_figure(picture, reported=reported),
        course_figures.distress_figure(picture, reported=reported),
        figures.dropout_figure(picture),
        team_figures.therapist_dropout_figure(picture),
    )


@component
def Weeks(week: int, last: int, busy: int, clinic: Any) -> Any:
    """Play the weeks, or choose one; weeks of another clinic begin to play only when asked to."""
    playing, set_playing = solara.use_state(False)
    solara.use_effect(lambda: set_playing(False), [clinic])

    async def play() -> None:
        while playing:
            await asyncio.sleep(PACE)
            now = shown(state.page.peek(), "week") or busy
            if now >= last:
                set_playing(False)
                return
            state.see(week=now + 1)

    use_task(play, dependencies=[playing, last], raise_error=False)

    def start() -> None:
        if not playing and week >= last:
            state.see(week=1)
        set_playing(not playing)

    def go(to: int) -> None:
        set_playing(False)
        state.see(week=min(max(to, 1), last))

    def act(name: str) -> None:
        if name == "play":
            start()
        else:
            go({"back": week - 1, "step": week + 1, "end": last}[name])

    def choose(changes: dict[str, Any]) -> None:
        chosen = FIELDS["week"].read(str(changes.get("week", "")))
        if chosen is not None:
            go(int(chosen))

    groups = solara.use_memo(
        lambda: Groups.plain(
            Control(
                "week",
                "Week",
                f"of {last}",
                "Network, caseloads and the clinic's week are shown at the end of this week.",
                "integer",
                busy,
                low=1,
                high=last,
                step=1,
            )
        ),
        [last, busy],
    )
    return Tag(
        "div",
        Buttons(
            "Weeks",
            (
                Press("play", "Pause" if playing else "Play the weeks"),
                Press("back", "Back", "Back one week", disabled=week <= 1),
                Press("step", "Step", "Step one week on", disabled=week >= last),
                Press("end", "To the end", disabled=week >= last),
            ),
            act,
        ),
        Tag("div", Panel("weeks", groups, {"week": week}, choose), class_="scrub"),
        class_="flow spread no-print",
    )


PAGE = Page(
    "clinic",
    "Clinic",
    "A team and everyone who comes to it, week by week.",
    Room,
    position=2,
    fields=FIELDS,
)
