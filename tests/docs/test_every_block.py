"""What the README and the documentation show runs exactly as it is shown, every block of every page."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from website.running import NAMED, SHOWN, Block, blocks, commands, output_of, run_page, with_output

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(
    sorted(
        path.relative_to(ROOT).as_posix()
        for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
        if "site" not in path.relative_to(ROOT).parts
    )
)

LENGTHY = frozenset(
    {
        "docs/calibration.md",
        "docs/data.md",
        "docs/twin.md",
        "docs/extending.md",
        "docs/trials.md",
        "docs/dyads.md",
        "docs/tutorials/class_in_one_file.md",
        "docs/tutorials/custom_rule.md",
        "docs/tutorials/own_data.md",
        "docs/tutorials/first_trial.md",
        "docs/tutorials/rival_model.md",
    }
)
"""Pages that compile an engine of their own, or run what takes long: 10 to 30 s each."""

OWN_FILES = {
    "docs/data.md": (
        "alliance run --clients 150 --therapists 12 --out tables --format sav --format xlsx",
        {"tables/sessions.sav": "records.sav", "tables/sessions.xlsx": "records.xlsx"},
    ),
}
"""Files that a page takes for its reader's own: the command that makes them, and what they are to be called."""

RUN_ELSEWHERE = {
    "diff": "tests/docs/test_extending.py and tests/dashboards/test_extending.py apply each",
    "js": "tests/dashboards/test_portable_page.py and tests/dashboards/test_compiled_clinics.py run what it shows",
    "r": "tests/experiments/audition/test_scripts.py runs each where R is installed",
    "text": "no input of anybody",
    "bibtex": "tests/docs/test_citation.py reads it",
    "": "no input of anybody",
}
"""Languages of blocks that are not run by this file, and what they are held to instead."""

SHELL = re.compile(
    r"python3? -m venv |\.venv/bin/(?:pip install|python -m pytest)|\. \.venv/bin/activate$|\.ci/(?:check|run)$"
    r"|python (?:docs/(?:build|generate)\.py|-m (?:pytest|experiments|dashboards|tests)[\w.]*)|pip install "
)
"""Lines of a shell beside this project's commands: an environment, and the project's own scripts."""


def block_of(page: str, language: str) -> list[Block]:
    return [one for one in blocks(ROOT / page) if one.language == language]


def to_run(page: str) -> bool:
    return any(
        one.language == "python" or (one.language == "console" and list(commands(one)))
        for one in blocks(ROOT / page)
    )


RUN = tuple(page for page in PAGES if to_run(page))
MARKED = tuple(
    pytest.param(page, marks=pytest.mark.slow) if page in LENGTHY else page for page in RUN
)


@pytest.mark.parametrize("page", MARKED)
def test_everything_a_page_shows_runs_as_shown(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if page in OWN_FILES:
        command, files = OWN_FILES[page]
        output_of(command)
        for made, name in files.items():
            Path(made).rename(name)
    ran = run_page(ROOT / page, tmp_path)
    text = (ROOT / page).read_text("utf-8")
    assert with_output(text, ran.printed) == text, "run: python docs/generate.py --output"


@pytest.mark.parametrize("page", PAGES)
def test_no_block_of_a_page_goes_untested(page: str) -> None:
    languages = {one.language for one in blocks(ROOT / page)} - {"{toctree}", "{eval-rst}"}
    assert languages <= {"python", "console", "sh", "toml", "sql", *RUN_ELSEWHERE}


@pytest.mark.parametrize("page", PAGES)
def test_every_line_typed_is_one_that_the_program_takes(page: str) -> None:
    """Commands that open a browser, or take long, are not run: their names, options and values are checked."""
    from experiments.cli.program import COMMANDS

    known = {one.name: one for one in COMMANDS}
    for block in blocks(ROOT / page):
        if block.language not in {"sh", "console", "text", "toml"}:
            continue
        for line in typed(block):
            words = shlex.split(line, comments=True)[1:]
            if not words or words[0].startswith("-"):
                continue
            known[words[0]].load().make_context("alliance", words[1:])


@pytest.mark.parametrize("language", RUN_ELSEWHERE)
def test_what_is_held_elsewhere_is_shown_and_its_tests_are_there(language: str) -> None:
    assert any(block_of(page, language) for page in PAGES)
    for test in re.findall(r"tests/[\w/]+\.py", RUN_ELSEWHERE[language]):
        assert (ROOT / test).is_file()


def typed(block: Block) -> list[str]:
    """Return the commands of this project in a block, wherever in a line they stand."""
    if block.language in {"text", "toml"}:
        return list(re.findall(r"^alliance .*|(?<=  )alliance .*", block.text, re.MULTILINE))
    lines = block.text.replace("\\\n", " ").replace("&&", "\n").splitlines()
    stripped = (line.strip().removeprefix("$ ").removeprefix(".venv/bin/") for line in lines)
    return [one for one in stripped if re.match(r"alliance\b", one)]


@pytest.mark.parametrize("page", PAGES)
def test_what_else_is_typed_in_a_shell_is_known(page: str) -> None:
    for block in (*block_of(page, "sh"), *block_of(page, "console")):
        for line in block.text.replace("\\\n", " ").replace("&&", "\n").splitlines():
            one = line.strip().removeprefix("$ ")
            if one and block.language == "sh" and not re.match(r"(\.venv/bin/)?alliance\b|#", one):
                assert SHELL.match(one), f"{page}: {one}"


@pytest.mark.parametrize("page", PAGES)
def test_every_file_shown_is_one(page: str) -> None:
    for block in block_of(page, "toml"):
        tomllib.loads(block.text)


def test_the_query_shown_gives_one_row_a_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(tmp_path)
    output_of(
        "alliance sweep --vary empathy=0.3,0.7 --vary boundary=0.3,0.7 --replicates 5 --out results/frame"
    )
    ((query,),) = (block_of(page, "sql") for page in PAGES if block_of(page, "sql"))
    rows = duckdb.sql(query.text).fetchall()
    assert [row[-1] for row in rows] == [5] * 4


def test_the_readme_shows_what_a_command_prints() -> None:
    assert SHOWN.search((ROOT / "README.md").read_text("utf-8"))


def test_the_readme_begins_with_the_two_commands_of_a_new_machine() -> None:
    first, second = blocks(ROOT / "README.md")[:2]
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
        run_page(page, tmp_path)
    assert caught.traceback[-1].lineno + 1 == 8
    assert Path(caught.traceback[-1].path) == page


def test_a_command_that_fails_and_output_that_has_changed_are_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ alliance explain no_such_name\n```\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="exit code 2"):
        run_page(page, tmp_path)
    shown = "<!-- begin output: alliance presets -->\n```text\nold\n```\n<!-- end output -->"
    assert "new" in with_output(shown, {"alliance presets": "new\n"})
    with pytest.raises(ValueError, match="No block of the page runs"):
        with_output(shown, {})


def test_a_file_that_a_page_names_is_there_for_its_commands(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```toml\n# own.toml   a preset\ntitle = 'Own'\n```\n\n```python\n# own.py\nx = 1\n```\n",
        encoding="utf-8",
    )
    assert run_page(page, tmp_path).names["x"] == 1
    assert (tmp_path / "own.toml").is_file()
    assert (tmp_path / "own.py").is_file()
    assert not NAMED.match("# An explanation, not a name\n")
