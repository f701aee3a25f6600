"""The command ``alliance page``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import Overwrite  # noqa: TC001 - Typer reads the annotations
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from dashboards.page.document import Contents

__all__ = ["command"]


def command(
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The page to write: one HTML file, to open or to send."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Write the page and all handouts there, for a host of static files."
        ),
    ] = None,
    scorm: Annotated[
        bool,
        typer.Option(
            "--scorm", help="Write FILE as a zip for a learning platform instead (SCORM 1.2)."
        ),
    ] = False,
    lesson: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Only this lesson, which the page opens; may be repeated."
        ),
    ] = None,
    setting: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A start of your own: title, lessons, who meets, seed (TOML), or a run of the session room.",
        ),
    ] = None,
    url: Annotated[
        str,
        typer.Option(
            metavar="URL", help="Where you will put the page: what QR codes for the class lead to."
        ),
    ] = "",
    students: Annotated[
        bool,
        typer.Option(
            "--students",
            help="For students alone: no instructor notes, handouts with results, plan or class wall.",
        ),
    ] = False,
    overwrite: Overwrite = False,
) -> None:
    """Write a class as one HTML file: session room, lessons and evidence, without server or network."""
    from simulation.files import check_output, write_output

    if out is None and folder is None:
        raise AllianceError("There is nowhere to write to: give --out FILE or --folder DIR.")
    if scorm and out is None:
        raise AllianceError("--scorm writes a file: give its name with --out FILE.zip.")
    if out is not None:
        _check_ending(out, scorm=scorm)
        check_output(out, overwrite=overwrite)
    contents = replace(_contents(setting, tuple(lesson or ())), url=_checked(url))
    contents = replace(contents, students=students)
    document = _made(contents)
    from dashboards.page.packages import scorm as packed
    from dashboards.page.packages import write_folder

    if out is not None:
        content = packed(document, contents) if scorm else document.encode()
        write_output(out, content, overwrite=overwrite)
        typer.echo(f"{out}: {_size(content)}")
    if folder is not None:
        written = write_folder(folder, document, contents, overwrite=overwrite)
        typer.echo(f"{folder}: the page and {len(written) - 1} handouts")


def _check_ending(out: Path, *, scorm: bool) -> None:
    """Refuse a name that says the file is something else."""
    endings = (".zip",) if scorm else (".html", ".htm")
    if out.suffix.lower() not in endings:
        what = "a package is a zip" if scorm else "a page is HTML"
        raise AllianceError(f"{out}: {what}, so give its name with {endings[0]}.")


def _made(contents: Contents) -> str:
    """Return the page; say on the error stream what takes longer than a moment."""
    from dashboards.compiled.build import engine_wasm, is_built
    from dashboards.page.document import page
    from experiments.cli.output import compile_before_work, findings_progress
    from simulation.engine.shipped import shipped_of_these_sources

    compile_before_work()
    if not is_built():
        seconds = 30 if shipped_of_these_sources() is None else 3
        typer.echo(
            f"Compiling the model for browsers. This happens once and takes about {seconds} seconds.",
            err=True,
        )
        engine_wasm()
    with findings_progress("Lessons", "lessons") as tell:
        return page(contents, tell)


def _contents(setting: Path | None, chosen: tuple[str, ...]) -> Contents:
    """Return what the page is to hold; lessons named on the command line go before those of the file."""
    from dashboards.lessons.catalogue import find_lesson
    from dashboards.page.document import Contents
    from dashboards.page.setting import read_setting
    from simulation.input_files import MEBIBYTE, read_text

    contents = Contents()
    if setting is not None:
        contents = read_setting(read_text(setting, most=MEBIBYTE), str(setting))
    if not chosen:
        return contents
    for key in chosen:
        find_lesson(key)
    part = chosen[0] if len(chosen) == 1 else ""
    place = {"room": "lessons", "part": part}
    return replace(contents, lessons=chosen, start={**contents.start, "place": place})


def _checked(url: str) -> str:
    """Return an address without what stands behind ``#``, or refuse what is none."""
    address = url.partition("#")[0]
    if address and not address.startswith(("https://", "http://")):
        raise AllianceError(f"{url} is not an address: give one that begins with https://.")
    return address


def _size(content: bytes) -> str:
    import gzip

    return (
        f"{len(content) / 1000:,.0f} kB, {len(gzip.compress(content)) / 1000:,.0f} kB as it is sent"
    )
