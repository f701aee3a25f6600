"""Linear mixed models of several scores a client: scores in clients, clients in therapists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from experiments.inference.df_methods import BETWEEN_WITHIN, DfMethod, method_number
from experiments.inference.levels import between_within
from experiments.inference.mixed_model import RandomTerm, fit_model, together
from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.inference.fitted import FittedTrials
    from experiments.inference.trial_rows import TrialRows
    from experiments.tables.columns import Floats, Integers

__all__ = ["lmm3"]


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
