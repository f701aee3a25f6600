"""Telling a therapy in plain words, from its record alone.

Every sentence is chosen by what happened and by how much something changed; the thresholds stand below. The wording
varies with the session's number so that a log does not drone, and is the same whenever the same therapy is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.therapies.stances import OWN_WAY, find_stance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.therapies.therapy import Record, Situation, Therapy

__all__ = ["CLEAR", "SLIGHT", "log", "situation_text", "summary", "tell", "tells_apart"]

SLIGHT = {"trust": 0.012, "alliance": 0.04, "distress": 0.05}
"""Changes in a session below these are not told: about the median change in the default clinic."""

CLEAR = {"trust": 0.03, "alliance": 0.09, "distress": 0.12}
"""Changes from here on are clear ones: about one session in ten in the default clinic."""

WAI_STEP = 4.0
"""Points of the WAI-SR (12-60) by which a rating must move to contradict what is felt: about its median change."""

CORE_GAP = 5.0
"""Points of the CORE-10 (0-40) by which a report must miss the distress felt: about one session in ten."""

RATERS_GAP = 14.0
"""Points of the WAI-SR by which client and therapist must differ: about one session in twelve."""

STRAINED = 0.15
"""Strain that a therapist can sense: a quarter of sessions."""

HINDRANCE = {
    ("withdrawal", "missed"): (
        "They pulled back; the therapist did not notice.",
        "They said less than they meant, and it went by unseen.",
        "They agreed and moved away inside; the therapist missed it.",
    ),
    ("withdrawal", "noticed"): (
        "They pulled back; the therapist noticed and asked, but it was not mended.",
        "They went quiet. The therapist saw it, and could not bring them back.",
        "They drew away; the therapist spoke of it, and the distance stayed.",
    ),
    ("withdrawal", "repaired"): (
        "They pulled back; the therapist noticed, and they found each other again.",
        "They went quiet. The therapist asked about it, and it could be said and mended.",
        "They drew away; the therapist saw it and it was repaired.",
    ),
    ("confrontation", "missed"): (
        "They complained, and the therapist did not take it as being about the two of them.",
        "They were angry with the therapist, who did not notice what it was about.",
        "They spoke sharply; the therapist did not hear it.",
    ),
    ("confrontation", "noticed"): (
        "They confronted the therapist, who noticed; it was not mended.",
        "They were angry. The therapist heard it and tried to mend it, without success.",
        "They complained about the therapist, who took it up; it stayed between them.",
    ),
    ("confrontation", "repaired"): (
        "They confronted the therapist, who heard it, and it was repaired.",
        "They were angry. The therapist took their part in it, and that mended it.",
        "They complained about the therapist, who took it up, and they found each other again.",
    ),
}

FRAME = {
    "held": (
        "They asked for more than the frame allows, and the therapist held the limit kindly.",
        "They tested the frame; the limit was held, without hardness.",
    ),
    "crossing": (
        "They asked for more than the frame allows, and the therapist gave way.",
        "They tested the frame; the therapist bent it this time.",
    ),
    "rebuff": (
        "They asked for more than the frame allows and were turned away harshly.",
        "They tested the frame; the therapist rebuffed them.",
    ),
    "violation": (
        "They tested the frame, and the therapist crossed a line that must not be crossed.",
        "The frame did not just bend: the therapist violated it.",
    ),
}

QUIET = (
    "A session without a rupture.",
    "Nothing came between them.",
    "They worked without a hitch.",
    "An even session.",
)

OWN = {
    "l": ("The therapist listened.", "The therapist put the plan aside and listened."),
    "c": ("The therapist challenged.", "The therapist asked for work that was uncomfortable."),
    "h": ("The therapist meant to hold the limit.", "The therapist came resolved to hold limits."),
    "b": (
        "The therapist was ready to bend the frame.",
        "The therapist meant to give way if asked.",
    ),
    "a": (
        "The therapist looked for tension to address.",
        "The therapist asked how the two were doing.",
    ),
    "p": ("The therapist kept to the work.", "The therapist let what came up pass."),
}

ENDED = {
    "completed": "They felt well enough, and the two ended the therapy as planned.",
    "dropped_out": "They did not come back.",
    "session_limit": "It was the last session that the setting offers.",
    "boundary_violation": "The therapy ended there.",
}

HOW = {
    "completed": "ended as planned",
    "dropped_out": "ended with the client not coming back",
    "session_limit": "ended at the last session that the setting offers",
    "boundary_violation": "ended after a violation of the frame",
    None: "is still going on",
}

CARDINALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(count: int) -> str:
    """Return a small count in words, a larger one in figures."""
    return CARDINALS[count] if count < len(CARDINALS) else str(count)


def counted(count: int, noun: str) -> str:
    """Return ``"one rupture"``, ``"two ruptures"``."""
    return f"{in_words(count)} {noun}{'' if count == 1 else 's'}"


def share(value: float) -> str:
    """Write a value on [0, 1] with two decimals and no leading zero: ``".45"``."""
    text = f"{value:.2f}"
    return text.removeprefix("0") if text.startswith("0.") else text


def tell(therapy: Therapy, session: int) -> str:
    """Tell a session held.

    Parameters
    ----------
    therapy
        A therapy with that session.
    session
        From 1.
    """
    record = therapy.records[session - 1]
    parts = [f"Session {session}."]
    if record.stance != OWN_WAY.code:
        parts.append(_one(OWN[record.stance], session))
    if record.boundary_event != "none":
        parts.append(_one(FRAME[record.boundary_event], session))
    if record.rupture != "none":
        parts.append(_one(HINDRANCE[record.rupture, outcome(record)], session))
    if record.boundary_event == "none" and record.rupture == "none":
        parts.append(_one(QUIET, session))
    parts.append(changes(record))
    parts += tells_apart(therapy, session)
    if record.ending is not None:
        parts.append(ENDED[record.ending])
    return " ".join(parts)


def log(therapy: Therapy) -> tuple[str, ...]:
    """Tell every session held, in order."""
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
        return _one(
            ("Little changed.", "Not much moved.", "Things stayed as they were."), record.session
        )
    text = said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]
    return text[0].upper() + text[1:] + "."


def tells_apart(therapy: Therapy, session: int) -> list[str]:
    """Say where questionnaires and what is felt disagree in a session, a sentence each; empty where they do not."""
    record = therapy.records[session - 1]
    said = []
    if session > 1:
        before = therapy.records[session - 2].reports.wai_sr_client
        rated = record.reports.wai_sr_client - before
        felt = record.after.alliance - record.before.alliance
        if rated * felt < 0 and abs(rated) >= WAI_STEP and abs(felt) >= SLIGHT["alliance"]:
            said.append(
                f"On the WAI-SR they rated the alliance {abs(rated):.0f} points "
                f"{'higher' if rated > 0 else 'lower'} than last time, though it felt "
                f"{'closer' if felt > 0 else 'more distant'}."
            )
    gap = record.reports.core_10 - 40.0 * record.after.distress
    if abs(gap) >= CORE_GAP:
        said.append(
            f"Their CORE-10 of {record.reports.core_10:.0f} makes them look "
            f"{'worse' if gap > 0 else 'better'} than they feel."
        )
    views = record.reports.wai_sr_therapist - record.reports.wai_sr_client
    if abs(views) >= RATERS_GAP:
        said.append(
            f"The therapist rated the alliance {abs(views):.0f} points "
            f"{'higher' if views > 0 else 'lower'} than the client did."
        )
    return said


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


def summary(therapy: Therapy, ghosts: Mapping[str, Therapy] | None = None, at: int = 0) -> str:
    """Sum a therapy up in one paragraph.

    Parameters
    ----------
    therapy
        As far as it has been played.
    ghosts, at
        What other choices at session `at` would have done, see `dashboards.therapies.therapy.ghosts`.
    """
    if not therapy.records:
        return "No session has been held yet."
    start, end = therapy.start, therapy.state
    held = len(therapy)
    count = counted(held, "session")
    text = [f"{count[0].upper()}{count[1:]} held; the therapy {HOW[therapy.ending]}."]
    text.append(
        f"The alliance {_moved(start.alliance, end.alliance)}, trust {_moved(start.trust, end.trust)}, "
        f"and distress {_moved(start.distress, end.distress)}."
    )
    text += [_ruptures(therapy), *_frame(therapy)]
    reported = therapy.records[-1].reports.core_10
    text.append(
        f"The CORE-10 read {therapy.core_10_intake:.0f} before the first session and "
        f"{reported:.0f} after the last."
    )
    text += [
        _other(find_stance(code).title, ghost, therapy, at)
        for code, ghost in (ghosts or {}).items()
    ]
    return " ".join(text)


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
    told = [
        f"{in_words(events.count(event))} {name}"
        for event, name in names.items()
        if event in events
    ]
    tests = sum(event != "none" for event in events)
    times = "once" if tests == 1 else f"{in_words(tests)} times"
    return [f"The frame was tested {times}: {', '.join(told)}."] if told else []


def _other(title: str, ghost: Therapy, therapy: Therapy, at: int) -> str:
    difference = ghost.state.alliance - therapy.state.alliance
    if abs(difference) < 0.005:
        alliance = "the same alliance"
    else:
        alliance = f"an alliance {share(abs(difference))} {'higher' if difference > 0 else 'lower'}"
    same = ghost.ending == therapy.ending and len(ghost) == len(therapy)
    course = (
        "the same ending"
        if same
        else f"a therapy that {HOW[ghost.ending]} after {counted(len(ghost), 'session')}"
    )
    return f"“{title}” in session {at}: {alliance} at the end, and {course}."


def _moved(before: float, after: float) -> str:
    if share(before) == share(after):
        return f"stayed at {share(after)}"
    return f"{'rose' if after > before else 'fell'} from {share(before)} to {share(after)}"


def _one(options: tuple[str, ...], session: int) -> str:
    return options[(session - 1) % len(options)]
