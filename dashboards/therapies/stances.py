"""What a therapist can choose to do in a session: six stances, and being as they are.

All that the dashboard knows of a stance stands in its entry of `STANCES`: its letter in links and files, what its
button says, when it is offered first, what it does to a session and how the log tells it.

A stance changes how the therapist is met in one session, a `Presence`; everything that follows from it is the
model's. The sizes are assumptions made for teaching, not findings: none is fitted to data. They are about half to two
standard deviations between therapists, by the spreads of the parameter table (logits: empathy 1.06, acceptance 0.45,
collaboration 0.37, skill in repair 0.38 as it acts on a repair; noticing differs through attunement, about 0.5), so
that for one session a therapist becomes another one who could work next door. Beyond that are three decisions: to
hold every limit, to bend it whenever asked, to let all tension pass. What helps with one thing has a price in
another: a session spent on the tension is not spent on the work, and the other way round. They were chosen so that no
stance is the best for every pair of client and therapist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from experiments.quantities.writing import significant
from simulation.errors import AllianceError
from simulation.numerics import clip, logistic, logit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulation.states import Presence

__all__ = [
    "OWN_WAY",
    "STANCES",
    "Stance",
    "by_letter",
    "find_stance",
    "read_stances",
    "write_stances",
]

LOGIT_LIMIT = 40.0
EDGE = 1e-9
NEVER = -30.0
"""Logits added to noticing by a therapist who has decided not to; less than one in a billion notices by default."""

SITUATIONS = ("calm", "tested", "tense", "both")
"""What a session may begin with: nothing, a test of the frame, tension between the two, or both."""


@dataclass(frozen=True, slots=True)
class Stance:
    """A way to hold one session.

    Attributes
    ----------
    letter
        Stands for it in an address, and for one session in a file.
    name
        In the columns of a table.
    title
        What a button says.
    meaning
        One sentence: what one would do.
    story
        Ways in which the log says that a session was held in it; it takes one after the other. None where
        there is nothing to say.
    says
        What one would say, in quotation marks; without, its button has the title.
    fits
        In which of `SITUATIONS` it is offered first, ``"calm tense"``; in the others it is a step further away.
    empathy, acceptance, collaboration, notices, repairs
        Logits added to what the therapist is like this week.
    yields
        Chance to yield to a test of the frame; None leaves both chances to the therapist. A stance that decides
        about the frame never rebuffs.

    Raises
    ------
    AllianceError
        If the letter is not a small one from a to z, or something else is not as said above.
    """

    letter: str
    name: str
    title: str
    meaning: str
    story: tuple[str, ...]
    says: str = ""
    fits: str = ""
    empathy: float = 0.0
    acceptance: float = 0.0
    collaboration: float = 0.0
    notices: float = 0.0
    repairs: float = 0.0
    yields: float | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch("[a-z]", self.letter):
            raise AllianceError(
                f"{self.letter!r} cannot stand for a stance in an address: choose a letter from a to z."
            )
        # A forgotten comma makes a text, of which the log would tell the letters.
        story: object = self.story
        if isinstance(story, str):
            raise AllianceError(
                f"The story of {self.name} is one text: write a tuple of sentences, with a comma behind each."
            )
        if not set(self.fits.split()) <= set(SITUATIONS):
            raise AllianceError(
                f"{self.name} fits {self.fits!r}: name some of {', '.join(SITUATIONS)}, with spaces between."
            )
        if self.yields is not None and not 0.0 <= self.yields <= 1.0:
            raise AllianceError(
                f"{self.name} yields with a chance of {self.yields:g}: give one from 0 to 1, or None."
            )

    def __call__(self, therapist: Presence) -> Presence:
        """Return the therapist as met in a session held in this stance."""
        return therapist._replace(
            empathy_logit=_moved(therapist.empathy_logit, self.empathy),
            present_acceptance=_shifted(therapist.present_acceptance, self.acceptance),
            present_collaboration=_shifted(therapist.present_collaboration, self.collaboration),
            yields=therapist.yields if self.yields is None else self.yields,
            rebuffs=therapist.rebuffs if self.yields is None else 0.0,
            notices=_moved(therapist.notices, self.notices),
            repairs=_moved(therapist.repairs, self.repairs),
        )

    @property
    def effect(self) -> str:
        """What it changes in the model, in plain words with the numbers."""
        parts = [
            f"{name} {'up' if size > 0 else 'down'} by {significant(abs(size))}"
            for name, size in (
                ("empathy", self.empathy),
                ("acceptance", self.acceptance),
                ("collaboration", self.collaboration),
                ("noticing a rupture", 0.0 if self.notices == NEVER else self.notices),
                ("repairing it", self.repairs),
            )
            if size
        ]
        words = [", ".join(parts) + " (logits)"] if parts else []
        if self.notices == NEVER:
            words.insert(0, "a rupture is practically never noticed")
        if self.yields is not None:
            answer = "always yielded to" if self.yields else "always answered by holding the limit"
            words.insert(0, f"a test of the frame is {answer}, never rebuffed")
        text = "; ".join(words) or "nothing"
        return text[0].upper() + text[1:] + ", for this session only."


def _moved(value: float, by: float) -> float:
    """Move a value in logits, within ± `LOGIT_LIMIT`; untouched by 0."""
    return clip(value + by, -LOGIT_LIMIT, LOGIT_LIMIT) if by else value


def _shifted(share: float, by: float) -> float:
    """Move a share on the logit scale, within (0, 1); untouched by 0."""
    return logistic(logit(clip(share, EDGE, 1.0 - EDGE)) + by) if by else share


OWN_WAY = Stance(
    "o",
    "own_way",
    "In their own way",
    "No stance: the therapist works in their own way.",
    (),
    fits="calm tested tense",
)


def by_letter(*stances: Stance) -> Mapping[str, Stance]:
    """Return the stances by their letters.

    Raises
    ------
    AllianceError
        If two have the same letter or name.
    """
    found: dict[str, Stance] = {}
    for one in stances:
        if one.name in {other.name for letter, other in found.items() if letter != one.letter}:
            raise AllianceError(f"There are two stances of the name {one.name}: choose another.")
        if one.letter in found:
            raise AllianceError(
                f"{one.name} and {found[one.letter].name} have the same letter, {one.letter}: choose another."
            )
        found[one.letter] = one
    return MappingProxyType(found)


STANCES: Mapping[str, Stance] = by_letter(
    Stance(
        "l",
        "listen",
        "Listen",
        "Follow what the client means and feels, and leave the plan aside.",
        ("The therapist listened.", "The therapist put the plan aside and listened."),
        says="“Tell me what that is like for you.”",
        fits="calm tested tense both",
        empathy=0.8,
        collaboration=-0.8,
    ),
    Stance(
        "c",
        "challenge",
        "Challenge",
        "Ask for work towards the goals, even where it is uncomfortable.",
        ("The therapist challenged.", "The therapist asked for work that was uncomfortable."),
        says="“What would be one step, even if it is uncomfortable?”",
        fits="calm tested tense",
        empathy=-0.45,
        acceptance=-0.2,
        collaboration=0.8,
    ),
    Stance(
        "h",
        "hold",
        "Hold the limit",
        "If the client asks for more than the frame allows, say no kindly.",
        ("The therapist meant to hold the limit.", "The therapist came resolved to hold limits."),
        says="“I cannot do that, and I am not going away.”",
        fits="tested both",
        yields=0.0,
    ),
    Stance(
        "b",
        "bend",
        "Bend it",
        "If the client asks for more than the frame allows, give it this time.",
        (
            "The therapist was ready to bend the frame.",
            "The therapist meant to give way if asked.",
        ),
        says="“This once, yes.”",
        fits="tested both",
        yields=1.0,
    ),
    Stance(
        "a",
        "address",
        "Address the tension",
        "Ask what is going on between the two of you, and own your part in it.",
        (
            "The therapist looked for tension to address.",
            "The therapist asked how the two were doing.",
        ),
        says="“Something is different between us. Was it something I did?”",
        fits="calm tense both",
        notices=1.0,
        repairs=0.75,
        collaboration=-0.6,
    ),
    Stance(
        "p",
        "pass",
        "Let it pass",
        "Keep to the work; whatever comes up between the two of you is left alone.",
        ("The therapist kept to the work.", "The therapist let what came up pass."),
        says="“Let us go on with what we had planned.”",
        fits="tense both",
        notices=NEVER,
        collaboration=0.6,
    ),
    OWN_WAY,
)
"""The stances by their letters, in the order in which they are offered; the last is no stance."""


def find_stance(letter: str) -> Stance:
    """Return the stance of a letter.

    Raises
    ------
    AllianceError
        If no stance has this letter.
    """
    if letter not in STANCES:
        known = ", ".join(
            f"{stance.letter} ({stance.title.lower()})" for stance in STANCES.values()
        )
        raise AllianceError(f"{letter!r} is not a stance: choose among {known}.")
    return STANCES[letter]


def read_stances(text: Iterable[str]) -> tuple[str, ...]:
    """Return the letters of a text such as ``"aalhb"``, one for each session from the first.

    Raises
    ------
    AllianceError
        If a letter stands for no stance.
    """
    return tuple(find_stance(letter).letter for letter in text)


def write_stances(letters: Iterable[str]) -> str:
    """Return the shortest text for stances: what follows the last choice is the therapist's own way anyhow.

    Raises
    ------
    AllianceError
        If a letter stands for no stance.
    """
    return "".join(read_stances(letters)).rstrip(OWN_WAY.letter)
