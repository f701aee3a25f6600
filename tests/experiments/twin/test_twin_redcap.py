"""A twin of an export of REDCap has its events, instruments, instances and arms."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest

from experiments.records import read_records
from experiments.twin import making
from experiments.twin.files import file_columns
from experiments.twin.learning import learn
from experiments.twin.maker import Maker
from experiments.twin.margins import SMALLEST_CELL
from experiments.twin.original import read_original
from simulation.errors import AllianceError
from tests.experiments.twin.exports import (
    EMPTY,
    MAPPING,
    REDCAP,
    Table,
    arms,
    instruments,
    lines_of,
    table_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.twin.fitting import QuickFit


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


def test_instances_of_a_twin_are_at_the_sessions_of_the_records(
    tmp_path: Path, fit: QuickFit
) -> None:
    """Clients fill in the instrument at every third session, and their last one is such a session."""
    header = "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,core_10,wai_sr\n"
    lines = [header]
    for client in range(1, 91):
        lines.append(f"{client},baseline_arm_1,,,{10 + client % 20},\n")
        lines += [
            f"{client},treatment_arm_1,session,{number},{8 + (client + number) % 20},{30 + client % 20}\n"
            for number in range(3, 4 + 3 * (client % 8), 3)
        ]
    columns = drawn("".join(lines), tmp_path, fit)
    instances = {int(one) for one in columns["redcap_repeat_instance"] if one}
    assert instances <= set(range(3, 25, 3))
    assert max(instances) >= 18
