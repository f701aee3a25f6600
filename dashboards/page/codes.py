"""The codes that lead phones to a page and to its lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.addresses.qr import qr_code

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["codes", "place_of"]


def place_of(url: str, key: str) -> str:
    """Return where a lesson is in a page that is put at `url`; empty if that is not known."""
    return f"{url}#lessons/{key}" if url else ""


def codes(url: str, keys: Sequence[str]) -> dict[str, str]:
    """Return QR codes in SVG, each lesson's by its key and the page's by an empty name; none without a URL."""
    if not url:
        return {}
    places = {"": url} | {key: place_of(url, key) for key in keys}
    return {name: qr_code(place, sized=False) for name, place in places.items()}
