"""Reading the files that people give: regular files only, of a bounded size, as bytes, as text or as TOML."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from simulation.errors import AllianceError

__all__ = ["MEBIBYTE", "InputFileError", "kind_of", "parse_toml", "read_bytes", "read_text"]

MEBIBYTE = 2**20

DEEPEST = 32
"""Tables within tables that a TOML file may have."""

PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
LONG_NAME = re.compile(rf"(?<![\w.-]){PART}(?:[ \t]*+\.[ \t]*+{PART}){{{DEEPEST}}}")
"""A dotted name of so many parts that the parser, which needs their square in time, would not end."""

KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISLNK, "a link"),
)

OTHER_ENCODINGS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


class InputFileError(AllianceError):
    """A file that cannot be read as what it was given for."""


def read_bytes(path: str | Path, *, called: str = "", most: int = 64 * MEBIBYTE) -> bytes:
    """Read a file that somebody named.

    Parameters
    ----------
    path
        The file. Pipes and devices are refused: they may never end.
    called
        What the file is, for messages: ``"The preset file"``.
    most
        Bytes it may have.

    Raises
    ------
    InputFileError
        If it is not there, no regular file, longer than `most`, or not readable.
    """
    name = f"{called} {path}".lstrip()
    if "\0" in str(path):
        raise InputFileError(f"{name!r} cannot be the name of a file.")
    try:
        _refuse_special(name, Path(path).stat().st_mode)
        # Between looking and opening, a pipe may have taken the place of the file: opening must not wait for it.
        handle = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
        with os.fdopen(handle, "rb") as file:
            _refuse_special(name, os.fstat(handle).st_mode)
            content = file.read(most + 1)
    except FileNotFoundError:
        raise InputFileError(f"{name} does not exist, so it cannot be read.") from None
    except OSError as error:
        raise InputFileError(f"{name} cannot be read: {error.strerror or error}.") from None
    if len(content) > most:
        raise InputFileError(
            f"{name} is larger than {most / MEBIBYTE:,.0f} MiB, the most that is read here."
        )
    return content


def read_text(path: str | Path, *, called: str = "", most: int = 64 * MEBIBYTE) -> str:
    """Read a file as text in UTF-8, with or without a byte order mark.

    Raises
    ------
    InputFileError
        As for `read_bytes`, and if it is not text in UTF-8.
    """
    content = read_bytes(path, called=called, most=most)
    name = f"{called} {path}".lstrip()
    for mark, encoding in OTHER_ENCODINGS:
        if content.startswith(mark):
            raise InputFileError(
                f"{name} is not text in UTF-8 but in {encoding}: save it as UTF-8."
            )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputFileError(f"{name} is not text in UTF-8.") from None


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """Read TOML of a bounded depth.

    Parameters
    ----------
    text
        The TOML.
    name
        What it is, for messages.

    Raises
    ------
    InputFileError
        If it is not TOML, or its tables lie too deep in each other.
    """
    too_deep = InputFileError(
        f"{name} is not valid TOML: its tables or lists lie more than {DEEPEST} deep in each other."
    )
    if LONG_NAME.search(text):
        raise too_deep
    try:
        content = tomllib.loads(text)
    except RecursionError:
        raise too_deep from None
    except ValueError as error:
        raise InputFileError(f"{name} is not valid TOML: {error}.") from None
    if _depth(content) > DEEPEST:
        raise too_deep
    return content


def kind_of(mode: int) -> str:
    """Say what a path leads to that is no regular file, by its mode."""
    return next((kind for is_kind, kind in KINDS if is_kind(mode)), "no regular file")


def _refuse_special(name: str, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise InputFileError(f"{name} cannot be read: it is {kind_of(mode)}, not a file.")


def _depth(content: Any) -> int:
    depth, level = 0, [content]
    while level and depth <= DEEPEST:
        depth += 1
        inner = [item.values() if isinstance(item, dict) else item for item in level]
        level = [one for items in inner for one in items if isinstance(one, dict | list)]
    return depth
