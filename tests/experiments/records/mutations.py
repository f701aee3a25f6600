"""Files of records, each mutated by a number; reading one ends without a traceback, and counts every row it loses."""

from __future__ import annotations

import csv
import gzip
import io
import os
import random
import tempfile
import time
import traceback
import zipfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.records.reading import read_records
from simulation.errors import AllianceError
from tests.experiments.records import archives, test_jamovi_jasp
from tests.experiments.records.test_forms import written
from tests.experiments.records.test_r_tables import columns, frame, rds
from tests.experiments.records.test_shapes import QUALTRICS, REDCAP, WIDE
from tests.experiments.records.test_workbooks import ROWS, opendocument, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PROGRAMS = Path(__file__).with_name("programs")
SECONDS = 20
"""That a file may take; one that never ends is ended by whoever runs the tests."""

TOKENS = (
    b"", b"99", b"-99", b"999", b"NA", b"NaN", b"inf", b"1e999", b"1e-999", b"-0", b"9" * 40, b"0x1F", b"1_000",
    b"1,5", b"1.234,5", b"2024-02-30", b"31.12.99", b"sep=;\n", b'"', b"''", b"=1+1", b"\x00", b"\xff\xfe",
    b"\xc3\x28", b"\xe2\x80\xae", "Σ٣".encode(), b"\n", b"\r", b"\r\n", b";", b"\t", b"|", b",", b"intake", b"post",
    b"{}", b"[", b"null", b"true", b"#N/A", b"redcap_event_name", b"ImportId",
)  # fmt: skip


@cache
def bases() -> dict[str, bytes]:
    """Return the files that are mutated, by name."""
    long = written("csv")
    made = {
        "CSV": (PROGRAMS / "records.csv").read_bytes(),
        "semicolons": (PROGRAMS / "records.csv").read_bytes().replace(b",", b";"),
        "UTF-16": long.decode().encode("utf-16"),
        "wide": WIDE.encode(),
        "REDCap": REDCAP.encode(),
        "Qualtrics": QUALTRICS.encode(),
        **{form: written(form) for form in ("parquet", "arrow", "arrow stream", "json lines", "json")},
        "R, as text": rds(frame(columns(), 3)),
        "Excel": workbook({"Daten": ROWS}),
        "OpenDocument": opendocument(ROWS),
        "jamovi": archives.omv(test_jamovi_jasp.COLUMNS),
        "JASP before 0.18": archives.jasp_before_018(test_jamovi_jasp.COLUMNS),
        "JASP": archives.jasp(test_jamovi_jasp.COLUMNS),
    }  # fmt: skip
    for name in ("gzip.rds", "labelled.rds", "two.RData", "records.xlsx", "records.ods", "records.xls"):  # fmt: skip
        made[name] = (PROGRAMS / name).read_bytes()
    return made


@cache
def of_packages() -> dict[str, bytes]:
    """Return files of SPSS and Stata."""
    names = ("byte.sav", "none.sav", "zsav.zsav", "haven_08.dta", "haven_13.dta", "haven_15.dta")
    return {name: (PROGRAMS / name).read_bytes() for name in names}


def mutated(number: int, *, packages: bool = False) -> tuple[str, bytes]:
    """Return the file of a number, and from which it was made."""
    draw = random.Random(number)
    files = {**bases(), **of_packages()} if packages else bases()
    name = draw.choice(sorted(files))
    content = files[name]
    if content.startswith(b"PK") and draw.random() < 0.7:
        return name, _part_changed(draw, content)
    if content.startswith(b"\x1f\x8b") and draw.random() < 0.8:
        return name, gzip.compress(_changed(draw, gzip.decompress(content)), 1)
    return name, _changed(draw, content)


def _changed(draw: random.Random, content: bytes) -> bytes:
    """Return bytes with one to five changes of the kinds that damage, editing and other programs make."""
    changed = bytearray(content)
    for _ in range(draw.randint(1, 5)):
        here, there = sorted(draw.randint(0, len(changed)) for _ in range(2))
        kind = draw.randrange(8)
        if kind == 0:
            changed[here : here + draw.choice([0, 1, 1, 4, 9])] = draw.randbytes(draw.randint(0, 4))
        elif kind == 1:
            changed[here : here + draw.choice([0, 1, 3])] = draw.choice(TOKENS)
        elif kind == 2:
            del changed[here : here + draw.randint(1, 40)]
        elif kind == 3 and draw.random() < 0.3:
            del changed[here:]
        elif kind == 4:
            changed[here:here] = changed[here : min(there, here + 200)]
        elif kind == 5 and changed:
            changed[min(here, len(changed) - 1)] ^= 1 << draw.randrange(8)
        else:
            lines = bytes(changed).split(b"\n")
            _line_changed(draw, lines)
            changed = bytearray(b"\n".join(lines))
    return bytes(changed)


def _line_changed(draw: random.Random, lines: list[bytes]) -> None:
    """Change one line: swap it, leave it out, write it twice, or change one of its cells."""
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    kind = draw.randrange(5)
    if kind == 0:
        lines[one], lines[other] = lines[other], lines[one]
    elif kind == 1:
        del lines[one]
    elif kind == 2:
        lines.insert(other, lines[one])
    else:
        separator = draw.choice([b",", b";", b"\t"])
        cells = lines[one].split(separator)
        cells[draw.randrange(len(cells))] = draw.choice(TOKENS)
        lines[one] = separator.join(cells)


def _part_changed(draw: random.Random, content: bytes) -> bytes:
    """Return an archive with one of its parts changed, well packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        chosen = draw.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            if name != chosen:
                new.writestr(name, part)
            elif draw.random() < 0.95:
                new.writestr(name, _changed(draw, part))
    return packed.getvalue()


def tried(path: Path, name: str) -> str:
    """Read a file and return what became of it: ``"read"`` or ``"refused"``.

    Raises
    ------
    AssertionError
        When a row is neither used nor counted as left out, or what is said is no single sentence.
    """
    try:
        records = read_records(path)
    except AllianceError as error:
        assert str(error).strip(), "nothing is said"
        assert "\n" not in str(error), f"more than a line is said: {error!s:.200}"
        return "refused"
    used = records.rows - records.rows_left_out
    held = len(records.tables.sessions["session"])
    assert 0 < used <= records.rows
    # A used row is a session, or the one intake or the one measurement after the last session of a client.
    assert held <= used <= held + 2 * records.clients, (held, used, records.clients)
    assert all("\n" not in note for note in records.notes)
    if name in {"CSV", "semicolons"}:
        _count(path, records)
    return "read"


def _count(path: Path, records: Any) -> None:
    """Count the rows of a long CSV file anew: all of them are in `records.rows`."""
    said = " ".join(records.notes)
    if "reshaped" in said or "REDCap" in said or "Qualtrics" in said or "Read as UTF" in said:
        return
    text = path.read_bytes().decode("utf-8", "ignore")
    named = text.startswith(("sep=", '"sep='))
    separator = next((s for s in ";\t|" if f"separated by {s!r}" in said), None) or next(
        (s for s, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")) if f"by {word}" in said),
        ",",
    )  # fmt: skip
    if named or "Not UTF-8" in said:
        return
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    full = sum(any(cell.strip() for cell in row) for row in rows)
    assert full - 1 == records.rows, (full - 1, records.rows)


def failed(
    numbers: Iterable[int],
    *,
    packages: bool = False,
    on_file: Callable[[int, str], object] | None = None,
) -> list[str]:
    """Try files and return what was wrong, a line each; before and after each, `on_file` is told.

    Parameters
    ----------
    numbers
        From each of which a file is made.
    packages
        Whether files of SPSS and Stata are among them, each of which needs a process.
    on_file
        Called with the number and the form of the file before, with -1 and what became of it after.
    """
    wrong = []
    with tempfile.TemporaryDirectory() as folder, _listening() as heard:
        path = Path(folder) / "records.bin"
        for number in numbers:
            name, content = mutated(number, packages=packages)
            path.write_bytes(content)
            if on_file:
                on_file(number, name)
            before = heard()
            began = time.monotonic()
            try:
                became = tried(path, name)
            except Exception as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                place = f"{Path(where.filename).name}:{where.lineno}"
                said = " ".join(str(error).split())[:120]
                became = f"{type(error).__name__}: {said} ({place})"
            if time.monotonic() - began > SECONDS:
                became = "takes too long"
            elif heard() > before:
                became = "writes to the terminal"
            if became not in {"read", "refused"}:
                wrong.append(f"{number} ({name}): {became}")
            if on_file:
                on_file(-1, became)
    return wrong


@contextmanager
def _listening() -> Iterator[Callable[[], int]]:
    """Tell how many bytes were written to the terminal, past Python too, which nobody then sees."""
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as instead:
        os.dup2(instead.fileno(), 2)
        try:
            yield lambda: os.fstat(instead.fileno()).st_size
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
