"""Measures written into a page in Markdown, between two marks, the rest of it kept."""

from __future__ import annotations

import platform
from datetime import date
from typing import TYPE_CHECKING

from simulation.cores import available_cores
from simulation.errors import AllianceError
from simulation.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["measured_on", "write_between"]


def measured_on() -> str:
    """Return when and on what was measured, as a sentence."""
    today = f"{date.today():%d %B %Y}".lstrip("0")
    return (
        f"Measured on {today} with Python {platform.python_version()} on {platform.machine()}, "
        f"{available_cores()} cores."
    )


def write_between(page: Path, begin: str, end: str, parts: Sequence[str]) -> None:
    """Write paragraphs in the place of what stands between two marks.

    Raises
    ------
    AllianceError
        If the page cannot be read or written, or has no such marks.
    """
    try:
        text = page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text"
        raise AllianceError(f"{page} cannot be read: {reason}.") from None
    before, found, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise AllianceError(
            f"{page} has no place for the table: put {begin} and {end} on lines of their own."
        )
    write_whole(page, "\n\n".join((before + begin, *parts, end + after)).encode())
