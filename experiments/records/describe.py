"""Real session records beside published findings and the simulation.

`describe` reads a file, computes every statistic that its columns support, and sets it beside the
published and the simulated value. What cannot be computed is listed with the reason.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.evidence.facts_by_setting import DEFAULT, facts_for
from experiments.records import Records, read_records
from experiments.validation.results import plain_number
from experiments.validation.seeds import JUDGING
from experiments.validation.validate import resolve, validate
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from experiments.evidence.facts import Fact
    from experiments.statistics import Estimate, Tables

__all__ = [
    "Described",
    "Description",
    "NotDescribed",
    "Records",
    "describe",
    "describe_records",
    "grouped_jackknife",
    "read_records",
    "without_groups",
]

GROUPS = 20

NEEDS_CUT_OFF = frozenset(
    {
        "deterioration_rate",
        "dose_response_concavity",
        "dropout_definition_gap",
        "improvement_rate",
        "median_sessions_to_recovery",
        "recovered_by_session",
        "recovery_rate",
        "reliably_improved_by_session",
        "unchanged_rate",
    }
)
"""Statistics that mean nothing without a cut-off and a reliable change index."""


@dataclass(frozen=True, slots=True)
class Described:
    """One statistic of the records, beside the published and the simulated value.

    Attributes
    ----------
    id, statistic, published, low, high, status
        The published finding; `low` and `high` are what counts as inside for a simulation.
    yours, yours_low, yours_high
        The same statistic on the records, with its 95 % interval (`grouped_jackknife`).
    simulated
        On simulated studies; ``None`` where none were run.
    inside
        Whether `yours` lies between `low` and `high`.
    """

    id: str
    statistic: str
    published: float | None
    low: float
    high: float
    status: str
    yours: float
    yours_low: float
    yours_high: float
    simulated: float | None
    inside: bool


@dataclass(frozen=True, slots=True)
class NotDescribed:
    """A statistic that the records do not support, and why."""

    id: str
    statistic: str
    reason: str


@dataclass(frozen=True, slots=True)
class Description:
    """What the records say.

    Attributes
    ----------
    records
        As read, with notes.
    rows
        Every statistic the records support.
    not_described
        The others.
    preset
        What was simulated beside them.
    studies
        How many studies were; 0 for none.
    """

    records: Records
    rows: tuple[Described, ...]
    not_described: tuple[NotDescribed, ...]
    preset: str
    studies: int

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON; what is not a finite number is ``None``."""
        records = self.records
        return {
            "file": str(records.path),
            "columns": dict(records.columns),
            "rows": records.rows,
            "rows_left_out": records.rows_left_out,
            "clients": records.clients,
            "sessions": records.sessions,
            "therapists": records.therapists,
            "notes": list(records.notes),
            "preset": self.preset,
            "studies": self.studies,
            "statistics": [
                {key: plain_number(value) for key, value in asdict(row).items()}
                for row in self.rows
            ],
            "not_supported": [asdict(one) for one in self.not_described],
        }


def describe(
    path: str | Path,
    *,
    preset: str = DEFAULT,
    studies: int = 100,
    seed: int = JUDGING,
    on_fact: Callable[[int, int], None] | None = None,
    **columns: Any,
) -> Description:
    """Read session records and describe them; `columns` and ranges as for `read_records`."""
    return describe_records(
        read_records(path, **columns), preset=preset, studies=studies, seed=seed, on_fact=on_fact
    )


def describe_records(
    records: Records,
    *,
    preset: str = DEFAULT,
    studies: int = 100,
    seed: int = JUDGING,
    on_fact: Callable[[int, int], None] | None = None,
) -> Description:
    """Compute every statistic that the records support, beside published and simulated values.

    Parameters
    ----------
    records
        From `read_records`.
    preset
        The setting to compare with: its findings, and its simulation.
    studies
        Simulated studies; 0 to leave the simulation out.
    seed
        Of the simulation.
    on_fact
        As for `experiments.validation.validate.validate`.

    Raises
    ------
    AllianceError
        For a preset that does not exist.
    """
    _, _, setting = resolve(preset)
    parts = without_groups(records.tables)
    rows: list[tuple[Fact, Estimate]] = []
    missing: list[NotDescribed] = []
    for one in facts_for(setting):
        if one.policy:
            missing.append(NotDescribed(one.id, one.statistic, "needs a second arm"))
        elif one.latent:
            missing.append(
                NotDescribed(one.id, one.statistic, "needs what no questionnaire reports")
            )
        elif not records.has_cut_off and _needs_cut_off(one):
            missing.append(
                NotDescribed(one.id, one.statistic, "needs a symptom score with a cut-off")
            )
        else:
            estimate = _compute(one, records.tables, parts)
            if isinstance(estimate, str):
                missing.append(NotDescribed(one.id, one.statistic, estimate))
            else:
                rows.append((one, estimate))
    simulated: dict[str, float] = {}
    if studies and rows:
        found = validate(
            preset,
            setting=setting,
            studies=studies,
            seed=seed,
            facts=tuple(one for one, _ in rows),
            on_fact=on_fact,
        )
        simulated = {row.id: row.simulated for row in found.rows}
    return Description(
        records=records,
        rows=tuple(
            Described(
                id=one.id,
                statistic=one.statistic,
                published=one.value,
                low=one.low if one.low is not None else math.nan,
                high=one.high if one.high is not None else math.nan,
                status=one.status,
                yours=estimate.value,
                yours_low=estimate.low,
                yours_high=estimate.high,
                simulated=simulated.get(one.id),
                inside=one.inside(estimate.value),
            )
            for one, estimate in rows
        ),
        not_described=tuple(missing),
        preset=preset,
        studies=studies,
    )


def without_groups(tables: Tables, *, groups: int = GROUPS) -> tuple[Tables, ...]:
    """Return the tables without each group of clients in turn; none for few clients."""
    if tables.count < 2 * groups:
        return ()
    deal = np.arange(tables.count) % groups
    return tuple(tables.only(deal != group) for group in range(groups))


def grouped_jackknife(
    statistic: Callable[[Tables], float], tables: Tables, parts: Sequence[Tables]
) -> Estimate:
    """Compute a statistic and a 95 % interval from leaving out a group of clients at a time.

    The clients are dealt into groups in the order of their numbers; the statistic is computed
    without each group in turn, and the spread of those values gives its standard error (the
    delete-a-group jackknife; Kott 2001, *Journal of Official Statistics* 17:521-526). The interval
    uses Student's t. With few clients there is no interval (``nan``).
    """
    from scipy.special import stdtrit

    from experiments.statistics import Estimate

    value = float(statistic(tables))
    groups = len(parts)
    if not groups or not math.isfinite(value):
        return Estimate(value, math.nan, math.nan)
    values = np.array([statistic(part) for part in parts])
    if not np.isfinite(values).all():
        return Estimate(value, math.nan, math.nan)
    error = math.sqrt(float(((values - values.mean()) ** 2).sum()) * (groups - 1) / groups)
    half = float(stdtrit(groups - 1, 0.975)) * error
    return Estimate(value, value - half, value + half)


def _needs_cut_off(one: Fact) -> bool:
    arguments = dict(one.arguments)
    return (
        one.statistic_function in NEEDS_CUT_OFF
        or arguments.get("definition") in {"no_recovery", "unilateral_unimproved"}
        or arguments.get("who") == "recovered"
    )


def _compute(one: Fact, tables: Tables, parts: Sequence[Tables]) -> Estimate | str:
    """Return the statistic, or the reason why these records do not give it."""
    from experiments.statistics import MissingColumnError, statistic

    assert one.statistic_function is not None
    function = partial(statistic(one.statistic_function), **dict(one.arguments))
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            estimate = grouped_jackknife(function, tables, parts)
    except MissingColumnError as error:
        return f"no such column: {str(error).partition(' ')[0]}"
    except AllianceError as error:
        return str(error)
    except (ArithmeticError, ValueError, IndexError) as error:
        return f"too little in the records ({type(error).__name__})"
    if math.isnan(estimate.value):
        return "too few clients or scores"
    return estimate
