"""The pages as the site takes them: gathered in one folder, every link between them led to where its page now is.

Pages of docs/ link to files above it (``../CONTRIBUTING.md``), as they must where a repository is read file by file.
On the site those that are pages become pages beside the others, and scripts and data become files to download.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from website.contents import DOCS, ROOT, contents, page_names

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PAGES_ABOVE", "stage"]

PAGES_ABOVE = {
    "CHANGELOG.md": "changelog",
    "CONTRIBUTING.md": "contributing",
    "SECURITY.md": "reporting",
    "findings/README.md": "findings",
    "README.md": "index",
}
"""Pages outside docs/, and their names on the site; the README's place is taken by the site's first page."""

LINK = re.compile(r"(?<=\]\()(?P<target>(?![a-z]+:|#)[^)\s#]+)(?P<anchor>#[^)\s]*)?(?=\))")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)

TREE = "<!-- the site's contents -->"
LESSONS = "<!-- the site's lesson plans -->"


def stage(folder: Path) -> None:
    """Write every page of the site into an empty folder, with the files they show or offer."""
    for name in page_names():
        _write(folder, name, DOCS / f"{name}.md")
    for path, name in PAGES_ABOVE.items():
        if name != "index":
            _write(folder, name, ROOT / path)
    shutil.copytree(DOCS / "images", folder / "images", dirs_exist_ok=True)
    _fill(folder / "index.md", TREE, _trees())
    _fill(folder / "lessons.md", LESSONS, "```{toctree}\n:glob:\n\nlessons/*\n```\n")


def _fill(page: Path, mark: str, text: str) -> None:
    """Put what only the site has where a page says that it stands."""
    before = page.read_text("utf-8")
    if before.count(mark) != 1:
        raise ValueError(f"{page.name} must say once where this stands: {mark}")
    page.write_text(before.replace(mark, text), encoding="utf-8")


def _write(folder: Path, name: str, source: Path) -> None:
    target = folder / f"{name}.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    depth = "../" * name.count("/")

    def led(match: re.Match[str]) -> str:
        return f"{_place(match['target'], source, folder, depth)}{match['anchor'] or ''}"

    parts, end = [], 0
    text = source.read_text("utf-8")
    for fence in FENCE.finditer(text):
        parts += [LINK.sub(led, text[end : fence.start()]), fence[0]]
        end = fence.end()
    target.write_text("".join([*parts, LINK.sub(led, text[end:])]), encoding="utf-8")


def _place(target: str, source: Path, folder: Path, depth: str) -> str:
    """Return where a link of a page leads on the site; a file that is no page is laid beside them."""
    file = (source.parent / target).resolve()
    if not file.is_relative_to(ROOT) or not file.exists():
        return target
    if file.is_relative_to(DOCS):
        return f"{depth}{file.relative_to(DOCS).as_posix()}"
    path = file.relative_to(ROOT).as_posix()
    if path in PAGES_ABOVE:
        return f"{depth}{PAGES_ABOVE[path]}.md"
    if file.is_dir():
        return target
    copy = folder / "files" / path
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, copy)
    return f"{depth}files/{path}"


def _trees() -> str:
    """Return the contents as Sphinx reads them: one tree a section."""
    return "\n".join(
        "\n".join(
            (
                "```{toctree}",
                f":caption: {section.title}",
                ":maxdepth: 1",
                ":hidden:",
                "",
                *section.pages,
                "```",
                "",
            )
        )
        for section in contents()
    )
