"""A comparison as files: its numbers as tables, and the study that runs both arms again to the same numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.catalogue import OUTCOMES
from experiments.design.listed_designs import Cases
from experiments.design.parameter_space import BASE, PRESET
from experiments.design.replication import Fixed
from experiments.design.study import Study
from simulation.dyads.catalogue import name_of

if TYPE_CHECKING:
    import polars as pl

    from dashboards.comparisons.comparison import Arm, Comparison

__all__ = [
    "comparison_file",
    "comparison_study",
    "differences_table",
    "replicates_table",
    "sessions_table",
]

ARM = "arm"
"""What the arms are levels of, in the study and in its tables."""


def comparison_study(a: Arm, b: Arm, seed: int, replicates: int) -> Study:
    """Return the study of two cases that runs the same clinics: same seed, same replicates, same bits.

    What both arms set stands in its settings, what parts them in its cases, so that the file says what is compared.

    Raises
    ------
    AllianceError
        If it cannot be run.
    """
    own, other = a.parameters.changed(), b.parameters.changed()
    shared = {name: value for name, value in own.items() if other.get(name) == value}
    apart = [name for name in own | other if name not in shared]
    models = [name_of(type(arm.parameters)) for arm in (a, b)]

    def case(arm: Arm, model: str) -> dict[str, Any]:
        theirs = {PRESET: model or BASE} if any(models) else {}
        return theirs | {
            name: getattr(arm.parameters, name)
            for name in apart
            if name in type(arm.parameters).rows
        }

    return Study(
        name=f"{b.label} against {a.label}",
        question=f"What differs between {a.label} and {b.label}, under the same luck?",
        settings=shared,
        design=Cases(name=ARM, cases={a.label: case(a, models[0]), b.label: case(b, models[1])}),
        outcomes=tuple(OUTCOMES),
        replication=Fixed(replicates=replicates),
        seed=seed,
    )


def comparison_file(a: Arm, b: Arm, seed: int, replicates: int) -> str:
    """Return the study as the TOML file that ``alliance sweep`` runs to the same numbers."""
    return comparison_study(a, b, seed, replicates).to_toml()


def differences_table(comparison: Comparison) -> pl.DataFrame:
    """Return one row an outcome: mean in both arms, difference b - a with 95 % interval, variance saved."""
    import polars as pl

    rows = comparison.outcomes.values()
    numbers = {
        "a": [one.a for one in rows],
        "b": [one.b for one in rows],
        "difference": [one.estimate.value for one in rows],
        "difference_low": [one.estimate.low for one in rows],
        "difference_high": [one.estimate.high for one in rows],
        "variance_saved": [np.nan if one.saved is None else one.saved for one in rows],
    }
    columns = [
        pl.Series("outcome", list(comparison.outcomes)),
        pl.Series("unit", [one.outcome.unit.name for one in rows]),
        pl.Series("arm_a", [comparison.a.label] * len(rows)),
        pl.Series("arm_b", [comparison.b.label] * len(rows)),
        pl.Series("replicates", [comparison.done] * len(rows), dtype=pl.UInt32),
        *(
            pl.Series(name, values, dtype=pl.Float64).fill_nan(None)
            for name, values in numbers.items()
        ),
    ]
    return pl.DataFrame(columns)


def replicates_table(comparison: Comparison) -> pl.DataFrame:
    """Return one row a clinic: ``point``, ``replicate``, ``arm``, every outcome; as the study's results."""
    import polars as pl

    arms = (
        (comparison.a.label, comparison.per_replicate_a),
        (comparison.b.label, comparison.per_replicate_b),
    )
    frames = [
        pl.DataFrame(
            {
                "point": np.full(comparison.done, point, dtype=np.uint32),
                "replicate": np.arange(comparison.done, dtype=np.uint32),
                ARM: [label] * comparison.done,
                **values,
            }
        )
        for point, (label, values) in enumerate(arms)
    ]
    return pl.concat(frames)


def sessions_table(comparison: Comparison) -> pl.DataFrame:
    """Return one row a session of an arm: clients who held it in all replicates, every curve with its interval."""
    import polars as pl

    arms = (
        (comparison.a.label, comparison.number_a, comparison.curves_a),
        (comparison.b.label, comparison.number_b, comparison.curves_b),
    )
    frames = []
    for label, number, curves in arms:
        columns = [
            pl.Series(ARM, [label] * len(number)),
            pl.Series("session", np.arange(1, len(number) + 1), dtype=pl.UInt32),
            pl.Series("clients", number),
        ]
        for name, band in curves.items():
            ends = {"": band.value, "_low": band.low, "_high": band.high}
            columns += [pl.Series(f"{name}{end}", v).fill_nan(None) for end, v in ends.items()]
        frames.append(pl.DataFrame(columns))
    return pl.concat(frames)
