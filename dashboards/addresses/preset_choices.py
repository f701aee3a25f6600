"""The presets as choices of a page, under the headings of their kinds."""

from __future__ import annotations

from typing import Final

from dashboards.addresses.controls import Choice
from simulation.presets import KINDS, all_presets

__all__ = ["preset_choices"]

HEADINGS: Final = {
    "setting": "Settings",
    "scenario": "Teaching scenarios",
    "mechanism": "Rival mechanisms",
    "policy": "Policies",
}


def preset_choices(*kinds: str) -> tuple[Choice, ...]:
    """Return the presets of these kinds, in the order of the kinds; of all where none is named."""
    return tuple(
        Choice(one.name, one.title, HEADINGS[kind])
        for kind in kinds or KINDS
        for one in all_presets()
        if one.kind == kind
    )
