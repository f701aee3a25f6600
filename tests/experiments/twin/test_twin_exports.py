"""A twin of an export of REDCap or Qualtrics is such an export: read alike, empty where it is, and about nobody."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from experiments.records import read_records
from experiments.records.columns import find_column
from experiments.twin import making
from experiments.twin.files import file_columns
from experiments.twin.fitting import QuickFit
from experiments.twin.learning import learn
from experiments.twin.maker import Maker
from experiments.twin.making import Twin, make_twin
from experiments.twin.margins import SMALLEST_CELL
from experiments.twin.original import read_original, refuse_few
from experiments.twin.privacy import Privacy
from experiments.twin.report import codebook_text
from experiments.twin.who import says_who
from simulation.errors import AllianceError
from tests.experiments.records.mutations import _changed
from tests.experiments.twin.exports import (
    EXPORTS,
    FRAME,
    MAPPING,
    QUALTRICS,
    REDCAP,
    arms,
    instruments,
    survey,
    survey_of_clients,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from experiments.records.reading import Records

Table = list[dict[str, str]]


@pytest.fixture(scope="module")
def fit() -> QuickFit:
    """One ensemble for all twins, which is most of the work."""
    return QuickFit()


@pytest.fixture(scope="module")
def twins(
    fit: QuickFit, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, Path, Twin]]:
    """Return the file, its twin's file and the twin of every export; attacks are another file's."""
    found = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(making, "QuickFit", lambda **_: fit)
        patched.setattr(Maker, "attacked", lambda *_: Privacy(0, 0.0, (), 0.1, 0.1, (), 0))
        for name, written in EXPORTS.items():
            path = tmp_path_factory.mktemp("export") / "records.csv"
            path.write_text(written(), encoding="utf-8")
            target = path.with_name("twin.csv")
            twin = make_twin(path, target, MAPPING)
            twin.write(target)
            found[name] = path, target, twin
    return found


def lines_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def table_of(path: Path, heads: int = 1) -> Table:
    header, *lines = lines_of(path)
    return [dict(zip(header, line, strict=True)) for line in lines[heads - 1 :]]


@pytest.mark.parametrize("name", EXPORTS)
def test_describe_reads_the_twin_of_an_export_as_the_export(name: str, twins) -> None:
    path, target, twin = twins[name]
    real = read_records(path, MAPPING)
    # Without the twin's own mapping, too: all is seen from the file itself.
    for again in (read_records(target, MAPPING), read_records(target, path.with_name("twin.map.toml"))):  # fmt: skip
        assert again.columns == real.columns
        assert again.rows_left_out == 0
        assert again.clients == real.clients
        assert again.therapists == real.therapists
        assert again.mapping.scales.keys() == real.mapping.scales.keys()
        assert again.rows == pytest.approx(real.rows, rel=0.25)
        assert again.sessions == pytest.approx(real.sessions, rel=0.25)
        if name != "arms":  # Rare events are not in it.
            assert_as_long(again, real)
        rate = real.tables.dropped_out.mean()
        assert again.tables.dropped_out.mean() == pytest.approx(rate, abs=0.12)
        ours, theirs = (one.tables.client("core_10_intake") for one in (again, real))
        assert np.nanmean(ours) == pytest.approx(np.nanmean(theirs), abs=2.5)
        assert np.nanstd(ours) == pytest.approx(np.nanstd(theirs), rel=0.25)
    assert _shapes(read_records(target, MAPPING)) == _shapes(real)
    judged = [one for one in twin.statistics if np.isfinite(one.low)]
    assert len(judged) > 10
    assert sum(one.preserved for one in judged) >= 0.6 * len(judged)


def assert_as_long(twin: Records, real: Records) -> None:
    """Therapies of a twin have their ends: the longest is the mean of the five longest."""
    ours, theirs = (np.sort(one.tables.sessions_attended) for one in (twin, real))
    assert ours.max() == pytest.approx(theirs[-5:].mean(), abs=2)
    assert (ours >= 8).mean() == pytest.approx((theirs >= 8).mean(), abs=0.08)


def _shapes(records) -> list[str]:
    """Return what was said of the shape, without rows and counts."""
    words = (
        "REDCap",
        "Qualtrics",
        "wide",
        "Put together",
        "Taken for",
        "after the last",
        "not used",
    )
    return [
        re.sub(r"rows? [\d, ]+( and \d+ more)?|\d+", "N", note)
        for note in records.notes
        if any(word in note for word in words)
    ]  # fmt: skip


OF_REDCAP = {
    "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "Event Name", "Repeat Instrument",
    "Repeat Instance",
}  # fmt: skip


def _kinds(rows: Table) -> dict[tuple[str, ...], set[str]]:
    """Return which columns ever have something, by event, instrument and whether there is an instance."""
    header = tuple(rows[0])
    event, instrument, instance = (
        next((name for name in header if name in names), None)
        for names in (
            ("redcap_event_name", "Event Name"),
            ("redcap_repeat_instrument", "Repeat Instrument"),
            ("redcap_repeat_instance", "Repeat Instance"),
        )
    )
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        kind = (
            row.get(event or "", ""),
            row.get(instrument or "", ""),
            "numbered" if row.get(instance or "") else "",
        )
        found[kind] |= {name for name, cell in row.items() if cell and name != instance}
    return dict(found)


EMPTY = {
    "redcap_survey_identifier", "Survey Identifier", "first_name", "email", "mrn", "birth_date", "notes",
    "baseline_timestamp", "session_timestamp",
}  # fmt: skip
"""Columns of which nothing is in a twin."""


@pytest.mark.parametrize("name", REDCAP)
def test_every_kind_of_row_of_redcap_has_its_own_columns_and_no_other(name: str, twins) -> None:
    path, target, _ = twins[name]
    real, made = _kinds(table_of(path)), _kinds(table_of(target))
    assert lines_of(path)[0] == lines_of(target)[0]
    assert set(made) <= set(real)
    assert len(made) >= min(len(real), 8)
    for kind, columns in made.items():
        assert columns == real[kind] - EMPTY, kind


@pytest.mark.parametrize("name", REDCAP)
def test_rows_of_redcap_stand_in_their_order_and_none_twice(name: str, twins) -> None:
    _, target, _ = twins[name]
    header, *rows = lines_of(target)
    own = [0, *(header.index(name) for name in header if name in OF_REDCAP)]
    keys = [tuple(row[place] for place in own) for row in rows]
    assert len(set(keys)) == len(keys)
    records = [row[0] for row in rows]
    assert len(set(records)) == sum(a != b for a, b in zip(["", *records], records, strict=False))
    said = " ".join(read_records(target, MAPPING).notes)
    assert "go back" not in said
    assert "contradict" not in said


def test_instruments_are_missing_as_often_as_they_were_and_scores_within_them(twins) -> None:
    path, target, _ = twins["instruments"]

    def shares(rows: Table) -> tuple[float, float, float]:
        of = defaultdict(list)
        for row in rows:
            of[row["redcap_repeat_instrument"], row["redcap_event_name"]].append(row)
        sessions = of["session", "treatment_arm_1"]
        empty = sum(not row["wai_sr"] for row in sessions) / len(sessions)
        ended = len(of["", "discharge_arm_1"]) / len(of["", "baseline_arm_1"])
        return len(of["core", "treatment_arm_1"]) / len(sessions), empty, ended

    assert shares(table_of(target)) == pytest.approx(shares(table_of(path)), abs=0.06)
    assert 0.9 < shares(table_of(path))[0] < 0.97


def test_who_never_filled_in_an_instrument_never_does_in_the_twin(
    tmp_path: Path, fit: QuickFit
) -> None:
    """A third of the clients was never asked for symptoms: that is no third of the sessions of all."""
    lines = instruments().splitlines(keepends=True)
    text = "".join(
        line
        for line in lines
        if ",core," not in line or int(line[: line.index(",")]) % 3
    )  # fmt: skip
    columns = drawn(text, tmp_path, fit)
    number: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for record, instrument in zip(
        columns["record_id"], columns["redcap_repeat_instrument"], strict=True
    ):
        number[record][instrument] += 1
    long = [one for one in number.values() if one["session"] >= 4]
    never = sum(not one["core"] for one in long) / len(long)
    assert never == pytest.approx(1 / 3, abs=0.15)
    rest = [one["core"] / one["session"] for one in long if one["core"]]
    assert np.mean(rest) == pytest.approx(0.94, abs=0.05)


def test_arms_of_redcap_keep_their_shares_and_nobody_is_in_two(twins) -> None:
    path, target, twin = twins["arms"]

    def arms(rows: Table) -> dict[str, set[str]]:
        found = defaultdict(set)
        for row in rows:
            found[row["record_id"]].add(row["redcap_event_name"][-1])
        return found

    real, made = arms(table_of(path)), arms(table_of(target))
    assert all(len(one) == 1 for one in made.values())
    share = sum(one == {"2"} for one in made.values()) / len(made)
    assert share == pytest.approx(sum(one == {"2"} for one in real.values()) / len(real), abs=0.12)
    assert any("Arms of the project" in note for note in twin.notes)


@pytest.mark.parametrize("name", QUALTRICS)
def test_the_header_of_qualtrics_has_its_three_rows(name: str, twins) -> None:
    path, target, twin = twins[name]
    assert lines_of(path)[:3] == lines_of(target)[:3]
    assert any("copied word for word" in note for note in twin.notes)
    rows = table_of(target, 3)
    assert {row["Status"] for row in rows} == {"IP Address"}
    assert {row["Finished"] for row in rows} == {"True"}
    assert len({row["ResponseId"] for row in rows}) == len(rows)


@pytest.mark.parametrize("words_alone", [False, True])
def test_a_record_among_the_headers_of_qualtrics_is_not_copied(
    words_alone: bool, tmp_path: Path
) -> None:
    """Somebody sorted the file: a response stands where the texts of the questions should be."""
    lines = list(csv.reader(io.StringIO(survey())))
    lines[1], lines[4] = lines[4], lines[1]
    if words_alone:
        # Nothing in it but words, of which others gave the same.
        lines[1] = [cell if cell in {"IP Address", "email", "EN"} else "" for cell in lines[1]]
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    path = tmp_path / "records.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    found = read_original(path, MAPPING).survey
    assert found is not None
    assert found.heads[0] == tuple(lines[0])


IDENTIFYING = {
    *EMPTY, "record_id", "Record ID", "client", "therapist", "redcap_data_access_group", "StartDate", "EndDate",
    "IPAddress", "RecordedDate", "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail",
    "ExternalReference", "LocationLatitude", "LocationLongitude", "Q12_TEXT", "Survey Identifier",
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_nothing_that_says_who_reaches_a_twin_or_what_is_beside_it(name: str, twins) -> None:
    path, target, twin = twins[name]
    heads = 3 if name in QUALTRICS else 1
    secret = {
        cell
        for row in table_of(path, heads)
        for column, cell in row.items()
        if column in IDENTIFYING and len(cell) > 3
    }
    assert len(secret) > 300
    cells = {cell for row in table_of(target, heads) for cell in row.values()}
    assert not secret & cells
    files = (twin.truth, twin.codebook, twin.report, twin.mapping, target.read_text("utf-8"))
    found = re.compile("|".join(re.escape(one) for one in sorted(secret) if not one.isdigit()))
    for text in files:
        assert not found.search(text)


def test_days_of_an_export_are_other_days(twins) -> None:
    """Times of day go, and the calendar begins half a year earlier at least."""
    for name, column, heads in (("survey", "RecordedDate", 3), ("instruments", "session_date", 1)):
        path, target, _ = twins[name]
        real, made = (
            [row[column] for row in table_of(one, heads) if row[column]] for one in (path, target)
        )
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in made)
        assert min(made) < min(real)


@pytest.mark.parametrize(
    "name",
    ["RecipientEmail", "e-mail", "Phone", "LocationLatitude", "IP address", "FirstName", "last_name", "MRN", "dob",
     "Post code", "External Data Reference", "Response ID", "survey_identifier", "name", "Names", "initials",
     "Kontakt", "tel", "Handy", "fax", "mobile phone", "phone2", "E-Mail 1", "city", "Wohnort", "Ort", "Straße",
     "birthdate", "birth_date", "Date of birth", "place of birth", "name_first", "client's name",
     "Name of the client", "therapist_name", "patientName", "Vor- und Nachname", "Name, Vorname",
     "What is your name?", "NHS number", "Versichertennummer", "insurance_id", "Anschrift",
     "emergency contact", "user_id", "employer"],
)  # fmt: skip
def test_columns_that_say_who_are_known_by_their_names(name: str) -> None:
    assert says_who(name)


@pytest.mark.parametrize(
    "name",
    ["age", "medication_name", "Name of the medication", "questionnaire name", "diagnosis_code", "clinic", "gender",
     "session_format", "contact_with_family", "first_session", "Kontakte", "client_group", "first_language",
     "mailing"],
)  # fmt: skip
def test_other_columns_do_not_say_who(name: str) -> None:
    assert not says_who(name)


def test_entries_that_are_days_are_not_copied_among_words(tmp_path: Path) -> None:
    """REDCap writes a word where a survey was not finished, and the time where it was."""
    client = FRAME["client"].str.slice(1).cast(int)
    # Mostly words: as a column of days it would be left empty.
    stamps = [
        f"2023-02-0{1 + one % 3}" if one % 3 and n % 4 == 0 else "[not completed]"
        for n, one in enumerate(client)
    ]
    path = tmp_path / "records.csv"
    FRAME.with_columns(session_timestamp=pl.Series(stamps)).write_csv(path)
    other = learn(read_original(path)).others["session_timestamp"]
    assert other.categories.entries == ("[not completed]",)


def test_an_event_of_fewer_than_five_clients_is_not_in_a_twin(
    tmp_path: Path, fit: QuickFit
) -> None:
    """Four clients were seen at an event of their own; nobody is, in the twin."""
    lines = instruments().splitlines(keepends=True)
    rare = {f"{n}," for n in range(10, 14)}
    text = "".join(
        line.replace("baseline_arm_1", "screening_arm_1") if line[: line.index(",") + 1] in rare else line
        for line in lines
    )  # fmt: skip
    assert text.count("screening_arm_1") == 4 < SMALLEST_CELL
    columns = drawn(text, tmp_path, fit)
    assert "screening_arm_1" not in columns["redcap_event_name"]
    assert "baseline_arm_1" in columns["redcap_event_name"]


def of_first(text: str, clients: int) -> str:
    """Return an export of the first clients alone."""
    header, *lines = text.splitlines(keepends=True)
    own = (line for line in lines if int(line[: line.index(",")]) <= clients)
    return "".join([header, *own])


@pytest.mark.parametrize("name", [one for one in REDCAP if one != "arms"])
def test_a_small_export_of_redcap_keeps_the_ends_of_long_therapies(
    name: str, tmp_path: Path, fit: QuickFit
) -> None:
    """Fewer than five of the clients that are learned from come so long, or longer: instances are as before."""
    path = tmp_path / "records.csv"
    path.write_text(of_first(REDCAP[name](), 70), encoding="utf-8")
    maker = Maker(read_original(path, MAPPING), fit, 1)
    drawn = maker.drawn(0)
    therapies = sorted(one.sessions for one in drawn.table.therapies)
    assert therapies[-1] > 10
    assert not list(making._notes_on_export(maker.original, drawn.learned))
    again = maker.read(drawn.table).records.tables.sessions_attended
    assert sorted(again.tolist()) == therapies


def test_sessions_whose_events_are_rare_are_not_in_a_twin_which_is_said(
    tmp_path: Path, fit: QuickFit
) -> None:
    path = tmp_path / "records.csv"
    path.write_text(of_first(arms(), 70), encoding="utf-8")
    maker = Maker(read_original(path, MAPPING), fit, 1)
    found = maker.drawn(0)
    events = file_columns(maker.original, found.table)["redcap_event_name"]
    last = {
        arm: max(
            int(one.split("_")[1]) for one in events if re.match(rf"session_\d+_arm_{arm}", one)
        )
        for arm in (1, 2)
    }
    noted = next(
        note for note in making._notes_on_export(maker.original, found.learned) if "above" in note
    )
    said = re.fullmatch(
        r"Sessions above (\d+) \(arm_1\) and (\d+) \(arm_2\) are not in it: fewer than 5 clients share their event\.",
        noted,
    )
    assert said
    assert [int(one) for one in said.groups()] == [last[1], last[2]]


@pytest.mark.parametrize("clients", [160, 4])
def test_a_numbered_event_beside_an_instrument_is_no_instance(clients: int, tmp_path: Path) -> None:
    """Clients are seen at an event of session 30, which is none of the sessions that are counted."""
    header, *lines = instruments().splitlines(keepends=True)
    text = [header]
    for line in lines:
        text.append(line)
        number, event, *_ = line.split(",")
        if event == "baseline_arm_1" and int(number) <= clients:
            cells = dict.fromkeys(header.strip().split(","), "")
            cells |= {"record_id": number, "redcap_event_name": "session_30_arm_1", "core_10": "12"}
            text.append(",".join(cells.values()) + "\n")
    path = tmp_path / "records.csv"
    path.write_text("".join(text), encoding="utf-8")
    original = read_original(path, MAPPING)
    learned = learn(original)
    layout, patterns = original.layout, learned.patterns
    assert layout is not None
    assert patterns is not None
    place = next(n for n, kind in enumerate(layout.kinds) if kind.event == "session_30_arm_1")
    seen = np.full(160, 30)
    has = patterns.draw(layout, np.arange(160), seen, np.random.default_rng(1))
    held = original.rows.sessions
    again = patterns.draw(layout, original.course, held, np.random.default_rng(1))
    assert again[(held > 0) & (held < 30)].any(axis=1).all()
    if clients == 160:
        assert has[:, place].all()
        assert has.sum() == 160
    else:
        assert not has[:, place].any()
        assert (
            "Rows that fewer than 5 clients share are not in it: session_30_arm_1."
            in making._notes_on_export(original, learned)
        )


def drawn(text: str, folder: Path, fit: QuickFit) -> dict[str, list[str]]:
    path = folder / "records.csv"
    path.write_text(text, encoding="utf-8")
    maker = Maker(read_original(path, MAPPING), fit, 1)
    return file_columns(maker.original, maker.drawn(0).table)


def test_events_that_are_no_session_are_left_out_and_named(tmp_path: Path, fit: QuickFit) -> None:
    path = tmp_path / "records.csv"
    text = instruments()
    width = text.splitlines()[0].count(",")
    follow = "".join(f"{n},follow_up_arm_1{',' * (width - 1)}\n" for n in range(1, 100))
    medicine = "".join(
        f"{n},treatment_arm_1,medication,{one}{',' * (width - 3)}\n"
        for n in (1, 2)
        for one in (1, 40)
    )
    path.write_text(text + follow + medicine, encoding="utf-8")
    original = read_original(path, MAPPING)
    assert original.layout is not None
    assert original.layout.left_out == ("follow_up_arm_1", "treatment_arm_1 medication")
    assert original.records.sessions == 708
    notes = making._notes_on(original, learn(original))
    assert (
        "Rows that no session is of are not in it: follow_up_arm_1, treatment_arm_1 medication."
        in notes
    )


@pytest.mark.parametrize("column", ["wai_sr", "-"])
def test_an_export_of_redcap_whose_sessions_another_column_says_is_refused(
    column: str, tmp_path: Path
) -> None:
    from dataclasses import replace

    path = tmp_path / "records.csv"
    path.write_text(instruments(), encoding="utf-8")
    with pytest.raises(AllianceError, match="leave session out of the mapping"):
        read_original(path, replace(MAPPING, columns={"session": column}))


LONG = (
    "Wie häufig fühlten Sie sich in den vergangenen zwei Wochen überfordert, müde, gereizt | erschöpft? "
    * 3
)


@pytest.mark.parametrize("ending", [".sav", ".dta", ".xlsx"])
def test_exports_can_have_twins_of_other_forms(ending: str, tmp_path: Path, fit: QuickFit) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    pytest.importorskip("xlsxwriter")
    from experiments.twin.files import file_bytes

    path, target = tmp_path / "records.csv", tmp_path / f"twin{ending}"
    path.write_text(
        survey()
        .replace("Duration (in seconds)", "Duration")
        .replace("Q12_TEXT", "Q12")
        .replace("How about Q9,\nin your own words?", LONG),
        encoding="utf-8",
    )
    maker = Maker(read_original(path, MAPPING), fit, 1)
    columns = file_columns(maker.original, maker.drawn(0).table)
    target.write_bytes(file_bytes(maker.original, columns, target))
    again = read_records(target, maker.mapping)
    assert again.clients == 160
    assert again.rows_left_out == 0
    if ending != ".xlsx":
        read = pyreadstat.read_sav if ending == ".sav" else pyreadstat.read_dta
        labels = read(str(target))[1].column_names_to_labels
        assert labels["wai_sr"] == "How about wai_sr, in your own words?"
        assert LONG.startswith(labels["Q9"])
        # Stata counts letters, SPSS bytes.
        assert (
            len(labels["Q9"]) == 80
            if ending == ".dta"
            else len(labels["Q9"].encode()) in {255, 256}
        )
    codebook = codebook_text(
        target.name, maker.original, learn(maker.original), list(columns), maker.original.forms, 1
    )
    rows = [line for line in codebook.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}
    assert sum(r"gereizt \| erschöpft?" in row for row in rows) == 1


def test_a_wide_survey_in_which_somebody_answered_twice_is_none(tmp_path: Path) -> None:
    header, *rest = survey_of_clients().splitlines(keepends=True)
    path = tmp_path / "records.csv"
    path.write_text("".join([header, *rest, rest[-1].replace("R_", "R_9")]), encoding="utf-8")
    original = read_original(path, MAPPING)
    assert not original.is_wide
    assert any("looks like a wide table" in note for note in original.records.notes)


def mutated(number: int) -> bytes:
    draw = random.Random(number)
    content = EXPORTS[draw.choice(sorted(EXPORTS))]().encode()
    if number % 3 == 0:
        lines = content.split(b"\n")
        content = b"\n".join([*lines[:3], *draw.sample(lines[3:], len(lines) // 2)])
    return _changed(draw, content)


@pytest.mark.parametrize("numbers", [range(16), pytest.param(range(16, 140), marks=pytest.mark.slow)])  # fmt: skip
def test_a_damaged_export_has_a_twin_or_is_refused_in_a_sentence(
    numbers: Iterable[int], tmp_path: Path, fit: QuickFit
) -> None:
    path = tmp_path / "records.csv"
    made = 0
    for number in numbers:
        path.write_bytes(mutated(number))
        try:
            original = read_original(path, MAPPING)
            refuse_few(original)
            maker = Maker(original, fit, 1)
            again = maker.read(maker.drawn(0).table)
        except AllianceError as error:
            assert "\n" not in str(error)
            continue
        made += 1
        assert again.rows.columns.names == original.rows.columns.names
        assert find_column(again.file.header, "client") == find_column(original.file.header, "client")  # fmt: skip
    assert made > 5
