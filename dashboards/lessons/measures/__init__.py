"""What lessons measure: the outcomes and statistics of the project, in units a class can picture."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from dashboards.lessons.measures.associations import ASSOCIATIONS
from dashboards.lessons.measures.benefit import BENEFIT
from dashboards.lessons.measures.curves import CURVES
from dashboards.lessons.measures.leaving import LEAVING
from dashboards.lessons.measures.sessions import SESSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.lessons.measures.measure import Measure

__all__ = ["MEASURES"]

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {row.name: row for row in (*LEAVING, *BENEFIT, *SESSIONS, *CURVES, *ASSOCIATIONS)}
)
"""Everything a lesson can measure, by name."""
