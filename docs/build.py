"""Build the documentation site, without a network.

    pip install '.[docs]'
    python docs/build.py                 writes site/index.html, to open from the disk or to put on any web host

Any warning and any dead link is an error. What stands on the site: `docs/contents.toml`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCS = Path(__file__).resolve().parent
MADE_BY = ".buildinfo"
"""Sphinx writes this file into what it builds: a folder with it may be replaced."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python docs/build.py", description="Build the documentation site."
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=DOCS.parent / "site",
        help="the folder to write; site if left out",
    )
    out: Path = parser.parse_args(arguments).out
    if out.exists() and any(out.iterdir()) and not (out / MADE_BY).is_file():
        sys.stderr.write(f"{out} holds something else: give another folder with --out.\n")
        return 2
    try:
        from sphinx.cmd.build import build_main
    except ImportError:
        sys.stderr.write("Sphinx is not installed: pip install '.[docs]'\n")
        return 2
    from website.checking import faults
    from website.finishing import finish

    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        pages = Path(scratch) / "pages"
        prepare(pages)
        code = build_main(
            ["-q", "-W", "--keep-going", "-c", str(DOCS / "website"), "-d", str(Path(scratch) / "read"),
             str(pages), str(out)]
        )  # fmt: skip
    if code:
        return code
    finish(out)
    write_class(out / "class")
    wrong = faults(out)
    sys.stderr.writelines(f"{one}\n" for one in wrong)
    if not wrong:
        sys.stdout.write(f"{out / 'index.html'}: {len(list(out.rglob('*.html')))} pages\n")
    return 1 if wrong else 0


def prepare(pages: Path) -> None:
    """Write everything that Sphinx reads: the pages of docs/, and those that are written from the code."""
    from website.lessons import lesson_pages
    from website.staging import stage

    pages.mkdir(parents=True)
    stage(pages)
    for name, text in lesson_pages().items():
        path = pages / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_class(folder: Path) -> None:
    """Write the class in one file and its handouts, which the site shows and links to."""
    from dashboards.page.document import Contents, page
    from dashboards.page.packages import write_folder

    contents = Contents()
    write_folder(folder, page(contents), contents)


if __name__ == "__main__":
    sys.path.insert(0, str(DOCS.parent))
    sys.exit(main())
