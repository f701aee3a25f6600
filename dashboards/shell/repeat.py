"""How to run what a page shows again from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboards.addresses.address import written
from dashboards.widgets.component import component
from dashboards.widgets.download import Download
from dashboards.widgets.html import Tag

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState

__all__ = ["Repeat", "command", "preset_file"]


def command(page: PageState) -> str:
    """Return the command that runs the same clinic to the same numbers."""
    parts = ["alliance run", f"--preset {page.preset}"]
    parts += [f"--set {name}={written(value)}" for name, value in page.changes.items()]
    return " ".join([*parts, f"--seed {page.seed}"])


def preset_file(page: PageState) -> str:
    """Return the clinic as a custom preset: all that differs from the default clinic."""
    from experiments.design.toml_text import to_toml

    parameters = page.parameters.changed()
    text = to_toml({"title": "A clinic from the dashboard", "parameters": parameters or {}})
    return f"# alliance run --preset clinic.toml --seed {page.seed}\n{text}"


@component
def Repeat(page: PageState) -> Any:
    """Show the command, and offer the clinic as a file."""
    return Tag(
        "section",
        Tag("h2", "Run it again"),
        Tag("p", "The same clinic to the same numbers, from the command line:"),
        Tag("pre", Tag("code", command(page)), tabindex="0"),
        Download(
            "Download this clinic", "clinic.toml", lambda: preset_file(page), "application/toml"
        ),
        class_="card no-print",
    )
