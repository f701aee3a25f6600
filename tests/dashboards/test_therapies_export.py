"""A student's run survives as a file and repeats to the bit."""

from __future__ import annotations

import csv
import io

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dashboards.therapies import play_command
from dashboards.therapies.characters import (
    CLIENT_TRAITS,
    CLIENTS,
    THERAPIST_TRAITS,
    THERAPISTS,
    client_traits,
    therapist_traits,
)
from dashboards.therapies.export import COLUMNS, to_csv, to_text
from dashboards.therapies.play_file import Play, read_play, replay, write_play
from dashboards.therapies.playing import play
from dashboards.therapies.stances import STANCES
from dashboards.therapies.story import log
from dashboards.therapies.therapy import Setup
from simulation import AllianceError, Parameters


def values(controls) -> st.SearchStrategy[dict[str, float]]:
    return st.fixed_dictionaries({c.name: st.floats(c.low, c.high) for c in controls})


@st.composite
def plays(draw) -> Play:
    traits, fatigue = therapist_traits(draw(values(THERAPIST_TRAITS)))
    parameters = Parameters(
        session_limit=draw(st.integers(1, 500)),
        telehealth=draw(st.booleans()),
        rupture_base=draw(st.floats(-8, 4)),
        assignment=draw(st.sampled_from(["random", "least_loaded"])),
    )
    setup = Setup(
        client_traits(draw(values(CLIENT_TRAITS))),
        traits,
        fatigue,
        parameters,
        draw(st.integers(0, 2**64 - 1)),
        draw(st.integers(0, 999_999)),
    )
    return Play(
        setup,
        draw(st.text("".join(STANCES), max_size=20)),
        draw(st.sampled_from(["", *CLIENTS])),
        draw(st.sampled_from(["", *THERAPISTS])),
    )


@given(plays())
@settings(max_examples=40)
def test_a_run_comes_back_from_its_file_as_it_was(run) -> None:
    assert read_play(write_play(run)) == run


def test_a_run_repeats_to_the_same_numbers() -> None:
    run = Play(Setup.of("wary", "new", number=14), "lahb", "wary", "new")
    again = replay(read_play(write_play(run)))
    assert again == play(run.setup, "lahb")
    assert to_csv(again) == to_csv(play(run.setup, "lahb"))


def test_the_table_holds_every_session_in_full() -> None:
    therapy = play(Setup.of("wary", "new", number=14), "lahb")
    rows = list(csv.DictReader(io.StringIO(to_csv(therapy))))
    assert len(rows) == len(therapy) > 1
    assert tuple(rows[0]) == COLUMNS
    for row, record in zip(rows, therapy.records, strict=True):
        assert float(row["trust"]) == record.after.trust
        assert float(row["alliance"]) == record.after.alliance
        assert float(row["dropout_probability"]) == record.events.dropout_probability
        assert float(row["core_10"]) == record.reports.core_10
        assert row["rupture"] == record.rupture
        assert row["rupture_repaired"] == str(record.repaired).lower()
        assert row["boundary_event"] == record.boundary_event
        assert None not in row
    assert rows[0]["stance"] == "listen"
    assert rows[-1]["ending"] == therapy.ending


def test_a_file_written_by_hand_needs_only_what_differs() -> None:
    run = read_play('stances = "llo"\n[client]\ncharacter = "ready"\nseverity = 0.7\n')
    expected = client_traits({**CLIENTS["ready"].traits, "severity": 0.7})
    assert run == Play(Setup(expected), "ll", "ready", "")
    assert read_play("") == Play(Setup())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("seed = ", "not a run"),
        ("sed = 1", "Did you mean seed"),
        ("version = 2", "reads version 1"),
        ('seed = "one"', "whole number"),
        ("number = -3", "whole number"),
        ('stances = "lxl"', "is not a stance"),
        ("stances = 3", 'stances = 3 is not allowed: write stances = "llha[a-z]"\\.$'),
        ("client = 3", "write a table"),
        ('[client]\ncharacter = "wery"', "Did you mean wary"),
        (
            "[client]\ncharacter = 3",
            'character = 3 is not allowed: write character = "[a-z_]+"\\.$',
        ),
        ("[client]\nseverity = nan", "takes a number"),
        ("[client]\nseverity = [1]", "takes a number"),
        ("[therapist]\nempaty = 0.5", "Did you mean empathy"),
        ("[parameters]\nrupture_bse = 1.0", "Did you mean rupture_base"),
        ("[parameters]\nrupture_base = inf", "not allowed"),
        ("parameters = 1", "write a table"),
        ("seed = " + "9" * 5000, "not a run"),
        ("[client]\nseverity = 1" + "0" * 400, "takes a number"),
        ("[parameters]\nrupture_base = 1" + "0" * 400, "not allowed"),
        ("stances = " + "[" * 5000, "not a run"),
    ],
)
def test_nonsense_in_a_file_is_refused_in_one_sentence(text, sentence) -> None:
    with pytest.raises(AllianceError, match=sentence):
        read_play(text)


GOOD = write_play(Play(Setup.of("wary", "new", number=14), "lahb"))


@given(st.integers(0, len(GOOD)), st.integers(0, 9), st.text(max_size=9))
@settings(max_examples=100)
def test_a_damaged_file_is_refused_or_read_as_what_it_says(place, lost, more) -> None:
    try:
        run = read_play(GOOD[:place] + more + GOOD[place + lost :])
    except AllianceError as error:
        assert 10 < len(str(error)) < 400
    else:
        assert read_play(write_play(run)) == run


@pytest.fixture
def program() -> typer.Typer:
    """Return a program with the command mounted."""
    app = typer.Typer()
    app.callback()(lambda: None)
    app.command("play")(play_command.command)
    return app


def test_the_command_tells_a_kept_run_again(program, tmp_path) -> None:
    run = Play(Setup.of("wary", "new", number=14), "lahb")
    file = tmp_path / "run.toml"
    file.write_text(write_play(run), encoding="utf-8")
    therapy = play(run.setup, "lahb")
    shown = CliRunner().invoke(program, ["play", str(file)])
    assert shown.exit_code == 0
    assert shown.output == to_text(therapy)
    assert log(therapy)[0] in shown.output
    out = tmp_path / "run.csv"
    CliRunner().invoke(program, ["play", str(file), "--format", "csv", "--out", str(out)])
    assert out.read_text(encoding="utf-8") == to_csv(therapy)


def test_the_command_refuses_what_it_cannot_read_or_write(program, tmp_path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    good = tmp_path / "good.toml"
    good.write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    for arguments in (
        [str(good), "--out", str(tmp_path / "folder")],
        [str(tmp_path / "missing.toml")],
        [str(binary)],
        [str(good), "--out", str(good / "where.csv")],
    ):
        result = CliRunner().invoke(program, ["play", *arguments])
        assert isinstance(result.exception, AllianceError)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "binary",
        "folder",
        "good.toml",
    ]
