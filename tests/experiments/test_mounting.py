"""Commands of other modules: listed without being loaded, loaded when called."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from experiments.cli.mounting import Mounted, group_of

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
import typer
from simulation.errors import AllianceError

def command(points: int = 3, fail: bool = False):
    '''Sweep over points.'''
    if fail:
        raise AllianceError("The study has no points:\\n  give some.")
    typer.echo(f"{points} points")
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch) -> typer.Typer:
    (tmp_path / "a_heavy_module.py").write_text(SOURCE, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "a_heavy_module", raising=False)
    mounted = [Mounted("sweep", "a_heavy_module", "Run a study.")]
    program = typer.Typer(cls=group_of(mounted), rich_markup_mode=None)
    program.command("here")(lambda: typer.echo("here"))
    program.callback()(lambda: None)
    return program


def test_help_lists_a_mounted_command_without_loading_it(app) -> None:
    shown = CliRunner().invoke(app, ["--help"]).stdout
    assert "Run a study." in shown
    assert "a_heavy_module" not in sys.modules


def test_calling_it_loads_it(app) -> None:
    assert CliRunner().invoke(app, ["sweep", "--points", "7"]).stdout == "7 points\n"
    assert "Sweep over points." in CliRunner().invoke(app, ["sweep", "--help"]).stdout
    assert "a_heavy_module" in sys.modules


def test_another_command_does_not_load_it(app) -> None:
    assert CliRunner().invoke(app, ["here"]).stdout == "here\n"
    assert "a_heavy_module" not in sys.modules


def test_its_errors_are_one_line_too(app) -> None:
    done = CliRunner().invoke(app, ["sweep", "--fail"])
    assert done.exit_code == 2
    assert done.stderr == "Error: The study has no points: give some.\n"


def test_a_misspelt_mounted_command_is_told_the_nearest(app) -> None:
    done = CliRunner().invoke(app, ["swep"])
    assert done.exit_code == 2
    assert "Did you mean sweep?" in done.stderr


def test_a_defect_of_the_program_is_not_hidden_as_bad_input(app) -> None:
    @app.command()
    def broken() -> None:
        raise ZeroDivisionError

    assert isinstance(CliRunner().invoke(app, ["broken"]).exception, ZeroDivisionError)
