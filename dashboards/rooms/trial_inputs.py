"""The inputs of the trial room: what is compared, with how many clients and therapists, over what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.controls import Choice, Control, Group, Groups
from dashboards.addresses.fields import Number, Whole
from dashboards.addresses.pages import shown
from dashboards.shell import state
from dashboards.trials.inputs import FIELDS
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag
from dashboards.widgets.panel import Panel

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState

__all__ = ["Inputs", "inputs_of"]

EFFECT = ("d",)
EMPATHY = ("usual", "treated")
CLINICS = ("clinics", "clinics_differ", "sets")
INPUTS = ("differ", *EFFECT, *EMPATHY, "people", "team", "seen", "over", *CLINICS)


def inputs_of(page: PageState) -> tuple[Any, ...]:
    """Return what the room's own controls say."""
    return tuple(shown(page, name) for name in INPUTS)


@component
def Inputs(page: PageState) -> Any:
    """Choose the trial, and what its power is looked at over."""
    differ = shown(page, "differ")
    drawn = shown(page, "clinics") > 1 or shown(page, "sets") == "all"
    groups = solara.use_memo(lambda: _controls(differ, drawn=drawn), [differ, drawn])

    def change(changes: dict[str, Any]) -> None:
        read: dict[str, Any] = {"go": 0}
        for name, value in changes.items():
            known = FIELDS[name].read(str(value)) if name in INPUTS else None
            if known is not None:
                read[name] = known
        state.see(**read)

    values = {name: shown(page, name) for name in INPUTS}
    return Tag("div", Panel("inputs", groups, values, change), class_="people")


def _controls(differ: str, *, drawn: bool) -> Groups:
    """Return the controls; `drawn` tells whether clinics are drawn, so that they may differ."""
    own = {
        "supervision": [_slider("d", "True effect", "d", "What supervision really does.", 0.01, 1)],
        "empathy": [
            _slider("usual", "Empathy, usual arm", "[0, 1]", "Mean of its therapists.", 0.02),
            _slider("treated", "Empathy, treated arm", "[0, 1]", "Mean of its therapists.", 0.02),
        ],
    }[differ]
    treatment = _choice(
        "differ",
        "Treatment",
        "What therapists of the treated arm have; the other arm is therapy as usual in the setting.",
        supervision="alliance supervision",
        empathy="another empathy",
    )
    sizes = [
        _slider("people", "Clients in all", "clients", "In both arms together.", 1),
        _slider("team", "Therapists in all", "therapists", "In both arms together.", 1),
        _choice(
            "seen",
            "Therapists are",
            "Nested: each has clients of one arm. Crossed: each has clients of both.",
            nested="nested in arms",
            crossed="crossed with arms",
        ),
        _choice(
            "over",
            "Power over",
            "More clients come to the same therapists; of more therapists each has as many clients.",
            clients="number of clients",
            therapists="number of therapists",
        ),
    ]
    clinics = [
        _slider(
            "clinics",
            "Clinics",
            "",
            "The trial takes place in one clinic, in the middle of its setting, or is shared among several, each "
            "with as many of the therapists. Several take two to three times as long.",
            1,
        ),
        _choice(
            "sets",
            "Parameters",
            "The setting as it is has one set of parameters, of many that fit the published findings. With every "
            "such set, each trial has another, so power also holds how well the parameters are known. What you "
            "change is so in all sets. Takes up to twice as long.",
            one="the setting as it is",
            all="every set that fits the findings",
        ),
    ]
    if drawn:
        clinics.append(
            _slider(
                "clinics_differ",
                "How much clinics differ",
                "times as published",
                "In the distress of those who come, how readily they leave, how much therapists differ, how easily "
                "ruptures come about, how questionnaires are answered. 1 is as much as published studies differ, 0 "
                "makes all clinics alike.",
                0.1,
            )
        )
    return Groups(
        (
            Group("", (treatment, *own), plain=True),
            Group("", tuple(sizes), plain=True),
            Group("", tuple(clinics), plain=True),
        )
    )


def _choice(name: str, words: str, meaning: str, **choices: str) -> Control:
    options = tuple(Choice(value, said) for value, said in choices.items())
    return Control(name, words, "", meaning, "choice", FIELDS[name].start, choices=options)


def _slider(
    name: str, words: str, unit: str, meaning: str, step: float, most: float | None = None
) -> Control:
    field = FIELDS[name]
    assert isinstance(field, Whole | Number)
    kind = "integer" if isinstance(field, Whole) else "number"
    high = field.high if most is None else most
    return Control(
        name, words, unit, meaning, kind, field.start, low=field.low, high=high, step=step
    )
