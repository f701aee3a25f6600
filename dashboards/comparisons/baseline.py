"""The two arms of the compare room: the clinic of the page, and what it is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.addresses.controls import Choice
from dashboards.addresses.preset_choices import preset_choices
from dashboards.comparisons.comparison import Arm
from simulation.presets import all_presets, find_preset, layered

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState

__all__ = ["SAME", "WORDS", "against", "choices"]

SAME: Final = "unchanged"
"""The clinic of the page without what was changed in it."""

WORDS: Final = (SAME, *(one.name for one in all_presets()))
"""What a clinic can be held against."""


def choices() -> tuple[Choice, ...]:
    """Return what a clinic can be held against, policies first."""
    return (
        Choice(SAME, "The same clinic without your changes"),
        *preset_choices("policy", "scenario", "mechanism", "setting"),
    )


def against(page: PageState, other: str) -> tuple[Arm, Arm]:
    """Return both arms.

    Parameters
    ----------
    page
        The page, whose clinic is the first arm.
    other
        `SAME`, or a preset: policies, scenarios and mechanisms are laid over the page's clinic under its changes;
        a setting stands by itself.

    Raises
    ------
    AllianceError
        When the two cannot be laid over each other.
    """
    title = find_preset(page.preset).title
    own = f"{title}, changed" if page.changes else title
    # Sentences read "Progress feedback lowers dropout by ...", so an arm is called by what makes it different.
    if other == SAME:
        unchanged = Arm(title if page.changes else f"{title}, again", page.base)
        return unchanged, Arm(own, page.parameters)
    one = find_preset(other)
    name = f"{one.title}, again" if one.title == own else one.title
    if one.kind == "setting":
        return Arm(own, page.parameters), Arm(name, layered([other]))
    both = layered([page.preset, other], page.changes)
    return Arm(own, page.parameters), Arm(name, both)
