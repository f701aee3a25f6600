"""The house is in order: who imports whom, and what no file may hold."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HOUSES = {
    "simulation": set(),
    "experiments": {"simulation"},
    "dashboards": {"simulation", "experiments"},
}

# Written apart so that this file does not hold what it looks for.
FORBIDDEN = {
    "a path of somebody's machine": re.compile(
        r"(?<![\w.])/(?:" + "|".join(("home", "root", "Users", "work", "tmp", "mnt")) + r")/\w"
        r"|\b[A-Z]:\\Users\\"
    ),
    "the address of a package index": re.compile(
        r"https?://[^\s\"')]*(?:pypi|pythonhosted|/simple/?\b|artifactory|nexus|devpi)"
        + "|"
        + "--(?:extra-)?index"
        + "-url|index"
        + "-url *=",
        re.IGNORECASE,
    ),
    "work left over": re.compile(
        r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b"
    ),
}


def tracked() -> list[Path]:
    """Return the files under version control."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is not a clone")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def imported(path: Path) -> set[str]:
    """Return the top names a module imports, wherever in it, for types or at run time."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def modules(house: str) -> list[Path]:
    found = sorted((ROOT / house).rglob("*.py"))
    assert found, f"there is nothing in {house}"
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_under_version_control_holds(what: str) -> None:
    files = tracked()
    assert len(files) > 20
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert not found, f"{what} in {', '.join(found)}"


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a path of somebody's machine", "cache = '/ho" + "me/ada/alliance'"),
        ("a path of somebody's machine", r"open('C:\Us" + r"ers\ada')"),
        ("the address of a package index", "pip install --index" + "-url somewhere"),
        ("the address of a package index", "see https://files.python" + "hosted.org/packages"),
        ("work left over", "# TO" + "DO: later"),
    ],
)
def test_what_no_file_may_hold_is_recognised(what: str, line: str) -> None:
    assert FORBIDDEN[what].search(line)


def test_nothing_a_machine_made_is_under_version_control() -> None:
    made = {".nbc", ".nbi", ".pyc", ".so", ".whl", ".log", ".parquet"}
    # The ensembles of calibrated settings are data of the package; a test simulates what they say.
    data = ROOT / "experiments" / "calibration" / "ensembles"
    assert [path.name for path in tracked() if path.suffix in made and path.parent != data] == []


@pytest.mark.parametrize("house", HOUSES)
def test_imports_go_one_way(house: str) -> None:
    for module in modules(house):
        wrong = (imported(module) & set(HOUSES)) - HOUSES[house] - {house}
        assert not wrong, f"{module.relative_to(ROOT)} imports {', '.join(wrong)}"


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    for house in HOUSES:
        for module in modules(house):
            assert module.stem not in {
                "utils",
                "util",
                "helpers",
                "helper",
                "core",
                "common",
                "misc",
            }


def test_everything_that_names_a_version_names_the_one_that_is_released() -> None:
    version = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["version"]
    citation, meta = text_of(ROOT / "CITATION.cff"), json.loads(text_of(ROOT / "codemeta.json"))
    assert f"\nversion: {version}\n" in citation
    assert "cff-version: 1.2.0" in citation
    assert meta["version"] == version
    assert f"\ndate-released: {meta['datePublished']}\n" in citation
    assert f"\n## [{version}] - {meta['datePublished']}\n" in text_of(ROOT / "CHANGELOG.md")


def test_every_python_that_is_tried_is_one_that_is_said_to_work() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    said = {name.rpartition(" ")[2] for name in project["classifiers"] if ":: 3." in name}
    tried = set(re.findall(r'"(3\.\d+)"', text_of(ROOT / ".github/workflows/check.yml")))
    assert tried == said
    assert f">={min(said, key=lambda one: int(one[2:]))}" == project["requires-python"]


def test_every_reference_of_the_paper_is_in_its_list_and_can_be_looked_up() -> None:
    listed = re.split(r"^@", text_of(ROOT / "paper/paper.bib"), flags=re.MULTILINE)[1:]
    entries = {one.partition("{")[2].partition(",")[0]: one for one in listed}
    cited = set(re.findall(r"@(\w+\d{4})", text_of(ROOT / "paper/paper.md")))
    assert cited == set(entries)
    assert all(re.search(r"^  (doi|url) +=", one, re.MULTILINE) for one in entries.values())


@pytest.mark.parametrize(
    "name", ["Summary", "Statement of need", "State of the field", "References"]
)
def test_the_paper_has_the_parts_that_the_journal_asks_for(name: str) -> None:
    text = text_of(ROOT / "paper/paper.md")
    assert f"\n# {name}\n" in text
    assert 500 < len(text.split()) < 1750


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert "## [Unreleased]" in text_of(ROOT / "CHANGELOG.md")
