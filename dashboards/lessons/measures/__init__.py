"""What lessons measure: the outcomes and statistics of the project, in units a class can picture."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from dashboards.lessons.measures.associations import ASSOCIATIONS
from dashboards.lessons.measures.benefit import BENEFIT
from dashboards.lessons.measures.curves import CURVES
from dashboards.lessons.measures.leaving import LEAVING
from dashboards.lessons.measures.measure import as_catalogued
from dashboards.lessons.measures.sessions import SESSIONS
from dashboards.lessons.measures.trials import TRIALS
from experiments.catalogue import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.lessons.measures.measure import LessonMeasure

__all__ = ["MEASURES"]

MEASURES: Mapping[str, LessonMeasure] = MappingProxyType(
    {
        row.name: row
        for row in (
            *map(as_catalogued, OUTCOMES),
            *LEAVING,
            *BENEFIT,
            *SESSIONS,
            *CURVES,
            *ASSOCIATIONS,
            *TRIALS,
        )
    }
)
"""Everything a lesson can measure, by name: what is written for lessons, and every outcome of the catalogue."""
