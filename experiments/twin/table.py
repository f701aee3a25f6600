"""From courses of therapy to a table in the records' own columns: scores, words, missing cells, identifiers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.session_numbers import AFTER, INTAKE, session_number
from experiments.records.values import read_numbers
from experiments.twin.cell_texts import new_identifiers, number_text
from experiments.twin.dates import drawn_days, written_days
from experiments.twin.learning import STAGES, stage_of
from experiments.twin.margins import SMALLEST_CELL
from experiments.twin.missing import before_the_last
from experiments.twin.people import (
    numbers_of_courses,
    persons_of_courses,
    sites_of_courses,
    therapists_of_courses,
)
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.twin.drawing import Therapy
    from experiments.twin.learning import Learned, Score
    from experiments.twin.original import Original
    from experiments.twin.other_columns import Other

__all__ = ["TwinTable", "make_table"]


@dataclass(frozen=True, slots=True, eq=False)
class TwinTable:
    """A twin as a table of text, one row a session, in the columns of the records.

    Attributes
    ----------
    columns
        Cells by the name of the column, all equally long.
    course, session
        Which therapy, and which session (0 intake), each row is of.
    client
        Identifier of the client of each therapy.
    therapies
        As they were simulated.
    complete
        Every score before cells were emptied, on the records' scale, by questionnaire.
    has
        Of which kinds of rows of REDCap each row is made, shape (rows, kinds); none in another form.
    """

    columns: Mapping[str, list[str]]
    course: Integers
    session: Integers
    client: Sequence[str]
    therapies: Sequence[Therapy]
    complete: Mapping[str, Floats]
    has: Booleans


def make_table(
    original: Original, learned: Learned, therapies: Sequence[Therapy], random: np.random.Generator
) -> TwinTable:
    """Write therapies in the columns of the records, with what is missing there missing here as often.

    Raises
    ------
    AllianceError
        If there are no therapies, as the model has none of the records' lengths; if an export of REDCap has no kind
        of rows that five clients share.
    """
    if not therapies:
        lengths = [
            end for kind in learned.kinds for low, high, _ in kind.lengths for end in (low, high)
        ]
        raise AllianceError(
            f"{original.path} has therapies of {min(lengths)} to {max(lengths)} sessions, of which the model has"
            " none: look whether a measurement between or after sessions is read as a session (`alliance describe`)."
        )
    course, session = _rows(learned, therapies, random)
    person = persons_of_courses(original, learned, len(therapies), random)
    course, session, has = _kinds_of_rows(original, learned, course, session, random)
    names = original.rows.columns.names
    columns: dict[str, list[str]] = {}
    people = int(person.max()) + 1
    clients = np.array(
        new_identifiers(original.texts(names["client"]), people, "twin-"), dtype=object
    )
    clients = clients[random.permutation(people)]
    columns[names["client"]] = clients[person][course].tolist()
    if "study" in names:
        columns[names["study"]] = sites_of_courses(original, learned, therapies, random)[
            course
        ].tolist()
    if "episode" in names:
        columns[names["episode"]] = numbers_of_courses(person)[course].tolist()
    if "therapist" in names:
        therapists = therapists_of_courses(original, learned, therapies, random)
        columns[names["therapist"]] = therapists[course].tolist()
    if "session" in names:
        columns[names["session"]] = _session_texts(original, session)
    if "date" in names and learned.dates is not None:
        days = drawn_days(original, learned.dates, course, person, random)
        columns[names["date"]] = written_days(original, learned.dates, days, random)
    complete: dict[str, Floats] = {}
    for questionnaire, score in learned.scores.items():
        values = _scores(original, questionnaire, score, therapies, course, session, random)
        complete[questionnaire] = values
        gone = score.missing.draw(course, session, random) | np.isnan(values)
        column = original.score_columns[questionnaire]
        columns[column] = _score_texts(original, column, score, values, gone, random)
    if "ended" in names:
        there = original.place_for(names["ended"], has)
        columns[names["ended"]] = _endings(learned, therapies, course, there, random)
    for name, other in learned.others.items():
        columns[name] = _other_texts(other, course, session, person, random)
    if original.layout is not None:
        columns = {
            name: [
                cell if there else ""
                for cell, there in zip(cells, original.place_for(name, has), strict=True)
            ]
            for name, cells in columns.items()
        }
    return TwinTable(columns, course, session, clients[person].tolist(), therapies, complete, has)


def _kinds_of_rows(
    original: Original,
    learned: Learned,
    course: Integers,
    session: Integers,
    random: np.random.Generator,
) -> tuple[Integers, Integers, Booleans]:
    """Return course and session of the rows that REDCap has a kind of row for, and their kinds; else all, and none.

    Raises
    ------
    AllianceError
        If five clients share no kind of row.
    """
    if original.layout is None or learned.patterns is None:
        return course, session, np.zeros((len(course), 0), dtype=bool)
    has = learned.patterns.draw(original.layout, course, session, random)
    stay = has.any(axis=1)
    if not stay.any():
        raise AllianceError(
            f"{original.path} has no event and no instrument that {SMALLEST_CELL} clients share at the same session,"
            " so a twin would have no rows. Save it one row a session, and give that."
        )
    return course[stay], session[stay], has[stay]


def _rows(
    learned: Learned, therapies: Sequence[Therapy], random: np.random.Generator
) -> tuple[Integers, Integers]:
    """Return the course and the session of each row: intake, sessions without gaps of rows, after."""
    length = np.array([one.sessions for one in therapies], dtype=np.int64)
    of, number = before_the_last(length)
    there = ~learned.gaps.draw(of, number, random)
    courses = np.arange(len(therapies))
    kind_of = {kind.status: kind for kind in learned.kinds}
    kinds = [kind_of[one.status] for one in therapies]
    intake, after = (
        np.flatnonzero(random.random(len(kinds)) < np.array(shares))
        for shares in ([one.intake for one in kinds], [one.after for one in kinds])
    )
    course = np.concatenate([intake, of[there], courses, after])
    session = np.concatenate(
        [np.full(len(intake), INTAKE), number[there], length, np.full(len(after), AFTER)]
    )
    order = np.lexsort((session, course))
    return course[order], session[order]


def _session_texts(original: Original, session: Integers) -> list[str]:
    """Write session numbers as the records do most often: ``Session 3``, ``Intake``, ``3``."""
    texts = Counter(original.texts(original.rows.columns.names["session"]))
    text_of: dict[int, str] = {}
    for text, _ in texts.most_common():
        number = session_number(text)
        if np.isfinite(number):
            text_of.setdefault(int(number), text)
    return [text_of.get(one, "post" if one == AFTER else str(one)) for one in session.tolist()]


def _scores(
    original: Original,
    questionnaire: str,
    score: Score,
    therapies: Sequence[Therapy],
    course: Integers,
    session: Integers,
    random: np.random.Generator,
) -> Floats:
    """Return simulated scores, put on the distribution of the records stage by stage, shape (rows,)."""
    simulated = np.array(
        [
            _simulated(questionnaire, therapies[one], number)
            for one, number in zip(course.tolist(), session.tolist(), strict=True)
        ]
    )
    scale = original.records.mapping.scales.get("symptom")
    downwards = questionnaire == "core_10" and scale is not None and scale.more_is_better
    stage = stage_of(session)
    values = np.full(len(session), np.nan)
    for number in range(len(STAGES)):
        quantiles = score.stages[number]
        here = np.flatnonzero((stage == number) & np.isfinite(simulated))
        if quantiles is None or not here.size:
            continue
        # Equal scores are parted by chance, so that their ranks are spread.
        noisy = simulated[here] + random.uniform(-0.5, 0.5, here.size)
        # A sample of the distribution, not its own quantiles: those would tell who was in the records.
        share = np.sort(random.random(here.size))[np.argsort(np.argsort(noisy))]
        values[here] = quantiles.at(1.0 - share if downwards else share)
    return values


def _simulated(questionnaire: str, therapy: Therapy, session: int) -> float:
    if session == 0:
        return therapy.intake if questionnaire == "core_10" else np.nan
    if session == AFTER:
        if questionnaire == "core_10":
            return therapy.last
        return float(therapy.reports[questionnaire][-1])
    return float(therapy.reports[questionnaire][session - 1])


def _score_texts(
    original: Original,
    column: str,
    score: Score,
    values: Floats,
    gone: Booleans,
    random: np.random.Generator,
) -> list[str]:
    comma = read_numbers(original.texts(column)).decimal_comma
    empty = score.empty.draw(len(values), random)
    return [
        nothing if missing else number_text(value, comma=comma)
        for value, missing, nothing in zip(values.tolist(), gone.tolist(), empty, strict=True)
    ]


def _endings(
    learned: Learned,
    therapies: Sequence[Therapy],
    course: Integers,
    there: Booleans,
    random: np.random.Generator,
) -> list[str]:
    word = [learned.words[one.status].draw(1, random)[0] for one in therapies]
    if learned.placed == "all":
        return [word[one] for one in course.tolist()]
    chosen: dict[int, int] = {}
    for row in np.flatnonzero(there).tolist():
        one = int(course[row])
        if learned.placed == "last":
            chosen[one] = row
        else:
            chosen.setdefault(one, row)
    return [word[one] if chosen.get(one) == row else "" for row, one in enumerate(course.tolist())]


def _other_texts(
    other: Other,
    course: Integers,
    session: Integers,
    person: Integers,
    random: np.random.Generator,
) -> list[str]:
    """Draw a column of which nothing is known, by itself: what it goes together with is lost."""
    rows = len(course)
    size = int(person.max()) + 1 if other.of_client else rows
    if other.kind == "number" and other.quantiles is not None:
        drawn = other.quantiles.draw(size, random).tolist()
        texts = [number_text(value, comma=other.decimal_comma) for value in drawn]
    elif other.kind == "category":
        texts = other.categories.draw(size, random)
    else:
        return [""] * rows
    if other.of_client:
        texts = [texts[one] for one in person[course].tolist()]
    gone = other.missing.draw(course, session, random)
    return ["" if missing else text for text, missing in zip(texts, gone.tolist(), strict=True)]
