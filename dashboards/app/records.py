"""A file of records that a browser on this computer hands over: read, described, and forgotten.

What comes is a line of JSON that says how the file is read, and then the file. It is stored where nobody else of this
computer can read it, for as long as it takes to describe it. Where others reach the dashboard, nothing is read.
"""

from __future__ import annotations

import json
import shlex
import tempfile
import threading
from dataclasses import dataclass, field, fields, replace
from http import HTTPStatus
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from starlette.responses import JSONResponse

from dashboards.rooms.records_shown import description_html
from experiments.cli.record_options import RecordOptions
from experiments.records import mapping_text
from experiments.records.describe import describe_records
from experiments.records.files import LARGEST
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from experiments.records.description import Description

__all__ = ["MOST_STUDIES", "REFUSED", "describe_file"]

REFUSED = (
    "This dashboard can be reached by others, so it reads no records: start it for this computer alone, "
    "alliance dashboard, or use alliance describe FILE."
)

MOST_STUDIES = 100
"""Simulated studies beside the records."""

LONGEST_OPTIONS = 200_000
"""Bytes of the line that says how the file is read; a mapping is part of it."""

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the first line says.

    Attributes
    ----------
    name
        Of the file, without folders.
    reading
        Options of ``alliance describe``, but a mapping.
    mapping
        A mapping, as text; empty for none.
    studies
        Simulated studies beside the records.
    """

    name: str
    reading: RecordOptions = field(default_factory=RecordOptions)
    mapping: str = ""
    studies: int = 0

    @classmethod
    def read(cls, line: bytes) -> Inputs:
        """Read the line.

        Raises
        ------
        AllianceError
            When it is not what the room of records sends.
        """
        texts = _texts(line)
        known = {one.name for one in fields(RecordOptions)} - {"map"}
        options: dict[str, Any] = {
            name: texts[name].strip() for name in known if texts.get(name, "").strip()
        }
        if "pause" in options:
            options["pause"] = _count("The pause", options["pause"], 1_000_000)
        return cls(
            PureWindowsPath(PurePosixPath(texts.get("name", "")).name).name[:200] or "records",
            RecordOptions(**options),
            texts.get("map", ""),
            _count("The number of studies", texts.get("studies", "").strip() or "0", MOST_STUDIES),
        )

    @property
    def command(self) -> str:
        """The command that shows the same on a terminal."""
        words = ["alliance", "describe", self.name]
        for one in fields(RecordOptions):
            value = getattr(self.reading, one.name)
            if value is not None:
                words += [f"--{one.name.replace('_', '-')}", str(value)]
        if self.mapping.strip():
            words += ["--map", f"{self.name}.map.toml"]
        return shlex.join([*words, "--studies", str(self.studies)])


def _texts(line: bytes) -> dict[str, str]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or not all(isinstance(one, str) for one in said.values()):
        raise AllianceError("The page did not say which file this is. Choose it again.")
    return said


def _count(what: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= most):
        raise AllianceError(f"{what} is a whole number up to {most:,}.")
    return int(text)


async def describe_file(request: Request) -> Response:
    """Answer with what a file of records says, as a piece of a page, or with why it cannot be read."""
    if not (request.app.state.alone and request.state.owns):
        return JSONResponse({"problem": REFUSED}, status_code=HTTPStatus.FORBIDDEN)
    with tempfile.TemporaryDirectory(prefix="alliance-") as folder:
        path = Path(folder) / "records"
        try:
            inputs = await _store(request, path)
            answer = await anyio.to_thread.run_sync(_described, path, inputs)
        except AllianceError as error:
            answer = {"problem": str(error).replace(str(path), "The file")}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


async def _store(request: Request, path: Path) -> Inputs:
    """Store the file and return what is said about it."""
    head, inputs, stored = b"", None, 0
    with path.open("xb") as file:
        async for piece in request.stream():
            part = piece
            if inputs is None:
                head += part
                line, found, part = head.partition(b"\n")
                if not found:
                    if len(head) > LONGEST_OPTIONS:
                        raise AllianceError("What is said about this file is too long.")
                    continue
                inputs = Inputs.read(line)
            stored += len(part)
            if stored > LARGEST:
                raise AllianceError(f"The file has more than {LARGEST // 2**20} MiB.")
            file.write(part)
    if inputs is None:
        raise AllianceError("The page did not say which file this is. Choose it again.")
    return inputs


def _described(path: Path, inputs: Inputs) -> dict[str, str]:
    with _one_at_a_time:
        found = _describe(path, inputs)
    return {
        "html": description_html(found, inputs.name),
        "map": mapping_text(found.records.mapping),
        "command": inputs.command,
    }


def _describe(path: Path, inputs: Inputs) -> Description:
    reading = inputs.reading
    if inputs.mapping.strip():
        stored = path.with_suffix(".toml")
        stored.write_text(inputs.mapping, encoding="utf-8")
        reading = replace(reading, map=stored)
    return describe_records(reading.read(path), studies=inputs.studies)
