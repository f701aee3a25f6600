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
    QUIET,
    UNMOVED,
    listed,
)
from experiments.quantities.writing import fixed

if TYPE_CHECKING:
    from dashboards.therapies.therapy import Record, Situation, Therapy

__all__ = ["CLEAR", "SLIGHT", "chosen", "disagreements", "log", "situation_text", "tell"]

SLIGHT = {"trust": 0.03, "alliance": 0.04, "distress": 0.05}
"""Changes in a session below these are left out: about the median change in the default clinic."""

CLEAR = {"trust": 0.15, "alliance": 0.1, "distress": 0.14}
"""Changes from here on are clear ones: about one session in ten in the default clinic."""

WAI_STEP = 4.0
"""Points of the WAI-SR (12-60) by which a rating must move to contradict what is felt: about its median change."""

CORE_GAP = 5.0
"""Points of the CORE-10 (0-40) by which a report must miss the distress felt: about one session in sixteen."""

RATERS_GAP = 14.0
"""Points of the WAI-SR by which client and therapist must differ: about one session in nine."""

MARKED = 0.4
"""Depth above which a coming rupture is a marked tension; up to it the tension is small."""

STRAINED = 0.2
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


def chosen(therapy: Therapy) -> str:
    """Name what was chosen in every session, for a page on paper."""
    named = [f"{one.session} {find_stance(one.stance).title}" for one in therapy.records]
    return f"Chosen, session by session: {'; '.join(named)}."


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
    if situation.tension > MARKED:
        said.append("There is a marked tension in the air.")
    elif situation.tension > 0.0:
        said.append("There is a small tension in the air.")
    if not said:
        said = [
            "They are here for the first time." if situation.session == 1 else "They seem at ease.",
            "Nothing is tested and there is no tension: this choice hardly matters.",
        ]
    return f"Session {situation.session}. " + " ".join(said)


def _one(options: tuple[str, ...], session: int) -> str:
    return options[(session - 1) % len(options)]
