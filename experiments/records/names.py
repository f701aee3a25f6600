"""Names of columns in one spelling: ``UniqueClientID`` and ``Unique client-ID`` are the same name."""

from __future__ import annotations

import re

__all__ = ["plain"]

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "ê": "e"})


def plain(name: str) -> str:
    """Return a name in small letters and digits, its words parted by single blanks."""
    spaced = re.sub(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])", " ", name)
    return " ".join(re.sub(r"[^0-9a-z]+", " ", spaced.lower().translate(UMLAUTS)).split())
