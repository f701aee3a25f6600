"""What a test looks at of records that were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.records.reading import Records
    from experiments.tables.columns import Floats

__all__ = ["panel", "said"]


def said(records: Records) -> str:
    """Return all that was said of the records."""
    return " ".join(records.notes)


def panel(records: Records, name: str = "wai_sr_client") -> Floats:
    """Return a score, shape (clients, sessions): the alliance, if nothing else is named."""
    return records.tables.panel(name)
