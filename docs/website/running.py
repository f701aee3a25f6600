"""Running what a page shows: its Python, its commands and its files, one after the other in one folder.

A page is read as its reader would type it. What a fenced block's language says is done with it:

``python``
    run, in one scope for the whole page; written to a file, too, if its first line is a comment with a file's name
``console``
    lines that begin with ``$ alliance`` are run
``toml``
    read; written to a file if its first line is a comment with a file's name
"""

from __future__ import annotations

import io
import os
import re
import shlex
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Block", "Ran", "blocks", "commands", "run_page", "with_output"]

FENCE = re.compile(r"^```(?P<language>[\w{}-]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"# (?P<name>[\w./-]+\.(?:py|toml))(?:\s|$)")
SHOWN = re.compile(
    r"(?P<begin><!-- begin output: (?P<command>alliance[^\n]*) -->\n).*?(?P<end><!-- end output -->)",
    re.DOTALL,
)
"""What a command prints, in a page."""

WIDTH = "100"
"""Columns of the terminal that pages show."""


class Block(NamedTuple):
    """A fenced block of a Markdown page."""

    language: str
    text: str
    line: int
    """Line of the page on which the text begins, from 1."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a page that was run.

    Attributes
    ----------
    printed
        What each command printed, by the command as it is shown.
    names
        What the page's Python defined.
    """

    printed: dict[str, str] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(found["language"], found["text"], text.count("\n", 0, found.start("text")) + 1)
        for found in FENCE.finditer(text)
    ]


def commands(block: Block) -> Iterator[str]:
    """Yield the commands of this project that a block shows being typed; a line may go on after a backslash."""
    lines = block.text.replace("\\\n", " ").splitlines()
    for line in lines:
        typed = " ".join(line.removeprefix("$ ").split())
        if typed.startswith("alliance") and (block.language != "console" or line[:1] == "$"):
            yield typed


def run_page(page: Path, folder: Path) -> Ran:
    """Run everything a page shows in a folder; an error in Python points to its line of the page.

    Raises
    ------
    RuntimeError
        If a command fails.
    """
    ran = Ran()
    ran.names["__name__"] = page.stem
    with chdir(folder):
        for block in blocks(page):
            named = NAMED.match(block.text)
            if named and block.language in {"python", "toml"}:
                (folder / named["name"]).parent.mkdir(parents=True, exist_ok=True)
                (folder / named["name"]).write_text(block.text, encoding="utf-8")
            if block.language == "python":
                text = "\n" * (block.line - 1) + block.text
                with redirect_stdout(io.StringIO()):
                    exec(compile(text, str(page), "exec"), ran.names)
            if block.language == "console":
                for command in commands(block):
                    ran.printed[command] = output_of(command)
    return ran


def output_of(command: str) -> str:
    """Run a command in this process; return what it prints on a terminal of 100 columns, without spaces at line ends.

    Raises
    ------
    RuntimeError
        If the command fails.
    """
    from experiments.cli.program import app

    words = shlex.split(command.partition(" > ")[0])[1:]
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with patch.dict(os.environ, {"COLUMNS": WIDTH}), redirect_stdout(printed):
        code = app(words, standalone_mode=False, prog_name="alliance")
    printed.seek(0)
    text = printed.read()
    if code:
        raise RuntimeError(f"{command} failed with exit code {code}: {text}")
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def with_output(text: str, printed: dict[str, str]) -> str:
    """Return a page with what its commands print now, where it shows what one prints.

    Raises
    ------
    ValueError
        If it shows what a command prints that it does not show being typed.
    """

    def now(match: re.Match[str]) -> str:
        if match["command"] not in printed:
            raise ValueError(f"No block of the page runs: {match['command']}.")
        return f"{match['begin']}```text\n{printed[match['command']]}```\n{match['end']}"

    return SHOWN.sub(now, text)
