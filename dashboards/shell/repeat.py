"""How to run what a page shows again from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboards.widgets.component import component
from dashboards.widgets.download import Keep
from dashboards.widgets.html import Tag

if TYPE_CHECKING:
    from dashboards.addresses.address import Place

__all__ = ["Repeat", "command", "preset_file"]


def command(place: Place) -> str:
    """Return the command that runs the same clinic to the same numbers."""
    parts = ["alliance run", f"--preset {place.preset}"]
    parts += [f"--set {name}={_written(value)}" for name, value in place.changes.items()]
    return " ".join([*parts, f"--seed {place.seed}"])


def preset_file(place: Place) -> str:
    """Return the clinic as a preset of one's own: all that differs from the default clinic."""
    from experiments.design.toml_text import to_toml

    parameters = place.parameters.changed()
    text = to_toml({"title": "A clinic kept from the dashboard", "parameters": parameters or {}})
    return f"# alliance run --preset clinic.toml --seed {place.seed}\n{text}"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


@component
def Repeat(place: Place) -> Any:
    """Show the command, and keep the clinic as a file."""
    return Tag(
        "section",
        Tag("h2", "Run it again"),
        Tag("p", "The same clinic to the same numbers, from the command line:"),
        Tag("pre", Tag("code", command(place)), tabindex="0"),
        Keep("Keep this clinic", "clinic.toml", lambda: preset_file(place), "application/toml"),
        class_="card no-print",
    )
