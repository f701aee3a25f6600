"""Command lines and mutated files by the thousand: no traceback, no hang, no file outside the folder.

``python -m tests.robustness.fuzzing commands|files [EXAMPLES] [SEED]`` runs in a folder of its own. What a user
without rights could not write, the run cannot either: an audit hook refuses it.
"""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import signal
import sys
import tempfile
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from experiments.cli.program import COMMANDS, app
from simulation.errors import AllianceError
from simulation.parameters import Parameters
from simulation.running import simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

SECONDS = 10.0
"""After which a command that has not ended hangs."""

WRITING = {
    "os.mkdir": 0,
    "os.rename": 1,
    "os.remove": 0,
    "os.link": 1,
    "os.symlink": 1,
    "os.rmdir": 0,
}
"""Events of Python that change a folder, and which of their arguments is the place."""


class Hang(BaseException):
    """A command that has not ended in time."""


class Guard:
    """Refuses every change outside a folder, as an operating system does that gives no rights there."""

    def __init__(self) -> None:
        self.folder: str | None = None
        sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.folder is None:
            return
        if event == "open":
            path, mode, flags = arguments
            writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or set(str(mode)) & set("wax+")
            if not writes or isinstance(path, int):
                return
        elif event in WRITING:
            path = arguments[WRITING[event]]
        else:
            return
        place = os.path.realpath(os.fsdecode(path))
        if place.startswith(self.folder) or "__pycache__" in place or place == os.devnull:
            return
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), place)


GUARD = Guard()


@contextmanager
def within(folder: Path) -> Iterator[None]:
    """Be in a folder, change nothing outside it, and end in time."""
    before = Path.cwd()
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))

    def hang(*_: object) -> None:
        raise Hang

    os.chdir(folder)
    GUARD.folder = os.path.realpath(folder)
    previous = signal.signal(signal.SIGALRM, hang)
    signal.setitimer(signal.ITIMER_REAL, SECONDS * busy)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        GUARD.folder = None
        os.chdir(before)


def run(folder: Path, *words: str) -> Result:
    """Run a command; anything but an end with an exit code and at most one sentence is an error."""
    with within(folder):
        done = CliRunner().invoke(app, list(words), prog_name="alliance")
    if not isinstance(done.exception, SystemExit | None):
        raise AssertionError(
            f"{words!r}\n" + "".join(traceback.format_exception(done.exception))
        ) from done.exception
    assert done.exit_code in {0, 1, 2}, (words, done.exit_code, done.output)
    assert "Traceback" not in done.output, (words, done.output)
    if done.exit_code == 2:
        assert done.stderr.strip().splitlines()[-1].startswith("Error: "), (words, done.stderr)
    return done


PRESET = 'title = "Mine"\n[parameters]\nempathy = 0.7\nclients = 12\ntherapists = 3\n'
STUDY = (
    'name = "s"\noutcomes = ["dropout_rate"]\nseed = 3\n[settings]\nclients = 12\ntherapists = 3\n'
    '[design]\nkind = "grid"\nfactors = { empathy = [0.3, 0.7], boundary = "0.2:0.8:3" }\n'
    '[replication]\nkind = "fixed"\nreplicates = 3\n'
)
TABLE = (
    'outcomes = ["mean_sessions"]\n[settings]\nclients = 12\n[design]\nkind = "table"\n'
    'path = "points.csv"\n[replication]\nkind = "fixed"\nreplicates = 2\n'
)
POINTS = "empathy,boundary\n0.3,0.5\n0.7,0.6\n"
RECORDS = "client,session,therapist,date,alliance,symptom,ended\n" + "".join(
    f"c{client},{session},t{client % 2},2024-0{1 + session}-1{client % 9},{30 + session + client},"
    f"{20 - session},{'completed' if session == 4 else ''}\n"
    for client in range(8)
    for session in range(1, 5)
)
GRAPH = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="undirected">'
    '<node id="a"/><node id="b"/><node id="c"/><edge source="a" target="b"/></graph></graphml>'
)
PAIRS = "Ada Ben\nBen Cleo\n"
THERAPY = "seed = 3\nnumber = 1\n[client]\nseverity = 0.4\n[therapist]\nempathy = 0.6\n"

SMALL = ("--set", "clients=12", "--set", "therapists=3")


def furnish(folder: Path) -> None:
    """Put one file of every kind into a folder."""
    for name, text in (
        ("mine.toml", PRESET),
        ("study.toml", STUDY),
        ("table.toml", TABLE),
        ("points.csv", POINTS),
        ("records.csv", RECORDS),
        ("net.graphml", GRAPH),
        ("pairs.txt", PAIRS),
        ("kept.toml", THERAPY),
        ("empty", ""),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    os.mkfifo(folder / "pipe")
    (folder / "sub").mkdir(exist_ok=True)
    # Compiled code goes to its own folder, once.
    simulate(Parameters(clients=12, therapists=3), histories=True)
    assert run(folder, "sweep", "study.toml", "--out", "s").exit_code == 0


def stub_long_work() -> None:
    """Let what takes minutes end at its beginning; the arguments have been read by then."""
    import experiments.benchmarks.engine
    import experiments.benchmarks.scaling
    import experiments.calibration
    import experiments.validation.rival_mechanisms
    import experiments.validation.validate

    def enough(*_: object, **__: object) -> None:
        raise AllianceError("Enough.")

    for module, name in (
        (experiments.calibration, "calibrate"),
        (experiments.validation.validate, "validate"),
        (experiments.validation.rival_mechanisms, "rivals"),
        (experiments.benchmarks.engine, "measure"),
        (experiments.benchmarks.scaling, "scaling_rows"),
    ):
        setattr(module, name, enough)


FILES = (
    *(
        "mine.toml",
        "study.toml",
        "table.toml",
        "points.csv",
        "records.csv",
        "net.graphml",
        "pairs.txt",
        "kept.toml",
    ),
    *(
        "empty",
        "pipe",
        "sub",
        "s",
        "s/study.toml",
        "s/manifest.json",
        "s/results",
        "nowhere",
        ".",
        "..",
        "",
        "/",
    ),
    *(
        "//",
        "/dev/null",
        "/dev/zero",
        "/nowhere/x",
        "~",
        "-",
        "x" * 300,
        "a/b/c.csv",
        "é\udcff",
        "sub/new",
        "new.csv",
    ),
)
NUMBERS = (
    "0",
    "1",
    "2",
    "3",
    "-1",
    "-5",
    "1e3",
    "0.5",
    "nan",
    "inf",
    "9" * 12,
    "9" * 400,
    "0x10",
    "٣",
    "1_0",
    "",
)
WORDS = (
    *(
        "empathy=0.7",
        "empathy=0.2:0.8:3",
        "empathy=0:1",
        "empathy=0.3,0.3",
        "clients=12",
        "empaty=1",
        "=",
        "a=b=c",
    ),
    *(
        "preset=relief,mend",
        "empathy=nan",
        "empathy=0:1:999999999",
        "empathy=1:0:3",
        "supervision_network=file",
    ),
    *(
        "default",
        "relief",
        "university_counselling",
        "dropout_rate",
        "sobol",
        "morris",
        "pawn",
        "auto",
        "1/2",
        "2/1",
    ),
    *(
        "12:60",
        "60:12",
        "mesa",
        "compiled",
        "json",
        "csv",
        "sav",
        "xlsx",
        "text",
        ",",
        ".",
        "local",
        "tcp://127.0.0.1:1",
    ),
)
NEVER = {
    "--processes",
    "--dask",
    "--threads",
    "--page",
    "--help",
    "-h",
    "--rule",
    "--model",
    "--session",
}
"""Options that start processes, or import what they name."""

ABSENT = {"dashboard", "audition"}
"""Commands that do not end, or that run whatever program is named."""

text = st.text(st.characters(exclude_categories=[]), max_size=12).filter(
    lambda one: "\0" not in one
)
value = st.one_of(st.sampled_from(FILES), st.sampled_from(NUMBERS), st.sampled_from(WORDS), text)


def options_of(name: str) -> tuple[str, ...]:
    mounted = next(one for one in COMMANDS if one.name == name)
    found = tuple(
        option
        for parameter in mounted.load().params
        for option in parameter.opts
        if option.startswith("-") and option not in NEVER
    )
    return found or ("--json",)


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """Draw a command with some of its options, mostly the right number of values, of any kind."""
    name = draw(st.sampled_from([one.name for one in COMMANDS if one.name not in ABSENT]))
    words = [name]
    words += draw(st.lists(value, max_size=2))
    for option in draw(st.lists(st.sampled_from(options_of(name)), max_size=5)):
        words.append(option)
        if draw(st.integers(0, 4)):
            words.append(draw(value))
    if name == "run":
        words += SMALL
    if name == "describe":
        words += ["--studies", "0"]
    if draw(st.integers(0, 30)) == 0:
        words = draw(st.lists(value, max_size=4))
    return words


TOKENS = (
    b"",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"[",
    b"]",
    b'"',
    b"=",
    b"\n",
    b"nan",
    b"-1",
    b"1e400",
    b"9" * 30,
    b"[" * 99,
)


@st.composite
def mutations(draw: st.DrawFn, content: bytes) -> bytes:
    """Change a few bytes of a file: flip, cut, insert, double, or replace it by something else."""
    data = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(data) - 1)))
        end = min(len(data), place + draw(st.integers(0, 40)))
        match draw(st.integers(0, 5)):
            case 0 if data:
                data[place] ^= 1 << draw(st.integers(0, 7))
            case 1:
                data[place:end] = draw(st.sampled_from(TOKENS))
            case 2:
                data[place:place] = draw(st.binary(max_size=8))
            case 3:
                data[place:place] = data[place:end] * draw(st.integers(1, 5))
            case 4:
                del data[place:end]
            case _:
                del data[place:]
    return bytes(data)


TARGETS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("mine.toml", (("run", "--preset", "mine.toml", *SMALL),)),
    ("study.toml", (("sweep", "study.toml", "--dry-run"), ("sweep", "study.toml", "--out", "new"))),
    ("points.csv", (("sweep", "table.toml", "--out", "new"),)),
    ("records.csv", (("describe", "records.csv", "--studies", "0"),)),
    ("net.graphml", (("run", "--network", "net.graphml", *SMALL),)),
    ("pairs.txt", (("run", "--network", "pairs.txt", *SMALL),)),
    ("kept.toml", (("play", "kept.toml"),)),
    ("s/study.toml", (("results", "s"), ("report", "s"))),
    ("s/manifest.json", (("results", "s"), ("verify", "s", "--rows", "1"))),
    (
        "s/results",
        (
            ("results", "s"),
            ("verify", "s", "--rows", "1"),
            ("sensitivity", "s", "--method", "pawn"),
        ),
    ),
)


@contextmanager
def furnished() -> Iterator[Path]:
    """Make a folder with all that commands can be run on in ``whole``; check that nothing came beside."""
    room = Path(tempfile.mkdtemp(prefix="fuzz-"))
    (room / "whole").mkdir()
    furnish(room / "whole")
    yield room
    assert sorted(path.name for path in room.iterdir()) == ["now", "whole"]
    shutil.rmtree(room)


def fuzz(
    room: Path, examples: int, start: int, drawn: st.SearchStrategy[Any], act: Callable[..., None]
) -> None:
    """Act on what is drawn, each time in a folder in which what the last one wrote is gone."""
    count = itertools.count(1)

    @seed(start)
    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(drawn)
    def go(one: Any) -> None:
        folder = room / "now"
        shutil.rmtree(folder, ignore_errors=True)
        copy(room / "whole", folder)
        act(folder, one)
        tell(next(count))

    go()


def fuzz_commands(examples: int, start: int) -> None:
    """Run command lines."""
    with furnished() as room:
        stub_long_work()
        fuzz(room, examples, start, command_lines(), lambda folder, words: run(folder, *words))


def fuzz_files(examples: int, start: int) -> None:
    """Run commands on files that were changed."""
    with furnished() as room:
        fuzz(room, examples, start, st.data(), run_on_changed_file)


def run_on_changed_file(folder: Path, data: st.DataObject) -> None:
    """Change one of the files, and run the commands that read it."""
    name, commands = data.draw(st.sampled_from(TARGETS))
    path = folder / name
    if path.is_dir():
        path = min(path.iterdir())
    path.write_bytes(data.draw(mutations(path.read_bytes())))
    for words in commands:
        run(folder, *words)


def tell(done: int) -> None:
    if done % 500 == 0:
        sys.stderr.write(f"{done} examples\n")


def copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("pipe"))
    os.mkfifo(target / "pipe")


if __name__ == "__main__":
    wanted = {"commands": fuzz_commands, "files": fuzz_files}[sys.argv[1]]
    wanted(int((sys.argv[2:3] or ["1000"])[0]), int((sys.argv[3:4] or ["0"])[0]))
