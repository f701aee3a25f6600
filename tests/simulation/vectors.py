"""Whether machine code works on several lanes at once, by what stands in it."""

from __future__ import annotations

import platform
import re

import pytest

PACKED = {
    "x86_64": (r"\bv?mulpd\b", r"\bv?mulsd\b"),
    "amd64": (r"\bv?mulpd\b", r"\bv?mulsd\b"),
    "aarch64": (r"\bfmul\s+(v\d+\.2d|z\d+\.d)", r"\bfmul\s+d\d+"),
    "arm64": (r"\bfmul(\.2d|\s+v\d+\.2d|\s+z\d+\.d)", r"\bfmul\s+d\d+"),
}
"""Multiplications of several doubles at once, and of one."""

MASKED_STORE = re.compile(r"vmaskmovpd|vmovup[ds]\s+%[xyz]mm\d+, [^\n]*\{%k")
"""Stores of some lanes only, which take three times as long as a store of all (`simulation.numerics.where_due`)."""

HERE = platform.machine().lower()

SINGLE_ON_ARM = frozenset({"week_block"})
"""Kernels of which LLVM judges that two lanes are no gain on ARM: some thirty multiplications a therapist's week."""

vector_machine = pytest.mark.skipif(HERE not in PACKED, reason="Unknown machine code.")


def packed_share(code: str, processor: str = HERE) -> float:
    """Share of the multiplications that work on several lanes at once."""
    packed, single = (len(re.findall(pattern, code)) for pattern in PACKED[processor])
    assert packed + single > 10
    return packed / (packed + single)


def skip_single(kernel: str) -> None:
    """Skip the test where this kernel works on one lane at a time."""
    if kernel in SINGLE_ON_ARM and HERE in {"aarch64", "arm64"}:
        pytest.skip("LLVM judges that two lanes are no gain here.")
