"""Which stances are offered first in a situation, those that can matter in it; and what one would say in each.

A limit can be held or bent only when it is tested, and tension can be met or left only when there is some. Every
stance may be taken in every session; the others are a step further away.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from dashboards.therapies.story import STRAINED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.therapies.therapy import Situation

__all__ = ["OFFERS", "SAYS", "offered"]

SAYS: Mapping[str, str] = MappingProxyType(
    {
        "l": "“Tell me what that is like for you.”",
        "c": "“What would be one step, even if it is uncomfortable?”",
        "h": "“I cannot do that, and I am not going away.”",
        "b": "“This once, yes.”",
        "a": "“Something is different between us. Was it something I did?”",
        "p": "“Let us go on with what we had planned.”",
    }
)
"""What one would say, by the letter of the stance; in their own way nothing in particular is said."""

OFFERS: Mapping[str, str] = MappingProxyType(
    {"calm": "lcao", "tested": "lchbo", "tense": "lcapo", "both": "lhbap"}
)
"""Letters of the stances by what a situation is; the first keep their places from session to session."""


def offered(situation: Situation) -> str:
    """Return the letters of the stances that fit a situation, in the order of their buttons."""
    open_rupture = situation.open_rupture != "none"
    tense = situation.tension > 0.0 or open_rupture or situation.strain >= STRAINED
    if situation.tests:
        return OFFERS["both" if tense else "tested"]
    return OFFERS["tense" if tense else "calm"]
