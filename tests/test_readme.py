"""What the README and the documentation show runs exactly as it is shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import generate
import pytest

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)

QUICK = ("README.md", "docs/data.md", "docs/studies.md", "docs/teaching.md")
LENGTHY = ("docs/extending.md",)
"""Pages that compile an engine of their own."""


class Block(NamedTuple):
    """A fenced block of a Markdown page."""

    language: str
    text: str
    line: int
    """Line of the page on which the text begins, from 1."""


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(found["language"], found["text"], text.count("\n", 0, found.start("text")) + 1)
        for found in FENCE.finditer(text)
    ]


def run_python(page: Path) -> dict[str, Any]:
    """Run the Python blocks of a page one after the other; an error points to its line of the page."""
    scope: dict[str, Any] = {"__name__": page.stem}
    for block in blocks(page):
        if block.language == "python":
            exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec"), scope)
    return scope


def commands(page: Path) -> list[str]:
    """Return the commands of this project that a page shows being typed."""
    shown = [b.text for b in blocks(page) if b.language == "console"]
    lines = (line for text in shown for line in text.splitlines())
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ alliance")]


@pytest.mark.parametrize("page", QUICK)
def test_every_python_block_runs_as_shown(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run_python(ROOT / page)


@pytest.mark.slow
@pytest.mark.parametrize("page", LENGTHY)
def test_every_python_block_that_compiles_an_engine_runs_as_shown(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run_python(ROOT / page)


def test_no_page_shows_python_that_is_not_run() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    with_python = {
        page.relative_to(ROOT).as_posix()
        for page in pages
        if any(block.language == "python" for block in blocks(page))
    }
    assert with_python == {*QUICK, *LENGTHY}


def test_every_command_the_readme_shows_works() -> None:
    shown = commands(README)
    assert "alliance run" in shown
    for line in shown:
        assert generate.output_of(line)


def test_the_readme_shows_what_the_command_prints() -> None:
    text = README.read_text(encoding="utf-8")
    assert generate.SHOWN.findall(text)
    assert generate.with_output(text) == text, "run: python docs/generate.py --output"


def test_the_readme_begins_with_the_two_commands_of_a_new_machine() -> None:
    first, second = blocks(README)[:2]
    assert first.language == second.language == "sh"
    assert first.text.startswith("python3 -m venv")
    assert first.text.strip().endswith("alliance run")
    assert second.text.startswith("python3 -m venv")
    assert second.text.strip().endswith("python -m pytest")
    assert len(first.text.splitlines()) == len(second.text.splitlines()) == 1


def test_an_error_in_a_block_is_reported_with_the_line_of_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "Text.\n\n```python\nx = 1\n```\n\n```python\nassert x == 2\n```\n", encoding="utf-8"
    )
    with pytest.raises(AssertionError) as caught:
        run_python(page)
    assert caught.traceback[-1].lineno + 1 == 8
    assert Path(caught.traceback[-1].path) == page
