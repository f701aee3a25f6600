"""Summing a therapy up: how it went, where it stands, and what other choices would have done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.therapies.stances import find_stance
from dashboards.therapies.wording import (
    HOW,
    NOW,
    counted,
    either,
    how_many,
    in_words,
    listed,
    moved,
    share,
)
from experiments.quantities.writing import fixed, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.therapies.therapy import Therapy

__all__ = ["stands", "summary"]

SAME = 0.005
"""Alliances closer than this read the same with two decimals."""


def summary(therapy: Therapy, others: Mapping[str, Therapy] | None = None, at: int = 0) -> str:
    """Sum a therapy up in one paragraph.

    Parameters
    ----------
    therapy
        As far as it has been played.
    others, at
        What other choices at session `at` would have done, see `dashboards.therapies.playing.counterfactuals`.
    """
    if not therapy.records:
        return "No session has been held yet."
    start, end = therapy.start, therapy.state
    held = len(therapy)
    count = counted(held, "session")
    text = [f"{count[0].upper()}{count[1:]} held; the therapy {HOW[therapy.ending]}."]
    text.append(
        f"The alliance {moved(start.alliance, end.alliance)}, trust {moved(start.trust, end.trust)}, "
        f"and distress {moved(start.distress, end.distress)}."
    )
    text += [_ruptures(therapy), *_frame(therapy)]
    reported = therapy.records[-1].reports.core_10
    text.append(
        f"The CORE-10 read {fixed(therapy.core_10_intake, 0)} before the first session and "
        f"{fixed(reported, 0)} after the last."
    )
    text += _others(therapy, others or {}, at)
    return " ".join(text)


def stands(therapy: Therapy) -> tuple[str, str, str]:
    """Say where a therapy stands, for a card: the chance to lose the client, or once it is over how it ended."""
    last = therapy.records[-1]
    if last.ending is not None:
        return "Ended", NOW[last.ending], f"after session {last.session}"
    return (
        "Chance of dropout",
        percent(last.events.dropout_probability),
        "after this session",
    )


def _ruptures(therapy: Therapy) -> str:
    torn = [record for record in therapy.records if record.rupture != "none"]
    if not torn:
        return "There was no rupture."
    noticed = sum(record.noticed for record in torn)
    repaired = sum(record.repaired for record in torn)
    verb = "was" if len(torn) == 1 else "were"
    return (
        f"There {verb} {counted(len(torn), 'rupture')}: {how_many(noticed)} noticed, "
        f"{how_many(repaired)} repaired."
    )


def _frame(therapy: Therapy) -> list[str]:
    events = [record.boundary_event for record in therapy.records]
    names = {
        "held": "held",
        "crossing": "bent",
        "rebuff": "answered with a rebuff",
        "violation": "violated",
    }
    parts = [
        f"{in_words(events.count(event))} {name}"
        for event, name in names.items()
        if event in events
    ]
    tests = sum(event != "none" for event in events)
    times = "once" if tests == 1 else f"{in_words(tests)} times"
    return [f"The frame was tested {times}: {', '.join(parts)}."] if parts else []


def _others(therapy: Therapy, others: Mapping[str, Therapy], at: int) -> list[str]:
    """Say what other choices at a session would have done: at once, and to the course of the therapy."""
    effects: dict[str, list[str]] = {}
    alike = []
    for letter, other in others.items():
        title = f"“{find_stance(letter).title}”"
        at_once = _difference(other.until(at), therapy.until(at))
        lasting = _difference(other, therapy)
        same_course = other.ending == therapy.ending and len(other) == len(therapy)
        if at_once is None and lasting is None and same_course:
            alike.append(title)
            continue
        course = (
            f"it would have lasted as long and left the alliance {lasting or 'the same'} at the end"
            if same_course
            else f"the therapy {_would(other)}"
        )
        effect = f"the alliance {at_once or 'the same'} after it, and {course}."
        effects.setdefault(effect, []).append(title)
    if not others:
        return []
    opening = [f"The other choices in session {at}, under the same luck."]
    if alike:
        opening.append(f"{listed(alike)} would have changed next to nothing.")
    return opening + [
        f"{either(titles)} in its place: {effect}" for effect, titles in effects.items()
    ]


def _difference(one: Therapy, other: Therapy) -> str | None:
    """Say how much higher or lower the alliance of one is; None where it reads the same."""
    difference = one.state.alliance - other.state.alliance
    if abs(difference) < SAME:
        return None
    return f"{share(abs(difference))} {'higher' if difference > 0 else 'lower'}"


def _would(other: Therapy) -> str:
    after = counted(len(other), "session")
    if other.ending is None:
        return f"would still be going on after {after}"
    return {
        "completed": f"would have ended as planned after {after}",
        "dropped_out": f"would have ended after {after} with the client not coming back",
        "session_limit": f"would have lasted to the last session that the setting offers, {after}",
        "boundary_violation": f"would have ended after {after} with a violation of the frame",
    }[other.ending]
