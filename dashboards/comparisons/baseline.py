"""The two arms of the compare room: the clinic of the page, and the one it is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.addresses.controls import Choice
from dashboards.addresses.preset_choices import preset_choices
from dashboards.comparisons.comparison import Arm
from simulation.dyads.catalogue import dyad_names, dyad_title
from simulation.presets import all_presets, find_preset, layered

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState

__all__ = ["SAME", "WORDS", "arms_of", "choices"]

SAME: Final = "unchanged"
"""The clinic of the page without what was changed in it."""

WORDS: Final = (SAME, *(one.name for one in all_presets()), *dyad_names())
"""What a clinic can be compared with."""

OTHER_MODELS: Final = "Other authors' models of the dyad"


def choices() -> tuple[Choice, ...]:
    """Return what a clinic can be compared with, policies first."""
    return (
        Choice(SAME, "The same clinic without your changes"),
        *preset_choices("policy", "scenario", "mechanism", "setting"),
        *(Choice(name, dyad_title(name), OTHER_MODELS) for name in dyad_names()),
    )


def arms_of(page: PageState, other: str) -> tuple[Arm, Arm]:
    """Return both arms, the baseline first.

    Parameters
    ----------
    page
        The page, whose clinic is the baseline unless `other` is `SAME`.
    other
        `SAME`, or a preset: policies, scenarios and mechanisms are layered on the page's clinic under its changes;
        a setting stands by itself. Another model of the dyad has its sessions in the page's clinic.

    Raises
    ------
    AllianceError
        If the two cannot be layered.
    """
    title = find_preset(page.preset).title
    own = f"{title}, changed" if page.changes else title
    # Sentences read "Progress feedback lowers dropout by ...", so an arm is called by what makes it different.
    if other == SAME:
        unchanged = Arm(title if page.changes else f"{title}, again", page.base)
        return unchanged, Arm(own, page.parameters)
    if other in dyad_names():
        theirs = layered([page.preset, other], page.changes)
        return Arm(own, page.parameters), Arm(dyad_title(other), theirs)
    one = find_preset(other)
    name = f"{one.title}, again" if one.title == own else one.title
    if one.kind == "setting":
        return Arm(own, page.parameters), Arm(name, layered([other]))
    both = layered([page.preset, other], page.changes)
    return Arm(own, page.parameters), Arm(name, both)
