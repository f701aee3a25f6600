"""What is learned from records besides the parameters of the model: margins of their columns and of their courses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.records.session_numbers import AFTER, INTAKE
from experiments.twin.date_margins import Dates, learn_dates
from experiments.twin.margins import SMALLEST_CELL, Categories, Quantiles, edge
from experiments.twin.missing import Missing, before_the_last
from experiments.twin.other_columns import Other, learn_other
from experiments.twin.redcap_patterns import Patterns, learn_patterns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from experiments.tables.columns import Booleans, Integers
    from experiments.twin.original import Original

__all__ = ["STAGES", "Course", "Learned", "Score", "learn", "stage_of"]

STAGES = ("intake", "sessions 1 to 3", "later sessions", "after the last session")
EARLY = 3

FEWEST_LENGTHS = 3
"""Lengths from which a schedule can be seen."""

NEARLY_ALL = 0.9
"""Share of courses that end as a schedule has it, from which there is one."""


def stage_of(sessions: Integers) -> Integers:
    """Return the stage of each session number, a place in `STAGES`."""
    return np.select([sessions == 0, sessions == AFTER, sessions <= EARLY], [0, 3, 1], 2)


@dataclass(frozen=True, slots=True)
class Score:
    """A score: its distribution by stage, and how often it is missing.

    Attributes
    ----------
    stages
        Its distribution at each stage; that of all scores where a stage has too few.
    missing
        How often it is missing.
    empty
        What stands in a cell that is missing.
    """

    stages: tuple[Quantiles | None, ...]
    missing: Missing
    empty: Categories


@dataclass(frozen=True, slots=True)
class Course:
    """Courses of one ending (all, where endings are not known): how many and how long.

    Attributes
    ----------
    status
        The ending; empty where none is known.
    share
        Of all courses.
    lengths
        Shortest and longest of each group of lengths, and its share; every group has five clients or more.
    intake, after
        Shares of them with a row for intake, and with one after the last session.
    """

    status: str
    share: float
    lengths: tuple[tuple[int, int, float], ...]
    intake: float
    after: float


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything that a twin knows of records besides the parameters of the model.

    Attributes
    ----------
    courses, clients, therapists
        How many there are; therapists are 0 where the file names none.
    sites
        Clients of each site, the most first; sites of fewer than five clients are put together. Empty where the file
        names none.
    unequal
        Coefficient of variation of the therapists' caseloads.
    again
        Share of clients with one, two, ... courses.
    kinds
        Endings and lengths.
    every
        After how many sessions courses can end, and at which remainder: (3, 0) for 3, 6, 9, ...; (1, 0) for any.
    gaps
        How often a session before a course's last one has no row.
    scores, dates, others
        Scores by questionnaire, days (``None`` where the file has none), further columns by name.
    words
        What stands for each ending.
    placed
        Where the ending stands: ``"last"`` row, ``"first"`` or ``"all"``.
    patterns
        Of which kinds of rows of REDCap a session is made; ``None`` for another file.
    """

    courses: int
    clients: int
    therapists: int
    sites: tuple[int, ...]
    unequal: float
    again: tuple[float, ...]
    kinds: tuple[Course, ...]
    every: tuple[int, int]
    gaps: Missing
    scores: Mapping[str, Score]
    dates: Dates | None
    words: Mapping[str, Categories]
    placed: str
    others: Mapping[str, Other]
    patterns: Patterns | None = None


def learn(original: Original, chosen: Booleans | None = None) -> Learned:
    """Learn from records, or from some of their courses.

    Parameters
    ----------
    original
        The records.
    chosen
        Which courses to learn from, shape (courses,) in the order of `Original.course`; all if left out.
    """
    rows, layout = original.rows, original.layout
    total = int(original.course.max()) + 1
    everybody = np.ones(total, dtype=bool) if chosen is None else chosen
    use = everybody[original.course]
    course, sessions = original.course[use], rows.sessions[use]
    person = original.person[use]
    courses = int(everybody.sum())
    in_therapy = (sessions >= 1) & (sessions < AFTER)
    length = np.zeros(total, dtype=np.int64)
    np.maximum.at(length, course[in_therapy], sessions[in_therapy])
    status = _statuses(original)
    persons = np.unique(person)
    pairs = set(zip(person.tolist(), course.tolist(), strict=True))
    per_person = Counter(Counter(one for one, _ in pairs).values())
    caseloads = _caseloads(original, use)
    whose = np.zeros(total, dtype=np.int64)
    whose[original.course] = original.person
    kinds = _kinds(
        length[everybody],
        [status[one] for one in np.flatnonzero(everybody)],
        whose[everybody],
        *(np.isin(np.flatnonzero(everybody), course[sessions == at]) for at in (INTAKE, AFTER)),
    )
    words, placed = _endings(original, use, status)
    return Learned(
        courses=courses,
        clients=len(persons),
        therapists=len(caseloads),
        sites=_sites(original, use) if rows.has("study") else (),
        unequal=float(np.std(caseloads) / np.mean(caseloads)) if len(caseloads) > 1 else 0.0,
        again=_again(per_person),
        kinds=kinds,
        every=_every(length[everybody], whose[everybody]),
        gaps=_gaps(course[in_therapy], sessions[in_therapy], length, whose),
        scores={name: _score(original, name, use) for name in original.score_columns},
        dates=learn_dates(original, use) if rows.has("date") else None,
        words=words,
        placed=placed,
        others={name: learn_other(original, name, use) for name in original.others},
        patterns=None
        if layout is None
        else learn_patterns(layout, rows.sessions, original.course, original.person, use),
    )


def _gaps(course: Integers, sessions: Integers, length: Integers, whose: Integers) -> Missing:
    """Learn where no row is, from the sessions that have one, shape (rows,), and length and client of each course."""
    of, number = before_the_last(length)
    held = course * (AFTER + 1) + sessions
    gone = ~np.isin(of * (AFTER + 1) + number, held)
    found = Missing.of(gone, of, number, whose[of], np.ones(len(of), dtype=bool))
    return found.going_on(gone, number, whose[of])


def _every(length: Integers, whose: Integers) -> tuple[int, int]:
    """Return after how many sessions courses can end, and at which remainder; one and 0 where at any.

    Nearly all do, at three lengths or more that five clients share.
    """
    whose, length = whose[length > 0], length[length > 0]
    clients = set(zip(length.tolist(), whose.tolist(), strict=True))
    shared = Counter(sessions for sessions, _ in clients)
    lengths = [one for one, count in shared.items() if count >= SMALLEST_CELL]
    if len(lengths) < FEWEST_LENGTHS:
        return 1, 0
    period = int(np.gcd.reduce(np.array(lengths) - lengths[0]))
    place = lengths[0] % period
    regular = float(np.mean(length % period == place))
    return (period, place) if regular >= NEARLY_ALL else (1, 0)


def _statuses(original: Original) -> list[str]:
    """Return the ending of each course, empty where the file has none, shape (courses,)."""
    total = int(original.course.max()) + 1
    if not original.rows.has("ended"):
        return [""] * total
    # The tables have the courses in another order: by their sorted names.
    from experiments.records.building import client_order

    keys = client_order(original.rows)
    of_key = dict(zip(keys, list(original.records.tables.clients["status"]), strict=True))
    return [str(of_key[key]) for key in dict.fromkeys(original.rows.clients)]


def _caseloads(original: Original, use: Booleans) -> list[int]:
    if not original.rows.has("therapist"):
        return []
    names = np.array(original.rows.texts("therapist"))[use]
    first: dict[int, str] = {}
    for course, name in zip(original.course[use].tolist(), names.tolist(), strict=True):
        if name:
            first.setdefault(course, name)
    return list(Counter(first.values()).values())


def _sites(original: Original, use: Booleans) -> tuple[int, ...]:
    """Return how many clients each site has; those of small ones count for the largest if they are too few still."""
    clients = {
        (study, one)
        for (study, _, _), one, chosen in zip(
            original.rows.clients, original.person.tolist(), use.tolist(), strict=True
        )
        if chosen
    }
    sizes = Counter(study for study, _ in clients).values()
    large = sorted((size for size in sizes if size >= SMALLEST_CELL), reverse=True)
    rest = len(clients) - sum(large)
    if rest >= SMALLEST_CELL or not large:
        return tuple(sorted((*large, rest), reverse=True))
    return (large[0] + rest, *large[1:])


def _again(per_person: Counter[int]) -> tuple[float, ...]:
    """Return the share of clients with one, two, ... courses; what fewer than five have is left out."""
    large = {count: people for count, people in per_person.items() if people >= SMALLEST_CELL}
    large = large or {1: 1}
    total = sum(large.values())
    return tuple(large.get(count, 0) / total for count in range(1, max(large) + 1))


def _kinds(
    length: Integers, status: Sequence[str], person: Integers, intake: Booleans, after: Booleans
) -> tuple[Course, ...]:
    """Return the kinds of courses; an ending that fewer than five clients have counts as the most frequent one.

    Parameters
    ----------
    length, status, person, intake, after
        Sessions, ending and client of each course, and whether it has rows before and after its sessions.
    """
    counts = Counter(status)
    people = {one: len(set(person[np.array(status) == one].tolist())) for one in counts}
    most = counts.most_common(1)[0][0]
    merged = np.array([most if people[one] < SMALLEST_CELL else one for one in status])
    found = []
    for one in sorted(set(merged.tolist())):
        own = merged == one
        groups = _groups(length[own], person[own])
        shares = float(intake[own].mean()), float(after[own].mean())
        found.append(Course(one, int(own.sum()) / len(status), groups, *shares))
    return tuple(found)


def _groups(lengths: Integers, person: Integers) -> tuple[tuple[int, int, float], ...]:
    """Return groups of neighbouring lengths with five clients or more each; the longest is a mean of five clients."""
    groups: list[tuple[int, int, int, set[int]]] = []
    for value in sorted(set(lengths.tolist())):
        own = person[lengths == value].tolist()
        if groups and len(groups[-1][3]) < SMALLEST_CELL:
            low, _, count, people = groups.pop()
            groups.append((low, value, count + len(own), people | set(own)))
        else:
            groups.append((value, value, len(own), set(own)))
    if len(groups) > 1 and len(groups[-1][3]) < SMALLEST_CELL:
        _, high, count, people = groups.pop()
        low, _, before, those = groups.pop()
        groups.append((low, high, before + count, those | people))
    low, _, count, people = groups.pop()
    order = np.argsort(-lengths, kind="stable")
    top = round(edge(lengths[order], person[order]))
    groups.append((low, max(low, top), count, people))
    return tuple((low, high, count / lengths.size) for low, high, count, _ in groups)


def _score(original: Original, name: str, use: Booleans) -> Score:
    values, course = original.values(name)[use], original.course[use]
    sessions, person = original.rows.sessions[use], original.person[use]
    stage = stage_of(sessions)
    whole = Quantiles.of(values, person)
    stages = tuple(
        Quantiles.of(values[stage == one], person[stage == one]) or whole
        for one in range(len(STAGES))
    )
    column = original.score_columns[name]
    gone = np.isnan(values)
    there = original.place_for(column)[use]
    texts = np.array(original.missing_texts(column), dtype=object)[use]
    gone_there = gone & there
    return Score(
        stages=stages,
        missing=Missing.of(gone, course, sessions, person, there),
        empty=Categories.of(texts[gone_there].tolist(), person[gone_there].tolist()).without(
            original.naming.found_in
        ),
    )


def _endings(
    original: Original, use: Booleans, status: Sequence[str]
) -> tuple[dict[str, Categories], str]:
    if not original.rows.has("ended"):
        return {}, "last"
    whose = dict(zip(original.course[use].tolist(), original.person[use].tolist(), strict=True))
    use = use & original.place_for(original.rows.columns.names["ended"])
    texts = [text for text, chosen in zip(original.rows.texts("ended"), use, strict=True) if chosen]
    course = original.course[use].tolist()
    sessions = original.rows.sessions[use].tolist()
    last: dict[int, tuple[int, str]] = {}
    filled: Counter[str] = Counter()
    bounds: dict[int, list[int]] = {}
    for one, number in zip(course, sessions, strict=True):
        low, high = bounds.get(one, [number, number])
        bounds[one] = [min(low, number), max(high, number)]
    for one, number, text in zip(course, sessions, texts, strict=True):
        if text and (one not in last or number >= last[one][0]):
            last[one] = (number, text)
        low, high = bounds[one]
        if text and low < high:
            filled["first" if number == low else "last" if number == high else "middle"] += 1
    words = {}
    for name in sorted(set(status)):
        of = [one for one in whose if status[one] == name]
        said = [last.get(one, (0, ""))[1] for one in of]
        found = Categories.of(said, [whose[one] for one in of])
        words[name] = found.without(original.naming.found_in)
    many = sum(low < high for low, high in bounds.values())
    placed = "last"
    if many and filled["first"] > 0.5 * filled["last"]:
        placed = "all"
    elif filled["first"] and not filled["last"]:
        placed = "first"
    return words, placed
