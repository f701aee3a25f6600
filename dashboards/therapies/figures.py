"""What the session room shows: a therapy up to a cursor, as felt and as reported, with other choices.

Session 0 is before the first session. Nothing after the cursor is shown, of other choices neither, so that a student
can step through a therapy without seeing its end.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from dashboards.charts.figures import DIGITS, Axis, Lines, Mark, Series
from dashboards.charts.figures import numbers as rounded
from dashboards.therapies.stances import find_stance
from dashboards.therapies.story import outcome
from dashboards.therapies.wording import HOW, counted, in_words, share
from experiments.quantities.writing import fixed, significant
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboards.charts.figures import Numbers
    from dashboards.therapies.therapy import Record, Therapy
    from simulation.states import DyadState

    Others = Mapping[str, Therapy]
    Course = Callable[[Therapy], list[float]]

__all__ = ["felt", "marks", "reported"]

NAN = float("nan")
LONGEST_AXIS = 60


def felt(
    therapy: Therapy, cursor: int | None = None, others: Others | None = None
) -> tuple[Lines, ...]:
    """Show what is felt, all on [0, 1]: the alliance with its parts, trust, distress, the chance of dropout.

    Parameters
    ----------
    therapy
        As played.
    cursor
        The session up to which to show it; None for all.
    others
        Other therapies by the letter of their stance, see `dashboards.therapies.therapy.other_choices`.
    """
    parts = tuple(
        (name.capitalize(), lambda one, name=name: _states(one, lambda s: float(getattr(s, name))))
        for name in ("bond", "task", "goal")
    )
    of = _Pictures(therapy, cursor, others or {})
    return (
        of.lines(
            "Alliance",
            "Alliance (felt)",
            0.0,
            1.0,
            lambda t: _states(t, lambda s: s.alliance),
            parts,
            0,
        ),
        of.lines("Trust", "Trust (felt)", 0.0, 1.0, lambda t: _states(t, lambda s: s.trust), (), 4),
        of.lines(
            "Distress",
            "Distress (felt)",
            0.0,
            1.0,
            lambda t: _states(t, lambda s: s.distress),
            (),
            5,
        ),
        of.lines(
            "Chance of dropout",
            "Chance of dropout after the session",
            0.0,
            None,
            lambda t: [NAN, *(_chance(r) for r in t.records)],
            (),
            6,
            percent=True,
        ),
    )


def reported(
    therapy: Therapy, cursor: int | None = None, others: Others | None = None
) -> tuple[Lines, ...]:
    """Show what the questionnaires say: WAI-SR of client and therapist, its subscales, CORE-10, CSQ-8.

    Parameters are those of `felt`.
    """
    of = _Pictures(therapy, cursor, others or {})

    def course(column: str) -> Course:
        return lambda t: [NAN, *(float(getattr(r.reports, column)) for r in t.records)]

    def lines(
        title: str,
        column: str,
        colour: int,
        parts: tuple[tuple[str, str], ...] = (),
        main: str = "",
    ) -> Lines:
        row = INSTRUMENTS[column]
        values = course(column)
        if column == "core_10":
            values = lambda t: [t.core_10_intake, *course(column)(t)[1:]]  # noqa: E731
        return of.lines(
            title,
            f"{row.name.split(',')[0]} ({significant(row.low)}–{significant(row.high)})",
            float(row.low),
            float(row.high),
            values,
            tuple((name, course(part)) for name, part in parts),
            colour,
            main=main,
        )

    return (
        lines(
            "Alliance, WAI-SR",
            "wai_sr_client",
            0,
            (("Therapist's rating", "wai_sr_therapist"),),
            "Client's rating",
        ),
        lines(
            "Bond, task and goal, WAI-SR",
            "wai_sr_client_bond",
            1,
            (("Task", "wai_sr_client_task"), ("Goal", "wai_sr_client_goal")),
            "Bond",
        ),
        lines("Distress, CORE-10", "core_10", 5),
        lines("Satisfaction, CSQ-8", "csq_8", 7),
    )


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
            found.append(Mark(x, FRAME[record.boundary_event], "boundary"))
        if record.ending is not None:
            found.append(Mark(x, f"Therapy {HOW[record.ending]}", "ending"))
    return tuple(found)


FRAME = {
    "held": "Limit held",
    "crossing": "Boundary crossing",
    "rebuff": "Rebuff",
    "violation": "Boundary violation",
}


def _chance(record: Record) -> float:
    """Return the chance of dropout after a session; none after an ending, but for the one that came of it."""
    return record.events.dropout_probability if record.ending in {None, "dropped_out"} else NAN


def _states(therapy: Therapy, read: Callable[[DyadState], float]) -> list[float]:
    return [read(therapy.start), *(read(record.after) for record in therapy.records)]


class _Pictures:
    """Charts of one therapy: what they have in common."""

    def __init__(self, therapy: Therapy, cursor: int | None, others: Others) -> None:
        self.shown = therapy if cursor is None else therapy.until(cursor)
        held = len(self.shown)
        self.others = {
            letter: other if cursor is None else other.until(cursor)
            for letter, other in others.items()
        }
        self.last = max([held, *(len(other) for other in self.others.values())])
        self.cursor = None if cursor is None else float(held)
        self.marks = marks(self.shown)
        limit = float(therapy.setup.parameters.session_limit)
        self.end = limit if limit <= LONGEST_AXIS else None

    def lines(
        self,
        title: str,
        label: str,
        low: float | None,
        high: float | None,
        main_course: Course,
        parts: tuple[tuple[str, Course], ...],
        colour: int,
        *,
        percent: bool = False,
        main: str = "",
    ) -> Lines:
        main = main or title
        series = [Series(main, self._padded(main_course(self.shown)), colour=colour)]
        series += [
            Series(name, self._padded(course(self.shown)), role="part", colour=colour + place)
            for place, (name, course) in enumerate(parts, 1)
        ]
        own = main_course(self.shown)
        for letter, other in self.others.items():
            values = main_course(other)
            branch = self._branch(other)
            # Another choice begins where the two part, so that both start at a common point.
            hidden = [NAN] * branch + values[branch:]
            series.append(Series(find_stance(letter).title, self._padded(hidden), role="ghost"))
        return Lines(
            title,
            self._summary(
                main if main != title else title, own, percent, (high or 1.0) > 1.0, parts
            ),
            Axis("Session", 0.0, self.end),
            Axis(label, low, high, percent),
            rounded(range(self.last + 1)),
            tuple(series),
            marks=self.marks,
            cursor=self.cursor,
        )

    def _padded(self, values: list[float]) -> Numbers:
        return rounded([*values, *[NAN] * (self.last + 1 - len(values))])

    def _branch(self, other: Therapy) -> int:
        """Return the last session that another choice shares with the therapy."""
        pairs = zip(self.shown.records, other.records, strict=False)
        shared = 0
        for mine, theirs in pairs:
            if mine != theirs:
                break
            shared += 1
        return shared

    def _summary(
        self,
        name: str,
        values: list[float],
        percent: bool,
        points: bool,
        parts: tuple[tuple[str, Course], ...],
    ) -> str:
        known = [value for value in values if isfinite(value)]
        ending = self._ending() if percent else []
        if not self.shown.records:
            return f"{name}: no session has been held yet."
        if not known:
            return " ".join([f"{name}: none in the only session held.", *ending])
        first, last = known[0], known[-1]

        def written(value: float) -> str:
            if percent:
                return f"{fixed(100 * round(value, DIGITS), 1)} %"
            return fixed(value, 0) if points else share(value)

        a, b = written(first), written(last)
        over = counted(max(at for at, value in enumerate(values) if isfinite(value)), "session")
        moved = (
            f"stayed at {b}" if a == b else f"{'rose' if last > first else 'fell'} from {a} to {b}"
        )
        when = "at the end" if self.shown.ending else "now"
        text = [f"{name} {moved} over {over}; {rupture_count(self.shown.records)}.", *ending]
        for part, course in parts:
            text.append(f"{part} {when}: {written(course(self.shown)[-1])}.")
        if self.others:
            text.append(
                f"{in_words(len(self.others)).capitalize()} other choices are drawn as grey dashed lines."
            )
        return " ".join(text)

    def _ending(self) -> list[str]:
        """Say what there is to lose once a therapy is over."""
        if self.shown.ending is None:
            return []
        left = self.shown.ending == "dropped_out"
        end = "" if left else ", and nobody can drop out any more"
        return [f"The therapy {HOW[self.shown.ending]}{end}."]


def rupture_count(records: tuple[Record, ...]) -> str:
    """Return ``"two ruptures, one repaired"``."""
    torn = [record for record in records if record.rupture != "none"]
    if not torn:
        return "no rupture"
    return f"{counted(len(torn), 'rupture')}, {in_words(sum(r.repaired for r in torn))} repaired"
