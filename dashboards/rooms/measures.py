"""Which side of a clinic a room shows: what questionnaires report, or what is felt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dashboards.addresses.fields import Word
from dashboards.addresses.pages import shown
from dashboards.shell import state
from dashboards.widgets.buttons import Toggle

if TYPE_CHECKING:
    from dashboards.addresses.address import PageState

__all__ = ["MEASURE", "MeasureToggle"]

MEASURE: Final = Word("reported", ("reported", "latent"))
"""The field ``measure`` of a room."""

OPTIONS = (("reported", "What questionnaires report"), ("latent", "What is felt"))


def MeasureToggle(page: PageState) -> Any:
    """Choose the side."""
    return Toggle(
        "Which side to see",
        OPTIONS,
        shown(page, "measure"),
        lambda one: state.see(measure=one),
    )
