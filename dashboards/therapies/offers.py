"""Which stances are offered first in a situation, those that can matter in it; and what one would say in each.

A limit can be held or bent only when it is tested, and tension can be met or left only when there is some. Every
stance may be taken in every session; the others are a step further away.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from dashboards.therapies.stances import SITUATIONS, STANCES
from dashboards.therapies.story import STRAINED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.therapies.therapy import Situation

__all__ = ["OFFERS", "SAYS", "offered"]

SAYS: Mapping[str, str] = MappingProxyType(
    {letter: one.says for letter, one in STANCES.items() if one.says}
)
"""What one would say, by the letter of the stance; in their own way nothing in particular is said."""

OFFERS: Mapping[str, str] = MappingProxyType(
    {
        situation: "".join(
            letter for letter, one in STANCES.items() if situation in one.fits.split()
        )
        for situation in SITUATIONS
    }
)
"""Letters of the stances by what a situation is; the first keep their places from session to session."""


def offered(situation: Situation) -> str:
    """Return the letters of the stances that fit a situation, in the order of their buttons."""
    open_rupture = situation.open_rupture != "none"
    tense = situation.tension > 0.0 or open_rupture or situation.strain >= STRAINED
    if situation.tests:
        return OFFERS["both" if tense else "tested"]
    return OFFERS["tense" if tense else "calm"]
