"""The page for elsewhere: a zip for learning platforms (SCORM 1.2), a folder for any host of static files."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

from dashboards.addresses.qr import qr_code
from dashboards.lessons.catalogue import find_lesson, lessons
from dashboards.lessons.handout import handout
from dashboards.lessons.running import result_of
from dashboards.page.codes import place_of
from experiments.reports.rendering import render
from simulation.files import check_output, write_output

if TYPE_CHECKING:
    from pathlib import Path

    from dashboards.page.document import Contents

__all__ = ["scorm", "write_folder"]

PAGE = "index.html"
BEGINNING = (1980, 1, 1, 0, 0, 0)
"""Time of every file in the zip: the same page gives the same bytes."""


def scorm(document: str, contents: Contents) -> bytes:
    """Return a page as a zip that a learning platform takes as a SCORM 1.2 package."""
    identifier = f"alliance-{hashlib.sha256(document.encode()).hexdigest()[:12]}"
    manifest = render(
        __package__, "imsmanifest.xml", identifier=identifier, title=contents.title, page=PAGE
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("imsmanifest.xml", manifest), (PAGE, document)):
            entry = zipfile.ZipInfo(name, BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return packed.getvalue()


def write_folder(
    folder: Path, document: str, contents: Contents, *, overwrite: bool = False
) -> tuple[Path, ...]:
    """Write a page and the handouts of its lessons, empty and with results; return what was written.

    For students there are none with results. Where it is known where the page will be, each leads to its lesson.

    Raises
    ------
    StorageError
        If a file is there and may not be replaced, or cannot be written.
    """
    chosen = [find_lesson(key) for key in contents.lessons] or lessons()
    files = {folder / PAGE: document}
    for one in chosen:
        link = place_of(contents.url, one.key)
        way = (link, qr_code(link, sized=False)) if link else ("", "")
        files[folder / "handouts" / f"{one.key}.html"] = handout(one, None, *way)
        if not contents.students:
            filled = handout(one, result_of(one.key), *way)
            files[folder / "handouts" / f"{one.key}-results.html"] = filled
    for path in files:
        check_output(path, overwrite=overwrite)
    for path, text in files.items():
        write_output(path, text.encode(), overwrite=overwrite)
    return tuple(files)
