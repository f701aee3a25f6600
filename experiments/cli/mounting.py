"""How commands are mounted on the program: loaded when called, and failing with one sentence.

A command is one line in `experiments.cli.program.COMMANDS`. Its module is imported when the command is called, not
when help is asked for, so that ``alliance --help`` stays quick however heavy a command is.
"""

from __future__ import annotations

import errno
import os
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from experiments.cli.stopping import stoppable
from experiments.cli.usage_errors import refuse_empty, usage_sentence
from simulation.errors import AllianceError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Commands", "Mounted", "group_of"]

BAD_INPUT = 2
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Mounted:
    """A command and where it is.

    Attributes
    ----------
    name
        As typed.
    module
        The module whose function ``command`` it is.
    help
        One line for the list of commands.
    """

    name: str
    module: str
    help: str

    def load(self) -> Any:
        """Import the module and return the command."""
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(self.name)(import_module(self.module).command)
        return typer.main.get_command(app)


class InterruptedCommand(Exception):  # noqa: N818  not an error: someone asked for it
    """A command that was interrupted."""


class Commands(TyperGroup):
    """The group of all commands: whatever a user did wrong is said in one sentence, with exit code 2."""

    mounted: tuple[Mounted, ...] = ()

    def __init__(self, *arguments: Any, **named_arguments: Any) -> None:
        super().__init__(*arguments, **named_arguments)
        for one in self.mounted:
            self.add_command(
                TyperCommand(name=one.name, help=one.help, short_help=one.help), one.name
            )

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that `args` begin with; import it if it is mounted."""
        name = args[0] if args else ""
        for one in self.mounted:
            if one.name == name:
                self.add_command(one.load(), name)
        if name and not name.startswith("-") and name not in self.commands:
            close = nearest(name, self.commands)
            hint = f"Did you mean {close}?" if close else "See: alliance --help"
            raise AllianceError(f"{name} is not a command. {hint}")
        refuse_empty(args)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            # Depending on its version, Typer makes an exit without a word of an interruption.
            raise InterruptedCommand from None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the program and leave with its exit code.

        It is 0, 1 if there is no result, 2 for bad input, 130 after Ctrl-C, 143 after SIGTERM.
        """
        with stoppable() as stop:
            stopped = False
            try:
                code = super().main(
                    args, prog_name, complete_var, False, windows_expand_args, **extra
                )
            except (KeyboardInterrupt, InterruptedCommand, typer.Abort):
                stopped = True
            except Exception as error:
                if stop.number is None:
                    code = _say_error(error, sys.argv[1:] if args is None else args)
                    if isinstance(error, OSError) and error.errno in FULL and standalone_mode:
                        _give_up_output()
            if stopped or stop.number is not None:
                typer.echo("\nStopped.", err=True)
                code = stop.exit_code
        if not standalone_mode:
            stop.call_off()
            return code
        return sys.exit(code if isinstance(code, int) else 0)


def _say_error(error: Exception, words: Sequence[str]) -> int:
    """Say in one sentence what a user can do something about, and return the exit code; raise anything else."""
    match error:
        case AllianceError():
            return _say(str(error), error.exit_code)
        case MemoryError():
            return _say("There is not enough memory for this: ask for fewer replicates or clients.")
        case OSError() if error.errno in FULL:
            return _say(f"{error.filename or 'The output'} cannot be written: {error.strerror}.")
        case OSError() if error.filename is not None:
            return _say(f"{error.filename} cannot be read or written: {error.strerror}.")
    sentence = usage_sentence(error, words) or _why_not_compiled(error)
    if sentence is None:
        raise error
    return _say(sentence)


def _why_not_compiled(error: Exception) -> str | None:
    """Say of an equation that was changed why it cannot be compiled; None for any other error."""
    if not type(error).__module__.startswith("numba."):
        return None
    from simulation.engine.refusal import why_not

    return (
        f"The model cannot be compiled: {why_not(error, own=False)}. Mark every equation with @equation, and see "
        '"What can be compiled" in docs/extending.md.'
    )


def group_of(mounted: Sequence[Mounted]) -> type[Commands]:
    return type("Commands", (Commands,), {"mounted": tuple(mounted)})


def _give_up_output() -> None:
    """Let go of output that cannot be written: Python would try once more on leaving, and fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _say(message: str, code: int = BAD_INPUT) -> int:
    sentence = " ".join(message.replace("Value error, ", "").split())
    # Names of files need not be text.
    typer.echo(f"Error: {sentence}".encode(errors="backslashreplace").decode(), err=True)
    return code
