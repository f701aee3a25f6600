"""Telling a therapy in plain words, from its record alone.

Every sentence is chosen by what happened and by how much something changed; the thresholds stand below. The wording
varies with the session's number so that a log does not drone, and is the same whenever the same therapy is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.therapies.stances import find_stance
from dashboards.therapies.wording import (
    ENDED,
    FRAME,
    HINDRANCE,
    HOW,
    NOW,
    QUIET,
    UNMOVED,
    counted,
    either,
    in_words,
    listed,
    moved,
    share,
)
from experiments.quantities.writing import fixed, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.therapies.therapy import Record, Situation, Therapy

__all__ = ["CLEAR", "SLIGHT", "disagreements", "log", "situation_text", "stands", "summary", "tell"]

SLIGHT = {"trust": 0.012, "alliance": 0.04, "distress": 0.05}
"""Changes in a session below these are left out: about the median change in the default clinic."""

CLEAR = {"trust": 0.03, "alliance": 0.09, "distress": 0.12}
"""Changes from here on are clear ones: about one session in ten in the default clinic."""

WAI_STEP = 4.0
"""Points of the WAI-SR (12-60) by which a rating must move to contradict what is felt: about its median change."""

CORE_GAP = 5.0
"""Points of the CORE-10 (0-40) by which a report must miss the distress felt: about one session in ten."""

RATERS_GAP = 14.0
"""Points of the WAI-SR by which client and therapist must differ: about one session in twelve."""

SAME = 0.005
"""Alliances closer than this read the same with two decimals."""

STRAINED = 0.15
"""Strain that a therapist can sense: a quarter of sessions."""


def tell(therapy: Therapy, session: int) -> str:
    """Say what happened in a session.

    Parameters
    ----------
    therapy
        A therapy with that session.
    session
        From 1.
    """
    record = therapy.records[session - 1]
    parts = [f"Session {session}."]
    if story := find_stance(record.stance).story:
        parts.append(_one(story, session))
    if record.boundary_event != "none":
        parts.append(_one(FRAME[record.boundary_event], session))
    if record.rupture != "none":
        parts.append(_one(HINDRANCE[record.rupture, outcome(record)], session))
    if record.boundary_event == "none" and record.rupture == "none":
        parts.append(_one(QUIET, session))
    parts.append(changes(record))
    parts += disagreements(therapy, session)
    if record.ending is not None:
        parts.append(ENDED[record.ending])
    return " ".join(parts)


def log(therapy: Therapy) -> tuple[str, ...]:
    """Say what happened in every session, in order."""
    return tuple(tell(therapy, record.session) for record in therapy.records)


def outcome(record: Record) -> str:
    """What became of a rupture: missed, noticed, repaired."""
    if record.repaired:
        return "repaired"
    return "noticed" if record.noticed else "missed"


def changes(record: Record) -> str:
    """Say what a session changed in trust, alliance and distress, by `SLIGHT` and `CLEAR`."""
    said = []
    for name in ("trust", "alliance", "distress"):
        change = getattr(record.after, name) - getattr(record.before, name)
        if abs(change) >= SLIGHT[name]:
            verb = "rose" if change > 0 else "fell"
            size = "clearly" if abs(change) >= CLEAR[name] else "a little"
            said.append(f"{'the ' if name == 'alliance' else ''}{name} {verb} {size}")
    if not said:
        return _one(UNMOVED, record.session)
    text = listed(said)
    return text[0].upper() + text[1:] + "."


def disagreements(therapy: Therapy, session: int) -> list[str]:
    """Say where questionnaires and what is felt disagree in a session, a sentence each; empty where they do not."""
    record = therapy.records[session - 1]
    said = []
    if session > 1:
        before = therapy.records[session - 2].reports.wai_sr_client
        rated = record.reports.wai_sr_client - before
        felt = record.after.alliance - record.before.alliance
        if rated * felt < 0 and abs(rated) >= WAI_STEP and abs(felt) >= SLIGHT["alliance"]:
            said.append(
                f"On the WAI-SR they rated the alliance {fixed(abs(rated), 0)} points "
                f"{'higher' if rated > 0 else 'lower'} than last time, though it felt "
                f"{'closer' if felt > 0 else 'more distant'}."
            )
    gap = record.reports.core_10 - 40.0 * record.after.distress
    if abs(gap) >= CORE_GAP:
        said.append(
            f"Their CORE-10 of {fixed(record.reports.core_10, 0)} makes them look "
            f"{'worse' if gap > 0 else 'better'} than they feel."
        )
    views = record.reports.wai_sr_therapist - record.reports.wai_sr_client
    if abs(views) >= RATERS_GAP and not _apart_before(therapy, session):
        said.append(
            f"The therapist rated the alliance {fixed(abs(views), 0)} points "
            f"{'higher' if views > 0 else 'lower'} than the client did."
        )
    return said


def _apart_before(therapy: Therapy, session: int) -> bool:
    """Tell whether client and therapist rated as far apart one session earlier: then it is no news."""
    if session == 1:
        return False
    reports = therapy.records[session - 2].reports
    return abs(reports.wai_sr_therapist - reports.wai_sr_client) >= RATERS_GAP


def situation_text(situation: Situation) -> str:
    """Say what a therapist could see before choosing what to do: signs, never the model's numbers."""
    said = []
    if situation.tests:
        said.append("They ask for something that the frame of therapy does not allow.")
    if situation.open_rupture == "withdrawal":
        said.append(
            "Lately they say less, and agree quickly."
            if situation.unspoken
            else "You saw them draw back, and it has not been mended."
        )
    elif situation.open_rupture == "confrontation":
        said.append(
            "There was an edge in their voice, and nobody has spoken of it."
            if situation.unspoken
            else "Their complaint has been heard, and it has not been mended."
        )
    if situation.strain >= STRAINED:
        said.append("It is harder to talk with each other than it was.")
    if not said:
        said.append(
            "They are here for the first time." if situation.session == 1 else "They seem at ease."
        )
    return f"Session {situation.session}. " + " ".join(said)


def summary(therapy: Therapy, others: Mapping[str, Therapy] | None = None, at: int = 0) -> str:
    """Sum a therapy up in one paragraph.

    Parameters
    ----------
    therapy
        As far as it has been played.
    others, at
        What other choices at session `at` would have done, see `dashboards.therapies.therapy.counterfactuals`.
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
        f"There {verb} {counted(len(torn), 'rupture')}: {in_words(noticed)} noticed, "
        f"{in_words(repaired)} repaired."
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


def _one(options: tuple[str, ...], session: int) -> str:
    return options[(session - 1) % len(options)]
