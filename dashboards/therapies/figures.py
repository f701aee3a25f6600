"""What the session room shows: a therapy up to a cursor, as felt and as reported, with counterfactuals.

Session 0 is before the first session. Nothing after the cursor is shown, of counterfactuals neither, so that a
student can step through a therapy without seeing its end.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from dashboards.charts.figures import Lines, Series
from dashboards.charts.figures import numbers as rounded
from dashboards.therapies.course import (
    alike,
    branch,
    course,
    events,
    other_lines,
    padded,
    rupture_count,
    said_of_others,
    session_axis,
)
from dashboards.therapies.quantities import FELT, REPORTED
from dashboards.therapies.wording import HOW, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.charts.figures import Numbers
    from dashboards.therapies.quantities import Quantity
    from dashboards.therapies.therapy import Therapy

    Others = Mapping[str, Therapy]

__all__ = ["felt", "reported"]


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
    together = course(drawing.shown, drawing.others, drawing.cursor)
    return (together, *(drawing.lines(quantity) for quantity in FELT))


def reported(
    therapy: Therapy, cursor: int | None = None, others: Others | None = None
) -> tuple[Lines, ...]:
    """Show what the questionnaires say; parameters are those of `felt`."""
    drawing = _Drawing(therapy, cursor, others or {})
    return tuple(drawing.lines(quantity) for quantity in REPORTED)


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

    def lines(self, quantity: Quantity) -> Lines:
        """Draw a quantity, its parts, and other choices where they differ visibly."""
        own = quantity.course(self.shown)
        series = [Series(quantity.main, self._padded(own), colour=quantity.colour)]
        series += [
            Series(
                name,
                self._padded(part(self.shown)),
                role="part",
                colour=quantity.colour + number,
            )
            for number, (name, part) in enumerate(quantity.parts, 1)
        ]
        theirs = {letter: quantity.course(other) for letter, other in self.others.items()}
        found = alike(own, theirs, quantity.visible)
        start = branch(self.shown, self.others)
        said = said_of_others(sum(len(one.titles) for one in found), len(theirs))
        return Lines(
            quantity.title,
            " ".join([self._summary(quantity), *said]),
            session_axis(self.shown),
            quantity.axis,
            rounded(range(self.last + 1)),
            (*series, *other_lines(found, theirs, start, self.last, "")),
            marks=events(self.shown),
            cursor=self.cursor,
        )

    def _padded(self, values: list[float]) -> Numbers:
        return padded(values, 0, self.last)

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
        ruptures = rupture_count(self.shown)
        text = [f"{quantity.main} {moved} over {over}; {ruptures}.", *ending]
        for name, part in quantity.parts:
            text.append(f"{name} {when}: {quantity.written(part(self.shown)[-1])}.")
        return " ".join(text)

    def _ending(self) -> list[str]:
        """Say what there is to lose once a therapy is over."""
        if self.shown.ending is None:
            return []
        left = self.shown.ending == "dropped_out"
        end = "" if left else ", and nobody can drop out any more"
        return [f"The therapy {HOW[self.shown.ending]}{end}."]
