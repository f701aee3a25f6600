"""What the chance room of a page needs beside the model's own tables."""

from __future__ import annotations

from typing import Any

from dashboards.charts.figures import as_json
from dashboards.classroom.samples import (
    CONTRASTS,
    LONG_RUN,
    MEANING,
    MOST_STUDENTS,
    STORY,
    STUDENTS,
    WONDER,
)

__all__ = ["chance"]


def chance() -> dict[str, Any]:
    """Return what is compared, by how many students at most, and of how many clinics the long run is."""
    return {
        "contrasts": [as_json(one) for one in CONTRASTS],
        "most": MOST_STUDENTS,
        "students": STUDENTS,
        "long": LONG_RUN,
        "words": {"story": STORY, "wonder": WONDER, "meaning": MEANING},
    }
