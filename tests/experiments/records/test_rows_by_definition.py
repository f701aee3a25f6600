"""What is said and decided about all rows at once is what going through them one after the other gives."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.records.cells import Cells
from experiments.records.columns import choose_columns
from experiments.records.episodes import courses_by_date
from experiments.records.reading import Records, read_records
from experiments.records.rows import CleanRows, clean_rows
from experiments.records.scores import Scale, read_scores
from experiments.records.session_numbers import AFTER
from experiments.records.values import NO_DAY

if TYPE_CHECKING:
    from pathlib import Path

FIRST = date(2024, 1, 1)
HEADER = ("client", "session", "date", "therapist", "wai_sr", "phq9", "ended")

row = st.tuples(
    st.sampled_from(["C1", "C2", "C10", "7", "", "x"]),
    st.sampled_from(["0", "1", "2", "3", "4", "post", "?"]),
    st.sampled_from(["", *((FIRST + timedelta(days=90 * n)).isoformat() for n in range(16))]),
    st.sampled_from(["", "A", "B"]),
    st.sampled_from(["", "30", "40"]),
    st.sampled_from(["", "5", "20"]),
    st.sampled_from(["", "completed", "dropped out", "stopped"]),
)
tables = st.lists(row, min_size=1, max_size=14, unique_by=lambda one: one[:2])


def cells_of(rows: list[tuple[str, ...]]) -> Cells:
    columns: Any = tuple(zip(*rows, strict=True))
    return Cells(HEADER, columns, tuple(range(2, len(rows) + 2)))


def cleaned(rows: list[tuple[str, ...]]) -> CleanRows:
    return clean_rows(cells_of(rows), choose_columns(HEADER, {}))


@given(
    visits=st.lists(st.tuples(st.integers(0, 2), st.sampled_from([NO_DAY, 100, 300, 464, 465, 900]))),
    pause=st.sampled_from([0, 100, 365]),
)  # fmt: skip
def test_another_course_begins_after_a_long_pause(
    visits: list[tuple[int, int]], pause: int
) -> None:
    client, days = np.array(visits, dtype=np.int64).reshape(-1, 2).T
    expected = np.zeros(len(visits), dtype=np.int64)
    for one in set(client.tolist()):
        last, course = None, 0
        for row in sorted(
            np.flatnonzero((client == one) & (days != NO_DAY)), key=lambda r: days[r]
        ):
            course += last is not None and pause > 0 and days[row] - last >= pause
            expected[row], last = course, days[row]
    np.testing.assert_array_equal(courses_by_date(client, days, pause), expected)


def _slow_notes(rows: CleanRows) -> dict[str, set[int]]:
    """Return the rows that notes are about, found one by one: order, dates, gaps."""
    found: dict[str, set[int]] = {"go back": set(), "date is before": set(), "are missing": set()}
    last: dict[int, int] = {}
    for row, (client, number) in enumerate(zip(rows.client.tolist(), rows.sessions, strict=True)):
        if number < last.get(client, -1):
            found["go back"].add(row)
        last[client] = number
    day_of: dict[int, int] = {}
    expected: dict[int, int] = {}
    for row in np.argsort(rows.sessions, kind="stable").tolist():
        client, number, day = rows.client[row], rows.sessions[row], rows.days[row]
        if day != NO_DAY:
            if day < day_of.get(client, 0):
                found["date is before"].add(row)
            day_of[client] = day
        if number != AFTER:
            if number > expected.get(client, 1):
                found["are missing"].add(row)
            expected[client] = number + 1
    return found


@settings(max_examples=60)
@given(rows=tables)
def test_notes_name_the_rows_that_going_through_them_finds(rows: list[tuple[str, ...]]) -> None:
    clean = cleaned(rows)
    for words, found in _slow_notes(clean).items():
        notes = [note for note in clean.notes if words in note]
        assert len(notes) == (1 if found else 0)
        assert all(clean.name(sorted(found)) in note for note in notes)


@settings(max_examples=60, deadline=None)
@given(rows=tables)
def test_columns_of_clients_are_what_going_through_their_rows_gives(
    rows: list[tuple[str, ...]], tmp_path_factory: Any
) -> None:
    clean = cleaned(rows)
    if not len(clean) or not any(one[4] for one in rows) or not any(one[5] for one in rows):
        return
    path: Path = tmp_path_factory.mktemp("rows") / "r.csv"
    path.write_text("\n".join([",".join(HEADER), *map(",".join, rows)]) + "\n")
    records: Records = read_records(path, alliance_range=(12, 60), symptom_range=(0, 27))
    scores = read_scores(clean, {"symptom": Scale(range=(0, 27))}).values["core_10"]
    keys = sorted({clean.clients[row] for row in range(len(clean))}, key=_by_name)
    assert records.clients == len(keys)
    for number, key in enumerate(keys):
        own = [row for row in range(len(clean)) if clean.clients[row] == key]
        own.sort(key=lambda row: clean.sessions[row])
        held = [int(clean.sessions[row]) for row in own if clean.sessions[row] < AFTER]
        assert records.tables.sessions_attended[number] == max(held, default=0)
        words = [clean.texts("ended")[row] for row in own]
        said = [word for word in words if word in {"completed", "dropped out"}]
        meant = said[-1].replace(" ", "_") if said else "in_treatment"
        assert records.tables.status_is(meant)[number]
        names = [name for row in own if (name := clean.texts("therapist")[row])]
        there = sorted({name for name in clean.texts("therapist") if name})
        therapist = records.tables.client("therapist")[number]
        assert therapist == (there.index(names[0]) if names else -1)
        scored = [row for row in own if np.isfinite(scores[row])]
        if "core_10_intake" in records.tables.clients:
            intake = records.tables.client("core_10_intake")[number]
            assert (scores[scored[0]] == intake) if scored else np.isnan(intake)
        if "core_10_last" in records.tables.clients:
            last = records.tables.client("core_10_last")[number]
            assert (scores[scored[-1]] == last) if scored else np.isnan(last)


def _by_name(key: tuple[str, str, str]) -> Any:
    study, client, course = key
    return study, int(client) if client.isdigit() else 0, client, course
