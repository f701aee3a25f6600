"""An address as a QR code."""

from __future__ import annotations

import io
from functools import lru_cache

__all__ = ["qr_code"]


@lru_cache(maxsize=128)
def qr_code(text: str, *, sized: bool = True) -> str:
    """Return a QR code of `text` as inline SVG; without a size of its own it takes that of its place."""
    import segno

    buffer = io.BytesIO()
    segno.make(text, error="m").save(
        buffer,
        kind="svg",
        xmldecl=False,
        svgns=False,
        scale=4,
        border=3,
        light="#ffffff",
        nl=False,
        omitsize=not sized,
    )
    return buffer.getvalue().decode("utf-8")
