"""The panel at the side of a room: preset, the parameters that matter there, all others, seed, return and share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from dashboards.addresses.address import PageState
from dashboards.addresses.controls import Control, Group, Groups
from dashboards.addresses.parameter_controls import every_parameter, some_parameters
from dashboards.addresses.preset_choices import preset_choices
from dashboards.shell import state
from dashboards.shell.share import Share
from dashboards.widgets.buttons import Button
from dashboards.widgets.component import component
from dashboards.widgets.html import Tag
from dashboards.widgets.panel import Panel
from simulation.presets import find_preset

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HIGHEST_OFFERED", "Setting", "ToSetting"]

HIGHEST_OFFERED = 9_999
"""Where the slider ends; a link takes any seed up to `dashboards.addresses.address.HIGHEST_SEED`."""

LARGEST_OF_A_BROWSER = 2**53 - 1


def _choices() -> Group:
    preset = Control(
        "preset",
        "Start from",
        "",
        "A setting, a teaching scenario, a rival mechanism or a policy. Choosing one drops your changes.",
        "choice",
        PageState.preset,
        choices=preset_choices(),
    )
    seed = Control(
        "seed",
        "Seed",
        "",
        "Which luck: the same seed gives the same random numbers, whatever else you change.",
        "integer",
        1,
        low=0,
        high=HIGHEST_OFFERED,
        step=1,
    )
    return Group("", (preset, seed), plain=True)


def _shown(seed: int) -> int | str:
    """Return a seed as a browser is told: as text where its numbers would not hold every digit."""
    return seed if seed <= LARGEST_OF_A_BROWSER else str(seed)


@component
def ToSetting(words: str) -> Any:
    """Lead to the panel, on a narrow screen: there it comes after everything else."""
    return Tag("p", Tag("a", words, href="#setting", data_act="setting"), class_="others no-print")


@component
def Setting(page: PageState, names: tuple[str, ...], *above: Any) -> Any:
    """Show the panel.

    Parameters
    ----------
    page
        What the page shows.
    names
        Parameters that are always in view; the others are folded away below.
    above
        Controls of the room's own, shown first.
    """
    base = page.base
    groups = solara.use_memo(
        lambda: Groups((_choices(), some_parameters("", names, base), *every_parameter(base))),
        [names, page.preset],
    )

    def change(changes: Mapping[str, Any]) -> None:
        given = dict(changes)
        if "preset" in given:
            state.choose_preset(str(given.pop("preset")))
        if "seed" in given:
            state.choose_seed(given.pop("seed"))
        state.change_parameters(given)

    count = len(page.changes)
    said = {0: "Nothing changed", 1: "1 parameter changed"}.get(
        count, f"{count} parameters changed"
    )
    return Tag(
        "aside",
        *above,
        Tag("p", find_preset(page.preset).description, class_="soft"),
        Panel(
            "setting",
            groups,
            {**page.changes, "preset": page.preset, "seed": _shown(page.seed)},
            change,
        ),
        Tag(
            "div",
            Tag("span", said, class_="soft"),
            Button("Reset everything", on_click=state.restart),
            class_="flow spread",
        ),
        Share(page),
        id="setting",
        class_="side",
        tabindex="-1",
        aria_label="Setting",
    )
