"""What is measured: outcomes of a run, series over sessions, statistics of published findings."""

from __future__ import annotations

from inspect import isfunction, signature
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


def kind_table() -> str:
    """Return the functions of `experiments.outcomes.kinds` that compute most outcomes."""
    from experiments.outcomes import kinds

    found = ((name, getattr(kinds, name)) for name in kinds.__all__)
    made = [(name, one) for name, one in found if isfunction(one) and name != "started"]
    rows = [
        (
            code(f"{name}({', '.join(signature(one).parameters)})"),
            _as_noun(str(one.__doc__).partition("\n")[0]),
        )
        for name, one in made
    ]
    return table(("Function", "What it computes"), rows)


def _as_noun(sentence: str) -> str:
    """Return what a function returns, from the sentence that says that it returns it."""
    told = sentence.removeprefix("Return ")
    return told[:1].upper() + told[1:]


def unit_table() -> str:
    """Return the units that measures are counted in."""
    from experiments.quantities import unit

    units = ((name, getattr(unit, name)) for name in unit.__all__)
    rows = [(code(name), one.name) for name, one in units if isinstance(one, unit.Unit)]
    return table(
        ("Unit", "What is written"),
        [*rows, (code("points_of(column)"), "points of a questionnaire")],
    )


def _table(measures: Mapping[str, Any]) -> str:
    rows = [(code(name), one.meaning, one.unit.name) for name, one in measures.items()]
    return table(("Name", "Meaning", "Unit"), rows)
