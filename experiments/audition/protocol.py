"""What an analysis gives back: an estimate, its standard error, and degrees of freedom or a p-value.

This is the one form in which an analysis of somebody's own enters: `alliance audition` and the ``analyses=`` of
trials read it here. An analysis is a function of a table, or a command that reads a CSV file.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from experiments.inference.significance import p_and_limits

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Analysis", "Answer", "AnswerError", "answer_of", "answer_of_text"]

NAMES: Mapping[str, tuple[str, ...]] = {
    "estimate": ("estimate", "est", "coefficient", "coef", "beta", "b", "effect"),
    "error": ("se", "error", "std.error", "std_error", "standard_error", "std. error", "stderr"),
    "df": ("df", "dof", "degrees_of_freedom"),
    "p": ("p", "p.value", "p_value", "pvalue", "pr(>|t|)"),
    "low": ("low", "lower", "conf.low", "conf_low", "ci_low"),
    "high": ("high", "upper", "conf.high", "conf_high", "ci_high"),
}
"""What each number may be called, as R's broom and Python's statistics libraries call it."""


class AnswerError(ValueError):
    """What an analysis gave is no answer; says what is missing. It counts as a failure of that study alone."""


class Analysis(Protocol):
    """A function of the table of one study.

    It returns ``(estimate, standard error, df or p)`` or a mapping with ``estimate``, ``se`` and ``df`` or ``p``, and
    ``low`` and ``high`` where it has an interval of its own. It must not depend on anything but the table.
    """

    def __call__(self, table: pl.DataFrame, /) -> Any:
        """Analyse one study."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an analysis says of one study.

    Attributes
    ----------
    estimate, error
        In the unit of the analysis, and its standard error, which is positive.
    p
        Two-sided, of no effect.
    low, high
        95 % interval: its own, else by Student's t with its degrees of freedom, else normal (only p given).
    df
        Degrees of freedom; infinite for a normal test, ``nan`` where only p was given.
    """

    estimate: float
    error: float
    p: float
    low: float
    high: float
    df: float


def answer_of(given: Any) -> Answer:
    """Read what a function returned.

    Parameters
    ----------
    given
        ``(estimate, se, df or p)`` or a mapping. Of three bare numbers, a third above 1 is degrees of freedom
        (infinite for a normal test) and one below 1 a p-value; exactly 1 could be either and is refused.

    Raises
    ------
    AnswerError
        If it is neither, a number is missing or not finite, or the standard error is not positive.
    """
    if isinstance(given, Mapping):
        return _answer(_named(given))
    if isinstance(given, str | bytes) or not isinstance(given, Sequence) or len(given) != 3:
        raise AnswerError(
            "the analysis gave no (estimate, standard error, df or p), nor a mapping with estimate, se and df or p"
        )
    estimate, error, third = map(_number, given)
    if third == 1.0:
        raise AnswerError(
            "the third number is 1, degrees of freedom or a p-value: return"
            " {'estimate': ..., 'se': ..., 'df': 1} or {..., 'p': 1}"
        )
    kind = "df" if third > 1.0 else "p"
    return _answer({"estimate": estimate, "error": error, kind: third})


def answer_of_text(text: str) -> Answer:
    """Read what a command wrote: a JSON object (the last line that is one counts), or CSV with a header and one row.

    Raises
    ------
    AnswerError
        As for `answer_of`.
    """
    for part in (text, *reversed(text.splitlines())):
        if not part.lstrip().startswith(("{", "[")):
            continue
        try:
            found = json.loads(part)
        except ValueError:
            continue
        one = found[0] if isinstance(found, list) and len(found) == 1 else found
        if isinstance(one, Mapping):
            # R's jsonlite writes a number as a list of one.
            return _answer(_named({key: _single(value) for key, value in one.items()}))
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    for place in range(len(rows) - 2, -1, -1):
        named = _named(dict(zip(rows[place], rows[place + 1], strict=False)), strict=False)
        if {"estimate", "error"} <= named.keys():
            return _answer(named)
    raise AnswerError(
        "the analysis wrote neither a JSON object nor CSV with the columns estimate, se and p (or df)"
    )


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _named(given: Mapping[Any, Any], *, strict: bool = True) -> dict[str, float]:
    """Return the numbers by our own names; what is missing is left out."""
    plain = {str(key).strip().lower(): value for key, value in given.items()}
    found: dict[str, float] = {}
    for name, known in NAMES.items():
        value = next((plain[one] for one in known if one in plain), None)
        if value is None or str(value).strip() in {"", "NA"}:
            continue
        try:
            found[name] = _number(value)
        except AnswerError:
            if strict:
                raise
    return found


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise AnswerError(f"the analysis gave {str(value)[:40]!r} where a number belongs") from None


def _answer(numbers: Mapping[str, float]) -> Answer:
    for name, called in (("estimate", "estimate"), ("error", "standard error")):
        if not math.isfinite(numbers.get(name, math.nan)):
            raise AnswerError(f"the analysis gave no {called}, or one that is not finite")
    estimate, error = numbers["estimate"], numbers["error"]
    df, p = numbers.get("df", math.nan), numbers.get("p", math.nan)
    if error <= 0.0:
        raise AnswerError(f"the analysis gave a standard error of {error:g}, which is not positive")
    if math.isnan(df) and math.isnan(p):
        raise AnswerError("the analysis gave neither degrees of freedom nor a p-value")
    if df <= 0.0:
        raise AnswerError(f"the analysis gave {df:g} degrees of freedom, which are not positive")
    if p < 0.0 or p > 1.0:
        raise AnswerError(f"the analysis gave p = {p:g}, which is not from 0 to 1")
    found = p_and_limits(
        np.array([estimate]), np.array([error]), np.array([math.inf if math.isnan(df) else df])
    )
    own_p, own_low, own_high = (float(one[0]) for one in found)
    low, high = numbers.get("low", own_low), numbers.get("high", own_high)
    if not low <= high:
        raise AnswerError(f"the analysis gave an interval from {low:g} to {high:g}")
    return Answer(estimate, error, own_p if math.isnan(p) else p, low, high, df)
