"""Whether machine code works on several lanes at once, by what stands in it."""

from __future__ import annotations

import platform
import re

import pytest

PACKED = {
    "x86_64": (r"\bv?mulpd\b", r"\bv?mulsd\b"),
    "amd64": (r"\bv?mulpd\b", r"\bv?mulsd\b"),
    "aarch64": (r"\bfmul\s+v\d+\.2d", r"\bfmul\s+d\d+"),
    "arm64": (r"\bfmul\.2d|\bfmul\s+v\d+\.2d", r"\bfmul\s+d\d+"),
}
"""Multiplications of several doubles at once, and of one."""

MASKED_STORE = re.compile(r"vmaskmovpd|vmovup[ds]\s+%[xyz]mm\d+, [^\n]*\{%k")
"""Stores of some lanes only, which take three times as long as a store of all (`simulation.numerics.where_due`)."""

HERE = platform.machine().lower()

vector_machine = pytest.mark.skipif(HERE not in PACKED, reason="Unknown machine code.")


def packed_share(code: str, processor: str = HERE) -> float:
    """Share of the multiplications that work on several lanes at once."""
    packed, single = (len(re.findall(pattern, code)) for pattern in PACKED[processor])
    assert packed + single > 10
    return packed / (packed + single)
