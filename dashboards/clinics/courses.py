"""Who is still there, and how those who are do, session by session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.quantities.intervals import means_from_variance, survival_interval
from experiments.tables.endings import AFTER_BEGINNING
from simulation.clinic import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from experiments.quantities.estimate import Estimates

    Numbers = NDArray[np.float64]
    Counts = NDArray[np.int64]

__all__ = ["EVERYBODY", "MEASURES", "Curve", "Survival", "carried_forward", "curves", "survival"]

MEASURES = ("alliance", "wai_sr_client", "distress", "core_10")
"""What curves are drawn of: latent and reported alliance, latent and reported distress."""

EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """Who is still in treatment after each session.

    Attributes
    ----------
    sessions
        0, 1, 2, ...: sessions held.
    at_risk
        Clients who held at least so many sessions, shape (sessions,); at 0 all who began.
    staying
        Kaplan-Meier estimate of the share still in treatment after so many sessions, with 95 % interval
        (Greenwood's variance on the log-log scale). Every ending counts. Whoever is still in treatment at the
        end of follow-up is counted as long as they were seen, and leaves the number at risk after that (censored).
    left
        Share who dropped out by then (cumulative incidence; other endings compete).
    """

    sessions: Counts
    at_risk: Counts
    staying: Estimates
    left: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A measure over sessions, of clients who ended in one way; arrays begin with session 1.

    Attributes
    ----------
    number
        Clients who held that session.
    mean
        Of those, with 95 % t interval; not a number where there is nobody, or one.
    """

    number: Counts
    mean: Estimates


def survival(sessions: NDArray[Any], status: NDArray[Any]) -> Survival:
    """Return who is still in treatment after each session.

    Parameters
    ----------
    sessions, status
        Of clients who began: sessions held, at least 1, and place in `simulation.clinic.STATUSES`.
    """
    last = int(sessions.max()) if len(sessions) else 0
    held = np.bincount(sessions, minlength=last + 1)
    open_ = status == STATUSES.index("in_treatment")
    dropped = np.bincount(sessions[status == STATUSES.index("dropped_out")], minlength=last + 1)
    ended = np.bincount(sessions[~open_], minlength=last + 1)
    at_risk = len(sessions) - np.cumsum(held) + held
    safe = np.maximum(at_risk, 1)
    staying = np.cumprod(1.0 - ended / safe)
    before = np.concatenate([[1.0], staying[:-1]])
    left = np.cumsum(before * dropped / safe)
    return Survival(np.arange(last + 1), at_risk, survival_interval(staying, ended, at_risk), left)


def curves(
    session: NDArray[Any],
    ending: NDArray[Any],
    measures: Mapping[str, NDArray[Any]],
    last: int,
) -> dict[str, dict[str, Curve]]:
    """Return measure to group to curve; groups are everybody, and clients by how they ended.

    Parameters
    ----------
    session, ending
        Of every session held: its number from 1, and the place in `STATUSES` where its client ended.
    measures
        Name to values of every session held.
    last
        Number of the last session.
    """
    groups = len(STATUSES)
    place = ending.astype(np.int64) * last + session - 1
    found: dict[str, dict[str, Curve]] = {}
    for name, raw in measures.items():
        values = np.asarray(raw, dtype=np.float64)
        known = ~np.isnan(values)
        where, values = (place, values) if known.all() else (place[known], values[known])
        centre = float(values.mean()) if len(values) else 0.0
        away = values - centre
        shape = (groups, last)
        number = np.bincount(where, minlength=groups * last).reshape(shape)
        total = np.bincount(where, away, minlength=groups * last).reshape(shape)
        squares = np.bincount(where, away * away, minlength=groups * last).reshape(shape)
        of_all = _curve(number.sum(axis=0), total.sum(axis=0), squares.sum(axis=0), centre)
        found[name] = {EVERYBODY: of_all}
        for ending_name in AFTER_BEGINNING:
            row = STATUSES.index(ending_name)
            if number[row].any():
                found[name][ending_name] = _curve(number[row], total[row], squares[row], centre)
    return found


def _curve(number: Counts, total: Numbers, squares: Numbers, centre: float) -> Curve:
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / number
        variance = np.maximum(squares - total * mean, 0.0) / (number - 1)
    return Curve(number, means_from_variance(mean + centre, variance, number))


def carried_forward(
    session: NDArray[Any], is_last: NDArray[np.bool_], values: NDArray[Any], last: int
) -> Numbers:
    """Return the mean of all who began at each session, the last value carried forward for who has left.

    Parameters
    ----------
    session, is_last, values
        Of every session held: its number, whether it was its client's last, the measure.
    last
        Number of the last session.
    """
    known = np.asarray(values, dtype=np.float64)
    here = np.bincount(session - 1, known, minlength=last)
    gone = np.cumsum(np.bincount(session[is_last], known[is_last], minlength=last + 1)[:last])
    began = int((session == 1).sum())
    return np.asarray((here + gone) / max(began, 1), dtype=np.float64)
