"""`fit_formula`: a mixed model in a formula, fitted to a data file, and one of its effects."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.inference.cr2 import COLLINEAR
from experiments.inference.df_methods import BETWEEN_WITHIN, NORMAL, method_number
from experiments.inference.failures import FEW_GROUPS, NO_END, NO_SPREAD
from experiments.inference.formula import read_formula, term_name
from experiments.inference.levels import between_within
from experiments.inference.mixed_model import MixedFit, RandomTerm, fit_model
from experiments.inference.model_frame import read_frame
from experiments.inference.significance import p_and_limits
from simulation.errors import AllianceError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from experiments.inference.df_methods import DfMethod
    from experiments.inference.formula import Formula, RandomPart
    from experiments.inference.model_frame import Frame
    from experiments.tables.columns import Floats, Integers

__all__ = ["Coefficient", "FormulaFit", "fit_formula"]

LEAST_GROUPS = 2

INTERCEPTS = frozenset({"(Intercept)", "Intercept", "intercept"})
"""What R and others call the coefficient of 1."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient, its test and its 95 % interval; ``df`` is infinite for the normal distribution."""

    estimate: float
    se: float
    df: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FormulaFit:
    """A model fitted to a file.

    Attributes
    ----------
    formula, effect, df_method
        As asked for.
    coefficients
        By name.
    variances
        Variance components by name; covariances have both effects in brackets.
    reml
        The REML criterion, as lme4 has it.
    boundary
        Whether a variance is 0, or a correlation 1 or -1.
    rows, left_out
        Rows of the file that are used, and that are not.
    groups
        How many groups there are, by what they are of.
    notes
        What was found on the way.
    """

    formula: str
    effect: str
    df_method: str
    coefficients: Mapping[str, Coefficient]
    variances: Mapping[str, float]
    reml: float
    boundary: bool
    rows: int
    left_out: int
    groups: Mapping[str, int]
    notes: tuple[str, ...]

    @property
    def tested(self) -> Coefficient:
        """The coefficient of the effect."""
        return self.coefficients[self.effect]

    def to_dict(self) -> dict[str, object]:
        """Return plain values, for JSON."""
        shown = ("estimate", "se", "df", "p", "low", "high")
        return {
            "formula": self.formula,
            "effect": self.effect,
            **{name: getattr(self.tested, name) for name in shown},
            "df_method": self.df_method,
            "variances": dict(self.variances),
            "reml": self.reml,
            "boundary": self.boundary,
            "rows": self.rows,
            "left_out": self.left_out,
            "groups": dict(self.groups),
            "coefficients": {
                name: {part: getattr(one, part) for part in shown}
                for name, one in self.coefficients.items()
            },
            "notes": list(self.notes),
        }


def fit_formula(
    path: Path,
    formula: str,
    effect: str,
    df: DfMethod = "kenward_roger",
    *,
    variance_by: str | None = None,
    table: str | None = None,
    missing: Sequence[str] = (),
) -> FormulaFit:
    """Fit a linear mixed model by REML and test one of its effects.

    Parameters
    ----------
    path
        CSV, Excel, SPSS, Stata, R, Parquet and others: what `experiments.records` reads.
    formula
        As for lme4; columns are used as given, as numbers, groups as text.
    effect
        The coefficient to test: a term of the formula, such as ``arm`` or ``week:arm``; ``1`` or ``(Intercept)``.
    df
        Degrees of freedom.
    variance_by
        A column each of whose values has a residual variance of its own.
    table
        Sheet of a workbook, or data frame of R.
    missing
        Codes for a missing value.

    Raises
    ------
    AllianceError
        In one sentence, when there is no such fit.
    """
    method = method_number(df)
    model = read_formula(formula)
    frame = read_frame(path, model, variance_by=variance_by, table=table, missing=missing)
    name = _effect(effect, frame.names)
    _check_columns(frame)
    groups = {
        ":".join(part.group): len(set(code.tolist()) - {-1})
        for part, code in zip(model.random, frame.groups, strict=True)
    }
    for part, count in groups.items():
        _check_groups(part, count, frame)
    terms = [
        term
        for part, columns, code in zip(model.random, frame.effects, frame.groups, strict=True)
        for term in _random_terms(part, columns, code)
    ]
    contrasts = np.eye(len(frame.names))
    fit = fit_model(
        frame.outcome, frame.predictors, terms, contrasts, method,
        strata=frame.strata, residual_names=frame.levels,
    )  # fmt: skip
    if fit.failed:
        raise AllianceError(_why(fit.failed, model, frame))
    fit = _with_df(fit, frame, method, [term.group for term in terms], contrasts)
    p, low, high = p_and_limits(fit.estimate, fit.se, fit.df)
    return FormulaFit(
        formula=model.text,
        effect=name,
        df_method=df if terms or frame.strata is not None or df == "normal" else "residual",
        coefficients={
            label: Coefficient(
                *(float(values[place]) for values in (fit.estimate, fit.se, fit.df, p, low, high))
            )
            for place, label in enumerate(frame.names)
        },
        variances=fit.variances,
        reml=fit.reml,
        boundary=fit.boundary,
        rows=len(frame.outcome),
        left_out=frame.left_out,
        groups=groups,
        notes=frame.notes,
    )


def _effect(effect: str, names: Sequence[str]) -> str:
    """Return the coefficient that is meant; the order in a product does not matter.

    A factor may stand for its coefficient where it has one alone: ``arm`` or ``factor(arm)`` for ``factor(arm)new``.
    """
    effect = effect.strip()
    if effect in INTERCEPTS and term_name(()) in names:
        return term_name(())
    wanted = sorted(part.strip() for part in effect.split(":"))
    for name in names:
        if name == effect or sorted(name.split(":")) == wanted:
            return name
    factor = f"factor({effect.removeprefix('factor(').removesuffix(')')})"
    levels = [name for name in names if name.startswith(factor) and ":" not in name]
    if len(levels) == 1:
        return levels[0]
    shown = ", ".join(name for name in names if name != "1")
    raise unknown_name(effect, "an effect of the formula", names, see=f"It has: {shown or 'none'}.")


def _check_columns(frame: Frame) -> None:
    """Say which coefficient depends on those before it."""
    rows, p = frame.predictors.shape
    if rows <= p:
        raise AllianceError(
            f"There are {rows} complete rows and {p} coefficients: give more rows or a smaller formula."
        )
    kept: list[int] = []
    for column in range(p):
        values = frame.predictors[:, column]
        size = math.sqrt(float(values @ values))
        basis = np.linalg.qr(frame.predictors[:, kept])[0] if kept else np.zeros((rows, 0))
        left = values - basis @ (basis.T @ values)
        left = left - basis @ (basis.T @ left)
        if math.sqrt(float(left @ left)) <= COLLINEAR * size:
            name = frame.names[column]
            if np.ptp(values) == 0 and "1" in frame.names:
                raise AllianceError(f"{name} has one value only, {values[0]:g}: leave it out.")
            raise AllianceError(
                f"{name} follows from the columns before it: leave one of them out."
            )
        kept.append(column)


def _check_groups(name: str, count: int, frame: Frame) -> None:
    if count < LEAST_GROUPS:
        raise AllianceError(
            f"{name} has {count} group{'' if count == 1 else 's'} in the rows used: a random effect needs several."
        )
    if count >= len(frame.outcome):
        raise AllianceError(
            f"Each row has a {name} of its own: its variance cannot be told from the residual one."
        )


def _random_terms(part: RandomPart, columns: Floats, code: Integers) -> list[RandomTerm]:
    group = ":".join(part.group)
    named = [group if not term else f"{group} {term_name(term)}" for term in part.terms]
    if not part.correlated:
        return [RandomTerm(code, columns[:, [place]], (name,)) for place, name in enumerate(named)]
    names = tuple(
        named[one]
        if one == two
        else f"{group} ({term_name(part.terms[two])}, {term_name(part.terms[one])})"
        for one in range(len(named))
        for two in range(one + 1)
    )
    return [RandomTerm(code, columns, names)]


def _with_df(
    fit: MixedFit,
    frame: Frame,
    method: int,
    groups: list[np.ndarray],
    contrasts: np.ndarray,
) -> MixedFit:
    """Return the fit with degrees of freedom that do not come from the variances."""
    if method == BETWEEN_WITHIN or (not groups and frame.strata is None and method != NORMAL):
        return between_within(fit, frame.predictors, groups, contrasts)
    return fit


def _why(failed: int, model: Formula, frame: Frame) -> str:
    parts = [":".join(part.group) for part in model.random] or ["the residuals"]
    if failed == FEW_GROUPS:
        return (
            f"The variances of {' and '.join(dict.fromkeys(parts))} cannot be told apart: there are too few groups, "
            "an effect of every group is in the formula, or two random effects are the same."
        )
    if failed == NO_SPREAD:
        return f"{model.outcome} does not vary beyond what the other columns say: there is nothing to test."
    if failed == NO_END:
        return "The search for the variances came to no end: leave out a random effect."
    return f"The columns {', '.join(frame.names)} are not independent: leave one of them out."
