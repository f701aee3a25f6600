"""How much better clients got: change, reliable change, dose and response.

Scores are reported symptom scores (CORE-10, 0-40, higher is worse) unless another column is
named. *Starters* are clients who attended at least one session; their last score is carried
forward, whatever the reason they left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import DEVIATIONS_AT_INTAKE, SESSIONS, SHARE
from experiments.statistics.client_scores import (
    carried_forward,
    filled_forward,
    intake_score,
    last_score,
)
from experiments.statistics.gains import gain_lines_without_each
from experiments.statistics.left_out import Dealt, where_sure
from experiments.statistics.pooling import centred
from experiments.statistics.quantiles import quantile_of_times
from experiments.tables.clinical_change import (
    CUT_OFF,
    RELIABLE_CHANGE,
    clinical,
    improved,
    recovered,
)
from experiments.tables.endings import PLANNED
from experiments.tables.groups import added_up, counted
from experiments.tables.keeping import (
    found_for_all_parts,
    kept_by_client,
    kept_by_study,
    kept_by_tables,
    lacking_few,
    summed_over_clients,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "ChangeRates",
    "Group",
    "among",
    "carried_forward",
    "change_rates",
    "deterioration_rate",
    "dose_response_concavity",
    "dose_response_curve",
    "filled_forward",
    "improvement_rate",
    "intake_score",
    "last_score",
    "median_sessions_to_recovery",
    "pre_post_d",
    "recovered_by_session",
    "recovery_rate",
    "reliably_improved_by_session",
    "residual_gain",
    "standardised_relief",
    "unchanged_rate",
]

Group = Literal["starters", "completers"]


@dataclass(frozen=True)
class ChangeRates:
    """Shares of clients by kind of change (Jacobson & Truax 1991).

    Attributes
    ----------
    recovered
        Of those at or above the cut-off at intake: reliably improved and below it at the end.
    improved
        Improved by at least the reliable change index (recovered or not).
    unchanged
        Change smaller than the index.
    deteriorated
        Worse by at least the index.
    """

    recovered: float
    improved: float
    unchanged: float
    deteriorated: float


@kept_by_study
def residual_gain(tables: RunTables, symptom: str = "core_10") -> Floats:
    """Standardised residual gain of each starter, signed so that + is better.

    In each study the last score is regressed on the intake score; the residual, with its sign
    turned, is divided by its standard deviation (Cronbach & Furby 1970). This is what "outcome"
    means in every correlation with outcome.

    Returns
    -------
    ndarray, shape (clients,)
        In standard deviations; ``nan`` for clients who did not start or gave no score.
    """
    x, y = intake_score(tables, symptom), last_score(tables, symptom)
    less = lacking_few(tables)
    if less is not None and less.whole.studies == 1:
        by_line = gain_lines_without_each(less.whole, symptom, less.deal).of(less.number, x, y)
        if by_line is not None:
            return by_line
    gain = np.full(tables.count, np.nan)
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return gain
    study, studies = tables.study[known], tables.studies
    x, y = centred(x[known], study), centred(y[known], study)
    sxx, sxy = added_up(x * x, study, studies), added_up(x * y, study, studies)
    slope = np.divide(sxy, sxx, out=np.zeros(studies), where=sxx > 0)
    residual = slope[study] * x - y
    square = added_up(residual**2, study, studies)
    freedom = counted(study, studies) - 2
    variance = np.divide(square, freedom, out=np.full(studies, np.nan), where=freedom > 0)
    variance[variance <= 1e-12] = np.nan
    gain[known] = residual / np.sqrt(variance[study])
    return gain


@kept_by_tables
def standardised_relief(tables: RunTables, symptom: str = "core_10") -> Floats:
    """Fall in score of each starter ÷ SD at intake within studies, shape (clients,)."""
    x, y = intake_score(tables, symptom), last_score(tables, symptom)
    known = np.isfinite(x) & np.isfinite(y)
    relief = np.full(tables.count, np.nan)
    if known.sum() < 3:
        return relief
    study = tables.study[known]
    freedom = max(int(known.sum()) - int((np.bincount(study) > 0).sum()), 1)
    spread = math.sqrt(float((centred(x[known], study) ** 2).sum()) / freedom)
    if spread > 0:
        relief[known] = (x[known] - y[known]) / spread
    return relief


def pre_post_d(tables: RunTables, symptom: str = "core_10") -> float:
    """Pre-post effect size of all starters: mean fall ÷ SD at intake (F87; Minami et al. 2007)."""
    return _pre_post_d(tables, symptom)


def _pre_post_d_without_each(tables: RunTables, deal: Deal, symptom: str) -> Sequence[float | None]:
    if tables.studies != 1:
        return ()
    lines = gain_lines_without_each(tables, symptom, deal)
    with np.errstate(invalid="ignore", divide="ignore"):
        relief = lines.means[:, 0] - lines.means[:, 1]
        return where_sure(relief / lines.at_intake, lines.sure)


@found_for_all_parts(_pre_post_d_without_each)
def _pre_post_d(tables: RunTables, symptom: str) -> float:
    relief = standardised_relief(tables, symptom)
    known = np.isfinite(relief)
    return float(relief[known].mean()) if known.any() else math.nan


def among(tables: RunTables, who: Group) -> Booleans:
    """Return the starters, or those of them whose treatment ended as planned.

    A planned ending is a completed treatment or the setting's session limit.
    """
    if who == "starters":
        return tables.started
    return tables.started & tables.status_is(*PLANNED)


@kept_by_tables
def change_rates(
    tables: RunTables,
    symptom: str = "core_10",
    *,
    cut_off: float = CUT_OFF,
    reliable_change: float = RELIABLE_CHANGE,
    who: Group = "starters",
    reliable: bool = True,
) -> ChangeRates:
    """Share of clients recovered, improved, unchanged and deteriorated (F86, F88).

    Parameters
    ----------
    tables, symptom
        Whose scores, and which.
    cut_off, reliable_change
        In points of the instrument; CORE-10: 11 and 6.
    who
        All starters, or completers only.
    reliable
        Whether recovery must also be reliable; the English national service counts every
        crossing of the cut-off (``False``).
    """
    x, y = intake_score(tables, symptom), last_score(tables, symptom)
    known = among(tables, who) & np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if x.size == 0:
        return ChangeRates(math.nan, math.nan, math.nan, math.nan)
    better, worse = improved(x, y, reliable_change), improved(y, x, reliable_change)
    case = clinical(x, cut_off)
    crossed = ~clinical(y, cut_off) & (better if reliable else True)
    return ChangeRates(
        recovered=float(crossed[case].mean()) if case.any() else math.nan,
        improved=float(better.mean()),
        unchanged=float((~better & ~worse).mean()),
        deteriorated=float(worse.mean()),
    )


def recovery_rate(tables: RunTables, *, who: Group = "starters", reliable: bool = True) -> float:
    """Share recovered of those clinical at intake; see `change_rates` (F86)."""
    return change_rates(tables, who=who, reliable=reliable).recovered


def improvement_rate(tables: RunTables, *, who: Group = "starters") -> float:
    """Share reliably improved; see `change_rates` (F86)."""
    return change_rates(tables, who=who).improved


def unchanged_rate(tables: RunTables, *, who: Group = "starters") -> float:
    """Share without reliable change; see `change_rates` (F88)."""
    return change_rates(tables, who=who).unchanged


def deterioration_rate(tables: RunTables, *, who: Group = "starters") -> float:
    """Share reliably worse; see `change_rates` (F88)."""
    return change_rates(tables, who=who).deteriorated


@kept_by_tables
def dose_response_curve(
    tables: RunTables, symptom: str = "core_10", *, reliable_change: float = RELIABLE_CHANGE
) -> Floats:
    """Share of all starters reliably improved at or before leaving, by session (F81).

    Element ``s`` counts each starter's last score at or before session ``s``; element 0 is 0
    by definition (Howard, Kopta, Krause & Orlinsky 1986).
    """
    sums = _improved_by_session(tables, symptom, reliable_change)
    return np.full(sums.size - 1, np.nan) if not sums[-1] else np.asarray(sums[:-1] / sums[-1])


@summed_over_clients
def _improved_by_session(tables: RunTables, symptom: str, reliable_change: float) -> Floats:
    """How many were reliably improved at or before each session, and last of how many, shape (1 + sessions + 1,)."""
    intake = intake_score(tables, symptom)
    known = tables.started & np.isfinite(intake)
    scores = carried_forward(tables, symptom)
    improved = (scores[:, :1] - scores >= reliable_change) & known[:, None]
    return np.column_stack([improved, known]).astype(np.float64)


def reliably_improved_by_session(tables: RunTables, *, session: int = 8) -> float:
    """Share of all starters reliably improved by a session; see `dose_response_curve` (F81)."""
    curve = dose_response_curve(tables)
    return float(curve[min(session, curve.size - 1)])


def dose_response_concavity(tables: RunTables, *, session: int = 8) -> float:
    """How much of the improvement by a session came in its first half, minus one half (F81-F83).

    Above 0: each further session adds less (a concave curve); 0: a straight line.
    """
    curve = dose_response_curve(tables)
    if curve.size <= session or curve[session] <= 0:
        return math.nan
    return float(curve[session // 2] / curve[session] - 0.5)


def median_sessions_to_recovery(tables: RunTables, *, share: float = 0.5) -> float:
    """Sessions until a share of clinical clients first recovered, Kaplan-Meier (F82).

    Time runs in sessions from intake; a client who leaves first is censored there, as in the
    survival analyses of Hansen, Lambert & Forman (2002). Recovery is reliable and clinically
    significant change.

    Returns
    -------
    float
        Sessions; ``inf`` when the share is never reached.
    """
    return _median_sessions(tables, share)


def _until_recovered(tables: RunTables, rows: Integers) -> tuple[Integers, Booleans]:
    """Return until which session some clients were not yet recovered, and whether they were then."""
    first = _first_recovered(tables).take(rows)
    last = np.minimum(tables.sessions_attended.take(rows), tables.width)
    return np.where(first > 0, first, last), first > 0


def _median_sessions_without_each(
    tables: RunTables, deal: Deal, share: float
) -> Sequence[float | None]:
    dealt = Dealt.of(deal, _clinical(tables))
    time, event = _until_recovered(tables, dealt.rows)
    both = np.array([event, np.ones(time.size)], dtype=np.float64)
    sums = dealt.group_sums(both, time, tables.width + 1)
    return [quantile_of_times(happened, left, share) for happened, left in sums]


@found_for_all_parts(_median_sessions_without_each)
def _median_sessions(tables: RunTables, share: float) -> float:
    time, event = _until_recovered(tables, np.flatnonzero(_clinical(tables)))
    happened, left = (np.bincount(some, minlength=tables.width + 1) for some in (time[event], time))
    return quantile_of_times(happened.astype(np.float64), left.astype(np.float64), share)


def recovered_by_session(tables: RunTables, *, session: int = 8, lasting: bool = True) -> float:
    """Share of clinical starters recovered by a session, the strict way (F83).

    Recovery is reliable and clinically significant; with ``lasting`` it must hold at every later
    session too (Kadera, Lambert & Andrews 1996).
    """
    case = _clinical(tables)
    if not case.any():
        return math.nan
    return float(_recovered_by(tables, session, lasting)[case].mean())


def _clinical(tables: RunTables) -> Booleans:
    """Return who was clinical at intake."""
    return tables.started & clinical(intake_score(tables))


@kept_by_client
def _first_recovered(tables: RunTables) -> Integers:
    """Return the first session in which each client was recovered; 0 for none."""
    recovered = _recovered_in_sessions(tables)
    if not tables.width:
        return np.zeros(tables.count, dtype=np.int64)
    return np.where(recovered.any(axis=1), recovered.argmax(axis=1) + 1, 0)


@kept_by_client
def _recovered_by(tables: RunTables, session: int, lasting: bool) -> Booleans:
    """Return who was recovered in a session up to this one; with `lasting`, in all later ones with a score, too."""
    recovered, held = _recovered_in_sessions(tables), np.isfinite(tables.panel("core_10"))
    if lasting:
        holds = recovered | ~held
        recovered = np.logical_and.accumulate(holds[:, ::-1], axis=1)[:, ::-1] & held
    return np.asarray(recovered[:, :session].any(axis=1))


@kept_by_client
def _recovered_in_sessions(tables: RunTables) -> Booleans:
    return recovered(intake_score(tables)[:, None], tables.panel("core_10"))


MEASURES = (
    Measure.of(pre_post_d, "effect size", DEVIATIONS_AT_INTAKE, level=True),
    Measure.of(recovery_rate, "recovery", SHARE, needs=("cut_off",), level=True),
    Measure.of(improvement_rate, "reliable improvement", SHARE, needs=("cut_off",), level=True),
    Measure.of(unchanged_rate, "no reliable change", SHARE, needs=("cut_off",), level=True),
    Measure.of(deterioration_rate, "reliable deterioration", SHARE, needs=("cut_off",), level=True),
    Measure.of(
        reliably_improved_by_session,
        "reliable improvement by a session",
        SHARE,
        needs=("cut_off",),
        level=True,
    ),
    Measure.of(
        dose_response_concavity,
        "how early the improvement comes",
        SHARE.of_differences(),
        needs=("cut_off",),
    ),
    Measure.of(
        median_sessions_to_recovery,
        "sessions until half have recovered",
        SESSIONS,
        needs=("cut_off",),
        level=True,
    ),
    Measure.of(
        recovered_by_session, "recovery by a session", SHARE, needs=("cut_off",), level=True
    ),
)
