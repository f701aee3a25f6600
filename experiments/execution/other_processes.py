"""What a study must fulfil before it runs in other processes: said before any of them starts.

A process that is started anew imports the main script again, and finds the model by its name. Without the guard it
would start the study once more; without a name it finds no model. Either way every worker dies.
"""

from __future__ import annotations

import ast
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.execution.streaming import ExecutorError

if TYPE_CHECKING:
    from types import FrameType

    from experiments.execution.tasks import Evaluate

__all__ = ["check_guard", "check_model"]


def check_model(evaluate: Evaluate) -> None:
    """Make sure that another process can be given a model.

    Raises
    ------
    ExecutorError
        If it cannot be pickled, or was made in a notebook; with what to do.
    """
    named = getattr(evaluate, "__qualname__", None) or type(evaluate).__qualname__
    home = getattr(evaluate, "__module__", None)
    if home == "__main__" and _main_file() is None:
        raise ExecutorError(
            f"{named} was made in a notebook or an interactive session, where other processes cannot find it: put it "
            "into a file and import it, or use Threads()."
        )
    try:
        pickle.dumps(evaluate)
    except Exception as error:
        why = "is a lambda" if "<lambda>" in named else f"cannot be sent ({_in_short(error)})"
        if "<locals>" in named and "<lambda>" not in named:
            why = "stands within another function"
        raise ExecutorError(
            f"The model {named} {why}, so other processes cannot be given it: write it as a function or class at the "
            "top of a file, or use Threads()."
        ) from None


def check_guard() -> None:
    """Make sure that the main script can be imported again without running the study again.

    Raises
    ------
    ExecutorError
        If the study is run by a line of the script that has no guard.
    """
    frame, path = _line_of_main(), _main_file()
    if frame is None or path is None:
        return
    try:
        script = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    if not any(_guards(part, frame.f_lineno) for part in script.body):
        raise ExecutorError(
            f"{path.name} runs a study in other processes at line {frame.f_lineno}, and each of them would import "
            'the script and run it again: put that line under  if __name__ == "__main__":  (or use Threads()).'
        )


def _guards(part: ast.stmt, line: int) -> bool:
    """Tell whether a statement asks for ``__name__`` and has the line below it."""
    if not isinstance(part, ast.If) or not part.lineno <= line <= (part.end_lineno or 0):
        return False
    names = [node.id for node in ast.walk(part.test) if isinstance(node, ast.Name)]
    return "__name__" in names or any(_guards(inner, line) for inner in part.body)


def _line_of_main() -> FrameType | None:
    """Return where the main script stands; None if it is not running any line of its own."""
    main = vars(sys.modules["__main__"])
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals is main:
            return frame
        frame = frame.f_back
    return None


def _main_file() -> Path | None:
    file: Any = getattr(sys.modules["__main__"], "__file__", None)
    return Path(file) if isinstance(file, str) and Path(file).is_file() else None


def _in_short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
