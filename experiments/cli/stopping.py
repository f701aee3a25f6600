"""Ctrl-C and SIGTERM: a command ends soon, says so, and leaves nothing half-done."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Stop", "end_stopped", "stoppable"]

PATIENCE = 5.0
"""Seconds that a stopped command has to end by itself; compiled code that runs in threads does not listen."""


@dataclass
class Stop:
    """The signal that stopped a command, if one did."""

    number: int | None = None
    patience: list[threading.Timer] = field(default_factory=list)
    """What ends the process that does not end by itself."""

    def call_off(self) -> None:
        """Let the process live on: the command has ended, and was not all that runs in it."""
        for one in self.patience:
            one.cancel()

    @property
    def exit_code(self) -> int:
        """As shells count: 130 after Ctrl-C, 143 after SIGTERM."""
        return 128 + (self.number or signal.SIGINT)


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Turn both signals into `KeyboardInterrupt` inside; do nothing outside the main thread, which alone may.

    An interruption that falls into a call of Python by a library written in C is lost there, and Python prints a
    traceback of it: LLVM calls back for every module it compiles. What the command does next may fail for it or
    not; `Stop.number` says that it was asked to end, and nothing is printed.
    """
    stop = Stop()

    def handle(number: int, _frame: object) -> None:
        stop.number = number
        patience = threading.Timer(PATIENCE, _leave, (stop.exit_code,))
        patience.daemon = True
        stop.patience.append(patience)
        patience.start()
        raise KeyboardInterrupt

    with ExitStack() as before:
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                previous = signal.signal(number, handle)
            except ValueError:
                break
            before.callback(signal.signal, number, previous or signal.SIG_DFL)
        before.callback(setattr, sys, "unraisablehook", sys.unraisablehook)
        sys.unraisablehook = partial(_say_lost, sys.unraisablehook)
        yield stop


def end_stopped(number: int) -> NoReturn:
    """Say that nothing is lost where work was stopped that goes on, and end with the signal's exit code.

    Raises
    ------
    typer.Exit
        Always.
    """
    typer.echo("Stopped. Nothing finished is lost; give the same command again to go on.")
    raise typer.Exit(Stop(number).exit_code) from None


def _say_lost(
    say: Callable[[sys.UnraisableHookArgs], object], lost: sys.UnraisableHookArgs
) -> None:
    """Say what was lost unless it is an interruption."""
    if not isinstance(lost.exc_value, KeyboardInterrupt):
        say(lost)


def _leave(code: int) -> None:
    """End the process; files are written whole or not at all, so nothing half-written is left under its name."""
    sys.stderr.write("\nStopped.\n")
    sys.stderr.flush()
    os._exit(code)
