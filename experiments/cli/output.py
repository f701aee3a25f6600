"""How commands print: pages for people, JSON for programs, progress on the error stream."""

from __future__ import annotations

import math
import shlex
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import RenderableType

__all__ = [
    "FACTS_WIDTH",
    "announce_compiling",
    "as_typed",
    "compile_before_work",
    "findings_progress",
    "print_json",
    "print_page",
    "shows_blocks",
    "terminal_width",
]


FACTS_WIDTH = 118
"""Columns that a table of facts needs."""


def as_typed() -> str:
    """Return the command of this process as it was typed, to be given again."""
    return shlex.join(["alliance", *sys.argv[1:]])


def print_page(*parts: RenderableType, least_width: int = 0) -> None:
    """Print parts of a page one below the other.

    Parameters
    ----------
    *parts
        Tables and texts.
    least_width
        Columns a table needs; used where the output is not a terminal.
    """
    from rich.console import Console

    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = max(console.width, least_width)
    for part in parts:
        console.print(part, crop=False)


def print_json(value: object) -> None:
    """Print plain values as JSON; a number that is not finite becomes ``null``."""
    import json

    typer.echo(json.dumps(_finite(value), indent=2, ensure_ascii=False, allow_nan=False))


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def terminal_width() -> int:
    """Return the number of columns of the output."""
    from rich.console import Console

    return Console().width


def shows_blocks() -> bool:
    """Whether the output can show block characters."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        "█▏".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def announce_compiling(*, own: bool = False) -> None:
    """Say that the first run on a machine takes longer.

    Parameters
    ----------
    own
        Whether a session function or another model of the dyad is compiled with it: Numba does that, for what is
        shipped holds none.
    """
    from simulation.engine.cache import is_compiled_before, is_in_numbas_cache
    from simulation.engine.shipped import is_usable

    if own:
        from simulation.engine.warmup import HERE

        if not is_in_numbas_cache(HERE[-1]):
            typer.echo(
                "Compiling the engine with another session or model of the dyad. The first one on this machine takes "
                "about 15 seconds.",
                err=True,
            )
        return
    if not is_compiled_before():
        seconds = 2 if is_usable() else 15
        typer.echo(
            f"Compiling the model for this machine. This happens once and takes about {seconds} seconds.",
            err=True,
        )


def compile_before_work() -> None:
    """Compile the model, if this machine has not yet: here Ctrl-C ends it; in the midst of work it would wait."""
    from simulation.engine.cache import is_compiled_before
    from simulation.parameters import Parameters
    from simulation.running import simulate

    if not is_compiled_before():
        announce_compiling()
        simulate(Parameters(clients=1, therapists=1))


@contextmanager
def findings_progress(name: str, what: str = "findings") -> Iterator[Callable[[int, int], None]]:
    """Show a bar over findings, or `what` else, on the error stream, where that is a terminal.

    The function it gives is called with the number of them done and of all.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(what),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
