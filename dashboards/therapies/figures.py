"""What the session room shows: a therapy up to a cursor, as felt and as reported, with counterfactuals.

Session 0 is before the first session. Nothing after the cursor is shown, of counterfactuals neither, so that a
student can step through a therapy without seeing its end.
"""

from __future__ import annotations

from math import isfinite, nan
from typing import TYPE_CHECKING

from dashboards.charts.figures import Axis, Lines, Mark, Series
from dashboards.charts.figures import numbers as rounded
from dashboards.therapies.quantities import FELT, REPORTED
from dashboards.therapies.stances import find_stance
from dashboards.therapies.story import outcome
from dashboards.therapies.wording import HOW, counted, either, how_many, in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.charts.figures import Numbers
    from dashboards.therapies.quantities import Quantity
    from dashboards.therapies.therapy import Record, Therapy

    Others = Mapping[str, Therapy]

__all__ = ["felt", "marks", "reported"]

LONGEST_AXIS = 60
"""Sessions up to which the axis shows all that a setting offers."""


def felt(
    therapy: Therapy, cursor: int | None = None, others: Others | None = None
) -> tuple[Lines, ...]:
    """Show what is felt: trust and distress, the alliance, the chance of dropout.

    Parameters
    ----------
    therapy
        As played.
    cursor
        The session up to which to show it; None for all.
    others
        Counterfactuals by the letter of their stance, see `dashboards.therapies.playing.counterfactuals`.
    """
    drawing = _Drawing(therapy, cursor, others or {})
    return tuple(drawing.lines(quantity) for quantity in FELT)


def reported(
    therapy: Therapy, cursor: int | None = None, others: Others | None = None
) -> tuple[Lines, ...]:
    """Show what the questionnaires say; parameters are those of `felt`."""
    drawing = _Drawing(therapy, cursor, others or {})
    return tuple(drawing.lines(quantity) for quantity in REPORTED)


def marks(therapy: Therapy, cursor: int | None = None) -> tuple[Mark, ...]:
    """Mark ruptures, repairs, tests of the frame and the ending, up to a cursor."""
    found: list[Mark] = []
    shown = therapy if cursor is None else therapy.until(cursor)
    for record in shown.records:
        x = float(record.session)
        if record.rupture != "none":
            label = f"{record.rupture.capitalize()} rupture, {outcome(record)}"
            found.append(Mark(x, label, "repair" if record.repaired else "rupture"))
        if record.boundary_event != "none":
            found.append(Mark(x, BOUNDARY_EVENTS[record.boundary_event], "boundary"))
        if record.ending is not None:
            found.append(Mark(x, f"Therapy {HOW[record.ending]}", "ending"))
    return tuple(found)


BOUNDARY_EVENTS = {
    "held": "Limit held",
    "crossing": "Boundary crossing",
    "rebuff": "Rebuff",
    "violation": "Boundary violation",
}


class _Drawing:
    """What the charts of one therapy have in common."""

    def __init__(self, therapy: Therapy, cursor: int | None, others: Others) -> None:
        self.shown = therapy if cursor is None else therapy.until(cursor)
        self.others = {
            letter: other if cursor is None else other.until(cursor)
            for letter, other in others.items()
        }
        sessions = len(self.shown)
        self.last = max([sessions, *(len(other) for other in self.others.values())])
        self.cursor = None if cursor is None else float(sessions)
        self.marks = marks(self.shown)
        limit = float(therapy.setup.parameters.session_limit)
        self.end = limit if limit <= LONGEST_AXIS else None

    def lines(self, quantity: Quantity) -> Lines:
        """Draw a quantity, its parts and what is beside it, and other choices where they differ visibly."""
        drawn = (quantity, *quantity.beside)
        series = [
            Series(one.main, self._padded(one.course(self.shown)), colour=one.colour)
            for one in drawn
        ]
        series += [
            Series(
                name,
                self._padded(course(self.shown)),
                role="part",
                colour=quantity.colour + number,
            )
            for number, (name, course) in enumerate(quantity.parts, 1)
        ]
        choices = [line for one in drawn for line in self._other_choices(one, named=len(drawn) > 1)]
        said = [self._summary(one) for one in drawn] + self._said_of_others(drawn)
        return Lines(
            quantity.title,
            " ".join(said),
            Axis("Session", 0.0, self.end),
            quantity.axis,
            rounded(range(self.last + 1)),
            (*series, *choices),
            marks=self.marks,
            cursor=self.cursor,
        )

    def _other_choices(self, quantity: Quantity, *, named: bool) -> list[Series]:
        """Draw other choices that differ visibly; those that come to the same are one line."""
        alike: list[tuple[list[str], list[float]]] = []
        for letter, other in self.others.items():
            course = quantity.course(other)
            if not _apart(course, quantity.course(self.shown), quantity.visible):
                continue
            # A counterfactual begins where the two part, so that both start at a common point.
            branch = self._branch(other)
            values = [nan] * branch + course[branch:]
            title = find_stance(letter).title
            for titles, drawn in alike:
                if not _apart(course[branch:], drawn[branch:], quantity.visible):
                    titles.append(title)
                    break
            else:
                alike.append(([title], values))
        what = f": {quantity.main.lower()}" if named else ""
        return [
            Series(either(titles) + what, self._padded(values), role="ghost")
            for titles, values in alike
        ]

    def _said_of_others(self, drawn: tuple[Quantity, ...]) -> list[str]:
        """Say how many other choices are drawn."""
        if not self.others:
            return []
        shown = sum(
            any(_apart(one.course(other), one.course(self.shown), one.visible) for one in drawn)
            for other in self.others.values()
        )
        all_of_them = in_words(len(self.others))
        if shown == 0:
            whose = (
                "The other choice" if len(self.others) == 1 else f"The {all_of_them} other choices"
            )
            return [f"{whose} would have made no visible difference."]
        verb = "differs visibly and is" if shown == 1 else "differ visibly and are"
        return [
            f"Of {all_of_them} other choices {in_words(shown)} {verb} drawn as dashed grey lines."
        ]

    def _padded(self, values: list[float]) -> Numbers:
        return rounded([*values, *[nan] * (self.last + 1 - len(values))])

    def _branch(self, other: Therapy) -> int:
        """Return the last session that a counterfactual shares with the therapy."""
        pairs = zip(self.shown.records, other.records, strict=False)
        shared = 0
        for mine, theirs in pairs:
            if mine != theirs:
                break
            shared += 1
        return shared

    def _summary(self, quantity: Quantity) -> str:
        """Say how a quantity moved, and where its parts are now."""
        values = quantity.course(self.shown)
        known = [value for value in values if isfinite(value)]
        ending = self._ending() if quantity.axis.percent else []
        if not self.shown.records:
            return f"{quantity.main}: no session has been held yet."
        if not known:
            return " ".join([f"{quantity.main}: none in the only session held.", *ending])
        first, last = known[0], known[-1]
        a, b = quantity.written(first), quantity.written(last)
        over = counted(max(at for at, value in enumerate(values) if isfinite(value)), "session")
        moved = (
            f"stayed at {b}" if a == b else f"{'rose' if last > first else 'fell'} from {a} to {b}"
        )
        when = "at the end" if self.shown.ending else "now"
        ruptures = rupture_count(self.shown.records)
        text = [f"{quantity.main} {moved} over {over}; {ruptures}.", *ending]
        for part, course in quantity.parts:
            text.append(f"{part} {when}: {quantity.written(course(self.shown)[-1])}.")
        return " ".join(text)

    def _ending(self) -> list[str]:
        """Say what there is to lose once a therapy is over."""
        if self.shown.ending is None:
            return []
        left = self.shown.ending == "dropped_out"
        end = "" if left else ", and nobody can drop out any more"
        return [f"The therapy {HOW[self.shown.ending]}{end}."]


def _apart(one: list[float], other: list[float], visible: float) -> bool:
    """Tell whether two courses differ visibly anywhere, or one of them goes on longer."""
    known = [isfinite(value) for value in one], [isfinite(value) for value in other]
    gaps = (abs(a - b) for a, b in zip(one, other, strict=False) if isfinite(a) and isfinite(b))
    return sum(known[0]) != sum(known[1]) or any(gap >= visible for gap in gaps)


def rupture_count(records: tuple[Record, ...]) -> str:
    """Return ``"two ruptures, one repaired"``."""
    ruptures = [record for record in records if record.rupture != "none"]
    if not ruptures:
        return "no rupture"
    repaired = how_many(sum(record.repaired for record in ruptures))
    return f"{counted(len(ruptures), 'rupture')}, {repaired} repaired"
