"""What the session room draws of a therapy: each quantity with its axis, and where its values are read."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING

from dashboards.charts.figures import DIGITS, Axis
from dashboards.therapies.wording import share
from experiments.quantities.writing import fixed, significant
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.therapies.therapy import Record, Therapy

    Course = Callable[[Therapy], list[float]]

__all__ = ["FELT", "REPORTED", "Quantity"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One chart of a therapy: a quantity, and what it is made of.

    Attributes
    ----------
    title, axis
        Of the chart.
    colour
        Place in the palette.
    course
        Returns the values: before the first session, then after each; not a number where there is none.
    parts
        Names and courses of its parts.
    name
        What the main line is called, where that is not the title.
    """

    title: str
    axis: Axis
    colour: int
    course: Course
    parts: tuple[tuple[str, Course], ...] = ()
    name: str = ""

    @property
    def main(self) -> str:
        """What the main line is called."""
        return self.name or self.title

    @property
    def visible(self) -> float:
        """The smallest difference that is drawn: a fiftieth of the axis, a hundredth of a chance."""
        if self.axis.high is None:
            return 0.01
        return (self.axis.high - (self.axis.low or 0.0)) / 50.0

    def written(self, value: float) -> str:
        """Write a value: a chance as a percentage, a score as a whole number, else with two decimals."""
        if self.axis.percent:
            return f"{fixed(100 * round(value, DIGITS), 1)} %"
        return fixed(value, 0) if (self.axis.high or 1.0) > 1.0 else share(value)


def _state(name: str) -> Course:
    """Return the course of a latent quantity of the dyad."""
    return lambda therapy: [
        float(getattr(therapy.start, name)),
        *(float(getattr(record.after, name)) for record in therapy.records),
    ]


def _report(column: str) -> Course:
    """Return the course of a questionnaire; CORE-10 is also filled in before the first session."""

    def course(therapy: Therapy) -> list[float]:
        before = therapy.core_10_intake if column == "core_10" else nan
        return [before, *(float(getattr(record.reports, column)) for record in therapy.records)]

    return course


def _chance(record: Record) -> float:
    """Return the chance of dropout after a session; none after an ending, but for the one that came of it."""
    return record.events.dropout_probability if record.ending in {None, "dropped_out"} else nan


def _instrument(column: str) -> Axis:
    """Return the axis of a questionnaire: its name and its range."""
    row = INSTRUMENTS[column]
    name = row.name.split(",")[0]
    label = f"{name} ({significant(row.low)}–{significant(row.high)})"
    return Axis(label, float(row.low), float(row.high))


FELT = (
    Quantity(
        "Alliance",
        Axis("Alliance (felt)", 0.0, 1.0),
        0,
        _state("alliance"),
        tuple((name.capitalize(), _state(name)) for name in ("bond", "task", "goal")),
    ),
    Quantity(
        "Chance of dropout",
        Axis("Chance of dropout after the session", 0.0, None, percent=True),
        6,
        lambda therapy: [nan, *(_chance(record) for record in therapy.records)],
    ),
)
"""What is felt beside trust and distress (`dashboards.therapies.course`): the alliance with its parts, dropout."""

REPORTED = (
    Quantity("Distress, CORE-10", _instrument("core_10"), 5, _report("core_10")),
    Quantity(
        "Alliance, WAI-SR",
        _instrument("wai_sr_client"),
        0,
        _report("wai_sr_client"),
        (("Therapist's rating", _report("wai_sr_therapist")),),
        name="Client's rating",
    ),
    Quantity(
        "Bond, task and goal, WAI-SR",
        _instrument("wai_sr_client_bond"),
        1,
        _report("wai_sr_client_bond"),
        (("Task", _report("wai_sr_client_task")), ("Goal", _report("wai_sr_client_goal"))),
        name="Bond",
    ),
    Quantity("Trust, TRS", _instrument("trust_trs"), 4, _report("trust_trs")),
    Quantity(
        "The frame, as the client rates it",
        _instrument("frame_too_close"),
        2,
        _report("frame_too_close"),
        (("Too distant", _report("frame_too_distant")),),
        name="Too close",
    ),
    Quantity("Satisfaction, CSQ-8", _instrument("csq_8"), 7, _report("csq_8")),
)
"""What the questionnaires say: CORE-10, WAI-SR of client and therapist, its subscales, trust, the frame, CSQ-8."""
