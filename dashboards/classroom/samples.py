"""A small clinic for each student: what each alone would conclude, and what all know together.

Every student runs the two sides of a trial once, with clients and luck of their own that follow from a number:
whoever knows the number can run the same clinics again. ``page/scripts/samples.js`` makes the same figures and
sentences of the clinics that a page runs; a test holds both to each other.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from dashboards.charts.figures import Axis, Bars, Lines, Series, numbers
from dashboards.computing.outcome_runs import tables_of
from experiments.quantities.intervals import mean_of
from experiments.quantities.writing import count, fixed
from simulation.presets import layered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.parameters import Parameters

__all__ = [
    "CONTRASTS",
    "LONG_RUN",
    "MEANING",
    "MOST_STUDENTS",
    "STORY",
    "STUDENTS",
    "WONDER",
    "Arm",
    "ClinicPair",
    "Contrast",
    "contrast",
    "every_clinic",
    "long_run",
    "own_words",
    "pooled_clinics",
    "pooled_words",
    "run_pair",
]

STUDENTS, MOST_STUDENTS = 60, 300
LONG_RUN = 400
"""Clinics on each side that give what the model says in the long run."""

FEW = 5
"""Clinics from which on an interval is drawn: that of fewer would hide all else."""

STRETCH = 5
"""Percentage points of difference that are counted together."""

STORY = (
    "A trial with one clinic on either side: a hundred clients each, none of them the same. Everyone in the class "
    "runs a trial of their own, with the same model. What will yours say?"
)
WONDER = "What would you conclude if you knew nothing else?"
MEANING = (
    "The model is the same for everybody, so all of the difference between these clinics is luck: in who came, and "
    "in what happened to them. A published trial is one such draw."
)

OWN = "  \N{BLACK LEFT-POINTING TRIANGLE}\N{NO-BREAK SPACE}yours"


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two clinics that differ in one thing.

    Attributes
    ----------
    key, title, question
        Its part of an address, what it is called, and what it asks.
    without, with_
        Presets of either side, layered.
    side_without, side_with
        How a sentence calls each side.
    """

    key: str
    title: str
    question: str
    without: tuple[str, ...]
    with_: tuple[str, ...]
    side_without: str
    side_with: str


CONTRASTS = (
    Contrast(
        "feedback",
        "Progress feedback",
        "Do fewer clients drop out when their therapists get feedback on their progress?",
        (),
        ("progress_feedback",),
        "without feedback",
        "with feedback",
    ),
    Contrast(
        "repair",
        "Repair of ruptures",
        "Do fewer clients drop out where therapists repair ruptures?",
        ("rupture_without_repair",),
        ("rupture_and_repair",),
        "without repair",
        "with repair",
    ),
)
"""One effect that a single clinic can hardly show, and one that it can."""


def contrast(key: str) -> Contrast:
    """Return the contrast of this key; the first for a key that is none."""
    return next((one for one in CONTRASTS if one.key == key), CONTRASTS[0])


@dataclass(frozen=True, slots=True)
class Arm:
    """One side: how many clients came at least once, and how many of them dropped out."""

    began: int
    dropped: int

    @property
    def rate(self) -> float:
        """Share of those who began; nan where nobody did."""
        return self.dropped / self.began if self.began else math.nan


@dataclass(frozen=True, slots=True)
class ClinicPair:
    """What one student's clinics gave; `number` is the student's."""

    number: int
    without: Arm
    with_: Arm

    @property
    def difference(self) -> float:
        """Dropout with minus dropout without, as a share."""
        return self.with_.rate - self.without.rate


@lru_cache(maxsize=4 * MOST_STUDENTS)
def run_pair(key: str, number: int) -> ClinicPair:
    """Run a student's clinics: seeds ``2 number - 1`` and ``2 number``, so that no two share a client."""
    of = contrast(key)
    (without,) = _arms(layered(of.without), 2 * number - 1, 1)
    (with_,) = _arms(layered(of.with_), 2 * number, 1)
    return ClinicPair(number, without, with_)


@cache
def long_run(key: str) -> float:
    """Return the mean difference over `LONG_RUN` clinics on each side."""
    of = contrast(key)
    without, with_ = (_arms(layered(names), 0, LONG_RUN) for names in (of.without, of.with_))
    return float(np.mean([one.rate for one in with_]) - np.mean([one.rate for one in without]))


def _arms(parameters: Parameters, seed: int, clinics: int) -> list[Arm]:
    tables = tables_of(parameters, seed, 0, clinics, frozenset())
    began = tables.started.reshape(clinics, -1)
    dropped = tables.dropped_out.reshape(clinics, -1) & began
    return [
        Arm(int(came), int(left))
        for came, left in zip(began.sum(axis=1), dropped.sum(axis=1), strict=True)
    ]


def own_words(of: Contrast, pair: ClinicPair) -> str:
    """Return what a student's own clinics gave."""
    return (
        f"Clinic {pair.number}: {pair.without.dropped} of {count(pair.without.began, 'client')} dropped out "
        f"{of.side_without}, {pair.with_.dropped} of {pair.with_.began} {of.side_with}: {points(pair.difference, 0)}."
    )


def pooled_words(of: Contrast, pairs: Sequence[ClinicPair], model: float) -> str:
    """Return how many clinics point the other way, what all say together, and what the model gives."""
    differences = [pair.difference for pair in pairs]
    other = sum(one * model < 0 for one in differences)
    found = mean_of(differences)
    way = "more" if model < 0 else "fewer"
    together = points(found.value, 1)
    if found.bounded:
        together += f" (95 % interval: {_aside(found.low)} to {_aside(found.high)})"
    return (
        f"In {other} of {count(len(pairs), 'clinic')} {way} clients dropped out {of.side_with}. "
        f"All together: {together}. In the long run the model gives {points(model, 1)}."
    )


def points(difference: float, digits: int) -> str:
    """Write a difference of shares in percentage points, with its direction in words."""
    size = fixed(abs(100 * difference), digits)
    if not float(size):
        return "no difference"
    return f"{size} percentage points {'fewer' if difference < 0 else 'more'}"


def _aside(difference: float) -> str:
    """Write an end of an interval: its unit has been said."""
    return points(difference, 1).replace(" percentage points", "").replace("no difference", "0")


def pooled_clinics(pairs: Sequence[ClinicPair], model: float) -> Lines:
    """Return what 1, 2, 3, ... clinics say together, in the order of their numbers."""
    differences = [pair.difference for pair in pairs]
    found = [mean_of(differences[:known]) for known in range(1, len(pairs) + 1)]
    shown = [one.bounded and known >= FEW for known, one in enumerate(found, 1)]
    low, high = (
        numbers(
            getattr(one, end) if bounded else math.nan
            for one, bounded in zip(found, shown, strict=True)
        )
        for end in ("low", "high")
    )
    return Lines(
        title="What the clinics say together",
        summary=f"The mean of the first clinics, one more at each step, and its 95 % interval from {FEW} clinics on. "
        "Every further clinic makes it surer; one alone says little.",
        x=Axis("Clinics taken together", low=1.0),
        y=Axis("Difference in dropout (percentage points)", percent=True, points=True),
        xs=numbers(range(1, len(pairs) + 1)),
        series=(
            Series("all so far", numbers(one.value for one in found), low, high, colour=0),
            Series(
                "the model in the long run",
                numbers([model] * len(pairs)),
                role="reference",
                colour=1,
            ),
            Series("no difference", numbers([0.0] * len(pairs)), role="reference", colour=2),
        ),
    )


def every_clinic(pairs: Sequence[ClinicPair], own: int = 0) -> Bars:
    """Return how many clinics gave which difference; `own` is the number of the student who looks, 0 for none."""
    places = {pair.number: _stretch(pair.difference) for pair in pairs}
    piles = Counter(places.values())
    levels = range(min(piles), max(piles) + 1)
    mine = places.get(own)
    most = max(levels, key=lambda one: (piles[one], -one))
    return Bars(
        title="What each clinic alone would say",
        summary=f"{count(len(pairs), 'clinic')}; most, {piles[most]}, found {_named(most)}.",
        x=Axis("Clinics", low=0.0),
        names=tuple(_named(one) + (OWN if one == mine else "") for one in levels),
        series=(Series("Clinics", numbers(piles[one] for one in levels), colour=0),),
    )


def _stretch(difference: float) -> int:
    return math.floor(100 * difference / STRETCH + 0.5)


def _named(stretch: int) -> str:
    if not stretch:
        return "about the same"
    return f"about {STRETCH * abs(stretch)} points {'fewer' if stretch < 0 else 'more'}"
