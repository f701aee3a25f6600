"""What belongs to the therapist: variance shares, and slopes within and between caseloads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.quantities.measure import Measure
from experiments.quantities.unit import CORRELATION, DEVIATIONS, RATIO, SHARE
from experiments.statistics.alliance_outcome import early_mean
from experiments.statistics.outcome import residual_gain
from experiments.statistics.pooling import centred, correlations_by_study, group_mean
from experiments.statistics.regression import CoxFit, cox, least_squares
from experiments.statistics.windows import score_at, session_mean
from experiments.tables.columns import numbered
from experiments.tables.keeping import kept_by_tables, lacking_few

if TYPE_CHECKING:
    from experiments.tables.columns import Booleans, Floats, Integers
    from experiments.tables.run_tables import RunTables

__all__ = [
    "MEASURES",
    "VarianceShares",
    "WithinBetween",
    "alliance_outcome_between",
    "alliance_outcome_within",
    "alliance_outcome_within_between",
    "alliance_variance_shares",
    "cox_alliance_dropout",
    "dropout_hazard_ratio",
    "nested_shares",
    "patient_therapist_ratio_slope",
    "split",
    "therapist_alliance_share",
    "therapist_dropout_log_ratio",
    "therapist_dropout_share",
    "therapist_share",
    "window_shares",
]


@dataclass(frozen=True)
class VarianceShares:
    """Shares of the variance of a repeated score; they add up to 1 and may be below 0 by chance."""

    therapist: float
    client: float
    session: float


@dataclass(frozen=True)
class WithinBetween:
    """Standardised slopes of outcome on alliance within and between therapists."""

    within: float
    between: float


def therapist_share(
    tables: RunTables, of: Literal["outcome", "alliance", "dropout"] = "outcome"
) -> float:
    """Share of variance between therapists (intraclass correlation; F39-F41, F45).

    One-way analysis of variance with therapists nested in studies, unbalanced (Searle, Casella &
    McCulloch 1992, *Variance Components*). The estimate is unbiased, so it can be below 0.

    Parameters
    ----------
    tables
        Whose clients.
    of
        ``outcome``: residual gain (post regressed on pre); ``alliance``: client-rated, early;
        ``dropout``: unilateral ending, 0 or 1, on the linear probability scale.
    """
    if of == "outcome":
        values = residual_gain(tables)
    elif of == "alliance":
        values = early_mean(tables, "wai_sr_client", otherwise="last")
    else:
        values = np.where(tables.ended, tables.dropped_out.astype(np.float64), np.nan)
    return _one_way(values, tables.therapist, tables.study)


def therapist_dropout_share(tables: RunTables) -> float:
    """Therapists' share of the variance of dropout as multilevel logistic models report it (F113, F114).

    Those put it on the scale of logits, where a client adds π²/3. A share ρ of the variance of a yes or no that
    happens with probability p is there about ρ / (p(1 − p)) against π²/3.
    """
    share = therapist_share(tables, "dropout")
    left = float(tables.dropped_out[tables.ended].mean()) if tables.ended.any() else math.nan
    if not 0.0 < left < 1.0:
        return math.nan
    logits = share / (left * (1.0 - left))
    return logits / (max(logits, 0.0) + math.pi**2 / 3.0)


def _one_way(values: Floats, group: Integers, study: Integers) -> float:
    known = np.isfinite(values) & (group >= 0)
    values, group, study = values[known], group[known], study[known]
    if values.size < 3:
        return math.nan
    group = numbered(group)
    n = np.bincount(group)
    home = np.zeros(n.size, dtype=np.int64)
    home[group] = study
    size = np.bincount(study)
    studies = int((size > 0).sum())
    means = group_mean(values, group, n.size)
    grand = group_mean(values, study, size.size)
    between = float((n * (means - grand[home]) ** 2).sum())
    within = float(((values - means[group]) ** 2).sum())
    between_freedom, within_freedom = n.size - studies, values.size - n.size
    if between_freedom <= 0 or within_freedom <= 0:
        return math.nan
    expected = (values.size - float((n**2 / size[home]).sum())) / between_freedom
    error = within / within_freedom
    therapist = (between / between_freedom - error) / expected
    total = therapist + error
    return therapist / total if total > 0 else math.nan


def nested_shares(panel: Floats, therapist: Integers, study: Integers) -> VarianceShares:
    """Variance of a repeated score between therapists, between their clients, and within clients.

    Henderson's first method for sessions nested in clients nested in therapists nested in
    studies, unbalanced (Searle, Casella & McCulloch 1992).

    Parameters
    ----------
    panel
        Shape (clients, sessions), ``nan`` where nothing was scored.
    therapist, study
        Numbers of each client's therapist and study.
    """
    session = np.ascontiguousarray(panel.T)
    known = np.isfinite(session)
    n = known.sum(axis=0).astype(np.float64)
    total = np.where(known, session, 0.0).sum(axis=0)
    deviation = np.where(known, session - total / np.maximum(n, 1.0), 0.0)
    return _shares(n, total, (deviation**2).sum(axis=0), therapist, study)


def window_shares(
    tables: RunTables,
    column: str,
    sessions: tuple[int, int],
    *,
    of: Literal["therapist", "study"] = "therapist",
) -> VarianceShares:
    """Return `nested_shares` of a window of sessions, session means removed.

    Parameters
    ----------
    tables, column, sessions
        As for `experiments.statistics.within_client.window`.
    of
        What the first of the three shares is of.
    """
    mean = session_mean(tables, column, sessions)
    less = lacking_few(tables)
    n, total, within = _without_means(
        tables if less is None else less.whole, column, sessions, mean
    )
    if less is not None:
        n, total, within = (one[less.staying] for one in (n, total, within))
    therapist = tables.therapist if of == "therapist" else tables.study
    return _shares(n, total, within, therapist, tables.study)


def _without_means(
    tables: RunTables, column: str, sessions: tuple[int, int], mean: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return how many scores each client has, their sum, and their squares around the client's own mean.

    They are of a window of sessions, of each of which a mean was taken out.
    """
    known, scores = _window(tables, column, sessions)
    n, raw, square = _client_sums(tables, column, sessions)
    total = raw - np.einsum("s,sc->c", mean, known)
    crossed = np.einsum("s,sc->c", mean, scores)
    square = square - 2.0 * crossed + np.einsum("s,sc->c", mean**2, known)
    return n, total, square - total**2 / np.maximum(n, 1.0)


@kept_by_tables
def _window(tables: RunTables, column: str, sessions: tuple[int, int]) -> Floats:
    """Return 1 for each score of a window and 0 for what is missing, and the scores or 0, (2, sessions, clients)."""
    panel = np.ascontiguousarray(tables.panel(column)[:, sessions[0] - 1 : sessions[1]].T)
    known = np.isfinite(panel)
    return np.array([known, np.where(known, panel, 0.0)])


@kept_by_tables
def _client_sums(tables: RunTables, column: str, sessions: tuple[int, int]) -> Floats:
    """Return how many scores of a window each client has, their sum and the sum of their squares, (3, clients)."""
    known, scores = _window(tables, column, sessions)
    return np.array([known.sum(axis=0), scores.sum(axis=0), (scores**2).sum(axis=0)])


def _shares(
    n: Floats, total: Floats, around: Floats, therapist: Integers, study: Integers
) -> VarianceShares:
    """Return the shares by how many scores each client has, their sum, and their squares around the client's mean."""
    chosen = (n > 0) & (therapist >= 0)
    n, total, study = n[chosen], total[chosen], study[chosen]
    if n.size < 3:
        return VarianceShares(math.nan, math.nan, math.nan)
    therapist = numbered(therapist[chosen])
    mean = total / n
    per_therapist = np.bincount(therapist, weights=n)
    therapist_mean = np.bincount(therapist, weights=total) / per_therapist
    home = np.zeros(per_therapist.size, dtype=np.int64)
    home[therapist] = study
    per_study = np.bincount(study, weights=n)
    study_mean = np.bincount(study, weights=total) / np.where(per_study > 0, per_study, 1)

    rows, clients, caseloads = float(n.sum()), n.size, per_therapist.size
    within = float(around[chosen].sum())
    between_clients = float((n * (mean - therapist_mean[therapist]) ** 2).sum())
    between_therapists = float((per_therapist * (therapist_mean - study_mean[home]) ** 2).sum())
    squares = float((n**2 / per_therapist[therapist]).sum())
    squares_study = float((n**2 / per_study[study]).sum())
    squares_caseload = float((per_therapist**2 / per_study[home]).sum())
    freedom_therapist = caseloads - int((per_study > 0).sum())
    if rows <= clients or clients <= caseloads:
        return VarianceShares(math.nan, math.nan, math.nan)
    session = within / (rows - clients)
    client = (between_clients - (clients - caseloads) * session) / (rows - squares)
    if freedom_therapist > 0:
        rest = between_therapists - freedom_therapist * session
        rest -= (squares - squares_study) * client
        caseload = rest / (rows - squares_caseload)
    else:
        caseload = 0.0
    everything = session + client + caseload
    if not everything > 0.0:  # nobody differs from anybody
        return VarianceShares(math.nan, math.nan, math.nan)
    return VarianceShares(caseload / everything, client / everything, session / everything)


def alliance_variance_shares(
    tables: RunTables, column: str = "wai_sr_client", *, sessions: tuple[int, int] = (1, 7)
) -> VarianceShares:
    """Variance of alliance between therapists, clients and sessions, session means removed."""
    return window_shares(tables, column, sessions)


def therapist_alliance_share(tables: RunTables) -> float:
    """Therapists' share of the variance of one alliance score (F44: smaller than the clients')."""
    return alliance_variance_shares(tables).therapist


@kept_by_tables
def alliance_outcome_within_between(
    tables: RunTables, column: str = "wai_sr_client"
) -> WithinBetween:
    """Outcome regressed on alliance within and between therapists (F42, F44).

    Residual gain on each client's deviation from the caseload's mean alliance and on that mean,
    with an intercept for every study (Baldwin, Wampold & Imel 2007). Both slopes are per
    standard deviation of alliance between clients. The mean is the observed one, so with small
    caseloads the between slope is drawn towards the within slope.
    """
    alliance, gain = early_mean(tables, column), residual_gain(tables)
    within, between, spread = split(tables, alliance, np.isfinite(gain))
    fit = least_squares(gain, (within / spread, between / spread), tables.study)
    return WithinBetween(float(fit[0]), float(fit[1]))


def alliance_outcome_within(tables: RunTables) -> float:
    """Slope of residual gain on alliance within therapists (F44)."""
    return alliance_outcome_within_between(tables).within


def alliance_outcome_between(tables: RunTables) -> float:
    """Slope of residual gain on therapists' mean alliance (F42)."""
    return alliance_outcome_within_between(tables).between


def split(tables: RunTables, alliance: Floats, also: Booleans) -> tuple[Floats, Floats, float]:
    """Return alliance within caseloads, caseload means, and the SD between clients."""
    known = np.isfinite(alliance) & also & (tables.therapist >= 0)
    within, between = np.full((2, tables.count), np.nan)
    if not known.any():
        return within, between, math.nan
    group = tables.therapist[known]
    means = group_mean(alliance[known], group, int(group.max()) + 1)
    between[known] = means[group]
    within[known] = alliance[known] - means[group]
    spread = float(np.sqrt((centred(alliance[known], tables.study[known]) ** 2).mean()))
    return within, between, spread if spread > 0 else math.nan


def cox_alliance_dropout(
    tables: RunTables, column: str = "wai_sr_client", *, at: int = 1
) -> CoxFit:
    """Cox regression of unilateral dropout on alliance within and between therapists (F34).

    Time is the number of sessions; the alliance of session `at` is split into the caseload's mean
    and the client's deviation (Huppert et al. 2014). Clients enter at session `at`.

    Returns
    -------
    CoxFit
        Log hazard ratios per point of the instrument: within therapists, between therapists.
    """
    return _cox(tables, column, at)


@kept_by_tables
def _cox(tables: RunTables, column: str, at: int) -> CoxFit:
    within, between, _ = split(tables, score_at(tables, column, at), tables.started)
    known = np.isfinite(within)
    if known.sum() < 20:
        return CoxFit((math.nan, math.nan), (math.nan, math.nan))
    columns = np.column_stack([within[known], centred(between[known], tables.study[known])])
    less = lacking_few(tables)
    near = None if less is None else _cox(less.whole, column, at).coefficients
    start = near if near is not None and np.isfinite(near).all() else None
    return cox(tables.sessions_attended[known], tables.dropped_out[known], columns, start)


def dropout_hazard_ratio(
    tables: RunTables, level: Literal["client", "therapist"] = "client", *, at: int = 1
) -> float:
    """Hazard ratio of dropout per WAI-SR point, within or between therapists (F34)."""
    fit = cox_alliance_dropout(tables, at=at)
    return math.exp(fit.coefficients[0 if level == "client" else 1])


def therapist_dropout_log_ratio(tables: RunTables, *, at: int = 1) -> float:
    """Log hazard ratio between therapists ÷ within therapists (F34: 5; above 1 is therapist-led).

    Scale-free, so it can be compared across alliance instruments.
    """
    fit = cox_alliance_dropout(tables, at=at)
    return fit.coefficients[1] / fit.coefficients[0] if fit.coefficients[0] else math.nan


def patient_therapist_ratio_slope(tables: RunTables, column: str = "wai_sr_client") -> float:
    """Slope of a study's alliance-outcome correlation on its clients per therapist (F43).

    Fisher's z of each study is regressed on the logarithm of the ratio, weighted by clients
    minus 3 (Del Re et al. 2012). ``nan`` when all studies have the same ratio.
    """
    alliance, gain = early_mean(tables, column), residual_gain(tables)
    r, n = correlations_by_study(alliance, gain, tables.study)
    seen = tables.started & (tables.therapist >= 0)
    home = np.full(int(tables.therapist.max(initial=-1)) + 1, -1, dtype=np.int64)
    home[tables.therapist[seen]] = tables.study[seen]
    therapists = np.bincount(home[home >= 0], minlength=r.size)
    clients = np.bincount(tables.study[tables.started], minlength=r.size)
    usable = np.isfinite(r) & (therapists > 0) & (n > 3)
    if usable.sum() < 3:
        return math.nan
    ratio = np.log(clients[usable] / therapists[usable])
    weight = n[usable] - 3.0
    z = np.arctanh(np.clip(r[usable], -0.999999, 0.999999))
    deviation = ratio - np.average(ratio, weights=weight)
    spread = float((weight * deviation**2).sum())
    return float((weight * deviation * z).sum() / spread) if spread > 1e-9 else math.nan


MEASURES = (
    Measure.of(therapist_share, "therapists' share of the variance of outcome", SHARE, level=True),
    Measure.of(therapist_dropout_share, "therapists' share of the variance of dropout", SHARE),
    Measure.of(therapist_alliance_share, "therapists' share of the variance of alliance", SHARE),
    Measure.of(alliance_outcome_within, "gain by alliance within therapists", DEVIATIONS),
    Measure.of(alliance_outcome_between, "gain by the alliance of the therapist", DEVIATIONS),
    Measure.of(dropout_hazard_ratio, "hazard of dropout a point of alliance", RATIO),
    Measure.of(
        therapist_dropout_log_ratio, "hazard of dropout between against within therapists", RATIO
    ),
    Measure.of(
        patient_therapist_ratio_slope,
        "correlation of alliance and outcome by clients a therapist",
        CORRELATION,
    ),
)
