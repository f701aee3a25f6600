"""Linear mixed models of a trial: clients in therapists, therapists in clinics, scores in clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from experiments.inference.fitted import fitted_trials
from experiments.inference.mixed_model import RandomTerm, between_within, fit_model
from experiments.inference.trial_rows import numbered_therapists, predictors_of
from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.inference.fitted import FittedTrials
    from experiments.inference.mixed_model import MixedFit
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Floats, Integers

__all__ = ["BETWEEN_WITHIN", "DF", "RANDOM", "DfMethod", "lmm", "lmm3", "method_number"]

DfMethod: TypeAlias = Literal["kenward_roger", "satterthwaite", "between_within", "normal"]

DF: tuple[DfMethod, ...] = ("kenward_roger", "satterthwaite", "between_within", "normal")
"""By number, as compiled code has them."""

RANDOM = ("therapist", "clinic", "therapist_by_arm", "therapist_in_arm")
"""What may be random: intercepts; the effect of the arm in crossed designs; an intercept in each arm for itself."""

BETWEEN_WITHIN = DF.index("between_within")


def method_number(df: str) -> int:
    if df not in DF:
        raise unknown_name(
            df, "a method for degrees of freedom", DF, see=f"There are: {', '.join(DF)}."
        )
    return DF.index(df)


def lmm(
    rows: TrialRows,
    confidence: float,
    *,
    random: str | Sequence[str] = ("therapist",),
    df: DfMethod = "kenward_roger",
    covariates: Sequence[str] = ("base",),
    residual_by_arm: bool | None = None,
) -> FittedTrials:
    """Fit a linear mixed model of one score a client.

    Parameters
    ----------
    random
        Of `RANDOM`: ``therapist`` and ``clinic`` have intercepts; ``therapist_by_arm``, for crossed designs, adds to
        the therapist's intercept an effect of the arm, uncorrelated, coded -1/2 and 1/2; ``therapist_in_arm``, for
        partially nested ones, has an intercept with a variance of its own in each arm that has therapists.
    df
        Degrees of freedom.
    covariates
        Columns beside the arm.
    residual_by_arm
        Whether each arm has a residual variance of its own; if left out, with ``therapist_in_arm`` alone.
    """
    method = method_number(df)
    wanted = (random,) if isinstance(random, str) else tuple(random)
    for name in wanted:
        if name not in RANDOM:
            raise unknown_name(
                name, "a random effect", RANDOM, see=f"There are: {', '.join(RANDOM)}."
            )
    if not wanted:
        raise AllianceError("A mixed model needs a random effect: give random, or use ancova.")
    by_arm = "therapist_in_arm" in wanted if residual_by_arm is None else residual_by_arm
    if wanted == ("therapist",) and not by_arm:
        return _intercepts(rows, confidence, method, covariates)
    return _general(rows, confidence, method, covariates, wanted, by_arm)


def _intercepts(
    rows: TrialRows, confidence: float, method: int, covariates: Sequence[str]
) -> FittedTrials:
    from experiments.inference.one_intercept import fit_intercepts, make_workspace

    table = np.column_stack([predictors_of(rows, covariates), rows.floats("score")])
    cluster = numbered_therapists(rows)
    effects = np.arange(len(covariates), table.shape[1] - 1)
    contrasts = np.zeros((rows.trials, len(effects), 3))
    output = np.zeros((rows.trials, 4))
    work = make_workspace(table.shape[1], int(cluster.max(initial=0)) + 1)
    fit_intercepts(table, cluster, rows.offsets, effects, method, work, contrasts, output)
    failed = output[:, 3].astype(np.int64)
    tau, sigma, reml = (np.where(failed == 0, output[:, place], np.nan) for place in range(3))
    return fitted_trials(
        contrasts[:, :, 0],
        contrasts[:, :, 1],
        contrasts[:, :, 2],
        failed,
        confidence=confidence,
        variances={"therapist": tau, "residual": sigma},
        reml=reml,
        boundary=tau == 0.0,
    )


def _general(
    rows: TrialRows,
    confidence: float,
    method: int,
    covariates: Sequence[str],
    wanted: tuple[str, ...],
    by_arm: bool,
) -> FittedTrials:
    known = rows.known("score", *covariates)
    length = int(known.offsets[-1])
    arm, score = known.whole("arm"), known.floats("score")
    design = np.column_stack([np.ones(length), predictors_of(known, covariates)])
    contrasts = np.eye(design.shape[1])[-(rows.arms - 1) :]
    names = tuple(f"residual {one}" for one in range(rows.arms)) if by_arm else ("residual",)
    fits = []
    for trial in range(rows.trials):
        part = slice(known.offsets[trial], known.offsets[trial + 1])
        therapist = known.whole("therapist")[part]
        terms = _terms(wanted, arm[part], therapist, known, part, rows.arms)
        fit = fit_model(
            score[part], design[part], terms, contrasts, method,
            strata=arm[part] if by_arm else None, residual_names=names,
        )  # fmt: skip
        if method == BETWEEN_WITHIN and not fit.failed:
            fit = between_within(fit, design[part], [term.group for term in terms], contrasts)
        fits.append(fit)
    return together(fits, confidence)


def _terms(
    wanted: tuple[str, ...],
    arm: Integers,
    therapist: Integers,
    rows: TrialRows,
    part: slice,
    arms: int,
) -> list[RandomTerm]:
    ones = np.ones((len(arm), 1))
    terms = []
    if "clinic" in wanted:
        terms.append(RandomTerm(rows.whole("clinic")[part], ones, ("clinic",)))
    if "therapist" in wanted or "therapist_by_arm" in wanted:
        terms.append(RandomTerm(therapist, ones, ("therapist",)))
    if "therapist_by_arm" in wanted:
        for one in range(1, arms):
            name = "therapist arm" if arms == 2 else f"therapist arm {one}"
            terms.append(RandomTerm(therapist, (arm == one)[:, None] - 0.5, (name,)))
    if "therapist_in_arm" in wanted:
        for one in range(arms):
            inside = (arm == one) & (therapist >= 0)
            if inside.any():
                group = np.where(inside, therapist, -1)
                terms.append(RandomTerm(group, ones, (f"therapist arm {one}",)))
    return terms


def together(fits: Sequence[MixedFit], confidence: float) -> FittedTrials:
    """Return the fits of trials as one."""
    names = list(dict.fromkeys(name for fit in fits for name in fit.variances))
    return fitted_trials(
        np.stack([fit.estimate for fit in fits]),
        np.stack([fit.se for fit in fits]),
        np.stack([fit.df for fit in fits]),
        np.array([fit.failed for fit in fits], dtype=np.int64),
        confidence=confidence,
        variances={
            name: np.array([fit.variances.get(name, np.nan) for fit in fits]) for name in names
        },
        reml=np.array([fit.reml for fit in fits]),
        boundary=np.array([fit.boundary for fit in fits]),
    )


def lmm3(
    rows: TrialRows,
    confidence: float,
    *,
    time: Literal["categorical", "linear"] = "categorical",
    primary: float | None = None,
    slopes: bool | None = None,
    clinic: bool = False,
    df: DfMethod = "kenward_roger",
    covariates: Sequence[str] = (),
) -> FittedTrials:
    """Fit a linear mixed model of several scores a client, clients in therapists.

    Parameters
    ----------
    time
        ``categorical``: a mean for each arm and time; ``linear``: a line for each arm.
    primary
        The time at which arms are compared. If left out, the last one for ``categorical``, and the difference of the
        slopes (per unit of time) for ``linear``.
    slopes
        Whether clients have slopes of their own, correlated with their intercepts; with ``linear`` if left out.
    clinic
        Whether clinics have intercepts, too.
    df
        Degrees of freedom.
    covariates
        Columns beside arm and time.
    """
    method = method_number(df)
    if time not in {"categorical", "linear"}:
        raise unknown_name(time, "a form of time", ("categorical", "linear"))
    known = rows.known("score", "time", *covariates)
    when = known.floats("time")
    times = np.unique(when)
    if time == "categorical" and primary is not None and primary not in times:
        shown = ", ".join(f"{one:g}" for one in times)
        raise AllianceError(f"primary = {primary:g} is not a time of the data; there are: {shown}.")
    own = time == "linear" if slopes is None else slopes
    fits = []
    for trial in range(rows.trials):
        part = slice(known.offsets[trial], known.offsets[trial + 1])
        arm, week = known.whole("arm")[part], when[part]
        design, contrasts = _of_time(
            arm, week, rows.arms, times if time == "categorical" else None, primary
        )
        design = np.column_stack([design, *(known.floats(name)[part] for name in covariates)])
        contrasts = np.pad(contrasts, ((0, 0), (0, len(covariates))))
        ones = np.ones((len(week), 1))
        client = known.whole("client")[part]
        terms = [RandomTerm(known.whole("therapist")[part], ones, ("therapist",))]
        if own:
            names = ("client", "client (1, time)", "client time")
            terms.append(RandomTerm(client, np.column_stack([ones, week]), names))
        else:
            terms.append(RandomTerm(client, ones, ("client",)))
        if clinic:
            terms.append(RandomTerm(known.whole("clinic")[part], ones, ("clinic",)))
        fit = fit_model(known.floats("score")[part], design, terms, contrasts, method)
        if method == BETWEEN_WITHIN and not fit.failed:
            fit = between_within(fit, design, [term.group for term in terms], contrasts)
        fits.append(fit)
    return together(fits, confidence)


def _of_time(
    arm: Integers, week: Floats, arms: int, times: Floats | None, primary: float | None
) -> tuple[Floats, Floats]:
    """Return predictors of arm and time, and the contrasts of the arms."""
    dummies = [(arm == one).astype(np.float64) for one in range(1, arms)]
    if times is None:
        columns = [np.ones(len(week)), week, *dummies, *(one * week for one in dummies)]
        contrasts = np.zeros((arms - 1, len(columns)))
        for one in range(arms - 1):
            contrasts[one, 2 + arms - 1 + one] = 1.0 if primary is None else primary
            contrasts[one, 2 + one] = 0.0 if primary is None else 1.0
        return np.column_stack(columns), contrasts
    at = [(week == one).astype(np.float64) for one in times]
    columns = [*at, *(one * then for then in at for one in dummies)]
    contrasts = np.zeros((arms - 1, len(columns)))
    place = len(times) - 1 if primary is None else int(np.flatnonzero(times == primary)[0])
    for one in range(arms - 1):
        contrasts[one, len(times) + place * (arms - 1) + one] = 1.0
    return np.column_stack(columns), contrasts
