"""Somebody's own script, run on the table of one study: a Python function in a process of its own, or a command.

A script that hangs is ended after a while, one that crashes takes nothing with it, and both are failures of that
study alone. Random numbers that it draws are seeded by the study: ``numpy.random`` and ``random`` in Python, the
environment variable ``ALLIANCE_SEED`` for commands. So a study that is run again gives the same answer.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.audition.protocol import Answer, AnswerError, answer_of_text
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from experiments.audition.studies import StudyTable

__all__ = ["Script", "ScriptError"]

DATA, ANSWER = "{data}", "{answer}"
"""Where a command has the names of the table and of the file for its answer; both stand at its end if left out."""

FUNCTION = "analyse"
SHOWN = 300

LONGEST_START = 300.0
"""Seconds that loading a Python file, with all that it imports, may take."""


class ScriptError(RuntimeError):
    """A script that failed on one study; says how."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script as it is named on the command line.

    Attributes
    ----------
    text
        As typed.
    words
        The command; empty for a Python function.
    file, function
        The Python file and the function in it; empty for a command.
    timeout
        Seconds that one study may take.
    """

    text: str
    words: tuple[str, ...]
    file: str
    function: str
    timeout: float = 60.0

    @classmethod
    def named(cls, text: str, timeout: float = 60.0) -> Script:
        """Read ``FILE.py``, ``FILE.py:NAME``, ``FILE.R`` or a command.

        Raises
        ------
        AllianceError
            If there is no such file or program, or the file cannot be read as Python.
        """
        if not 0 < timeout <= 86_400:
            raise AllianceError(
                f"timeout = {timeout:g} is not allowed: give seconds above 0, at most a day."
            )
        place, _, name = text.partition(".py:")
        if text.endswith(".py") or (name.isidentifier() and " " not in place):
            file = Path(text if text.endswith(".py") else f"{place}.py")
            _check_function(file, name or FUNCTION, text)
            return cls(text, (), str(file.resolve()), name or FUNCTION, timeout)
        try:
            words = tuple(shlex.split(text))
        except ValueError as error:
            raise AllianceError(
                f"{text} is no command ({error}): close its quotation marks, and leave no backslash at its end."
            ) from None
        if len(words) == 1 and words[0].lower().endswith(".r"):
            words = ("Rscript", *words)
        if not words:
            raise AllianceError(
                "Name a script: a Python file with a function analyse, an R file or a command."
            )
        if shutil.which(words[0]) is None:
            raise AllianceError(
                f"{words[0]} is no program that is found here, nor a file of Python or R: name a script or a command."
            )
        if words[0] == "Rscript" and len(words) > 1 and not Path(words[-1]).is_file():
            raise AllianceError(f"{words[-1]} does not exist; name an R file.")
        # Files keep their names when the command runs elsewhere.
        resolved = tuple(str(Path(one).resolve()) if Path(one).is_file() else one for one in words)
        return cls(text, resolved, "", "", timeout)

    @property
    def sources(self) -> dict[str, str]:
        """Hashes of the files that the script consists of, as far as its command names them."""
        files = [self.file] if self.file else [one for one in self.words if Path(one).is_file()]
        return {
            Path(one).name: hashlib.sha256(Path(one).read_bytes()).hexdigest() for one in files
        } | {"command": hashlib.sha256(" ".join((*self.words, self.function)).encode()).hexdigest()}

    def check(self) -> None:
        """Load a Python file as every study will, before any study runs; nothing is done for a command.

        Raises
        ------
        AllianceError
            If it cannot be loaded, or what it names is no function.
        """
        if not self.file:
            return
        worker = _Worker(self)
        try:
            worker.load()
        except (AnswerError, ScriptError) as error:
            said = str(error).rstrip(".")
            raise AllianceError(f"{Path(self.file).name} cannot be used: {said}.") from None
        _loaded[:] = [worker]

    def answer(self, table: StudyTable, seed: int) -> Answer:
        """Run the script on a table.

        Raises
        ------
        ScriptError
            If it fails, takes too long, or its process ends.
        AnswerError
            If what it gives is no answer.
        """
        if self.file:
            return _worker_of(self).answer(table, seed)
        return _command_answer(self, table, seed)


def _check_function(file: Path, name: str, text: str) -> None:
    import ast

    if not file.is_file():
        raise AllianceError(f"{file} does not exist; name a Python file.")
    try:
        tree = ast.parse(file.read_text("utf-8"))
    except (SyntaxError, UnicodeDecodeError, ValueError) as error:
        raise AllianceError(f"{file} cannot be read as Python: {error}.") from None
    defined = {one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)} | {
        target.id
        for one in tree.body
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    if name not in defined:
        raise AllianceError(
            f"{file} has no function {name}: write def {FUNCTION}(table), name another with {file.name}:NAME, or give"
            f" a command such as 'python {text}'."
        )


def _command_answer(script: Script, table: StudyTable, seed: int) -> Answer:
    with tempfile.TemporaryDirectory() as folder:
        data, answer = Path(folder) / f"study{table.ending}", Path(folder) / "answer"
        data.write_bytes(table.content)
        names = {DATA: str(data), ANSWER: str(answer)}
        words = list(script.words)
        if not any(mark in word for word in words for mark in names):
            words += [DATA, ANSWER]
        for mark, name in names.items():
            words = [word.replace(mark, name) for word in words]
        code, output, errors = _run(words, seed, script.timeout, folder)
        if code != 0:
            raise ScriptError(f"the command ended with code {code}: {_last_of(errors or output)}")
        return answer_of_text(answer.read_text("utf-8", "replace") if answer.is_file() else output)


def _run(words: list[str], seed: int, timeout: float, folder: str) -> tuple[int, str, str]:
    environment = {**os.environ, "ALLIANCE_SEED": str(seed % 2**31), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            output, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            process.communicate()
            raise ScriptError(f"the command took longer than {timeout:g} s") from None
        except BaseException:
            _end(process)
            raise
    return process.returncode, output.decode("utf-8", "replace"), errors.decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command with everything it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _last_of(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[-3:])[-SHOWN:] or "it said nothing"


# -- Python functions: one process a thread, which takes one table after the other ---------------------------------


class _Worker:
    """A process that has loaded a function."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.process: subprocess.Popen[bytes] | None = None

    def answer(self, table: StudyTable, seed: int) -> Answer:
        memory = io.BytesIO()
        table.frame.write_ipc(memory, compression="uncompressed")
        content = memory.getvalue()
        self.load()
        assert self.process is not None
        message = struct.pack("<QQ", seed % 2**31, len(content)) + content
        limit = self.script.timeout
        reply = self._reply_to(self.process, limit, message, f"took longer than {limit:g} s")
        return Answer(*reply["answer"])

    def load(self) -> None:
        """Start the process where there is none, and wait until the function is there."""
        if self.process is None or self.process.poll() is not None:
            self._reply_to(self._start(), LONGEST_START, b"", "took too long to be loaded")

    def _reply_to(
        self, process: subprocess.Popen[bytes], limit: float, message: bytes, too_long: str
    ) -> dict[str, Any]:
        """Send a message and return the reply; after so many seconds, end the process."""
        ended = threading.Event()
        timer = threading.Timer(limit, self._too_long, (process, ended))
        timer.daemon = True
        timer.start()
        try:
            reply = _exchange(process, message)
        except BaseException:
            self.close()
            raise
        finally:
            timer.cancel()
        if reply is None:
            code = process.wait()
            self.close()
            if ended.is_set():
                raise ScriptError(f"the function {too_long}")
            raise ScriptError(f"the process of the function ended with code {code}")
        if "kind" not in reply:
            return reply
        if reply["kind"] == AnswerError.__name__:
            raise AnswerError(reply["message"])
        raise ScriptError(f"{reply['kind']}: {reply['message']} ({reply['where']})")

    def _start(self) -> subprocess.Popen[bytes]:
        here = os.pathsep.join([str(Path(self.script.file).parent), *sys.path])
        words = (self.script.file, self.script.function, str(self.script.timeout))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "experiments.audition.worker", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": here, "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )
        # With the thread that asks it, and with the program at the latest.
        weakref.finalize(self, _close, self.process)
        return self.process

    def _too_long(self, process: subprocess.Popen[bytes], ended: threading.Event) -> None:
        ended.set()
        _end(process)

    def close(self) -> None:
        if self.process is not None:
            _close(self.process)
            self.process = None


def _close(process: subprocess.Popen[bytes]) -> None:
    """End a process of a function, and the pipes to it."""
    _end(process)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _exchange(process: subprocess.Popen[bytes], message: bytes) -> dict[str, Any] | None:
    """Send a message and wait for the reply; ``None`` where the process has ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(message)
        process.stdin.flush()
    except BrokenPipeError:
        return None
    head = process.stdout.read(8)
    if len(head) < 8:
        return None
    body = process.stdout.read(struct.unpack("<Q", head)[0])
    found: dict[str, Any] = json.loads(body)
    return found


_workers = threading.local()

_loaded: list[_Worker] = []
"""At most one: that of the script that was checked last, until a thread takes it."""


def _worker_of(script: Script) -> _Worker:
    """Return the worker of this thread for a script."""
    found: _Worker | None = getattr(_workers, "worker", None)
    if found is None or found.script != script:
        with suppress(IndexError):
            found = _loaded.pop()
        if found is None or found.script != script:
            found = _Worker(script)
        _workers.worker = found
    return found
