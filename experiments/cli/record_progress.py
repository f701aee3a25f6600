"""What is being done with records, while it is done: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from simulation.input_files import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.console import Console

__all__ = ["records_progress"]

EVERY = 5.0
"""Seconds between two lines."""

LONG = 4 * MEBIBYTE
"""Bytes of a file from which on a line says that it is being read."""


@contextmanager
def records_progress(file: Path) -> Iterator[Callable[[str, int, int], None]]:
    """Show on the error stream that a file is read, and then how far what follows is.

    The function it gives is called with the name of what follows, what of it is done, and all.

    Parameters
    ----------
    file
        The records; may not exist.
    """
    from rich.console import Console

    console = Console(stderr=True)
    with _bar(console, file) if console.is_terminal else _lines(file) as step:
        yield step


@contextmanager
def _bar(console: Console, file: Path) -> Iterator[Callable[[str, int, int], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(f"reading {file.name}", total=None)

        def step(name: str, done: int, total: int) -> None:
            bar.update(task, description=name, completed=done, total=total)

        yield step


@contextmanager
def _lines(file: Path) -> Iterator[Callable[[str, int, int], None]]:
    from experiments.records.files import LARGEST

    last = time.monotonic()
    size = file.stat().st_size if file.is_file() else 0
    if LONG <= size <= LARGEST:
        typer.echo(f"Reading {file} ({size / MEBIBYTE:.0f} MiB).", err=True)

    def step(name: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            typer.echo(f"{name}: {done} of {total}", err=True)

    yield step
