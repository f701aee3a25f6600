"""A parameter, an equation and a preset, each added as `docs/extending.md` shows it: as one file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from website.running import blocks

from tests.extending import PAGE, ROOT, changed

if TYPE_CHECKING:
    from pathlib import Path

HOUSES = (
    *("simulation", "experiments", "dashboards", "docs", "tests"),
    *("README.md", "CITATION.cff", "pyproject.toml"),
)
PRESET = "simulation/presets/scenarios/old_wounds.toml"
PARAMETER, EQUATION = (block.text for block in blocks(PAGE) if "--- simulation/" in block.text)


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a copy of the project."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def check_its_law(root: Path) -> subprocess.CompletedProcess[str]:
    laws = "tests/simulation/test_simulation_laws.py"
    return run(root, "-m", "pytest", "-q", "-p", "no:cacheprovider", laws, "-k", "felt_depth")


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the three additions."""
    root = tmp_path_factory.mktemp("extended")
    for house in HOUSES:
        if (ROOT / house).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "images", "golden", "browser")
            shutil.copytree(ROOT / house, root / house, ignore=ignored)
        else:
            shutil.copy(ROOT / house, root / house)
    assert changed(root, PARAMETER).startswith("simulation/parameters/")
    assert changed(root, EQUATION).startswith("simulation/equations/")
    (preset,) = (block.text for block in blocks(PAGE) if block.language == "toml")
    assert f"`{PRESET}`" in PAGE.read_text("utf-8")
    (root / PRESET).write_text(preset, "utf-8")
    return root


IN_THE_MODEL = """
from simulation import AllianceModel, Parameters, hold_session, preset
from simulation.presets import find_preset

def plain(*arguments):
    return hold_session(*arguments)

def strain(**values):
    p = preset("old_wounds", clients=12, therapists=3, weeks=20, **values)
    model = AllianceModel(p, rng=3, session=plain, histories=True).run()
    return model.result().sessions

assert find_preset("old_wounds").kind == "scenario"
assert Parameters().strain_sensitises == 0.0
with_it, without = strain(), strain(strain_sensitises=0.0)
assert with_it["strain"].mean() > without["strain"].mean()
first = [table.filter(table["session"] == 1)["strain"].to_list() for table in (with_it, without)]
assert first[0] == first[1]
"""


def test_they_do_in_the_model_what_they_are_for(extended: Path) -> None:
    done = run(extended, "-c", IN_THE_MODEL)
    assert done.returncode == 0, done.stderr


def test_the_equation_is_held_to_its_law(extended: Path) -> None:
    done = check_its_law(extended)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(".") > 5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("law", "complaint"),
    [
        ("@equation", "felt_depth states no law"),
        ('@equation(falls="hurt strain")', "AssertionError"),
    ],
)
def test_without_its_law_or_with_a_wrong_one_it_fails(
    extended: Path, tmp_path: Path, law: str, complaint: str
) -> None:
    root = tmp_path / "broken"
    shutil.copytree(extended, root, ignore=shutil.ignore_patterns("__pycache__", "experiments"))
    module = root / "simulation/equations/rupture.py"
    text = module.read_text("utf-8")
    assert text.count('@equation(rises="hurt strain")\n') == 1
    module.write_text(text.replace('@equation(rises="hurt strain")\n', f"{law}\n"), "utf-8")
    done = check_its_law(root)
    assert done.returncode == 1, done.stdout
    assert complaint in done.stdout


@pytest.mark.slow
def test_documentation_and_command_line_know_them(extended: Path) -> None:
    assert run(extended, "docs/generate.py").stdout == "model.md written\n"
    page = (extended / "docs/model.md").read_text("utf-8")
    assert "#### `felt_depth`\n\n    return hurt + p.strain_sensitises" in page
    assert "| `strain_sensitises` | 0.0 | 0 – 1 |" in page
    told = "tests/docs/test_model_documentation.py"
    done = run(extended, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", told,
               "tests/simulation/test_presets.py")  # fmt: skip
    assert done.returncode == 0, done.stdout
    program = "import sys; from experiments.cli.program import main; sys.exit(main())"
    explained = run(extended, "-c", program, "explain", "strain_sensitises").stdout
    assert "How much strain from earlier ruptures deepens a new one." in explained
    assert "felt_depth" in explained
    assert "old_wounds" in run(extended, "-c", program, "presets").stdout


@pytest.mark.slow
def test_the_engine_compiles_them_and_returns_the_same_bits(extended: Path) -> None:
    done = run(
        extended,
        "-c",
        f"{IN_THE_MODEL}\nfrom simulation import simulate\n"
        "p = preset('old_wounds', clients=12, therapists=3, weeks=20)\n"
        "assert simulate(p, seed=3, histories=True).sessions.equals(strain())",
    )
    assert done.returncode == 0, done.stderr
