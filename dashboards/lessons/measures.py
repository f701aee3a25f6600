"""What lessons measure: the outcomes and statistics of the project, in units a class can picture.

A measure is computed once over all clinics of an arm, and once in each of their parts (single clinics, or batches of
them where a statistic needs many clients). Arms share their random numbers, so parts of two arms are paired.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from experiments.outcome_tables import Tables as OutcomeTables
from experiments.outcomes import CUT_OFF, outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from experiments.statistics import Tables
    from simulation.results import Result

    Numbers = NDArray[np.float64]

__all__ = ["MEASURES", "ArmRun", "Measure", "Parts", "thirds_by_first_rating"]

BATCHES = 20
"""Into how many parts the clinics of an arm are dealt for a statistic."""


@dataclass(frozen=True, eq=False)
class ArmRun:
    """The finished run of one arm, and its tables in the two forms that outcomes and statistics read."""

    name: str
    title: str
    result: Result

    @cached_property
    def outcome_tables(self) -> OutcomeTables:
        """Columns by replicate, as `experiments.outcomes` reads them."""
        run = self.result
        return OutcomeTables(
            run.first_replicate,
            run.replicates,
            run.columns("clients"),
            run.columns("therapists"),
            run.columns("sessions"),
        )

    @cached_property
    def tables(self) -> Tables:
        """Tables, as `experiments.statistics` reads them."""
        from experiments.statistics import Tables

        return Tables(self.result.clients, self.result.sessions, self.result.therapists)


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """A number over all clinics of an arm, and the same in each part of them, shape (parts,)."""

    value: float
    parts: Numbers


@dataclass(frozen=True, slots=True)
class Measure:
    """Something a lesson measures.

    Attributes
    ----------
    name, meaning
        As lessons name it, and one line.
    unit
        As it stands behind a number: ``"clients in 100"``; empty for a correlation.
    digits
        Decimals worth showing.
    more, less
        What a difference is called: ``more`` and ``fewer`` clients.
    compute
        From a finished arm to the number and its parts.
    """

    name: str
    meaning: str
    unit: str
    digits: int
    more: str
    less: str
    compute: Callable[[ArmRun], Parts]


def thirds_by_first_rating(run: ArmRun) -> tuple[NDArray[np.bool_], ...]:
    """Return who gave the alliance of session 1 a low, a middling and a high rating: thirds of all starters."""
    tables = run.tables
    first = tables.panel("wai_sr_client")[:, 0]
    lower, upper = np.nanquantile(first[tables.started], [1 / 3, 2 / 3])
    low, high = first <= lower, first > upper
    return low, tables.started & ~low & ~high, high


def _outcome(name: str, factor: float = 1.0) -> Callable[[ArmRun], Parts]:
    def compute(run: ArmRun) -> Parts:
        parts = outcome(name).compute(run.outcome_tables) * factor
        known = parts[np.isfinite(parts)]
        return Parts(float(known.mean()) if known.size else float("nan"), parts)

    return compute


def _statistic(
    function: Callable[[Tables], float], factor: float = 1.0
) -> Callable[[ArmRun], Parts]:
    def compute(run: ArmRun) -> Parts:
        batches = run.tables.batches(min(BATCHES, run.tables.studies))
        return Parts(
            function(run.tables) * factor, np.array([function(one) * factor for one in batches])
        )

    return compute


def _named(name: str, factor: float = 1.0, **arguments: object) -> Callable[[ArmRun], Parts]:
    def compute(run: ArmRun) -> Parts:
        from experiments.statistics import statistic

        return _statistic(partial(statistic(name), **arguments), factor)(run)

    return compute


def _mean_where(
    values: Callable[[Tables], Numbers], who: Callable[[Tables], NDArray[np.bool_]]
) -> Callable[[Tables], float]:
    def function(tables: Tables) -> float:
        chosen = values(tables)[who(tables)]
        known = chosen[np.isfinite(chosen)]
        return float(known.mean()) if known.size else float("nan")

    return function


def _left(tables: Tables) -> Numbers:
    return tables.dropped_out.astype(np.float64)


def _dropout_of_third(which: int) -> Callable[[ArmRun], Parts]:
    def compute(run: ArmRun) -> Parts:
        chosen = thirds_by_first_rating(run)[which]
        tables = run.tables
        left = _left(tables)
        study = np.asarray(tables.study)
        batches = min(BATCHES, tables.studies)
        parts = [left[chosen & (study % batches == one)].mean() for one in range(batches)]
        return Parts(100.0 * float(left[chosen].mean()), 100.0 * np.array(parts))

    return compute


def _gap_of_thirds(run: ArmRun) -> Parts:
    weak, strong = _dropout_of_third(0)(run), _dropout_of_third(2)(run)
    return Parts(weak.value - strong.value, weak.parts - strong.parts)


def _head_start(tables: Tables, session: int = 16) -> float:
    """Return the first rating of those still there in a late session, less that of all who began."""
    return _late_rise(tables, same_clients=False, session=session) - _late_rise(
        tables, same_clients=True, session=session
    )


def _well(tables: Tables) -> Numbers:
    return 100.0 * (tables.client("core_10_last") < CUT_OFF).astype(np.float64)


def _present(tables: Tables, session: int) -> NDArray[np.bool_]:
    panel = tables.panel("wai_sr_client")
    if panel.shape[1] < session:
        return np.zeros(tables.count, dtype=bool)
    return np.isfinite(panel[:, session - 1])


def _late_rise(tables: Tables, *, same_clients: bool, session: int = 16) -> float:
    """Return mean rating in a late session less that in session 1, of everybody or of those still there."""
    panel = tables.panel("wai_sr_client")
    there = _present(tables, session)
    if not there.any():
        return float("nan")
    first = panel[there, 0] if same_clients else panel[tables.started, 0]
    return float(np.nanmean(panel[there, session - 1]) - np.nanmean(first))


def _v_shapes(tables: Tables) -> float:
    from experiments.statistics import v_shapes

    return v_shapes(tables).share


def _v_shapes_in_noise(tables: Tables) -> float:
    from experiments.statistics import v_shapes

    return v_shapes(tables).null


def _best_less_worst(run: ArmRun) -> Parts:
    """Return the gap between the best and the worst therapist of a team, in mean fall of CORE-10."""
    tables = run.outcome_tables
    team = run.result.parameters.therapists
    key = tables.of_client * team + np.maximum(np.asarray(tables.clients["therapist"]), 0)
    size = tables.replicates * team
    seen = np.bincount(key[tables.measured], minlength=size).reshape(-1, team)
    total = np.bincount(key[tables.measured], tables.change[tables.measured], size).reshape(
        -1, team
    )
    mean = np.where(seen >= 5, total / np.maximum(seen, 1), np.nan)
    parts = np.nanmax(mean, axis=1) - np.nanmin(mean, axis=1)
    return Parts(float(parts.mean()), parts)


CLIENTS, POINTS, RATING = "clients in 100", "CORE-10 points", "points of the WAI-SR"
PERCENT = "%"


def _declare(*rows: Measure) -> Mapping[str, Measure]:
    return MappingProxyType({row.name: row for row in rows})


MEASURES: Mapping[str, Measure] = _declare(
    Measure(
        "dropped_out",
        "Clients who leave on their own.",
        CLIENTS,
        1,
        "more",
        "fewer",
        _outcome("dropout_rate", 100.0),
    ),
    Measure(
        "completed",
        "Clients who end by plan.",
        CLIENTS,
        1,
        "more",
        "fewer",
        _outcome("completion_rate", 100.0),
    ),
    Measure(
        "recovered",
        "Clients who recover on CORE-10, of those in clinical range.",
        CLIENTS,
        1,
        "more",
        "fewer",
        _outcome("recovery_rate", 100.0),
    ),
    Measure(
        "deteriorated",
        "Clients who get reliably worse on CORE-10.",
        CLIENTS,
        1,
        "more",
        "fewer",
        _outcome("reliable_deterioration_rate", 100.0),
    ),
    Measure(
        "improvement",
        "Mean fall of CORE-10 from intake to the last session.",
        POINTS,
        1,
        "more",
        "less",
        _outcome("core_10_change"),
    ),
    Measure(
        "sessions",
        "Mean number of sessions.",
        "sessions",
        1,
        "more",
        "fewer",
        _outcome("mean_sessions"),
    ),
    Measure(
        "early_leavers",
        "Dropouts who leave after session 1 or 2.",
        "dropouts in 100",
        0,
        "more",
        "fewer",
        _outcome("early_dropout_share", 100.0),
    ),
    Measure(
        "dropped_out_weak",
        "Dropout of the third with the weakest first alliance.",
        CLIENTS,
        1,
        "more",
        "fewer",
        _dropout_of_third(0),
    ),
    Measure(
        "dropped_out_strong",
        "Dropout of the third with the strongest first alliance.",
        CLIENTS,
        1,
        "more",
        "fewer",
        _dropout_of_third(2),
    ),
    Measure(
        "gap_of_thirds",
        "Dropout of the third with the weakest first alliance, less the strongest.",
        CLIENTS,
        1,
        "more",
        "fewer",
        _gap_of_thirds,
    ),
    Measure(
        "well_dropouts",
        "Dropouts whose last CORE-10 is below the clinical cut-off.",
        "dropouts in 100",
        0,
        "more",
        "fewer",
        _statistic(_mean_where(_well, lambda tables: tables.dropped_out)),
    ),
    Measure(
        "ruptures",
        "Ruptures in 100 sessions.",
        "ruptures in 100 sessions",
        1,
        "more",
        "fewer",
        _outcome("ruptures_per_session", 100.0),
    ),
    Measure(
        "repaired",
        "Ruptures that are repaired.",
        "ruptures in 100",
        0,
        "more",
        "fewer",
        _outcome("repair_rate", 100.0),
    ),
    Measure(
        "crossings",
        "Boundary crossings in 100 sessions.",
        "crossings in 100 sessions",
        1,
        "more",
        "fewer",
        _outcome("crossings_per_session", 100.0),
    ),
    Measure(
        "felt_alliance",
        "Latent alliance over all sessions, in percent of its range.",
        PERCENT,
        1,
        "more",
        "less",
        _outcome("mean_alliance", 100.0),
    ),
    Measure(
        "rated_alliance",
        "WAI-SR by the client in session 3.",
        RATING,
        1,
        "more",
        "fewer",
        _outcome("early_wai_sr_client"),
    ),
    Measure(
        "perceived_empathy",
        "Empathy as clients rate it (BLRI).",
        "points of the BLRI",
        1,
        "more",
        "fewer",
        _outcome("mean_blri_empathy"),
    ),
    Measure(
        "fatigue",
        "Therapists' fatigue over the weeks, in percent of its range.",
        PERCENT,
        0,
        "more",
        "less",
        _outcome("mean_fatigue", 100.0),
    ),
    Measure(
        "still_there",
        "Clients still in treatment at session 16.",
        CLIENTS,
        0,
        "more",
        "fewer",
        _statistic(
            _mean_where(
                lambda tables: 100.0 * _present(tables, 16).astype(np.float64),
                lambda tables: tables.started,
            )
        ),
    ),
    Measure(
        "rise_of_curve",
        "Rating of those still there at session 16, less that of all at session 1.",
        RATING,
        1,
        "more",
        "fewer",
        _statistic(partial(_late_rise, same_clients=False)),
    ),
    Measure(
        "rise_of_people",
        "Change of the same clients' rating from session 1 to 16.",
        RATING,
        1,
        "more",
        "fewer",
        _statistic(partial(_late_rise, same_clients=True)),
    ),
    Measure(
        "head_start",
        "First rating of those still there at session 16, less that of all who began.",
        RATING,
        1,
        "more",
        "fewer",
        _statistic(_head_start),
    ),
    Measure(
        "v_shapes",
        "Clients with a fall and recovery of their alliance rating.",
        CLIENTS,
        0,
        "more",
        "fewer",
        _statistic(_v_shapes, 100.0),
    ),
    Measure(
        "v_shapes_in_noise",
        "The same in random numbers with the same spread and memory.",
        CLIENTS,
        0,
        "more",
        "fewer",
        _statistic(_v_shapes_in_noise, 100.0),
    ),
    Measure(
        "alliance_outcome",
        "Correlation of client-rated alliance, sessions 3 to 5, with outcome.",
        "",
        2,
        "higher",
        "lower",
        _named("process_outcome_r"),
    ),
    Measure(
        "first_session_outcome",
        "The same with the rating of session 1.",
        "",
        2,
        "higher",
        "lower",
        _named("process_outcome_r", sessions=(1, 1)),
    ),
    Measure(
        "therapist_rated_outcome",
        "The same with the alliance as the therapist rates it.",
        "",
        2,
        "higher",
        "lower",
        _named("process_outcome_r", column="wai_sr_therapist"),
    ),
    Measure(
        "next_session",
        "Standardised change of distress after a better session than usual.",
        "",
        2,
        "higher",
        "lower",
        _named("lagged_beta"),
    ),
    Measure(
        "relief_first",
        "Standardised change of alliance after more distress than usual.",
        "",
        2,
        "higher",
        "lower",
        _named("lagged_beta", cause="core_10", effect="wai_sr_client"),
    ),
    Measure(
        "therapist_share",
        "Share of outcome variance between therapists.",
        PERCENT,
        1,
        "more",
        "less",
        _named("therapist_share", 100.0),
    ),
    Measure(
        "best_less_worst",
        "Gap between a team's best and worst therapist, in mean improvement.",
        POINTS,
        1,
        "more",
        "less",
        _best_less_worst,
    ),
    Measure(
        "agreement",
        "Correlation of client's and therapist's rating of the alliance, session 3.",
        "",
        2,
        "higher",
        "lower",
        _named("rater_agreement_r"),
    ),
    Measure(
        "rated_share",
        "WAI-SR by the client in session 3, in percent of its range.",
        PERCENT,
        0,
        "more",
        "less",
        _named("level_fraction", 100.0),
    ),
    Measure(
        "rated_over_felt",
        "Rated less felt alliance over all sessions, in percent of the range.",
        PERCENT,
        0,
        "more",
        "less",
        _named("reported_minus_felt", 100.0),
    ),
    Measure(
        "at_ceiling",
        "Client ratings in the top twentieth of the scale, session 3.",
        "ratings in 100",
        0,
        "more",
        "fewer",
        _named("ceiling_share", 100.0),
    ),
    Measure(
        "empathy_and_alliance",
        "Correlation of two ratings by the same client: empathy, alliance.",
        "",
        2,
        "higher",
        "lower",
        _named("relationship_measures_r"),
    ),
    Measure(
        "repair_link",
        "Correlation of repaired ruptures with outcome, between clients.",
        "",
        2,
        "higher",
        "lower",
        _named("repair_outcome_r"),
    ),
)
"""Everything a lesson can measure, by name."""
