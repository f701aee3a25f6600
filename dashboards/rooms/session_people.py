"""Who meets in the session room: described characters, every trait of which can be set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.controls import Choice, Control, Group, Groups
from dashboards.rooms.session_memory import change as change_therapy
from dashboards.therapies import characters
from dashboards.therapies.therapy_state import FIELDS, LAST
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag
from dashboards.widgets.panel import Panel

if TYPE_CHECKING:
    from dashboards.therapies.therapy_state import TherapyState

__all__ = ["People"]

BEGINNING = {"stances": "", "at": LAST, "counterfactual": 0}
"""Another pair begins with its first session."""

UNIT = {True: "0 to 1", False: "standard deviations"}


def _who(name: str, label: str, people: dict[str, characters.Character], start: str) -> Control:
    return Control(
        name,
        label,
        "",
        "A described character. Choosing one begins a new therapy, with the traits below as theirs.",
        "choice",
        start,
        choices=tuple(Choice(key, one.title) for key, one in people.items()),
    )


def _traits(
    prefix: str, title: str, rows: tuple[characters.Trait, ...], person: characters.Character
) -> Group:
    controls = tuple(
        Control(
            f"{prefix}.{row.name}",
            row.label,
            UNIT[row.low >= 0.0],
            row.meaning,
            "number",
            person.traits[row.name],
            low=row.low,
            high=row.high,
            step=0.01 if row.low >= 0.0 else 0.1,
        )
        for row in rows
    )
    return Group(title, controls)


@component
def People(now: TherapyState, *, met: bool) -> Any:
    """Choose who meets; the chair describes the client, and until they have met the invitation the therapist."""
    client, therapist = now.client, now.therapist
    groups = solara.use_memo(
        lambda: Groups(
            (
                Group(
                    "",
                    (
                        _who("client", "Client", dict(characters.CLIENTS), FIELDS["client"].start),
                        _who(
                            "therapist",
                            "Therapist",
                            dict(characters.THERAPISTS),
                            FIELDS["therapist"].start,
                        ),
                    ),
                    plain=True,
                ),
                _traits("client", "The client’s traits", characters.CLIENT_TRAITS, client),
                _traits(
                    "therapist", "The therapist’s traits", characters.THERAPIST_TRAITS, therapist
                ),
            )
        ),
        [client.key, therapist.key],
    )

    def change(changes: dict[str, Any]) -> None:
        read: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in FIELDS:
                continue
            known = FIELDS[name].read(str(value))
            if known is None:
                continue
            read[name] = known
            if name in {"client", "therapist"}:
                read |= {
                    trait: None for trait in FIELDS if trait.startswith(f"{name}.")
                } | BEGINNING
            elif known == now.person_of(name).traits[name.partition(".")[2]]:
                read[name] = None
        change_therapy(**read)

    values = {"client": client.key, "therapist": therapist.key, **now.own_traits}
    return Tag(
        "div",
        Panel("people", groups, values, change),
        *((Tag("p", f"{therapist.title}. {therapist.description}", class_="soft"),) if met else ()),
        class_="people",
    )
