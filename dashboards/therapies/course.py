"""The chart of the session room, trust and distress session by session, and what every chart of a therapy shares.

One figure for the dashboard and for the page in one file: it is written in the subset of Python that
`dashboards.portable` carries over to JavaScript.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from dashboards.charts.figures import DIGITS, Axis, Lines, Mark, Series
from dashboards.therapies.stances import find_stance
from dashboards.therapies.story import outcome
from dashboards.therapies.wording import HOW, counted, either, how_many, in_words, moved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.charts.figures import Numbers
    from dashboards.therapies.therapy import Therapy

__all__ = [
    "AXIS",
    "LEVELS",
    "VISIBLE",
    "Alike",
    "alike",
    "apart",
    "branch",
    "course",
    "events",
    "other_lines",
    "padded",
    "rupture_count",
    "said_of_others",
    "session_axis",
    "values",
]

LONGEST_AXIS = 60
"""Sessions up to which the axis shows all that a setting offers."""

AXIS = Axis("As felt by the client, from 0 to 1", 0.0, 1.0)

VISIBLE = 0.02
"""The smallest difference that is drawn: a fiftieth of the axis."""

MOST_NAMED = 2
"""Choices that are all named at the end of their line."""

RUPTURES = {"withdrawal": "Withdrawal rupture", "confrontation": "Confrontation rupture"}

FRAME_EVENTS = {
    "held": "Limit held",
    "crossing": "Boundary crossing",
    "rebuff": "Rebuff",
    "violation": "Boundary violation",
}


class Level(NamedTuple):
    """A line of the chart: what it is called, which level of the dyad it shows, its place in the palette."""

    title: str
    name: str
    colour: int


LEVELS = (Level("Trust", "trust", 4), Level("Distress", "distress", 5))


class Alike(NamedTuple):
    """Other choices that come to the same: what they are called, and the course of the first of them."""

    titles: list[str]
    letter: str


def course(therapy: Therapy, others: Mapping[str, Therapy], cursor: float | None = None) -> Lines:
    """Show trust and distress, what happened, and other choices where they differ visibly.

    Parameters
    ----------
    therapy
        As far as it is to be shown.
    others
        Counterfactuals by the letter of their stance, as far as they are to be shown.
    cursor
        The session looked back to; None where nothing is looked back to.
    """
    last = len(therapy)
    for other in others.values():
        last = max(last, len(other))
    series: list[Series] = []
    choices: list[Series] = []
    differing: list[str] = []
    for level in LEVELS:
        own = values(therapy, level.name)
        theirs = {letter: values(other, level.name) for letter, other in others.items()}
        found = alike(own, theirs, VISIBLE)
        series.append(Series(level.title, padded(own, 0, last), colour=level.colour))
        choices += other_lines(
            found, theirs, branch(therapy, others), last, f": {level.title.lower()}"
        )
        differing += [title for one in found for title in one.titles]
    titles = [find_stance(letter).title for letter in others]
    count = sum([title in differing for title in titles])
    return Lines(
        "Trust and distress",
        " ".join([how_it_moved(therapy), *said_of_others(count, len(titles))]),
        session_axis(therapy),
        AXIS,
        tuple(float(session) for session in range(last + 1)),
        (*series, *choices),
        marks=events(therapy),
        cursor=cursor,
    )


def values(therapy: Therapy, name: str) -> list[float]:
    """Return a level of the dyad before the first session, then after each."""
    found = [float(getattr(therapy.start, name))]
    return found + [float(getattr(record.after, name)) for record in therapy.records]


def session_axis(therapy: Therapy) -> Axis:
    """Return the axis of sessions: from 0, before the first, to the last that the setting offers."""
    limit = float(therapy.setup.parameters.session_limit)
    return Axis("Session", 0.0, limit if limit <= LONGEST_AXIS else None)


def events(therapy: Therapy) -> tuple[Mark, ...]:
    """Mark ruptures, repairs, tests of the frame and the ending."""
    found: list[Mark] = []
    for record in therapy.records:
        x = float(record.session)
        if record.rupture != "none":
            label = f"{RUPTURES[record.rupture]}, {outcome(record)}"
            found.append(Mark(x, label, "repair" if record.repaired else "rupture"))
        if record.boundary_event != "none":
            found.append(Mark(x, FRAME_EVENTS[record.boundary_event], "boundary"))
        if record.ending is not None:
            found.append(Mark(x, f"Therapy {HOW[record.ending]}", "ending"))
    return tuple(found)


def alike(own: list[float], others: Mapping[str, list[float]], visible: float) -> list[Alike]:
    """Return the other choices that differ visibly from a course; those that come to the same are one."""
    found: list[Alike] = []
    for letter, theirs in others.items():
        if apart(theirs, own, visible):
            title = find_stance(letter).title
            same = [one for one in found if not apart(theirs, others[one.letter], visible)]
            if same:
                same[0].titles.append(title)
            else:
                found.append(Alike([title], letter))
    return found


def apart(one: list[float], other: list[float], visible: float) -> bool:
    """Tell whether two courses differ visibly anywhere, or one of them goes on longer."""
    if sum([isfinite(value) for value in one]) != sum([isfinite(value) for value in other]):
        return True
    # What is not a number is no difference.
    gaps = [abs(one[place] - other[place]) for place in range(min(len(one), len(other)))]
    return sum([gap >= visible for gap in gaps]) > 0


def branch(therapy: Therapy, others: Mapping[str, Therapy]) -> int:
    """Return the last session that other choices share with a therapy."""
    shared = len(therapy)
    for other in others.values():
        for place in range(min(shared, len(other))):
            if other.records[place].stance != therapy.records[place].stance:
                shared = place
                break
    return shared


def other_lines(
    found: list[Alike], others: Mapping[str, list[float]], start: int, last: int, what: str
) -> list[Series]:
    """Draw other choices, from where they part from the therapy: both start at a common point."""
    return [
        Series(
            either(one.titles) + what,
            padded(others[one.letter], start, last),
            role="ghost",
            short=shortened(one.titles) + what,
        )
        for one in found
    ]


def shortened(titles: list[str]) -> str:
    """Return titles in as few words as fit beside a line."""
    if len(titles) <= MOST_NAMED:
        return either(titles)
    return f"{titles[0]} or {in_words(len(titles) - 1)} others"


def padded(course: list[float], start: int, last: int) -> Numbers:
    """Return numbers as a browser is sent them, from a session on, none before it and none after the end."""
    before: list[float | None] = [None] * start
    known = [round(value, DIGITS) if isfinite(value) else None for value in course[start:]]
    return (*before, *known, *[None] * (last + 1 - len(course)))


def how_it_moved(therapy: Therapy) -> str:
    """Say how trust and distress moved, in a sentence."""
    if not therapy.records:
        return "No session has been held yet."
    trust, distress = (values(therapy, level.name) for level in LEVELS)
    return (
        f"Trust {moved(trust[0], trust[-1])} over {counted(len(therapy), 'session')}, "
        f"distress {moved(distress[0], distress[-1])}; {rupture_count(therapy)}."
    )


def rupture_count(therapy: Therapy) -> str:
    """Return ``"two ruptures, one repaired"``."""
    torn = [record for record in therapy.records if record.rupture != "none"]
    if not torn:
        return "no rupture"
    repaired = how_many(sum([record.repaired for record in torn]))
    return f"{counted(len(torn), 'rupture')}, {repaired} repaired"


def said_of_others(shown: int, of: int) -> list[str]:
    """Say how many other choices are drawn."""
    if of == 0:
        return []
    if shown == 0:
        whose = "The other choice" if of == 1 else f"The {in_words(of)} other choices"
        return [f"{whose} would have made no visible difference."]
    verb = "differs visibly and is" if shown == 1 else "differ visibly and are"
    return [f"Of {in_words(of)} other choices {in_words(shown)} {verb} drawn as dashed grey lines."]
