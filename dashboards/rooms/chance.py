"""The chance room: one small clinic for each student, what each alone would conclude, and what all know together."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dashboards.addresses.address import PageState
from dashboards.addresses.controls import Control, Groups
from dashboards.addresses.fields import Fields, Whole, Word
from dashboards.addresses.pages import Page, address, shown
from dashboards.addresses.qr import qr_code
from dashboards.classroom.entries import CLASS_ENTRIES
from dashboards.classroom.samples import (
    CONTRASTS,
    MEANING,
    MOST_STUDENTS,
    STORY,
    STUDENTS,
    WONDER,
    ClinicPair,
    contrast,
    every_clinic,
    long_run,
    own_words,
    pooled_clinics,
    pooled_words,
    run_pair,
)
from dashboards.classroom.watching import use_entries
from dashboards.computing.background import use_work
from dashboards.shell import state
from dashboards.widgets.buttons import Button, Toggle
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag, markup
from dashboards.widgets.panel import Panel

if TYPE_CHECKING:
    from dashboards.classroom.samples import Contrast

__all__ = ["PAGE", "Room"]


FIELDS: Fields = MappingProxyType(
    {
        "contrast": Word(CONTRASTS[0].key, tuple(one.key for one in CONTRASTS)),
        "number": Whole(1, 1, MOST_STUDENTS),
        "students": Whole(STUDENTS, 2, MOST_STUDENTS),
        "run": Word("", ("", "own", "all")),
    }
)


def _whole(name: str, words: str, meaning: str) -> Control:
    field = FIELDS[name]
    assert isinstance(field, Whole)
    return Control(
        name, words, "", meaning, "integer", field.start, low=field.low, high=field.high, step=1
    )


NUMBER = _whole("number", "Your number", "It decides which clients come, and their luck.")
SIZE = _whole("students", "Students", "One clinic on either side for each.")


@component
def Room(page: PageState) -> Any:
    use_entries()
    visitor, invited = state.visitor.value, state.invitation.value is not None
    counted = CLASS_ENTRIES.number(visitor.browser) if invited and not visitor.owns else 0
    of = contrast(shown(page, "contrast"))
    number = counted or shown(page, "number")
    students = CLASS_ENTRIES.students if invited else shown(page, "students")
    students = min(students, MOST_STUDENTS)
    run = shown(page, "run")
    entered = Panel(
        "chance",
        Groups.plain(*(() if counted else (NUMBER,)), *(() if invited else (SIZE,))),
        {name: shown(page, name) for name in ("number", "students")},
        lambda changes: state.see(**changes),
    )
    said = f"You are number {number}." if counted else ""
    return Tag(
        "div",
        *([Way(page, students)] if invited and visitor.owns else []),
        Tag(
            "section",
            Toggle(
                "What is compared",
                tuple((one.key, one.title) for one in CONTRASTS),
                of.key,
                lambda key: state.see(contrast=key),
            ),
            Tag("h2", of.question),
            Tag("p", STORY),
            Tag("p", said, class_="situation", role="status") if said else entered,
            Tag(
                "div",
                Button("Run my clinics", lambda: state.see(run="own"), kind="act"),
                Button("See everybody's", lambda: state.see(run="all"), disabled=not run),
                class_="flow no-print",
            ),
            class_="card predict",
        ),
        Results(of, number, students if run == "all" else 0) if run else Tag("div"),
        class_="stack reading",
    )


@component
def Results(of: Contrast, number: int, students: int) -> Any:
    """Show what one's own clinics gave; of a class, what all say together, too."""

    def compute() -> tuple[ClinicPair, tuple[ClinicPair, ...], float]:
        pairs = tuple(run_pair(of.key, one) for one in range(1, students + 1))
        return run_pair(of.key, number), pairs, long_run(of.key) if pairs else 0.0

    work = use_work(compute, of.key, number, students)
    if work.value is None:
        words = work.problem or "The clinics are being run."
        return Tag("p", words, class_="empty", role="status")
    own, pairs, model = work.value
    parts = [
        Tag(
            "div",
            Tag("h2", own_words(of, own)),
            Tag("p", WONDER, class_="situation"),
            class_="card verdict",
            role="status",
        )
    ]
    if pairs:
        figure = every_clinic(pairs, number)
        parts += [
            Tag("p", pooled_words(of, pairs, model), class_="situation", role="status"),
            Tag(
                "div",
                Chart(pooled_clinics(pairs, model), height=360).key("pooled"),
                Chart(figure, height=80 + 34 * len(figure.names)).key("each"),
                class_="grid",
            ),
            Tag("p", MEANING),
        ]
    return Tag("div", *parts, class_="stack")


@component
def Way(page: PageState, students: int) -> Any:
    """Show the class the way here, and how many have come."""
    bare = PageState(room=page.room, view=MappingProxyType({"contrast": shown(page, "contrast")}))
    link = state.link(address(bare))
    return Tag(
        "section",
        Tag("h2", f"{students} of the class have a number"),
        markup(qr_code(link), class_="qr"),
        Tag("p", link, class_="soft"),
        class_="card no-print",
    )


PAGE = Page(
    "chance",
    "Chance",
    "One small clinic each: what every one alone would conclude, and what all know together.",
    Room,
    position=8,
    fields=FIELDS,
)
