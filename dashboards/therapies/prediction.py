"""Predict, then see: what a choice will do to trust, said before the session, and compared with what it did."""

from __future__ import annotations

from dashboards.therapies.wording import moved, share

__all__ = ["EXPECTATIONS", "RULE", "came", "expected"]

EXPECTATIONS = (("rise", "It rises"), ("stay", "It stays about the same"), ("fall", "It falls"))
"""What one can expect of trust: a key, and its words."""

RULE = "About the same: no change in the second decimal."

EXPECTED = {"rise": "to rise", "stay": "to stay", "fall": "to fall"}


def came(before: float, after: float) -> str:
    """Return which expectation a change of trust bears out: ``rise``, ``fall``, or ``stay`` if none is shown."""
    if share(before) == share(after):
        return "stay"
    return "rise" if after > before else "fall"


def expected(expectation: str, before: float, after: float) -> str:
    """Say what was expected of trust, and what came."""
    right = came(before, after) == expectation
    return (
        f"You expected trust {EXPECTED[expectation]}. It {moved(before, after)}, "
        f"{'as' if right else 'other than'} you expected."
    )
