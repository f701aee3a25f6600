"""What is measured: outcomes of a run, series over sessions, statistics of published findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tables.markdown import code, table

if TYPE_CHECKING:
    from collections.abc import Mapping


def outcome_table() -> str:
    """Return every outcome that a study can store."""
    from experiments.catalogue import OUTCOMES

    return _table(OUTCOMES)


def series_table() -> str:
    """Return what can be asked for at a session, such as ``alliance@3``."""
    from experiments.outcomes.series import SERIES

    return table(("Column", "Unit"), [(code(name), unit.name) for name, unit in SERIES.items()])


def statistic_table() -> str:
    """Return every statistic and contrast that a finding can name."""
    from experiments.catalogue import CONTRASTS, STATISTICS

    return _table({**STATISTICS, **CONTRASTS})


def _table(measures: Mapping[str, Any]) -> str:
    rows = [(code(name), one.meaning, one.unit.name) for name, one in measures.items()]
    return table(("Name", "Meaning", "Unit"), rows)
