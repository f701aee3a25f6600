"""A file is there whole or as it was before, whatever happens while it is written."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from simulation.files import (
    StorageError,
    remove_abandoned,
    write_once,
    write_output,
    write_together,
    write_whole,
)


def half(file: BinaryIO) -> None:
    """Write a part, then meet a full disk."""
    file.write(b"ha")
    raise OSError(errno.ENOSPC, "No space left on device")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_is_replaced_whole_or_left_as_it_was(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"before")
    with pytest.raises(StorageError, match="disk is full: a could not be written"):
        write_whole(tmp_path / "a", half)
    assert contents(tmp_path) == {"a": b"before"}
    write_whole(tmp_path / "a", b"after")
    assert contents(tmp_path) == {"a": b"after"}


def test_an_error_other_than_of_the_disk_is_passed_on_and_leaves_nothing(tmp_path: Path) -> None:
    def wrong(_file: BinaryIO) -> None:
        raise KeyError("no such column")

    with pytest.raises(KeyError):
        write_whole(tmp_path / "a", wrong)
    assert contents(tmp_path) == {}


def test_a_file_that_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    assert write_once(tmp_path / "a", b"first")
    assert not write_once(tmp_path / "a", b"second")
    assert contents(tmp_path) == {"a": b"first"}


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_disk_without_hard_links_has_the_file_written_once_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refused)
    assert write_once(tmp_path / "a", b"first")
    assert not write_once(tmp_path / "a", b"second")
    assert contents(tmp_path) == {"a": b"first"}


def test_an_error_that_says_nothing_of_hard_links_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "link", broken)
    with pytest.raises(StorageError, match="a cannot be written"):
        write_once(tmp_path / "a", b"first")
    assert contents(tmp_path) == {}


def test_an_output_that_another_program_writes_meanwhile_stays_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a"

    def overtaken(file: BinaryIO) -> None:
        file.write(b"ours")
        path.write_bytes(b"theirs")

    with pytest.raises(StorageError, match="by another program meanwhile"):
        write_output(path, overtaken)
    assert contents(tmp_path) == {"a": b"theirs"}


def test_files_that_belong_together_come_together_or_not_at_all(tmp_path: Path) -> None:
    before = {"a": b"1", "b": b"1", "old": b"1"}
    write_together(tmp_path, before)
    with pytest.raises(StorageError, match="disk is full"):
        write_together(tmp_path, {"a": b"2", "b": half}, remove=["old"])
    assert contents(tmp_path) == before
    write_together(tmp_path, {"a": b"2", "b": b"2"}, remove=["old", "never there"])
    assert contents(tmp_path) == {"a": b"2", "b": b"2"}


@pytest.mark.parametrize("may_ask", [True, False])
def test_what_a_process_left_that_no_longer_lives_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_ask: bool
) -> None:
    monkeypatch.setattr("simulation.files.MAY_ASK", may_ask)
    left: list[str] = []

    def interrupted(file: BinaryIO) -> None:
        left.append(file.name)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a", interrupted)
    mine = Path(left[0])
    of_this_machine = mine.name.rsplit("-", 2)[0]
    dead = tmp_path / f"{of_this_machine}-{2**22 + 1}-00000000"
    of_another = tmp_path / f".a.tmp-another.machine-{2**22 + 1}-00000000"
    for path in (dead, mine, of_another):
        path.write_bytes(b"")
    remove_abandoned([tmp_path])
    assert dead.exists() is not may_ask, "where asking is a signal, nobody is asked"
    assert mine.exists(), "this process lives, and may be writing it"
    assert of_another.exists(), "the folder is shared, and the process may live there"
