"""Linear mixed models of one score a client: clients in therapists, therapists in clinics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from experiments.inference.df_methods import BETWEEN_WITHIN, DfMethod, method_number
from experiments.inference.fitted import fitted_trials
from experiments.inference.levels import between_within
from experiments.inference.mixed_model import RandomTerm, fit_model, together
from experiments.inference.trial_columns import numbered_therapists, predictors_of
from simulation.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Integers

__all__ = ["RANDOM", "lmm"]

ROWS_AT_ONCE = 32_768

RandomEffect: TypeAlias = Literal["therapist", "clinic", "therapist_by_arm", "therapist_in_arm"]

RANDOM: tuple[RandomEffect, ...] = get_args(RandomEffect)
"""What may be random: intercepts; the effect of the arm in crossed designs; an intercept in each arm for itself."""


def lmm(
    rows: TrialRows,
    confidence: float,
    *,
    random: RandomEffect | Sequence[RandomEffect] = ("therapist",),
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

    columns = [rows.floats(name) for name in (*covariates, "score")]
    arm = rows.whole("arm")
    cluster, clusters = numbered_therapists(rows)
    contrasts = np.zeros((rows.trials, rows.arms - 1, 3))
    output = np.zeros((rows.trials, 4))
    most = int(np.diff(rows.offsets).max())
    work = make_workspace(len(columns), rows.arms, clusters, most)
    room = np.empty(len(columns) * max(most, ROWS_AT_ONCE))
    # A few trials at once: what is written for them is read again while it is in the processor's cache.
    for begin, end in _stretches(rows.offsets):
        part = slice(int(rows.offsets[begin]), int(rows.offsets[end]))
        numbers = room[: len(columns) * (part.stop - part.start)].reshape(len(columns), -1)
        for place, values in enumerate(columns):
            numbers[place] = values[part]
        fit_intercepts(
            numbers, arm[part], cluster[part], rows.offsets[begin : end + 1] - part.start, method,
            work, contrasts[begin:end], output[begin:end],
        )  # fmt: skip
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


def _stretches(offsets: Integers) -> Iterator[tuple[int, int]]:
    """Cut trials into stretches of about `ROWS_AT_ONCE` rows."""
    begin, trials = 0, len(offsets) - 1
    while begin < trials:
        end = int(np.searchsorted(offsets, offsets[begin] + ROWS_AT_ONCE, side="right")) - 1
        end = min(max(end, begin + 1), trials)
        yield begin, end
        begin = end


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
