"""Evidence and about: what the model reproduces and what not, its parameters and equations, what it is not for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dashboards.addresses.fields import Word
from dashboards.addresses.pages import Page, shown
from dashboards.computing.background import use_work
from dashboards.evidence import about
from dashboards.evidence.equations import equations_html, notation_html
from dashboards.evidence.parameter_list import parameters_html, statuses_counted
from dashboards.evidence.validated import (
    HEADLINES,
    forest,
    headline,
    how_validated,
    misses_html,
    validated,
    validation_html,
)
from dashboards.shell import state
from dashboards.widgets.buttons import Toggle
from dashboards.widgets.chart import Chart
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag, markup

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState

__all__ = ["PAGE", "Room"]

PARTS = (
    ("reproduced", "What it reproduces"),
    ("parameters", "Parameters"),
    ("equations", "Equations"),
    ("limits", "Limits"),
    ("about", "About"),
)


@component
def Room(page: PageState) -> Any:
    part = shown(page, "part")
    shows = {
        "reproduced": Reproduced,
        "parameters": Parameters,
        "equations": Equations,
        "limits": Limits,
        "about": About,
    }
    return Tag(
        "div",
        Tag(
            "div",
            Toggle("Part", PARTS, part, lambda one: state.see(part=one)),
            class_="no-print",
        ),
        shows[part]().key(f"part {part}"),
        class_="stack reading",
    )


@component
def Reproduced() -> Any:
    """Show the model beside published findings."""
    work = use_work(validated)
    if work.problem:
        return Tag("p", work.problem, class_="notice", role="alert", key="problem")
    found = work.value
    if found is None:
        return Tag(
            "p",
            "The model is being compared with the published findings. The first time takes some seconds.",
            class_="empty",
            role="status",
            key="waiting",
        )
    return Tag(
        "div",
        Tag(
            "section",
            Tag("h2", "How it does"),
            Tag("p", headline(found)),
            Tag("h3", "How that was judged"),
            Tag("p", how_validated(found)),
            class_="card",
        ),
        Chart(forest(found, None, ids=HEADLINES), height=300).key("chart headlines"),
        Tag("section", Tag("h2", "What it misses"), markup(misses_html(found)), class_="card"),
        Chart(forest(found, "fit"), height=760).key("chart fit"),
        Tag(
            "section",
            Tag("h2", "Predicted: neither fitted nor the source of a number"),
            markup(validation_html(found, "predict")),
            class_="card",
        ),
        Tag(
            "section",
            Tag("h2", "Informed: the source of a number set by hand"),
            markup(validation_html(found, "informed")),
            class_="card",
        ),
        Tag("section", Tag("h2", "Fitted"), markup(validation_html(found, "fit")), class_="card"),
        class_="stack",
        # Without a name of its own the browser keeps the element it has, a paragraph.
        key="found",
    )


@component
def Parameters() -> Any:
    counted = ", ".join(f"{count} {status}" for status, count in statuses_counted().items())
    return Tag(
        "section",
        Tag("h2", "Every parameter"),
        Tag("p", f"Status tells how a value is known: {counted}."),
        Tag(
            "input",
            type="search",
            placeholder="Find a parameter",
            aria_label="Find a parameter",
            data_filter="parameters",
            class_="no-print",
        ),
        Tag("div", markup(parameters_html()), id="parameters"),
        class_="card",
    )


@component
def Equations() -> Any:
    return Tag(
        "div",
        Tag("section", Tag("h2", "Notation"), markup(notation_html()), class_="card"),
        Tag("section", Tag("h2", "The equations"), markup(equations_html()), class_="card"),
        class_="stack",
    )


@component
def Limits() -> Any:
    """Show what the model is not for, and what it does not know."""
    return Tag(
        "div",
        Tag(
            "section",
            Tag("h2", "What it must not be used for"),
            markup(about.forbidden_html()),
            class_="card",
        ),
        Tag("section", Tag("h2", "Limits"), markup(about.limits_html()), class_="card limits"),
        class_="stack",
    )


@component
def About() -> Any:
    """Show what it is for, how to cite it, and what this page keeps to itself."""
    return Tag(
        "div",
        Tag("section", Tag("h2", "What it is for"), markup(about.purpose_html()), class_="card"),
        Tag("section", Tag("h2", "How to cite it"), markup(about.citation_html()), class_="card"),
        Tag(
            "section",
            Tag("h2", "What leaves your computer"),
            Tag(
                "p",
                "Nothing. The dashboard loads nothing from elsewhere and reports to nobody; your choices of light, "
                "dark and projector stay in your browser.",
            ),
            class_="card",
        ),
        class_="stack",
    )


PAGE = Page(
    "evidence",
    "Evidence",
    "What the model reproduces, what it does not, and what it is made of.",
    Room,
    position=7,
    fields=MappingProxyType({"part": Word("reproduced", tuple(name for name, _ in PARTS))}),
)
