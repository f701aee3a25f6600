"""How instruments behave: reliability, agreement of raters, level and ceiling, satisfaction."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import (
    CORRELATION,
    DEVIATIONS,
    NOT_NEGATIVE,
    SESSIONS,
    SHARE,
    Unit,
    points_of,
)
from experiments.statistics.alliance_outcome import last_available
from experiments.statistics.left_out import Dealt, where_sure
from experiments.statistics.outcome import intake_score, last_score
from experiments.statistics.pooling import centred, correlation_of
from experiments.statistics.variance_shares import window_shares
from experiments.statistics.windows import score_at
from experiments.tables.groups import added_over_sessions
from experiments.tables.keeping import (
    found_for_all_parts,
    kept_by_client,
    kept_by_tables,
    summed_over_clients,
)
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.tables.columns import Floats
    from experiments.tables.origin import Deal
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "agreement_convergence",
    "between_client_share",
    "ceiling_change",
    "ceiling_share",
    "generalizability",
    "intake_sd",
    "level_fraction",
    "rater_agreement_d",
    "rater_agreement_r",
    "reported_minus_felt",
    "satisfaction_alliance_r",
    "satisfaction_gain_r",
    "satisfaction_mean",
    "satisfaction_sessions_r",
    "score_sd",
    "sessions_for_generalizability",
    "skewness",
    "subscale_alpha",
]


def generalizability(
    tables: RunTables, column: str = "wai_sr_client", *, sessions: tuple[int, int] = (3, 8)
) -> float:
    """Generalizability of one session's score: differences between clients ÷ all variance (F60).

    A study of clients by sessions with session means removed: relative decisions, so a common
    course is not error (Crits-Christoph et al. 2011; Shavelson & Webb 1991). Differences between
    therapists count as differences between their clients.
    """
    return _generalizability(tables, column, sessions)


@kept_by_tables
def _generalizability(tables: RunTables, column: str, sessions: tuple[int, int]) -> float:
    return 1.0 - window_shares(tables, column, sessions, of="study").session


def between_client_share(tables: RunTables, column: str = "wai_sr_client") -> float:
    """Share of alliance variance that lies between clients, sessions 1-7 (F57, F59)."""
    return generalizability(tables, column, sessions=(1, 7))


def sessions_for_generalizability(
    tables: RunTables,
    *,
    wanted: float = 0.80,
    column: str = "wai_sr_client",
    sessions: tuple[int, int] = (3, 8),
) -> float:
    """How many sessions must be averaged to reach a generalizability (F60), not rounded up.

    Spearman-Brown: n = G'/(1 - G') · (1 - G)/G.
    """
    one = generalizability(tables, column, sessions=sessions)
    return wanted / (1.0 - wanted) * (1.0 - one) / one if one > 0 else math.inf


def rater_agreement_r(tables: RunTables, *, session: int = 3) -> float:
    """Correlation of the client's and the therapist's alliance rating of one session (F46)."""
    return correlation_of(tables, _ratings, session).r


def rater_agreement_d(tables: RunTables, *, session: int = 3) -> float:
    """How much higher clients rate than therapists, in SD of a single rater (F46).

    Mean difference ÷ root mean square of the two raters' standard deviations within studies.
    """
    client, therapist = np.ascontiguousarray(_ratings(tables, session).T)
    known = np.isfinite(client) & np.isfinite(therapist)
    if known.sum() < 3:
        return math.nan
    study = tables.study[known]
    variance = [
        float((centred(rating[known], study) ** 2).mean()) for rating in (client, therapist)
    ]
    spread = math.sqrt(sum(variance) / 2.0)
    return float((client[known] - therapist[known]).mean()) / spread if spread > 0 else math.nan


@kept_by_client
def _ratings(tables: RunTables, session: int) -> Floats:
    """Return the client's and the therapist's rating, shape (clients, 2)."""
    raters = ("wai_sr_client", "wai_sr_therapist")
    return np.column_stack([score_at(tables, rater, session) for rater in raters])


def agreement_convergence(tables: RunTables, *, sessions: tuple[int, int] = (1, 12)) -> float:
    """Change per session of the distance between the two raters, in SD of that distance (F48).

    Slope of |client - therapist| on session number, within clients; below 0 the ratings converge
    (Laws et al. 2017).
    """
    first, last = sessions
    return slope_within(_slopes_of_distance(tables, first, last))


@summed_over_clients
def _slopes_of_distance(tables: RunTables, first: int, last: int) -> Floats:
    distance = np.abs(tables.panel("wai_sr_client") - tables.panel("wai_sr_therapist"))
    return slope_sums(distance[:, first - 1 : last])


def slope_sums(panel: Floats) -> Floats:
    """Return what each client adds to a slope within clients, for `slope_within`, shape (clients, 5).

    Clients with fewer than two scores add nothing.
    """
    sessions = np.ascontiguousarray(panel.T)
    known = np.isfinite(sessions)
    known &= known.sum(axis=0) >= 2
    there = known.astype(np.float64)
    scores = np.where(known, sessions, 0.0)
    number = np.arange(float(len(sessions)))[:, None]
    n = there.sum(axis=0)
    when = (number - (number * there).sum(axis=0) / np.maximum(n, 1.0)) * there
    parts = [
        added_over_sessions(when * scores),
        added_over_sessions(when**2),
        n,
        added_over_sessions(scores),
        added_over_sessions(scores**2),
    ]
    return np.column_stack(parts)


def slope_within(sums: Floats) -> float:
    """Slope of a score on session number within clients, in SD of the score over all rows.

    Parameters
    ----------
    sums
        Those of `slope_sums` over clients, shape (5,).
    """
    products, squares, n, total, square = (float(one) for one in sums)
    if n < 10:
        return math.nan
    variance = square / n - (total / n) ** 2
    if variance <= 1e-12 * square / n:
        return math.nan
    return products / squares / math.sqrt(variance)


def subscale_alpha(tables: RunTables, *, session: int = 3) -> float:
    """Cronbach's α of the WAI-SR from its three subscales, within studies (F76)."""
    names = ("wai_sr_client_bond", "wai_sr_client_task", "wai_sr_client_goal")
    parts = np.column_stack([score_at(tables, name, session) for name in names])
    known = np.isfinite(parts).all(axis=1)
    if known.sum() < 5:
        return math.nan
    study = tables.study[known]
    single = sum(float((centred(parts[known, i], study) ** 2).mean()) for i in range(3))
    total = float((centred(parts[known].sum(axis=1), study) ** 2).mean())
    return 1.5 * (1.0 - single / total) if total > 0 else math.nan


def _session(tables: RunTables, column: str, session: int) -> Floats:
    scores = score_at(tables, column, session)
    return scores[np.isfinite(scores)]


def ceiling_share(
    tables: RunTables, column: str = "wai_sr_client", *, session: int = 3, top: float = 0.05
) -> float:
    """Share of scores in the uppermost part of the instrument's range (F73).

    `top` is that part as a fraction of the range; 15 % at the maximum is the usual sign of a
    ceiling (Terwee et al. 2007).
    """
    scores = _session(tables, column, session)
    low, high = INSTRUMENTS[column].range
    return float((scores >= high - top * (high - low)).mean()) if scores.size else math.nan


def ceiling_change(tables: RunTables, column: str = "wai_sr_client", *, sessions: int = 7) -> float:
    """Change of the ceiling share from the first session to a later one, same clients (F73)."""
    return _ceiling_change(tables, column, sessions)


def _ceiling_changes_without_each(
    tables: RunTables, deal: Deal, column: str, sessions: int
) -> Sequence[float | None]:
    scores = np.array([score_at(tables, column, session) for session in (1, sessions)])
    dealt = Dealt.of(deal, np.logical_and(*np.isfinite(scores)))
    before, after = dealt.of_clients(scores >= _top_of(column))
    sums = dealt.sums(np.array([before, after, np.ones(before.size)]))
    with np.errstate(invalid="ignore"):
        shares = sums[:, :2] / sums[:, 2:]
    return where_sure(shares[:, 1] - shares[:, 0], sums[:, 2] > 0)


@found_for_all_parts(_ceiling_changes_without_each)
def _ceiling_change(tables: RunTables, column: str, sessions: int) -> float:
    before, after = (score_at(tables, column, session) for session in (1, sessions))
    both = np.isfinite(before) & np.isfinite(after)
    if not both.any():
        return math.nan
    top = _top_of(column)
    return float((after[both] >= top).mean() - (before[both] >= top).mean())


def _top_of(column: str) -> float:
    """Return where the uppermost twentieth of an instrument's range begins."""
    low, high = INSTRUMENTS[column].range
    return high - 0.05 * (high - low)


def skewness(tables: RunTables, column: str = "wai_sr_client", *, session: int = 3) -> float:
    """Skewness of a score in one session; below 0 under a ceiling (F73)."""
    scores = _session(tables, column, session)
    if scores.size < 3 or scores.std() <= 0:
        return math.nan
    z = (scores - scores.mean()) / scores.std()
    return float((z * z * z).mean())


def level_fraction(tables: RunTables, column: str = "wai_sr_client", *, session: int = 3) -> float:
    """Mean score as a fraction of the instrument's range, 0 to 1 (F74)."""
    scores = _session(tables, column, session)
    low, high = INSTRUMENTS[column].range
    return float((scores.mean() - low) / (high - low)) if scores.size else math.nan


def score_sd(tables: RunTables, column: str = "wai_sr_client", *, session: int = 3) -> float:
    """Standard deviation of a score between clients in one session, in points (F75)."""
    return _sd(_session(tables, column, session))


def intake_sd(tables: RunTables, symptom: str = "core_10") -> float:
    """Standard deviation of the symptom score at intake between those who start, in points (F115)."""
    scores = intake_score(tables, symptom)
    return _sd(scores[np.isfinite(scores)])


def _sd(scores: Floats) -> float:
    return float(scores.std(ddof=1)) if scores.size > 1 else math.nan


def reported_minus_felt(tables: RunTables) -> float:
    """How far reported alliance lies above felt alliance, as a fraction of the range (F80).

    Mean over sessions of the client's WAI-SR, scaled to 0-1, minus the latent alliance. This fact
    asks for the latent value: clients report more than they feel.
    """
    low, high = INSTRUMENTS["wai_sr_client"].range
    difference = (tables.panel("wai_sr_client") - low) / (high - low) - tables.panel("alliance")
    known = np.isfinite(difference)
    return float(difference[known].mean()) if known.any() else math.nan


def satisfaction_mean(tables: RunTables) -> float:
    """Mean satisfaction at the last session, CSQ-8 points (F79)."""
    scores = tables.client("csq_8_last")[tables.started]
    scores = scores[np.isfinite(scores)]
    return float(scores.mean()) if scores.size else math.nan


def satisfaction_alliance_r(tables: RunTables) -> float:
    """Correlation of satisfaction (CSQ-8) with the last alliance score (F79, F103)."""
    return correlation_of(tables, _satisfaction_and_alliance).r


@kept_by_client
def _satisfaction_and_alliance(tables: RunTables) -> Floats:
    return np.column_stack([tables.client("csq_8_last"), last_available(tables, "wai_sr_client")])


def satisfaction_gain_r(tables: RunTables) -> float:
    """Correlation of satisfaction (CSQ-8) with raw symptom relief, intake minus last (F79)."""
    return correlation_of(tables, _satisfaction_and_relief).r


@kept_by_client
def _satisfaction_and_relief(tables: RunTables) -> Floats:
    relief = intake_score(tables) - last_score(tables)
    return np.column_stack([tables.client("csq_8_last"), relief])


def satisfaction_sessions_r(tables: RunTables, *, weeks: int | None = None) -> float:
    """Correlation of satisfaction (CSQ-8) with the number of sessions (F79).

    Parameters
    ----------
    tables
        Whose satisfaction.
    weeks
        Count the sessions of the first so many weeks of treatment only, and take the satisfaction
        reported in the last of them; the whole treatment if left out.
    """
    if weeks is None:
        return correlation_of(tables, _satisfaction_and_sessions).r
    return correlation_of(tables, _within_weeks, weeks).r


@kept_by_client
def _satisfaction_and_sessions(tables: RunTables) -> Floats:
    held = np.where(tables.started, tables.sessions_attended.astype(np.float64), np.nan)
    return np.column_stack([tables.client("csq_8_last"), held])


@kept_by_client
def _within_weeks(tables: RunTables, weeks: int) -> Floats:
    """Return satisfaction in the last of the first weeks, and how many sessions were held in them, (clients, 2)."""
    week, scores = tables.panel("week"), tables.panel("csq_8")
    if week.shape[1] == 0:
        return np.full((tables.count, 2), np.nan)
    with np.errstate(invalid="ignore"):
        early = week - week[:, :1] < weeks
    attended = early.sum(axis=1)
    last = scores[np.arange(tables.count), np.maximum(attended - 1, 0)]
    return np.column_stack([last, np.where(attended > 0, attended, np.nan)])


MEASURES = (
    Measure.of(generalizability, "generalizability of one session", SHARE),
    Measure.of(between_client_share, "clients' share of the variance of alliance", SHARE),
    Measure.of(sessions_for_generalizability, "sessions for a generalizable score", SESSIONS),
    Measure.of(rater_agreement_r, "correlation of clients' and therapists' ratings", CORRELATION),
    Measure.of(rater_agreement_d, "lead of clients' over therapists' ratings", DEVIATIONS),
    Measure.of(agreement_convergence, "how raters come to agree", DEVIATIONS),
    Measure.of(subscale_alpha, "Cronbach's α of the WAI-SR", Unit("α", (-math.inf, 1.0))),
    Measure.of(ceiling_share, "ratings at the ceiling", SHARE, level=True),
    Measure.of(ceiling_change, "change of ratings at the ceiling", SHARE.of_differences()),
    Measure.of(skewness, "skewness of a score", Unit("skewness")),
    Measure.of(level_fraction, "mean score in its questionnaire's range", SHARE, level=True),
    Measure.of(score_sd, "spread of a score between clients", Unit("points", NOT_NEGATIVE)),
    Measure.of(intake_sd, "spread of distress between clients", Unit("points", NOT_NEGATIVE)),
    Measure.of(reported_minus_felt, "reported above felt alliance", SHARE.of_differences()),
    Measure.of(satisfaction_mean, "satisfaction", points_of("csq_8"), level=True),
    Measure.of(satisfaction_alliance_r, "correlation of satisfaction and alliance", CORRELATION),
    Measure.of(satisfaction_gain_r, "correlation of satisfaction and relief", CORRELATION),
    Measure.of(satisfaction_sessions_r, "correlation of satisfaction and sessions", CORRELATION),
)
