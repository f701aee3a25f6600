"""The sentences of the log, and how numbers are written in them.

Each tuple holds ways to say the same thing; `dashboards.therapies.story` takes one after the other.
"""

from __future__ import annotations

from experiments.quantities.writing import fixed

__all__ = [
    "ENDED",
    "FRAME",
    "HINDRANCE",
    "HOW",
    "NOW",
    "QUIET",
    "UNMOVED",
    "counted",
    "either",
    "how_many",
    "in_words",
    "listed",
    "moved",
    "share",
]

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
        "They tested the frame, and the therapist did what no therapist may do.",
        "The frame did not just bend: the therapist violated it.",
    ),
}

UNMOVED = ("Little changed.", "Not much moved.", "Things stayed as they were.")

QUIET = (
    "A session without a rupture.",
    "Nothing came between them.",
    "They worked without a hitch.",
    "An even session.",
)

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

NOW = {
    "completed": "As planned",
    "dropped_out": "Dropped out",
    "session_limit": "At the limit",
    "boundary_violation": "After a violation",
}
"""Endings in the two or three words that fit a card."""

CARDINALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(count: int) -> str:
    """Return a small count in words, a larger one in figures."""
    return CARDINALS[count] if count < len(CARDINALS) else str(count)


def how_many(count: int) -> str:
    """Return a count that stands for people or things named before: ``"none"``, ``"two"``."""
    return in_words(count) if count else "none"


def counted(count: int, noun: str) -> str:
    """Return ``"one rupture"``, ``"two ruptures"``."""
    return f"{in_words(count)} {noun}{'' if count == 1 else 's'}"


def share(value: float) -> str:
    """Write a value on [0, 1] with two decimals and no leading zero: ``".45"``."""
    text = fixed(value, 2)
    return text.removeprefix("0") if text.startswith("0.") else text


def listed(items: list[str]) -> str:
    """Join items as a sentence does: commas, then "and"."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def either(items: list[str]) -> str:
    """Join items of which one is chosen: commas, then "or"."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " or " + items[-1]


def moved(before: float, after: float) -> str:
    """Say how a value on [0, 1] changed: ``"rose from .45 to .61"``."""
    if share(before) == share(after):
        return f"stayed at {share(after)}"
    return f"{'rose' if after > before else 'fell'} from {share(before)} to {share(after)}"
