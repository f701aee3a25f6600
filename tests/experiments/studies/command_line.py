"""The commands about studies, called as the program calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from experiments.cli.program import app

if TYPE_CHECKING:
    from click.testing import Result


def call(*words: object) -> Result:
    """Run ``alliance`` with some words and return its output and exit code."""
    return CliRunner().invoke(app, [str(word) for word in words])
