"""What a therapist can choose to do in a session: six stances, and being as they are.

A stance changes how the therapist is met in one session, a `Presence`; everything that follows from it is the
model's. The sizes are assumptions made for teaching, not findings: none is fitted to data. They are half to two
standard deviations between therapists, by the spreads of the parameter table (logits: empathy 0.71, acceptance 0.45,
collaboration 0.44, skill in repair 0.38 as it acts on a repair; noticing differs through attunement, about 0.5), so
that for one session a therapist becomes another one who could work next door. What helps with one thing has a
price in another: a session spent on the tension is not spent on the work, and the other way round. They were chosen
so that no stance is the best for every pair of client and therapist.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from experiments.quantities.writing import significant
from simulation.errors import AllianceError
from simulation.numerics import clip, logistic, logit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulation.states import Presence

__all__ = ["OWN_WAY", "STANCES", "Stance", "find_stance", "read_stances", "write_stances"]

LOGIT_LIMIT = 40.0
EDGE = 1e-9
NEVER = -30.0
"""Logits added to noticing by a therapist who has decided not to; less than one in a billion notices by default."""


@dataclass(frozen=True, slots=True)
class Stance:
    """A way to hold one session.

    Attributes
    ----------
    key, code
        Its name in files, and the letter that stands for it in an address.
    title
        What a button says.
    meaning
        One sentence.
    empathy, acceptance, collaboration, notices, repairs
        Logits added to what the therapist is like this week.
    yields
        Chance to yield to a test of the frame; None leaves both chances to the therapist. A stance that decides
        about the frame never rebuffs.
    """

    key: str
    code: str
    title: str
    meaning: str
    empathy: float = 0.0
    acceptance: float = 0.0
    collaboration: float = 0.0
    notices: float = 0.0
    repairs: float = 0.0
    yields: float | None = None

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
    "own_way", "o", "In their own way", "No stance: the therapist works in their own way."
)

STANCES: Mapping[str, Stance] = MappingProxyType(
    {
        stance.code: stance
        for stance in (
            Stance(
                "listen",
                "l",
                "Listen",
                "Follow what the client means and feels, and leave the plan aside.",
                empathy=1.0,
                collaboration=-0.6,
            ),
            Stance(
                "challenge",
                "c",
                "Challenge",
                "Ask for work towards the goals, even where it is uncomfortable.",
                empathy=-0.4,
                acceptance=-0.45,
                collaboration=0.9,
            ),
            Stance(
                "hold",
                "h",
                "Hold the limit",
                "If the client asks for more than the frame allows, say no kindly.",
                yields=0.0,
            ),
            Stance(
                "bend",
                "b",
                "Bend it",
                "If the client asks for more than the frame allows, give it this time.",
                yields=1.0,
            ),
            Stance(
                "address",
                "a",
                "Address the tension",
                "Ask what is going on between the two of you, and own your part in it.",
                notices=0.75,
                repairs=0.4,
                collaboration=-0.6,
            ),
            Stance(
                "pass",
                "p",
                "Let it pass",
                "Keep to the work; whatever comes up between the two of you is left alone.",
                notices=NEVER,
                collaboration=0.45,
            ),
            OWN_WAY,
        )
    }
)
"""The stances by their letters, in the order in which they are offered; the last is no stance."""


def find_stance(code: str) -> Stance:
    """Return the stance of a letter.

    Raises
    ------
    AllianceError
        If no stance has this letter.
    """
    if code not in STANCES:
        known = ", ".join(f"{stance.code} ({stance.title.lower()})" for stance in STANCES.values())
        raise AllianceError(f"{code!r} is not a stance: choose among {known}.")
    return STANCES[code]


def read_stances(text: Iterable[str]) -> tuple[str, ...]:
    """Return the letters of a text such as ``"aalhb"``, one for each session from the first.

    Raises
    ------
    AllianceError
        If a letter stands for no stance.
    """
    return tuple(find_stance(code).code for code in text)


def write_stances(codes: Iterable[str]) -> str:
    """Return the shortest text for stances: what follows the last choice is the therapist's own way anyhow.

    Raises
    ------
    AllianceError
        If a letter stands for no stance.
    """
    return "".join(read_stances(codes)).rstrip(OWN_WAY.code)
