"""One statistic of real records: its value and interval, or why there is none.

`alliance describe` and `alliance calibrate --data` use it alike, so a statistic that is not described is
not fitted to.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.catalogue import STATISTICS, statistic
from experiments.quantities.estimate import Estimate
from experiments.records.estimability import why_not_estimable
from experiments.records.jackknife import grouped_jackknife, without_groups
from experiments.records.measured_sessions import measured_text, with_unseen_sessions
from experiments.records.questionnaires import SAME_POINTS
from experiments.tables.columns import MissingColumnError, names_of
from experiments.tables.reads import WatchedTables
from simulation.errors import AllianceError
from simulation.instruments import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from experiments.records.reading import Records
    from experiments.tables.columns import Booleans
    from experiments.tables.run_tables import RunTables

__all__ = ["Estimates"]

POINTS = "points"
"""What a statistic is counted in that has the unit of the scores."""

TOO_FAR = 1e6
"""A statistic beyond this is no estimate: something in it went to infinity."""

FEW = 100
"""Clients on whose tables is seen what a statistic reads."""

SAME = 1e-6
"""How much a statistic may differ on another scale and still not depend on it, as a share of itself."""

OTHER_SCALE = (0.8, 1.3)
"""Factor and shift by which scores of an unknown scale are tried on another one."""

QUESTIONNAIRES = {
    "wai_sr_client": ("alliance", "--alliance-range"),
    "wai_sr_therapist": ("therapist's alliance", "--alliance-range"),
    "core_10": ("symptom score", "--symptom-range"),
}


@dataclass(frozen=True, eq=False)
class Estimates:
    """Statistics of real records.

    Parameters
    ----------
    records
        From `read_records`.
    """

    records: Records

    @cached_property
    def _without(self) -> tuple[RunTables, ...]:
        return without_groups(self.records.tables)

    @cached_property
    def _few(self) -> WatchedTables:
        """The tables of the first few clients, on which is seen what a statistic reads."""
        return _first_clients(self.records.tables)

    @cached_property
    def _scored(self) -> dict[str, Booleans]:
        """Who has a score of a column, by its name, of those that were asked for."""
        return {}

    @cached_property
    def _rescaled(self) -> tuple[tuple[str, RunTables], ...]:
        """The records with the scores of each unknown scale put on another one."""
        return tuple(
            (name, _on_other_scale(self.records.tables, name))
            for name in sorted(self.records.doubtful)
        )

    @cached_property
    def _with_unseen(self) -> tuple[RunTables, ...]:
        """The records with sessions that may have gone unseen; none where all are seen."""
        measured = self.records.measured
        return with_unseen_sessions(self.records.tables, measured) if measured else ()

    def of(self, name: str, arguments: Mapping[str, Any]) -> Estimate | str:
        """Return a statistic of the catalogue with its 95 % interval, or the reason why there is none.

        Parameters
        ----------
        name, arguments
            The statistic, and what it is called with.
        """
        if not self.records.has_cut_off and _needs_cut_off(name, arguments):
            return "needs a symptom score with a cut-off"
        function = partial(statistic(name), **arguments)
        reason = why_not_estimable(name, arguments, self.records.tables)
        if reason:
            return f"not estimable, because {reason}"
        found = self._estimate(function)
        if isinstance(found, str):
            return found
        if not all(_same(found.value, _value(function, one)) for one in self._with_unseen):
            return (
                "cannot be estimated: sessions are only seen through scores at"
                f" {measured_text(self.records.measured)}"
            )
        for questionnaire, tables in self._rescaled:
            if not _same(found.value, _value(function, tables)):
                what, option = QUESTIONNAIRES[questionnaire]
                return f"needs the range of the {what} (say {option} LOW:HIGH)"
        return self._other_points(name, arguments) or found

    def clients(self, name: str, arguments: Mapping[str, Any]) -> int:
        """Return how many clients started and have all that a statistic reads: n.

        What it reads is seen by computing it on the tables of a few of them.
        """
        tables, read = self.records.tables, self._read(name, arguments)
        have = tables.started.copy()
        for column in sorted(read):
            if column == "status":
                have &= tables.ended
            elif column == "therapist":
                have &= tables.therapist >= 0
            elif tables.sessions is not None and column in names_of(tables.sessions):
                if column not in self._scored:
                    self._scored[column] = np.asarray(np.isfinite(tables.panel(column)).any(axis=1))
                have &= self._scored[column]
            elif column in names_of(tables.clients):
                have &= np.isfinite(tables.client(column))
        return int(have.sum())

    def _read(self, name: str, arguments: Mapping[str, Any]) -> frozenset[str]:
        """Return the columns that a statistic reads."""
        few = self._few.unread()
        _value(partial(statistic(name), **arguments), few)
        return few.read

    def _other_points(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Return why a statistic in points of a questionnaire says nothing of another's; empty if it is the same."""
        if STATISTICS[name].unit.name != POINTS:
            return ""
        read = self._read(name, arguments)
        for column, called in self.records.questionnaires.items():
            own = {column, f"{column}_intake", f"{column}_last"}
            if called not in SAME_POINTS and own & read:
                points = INSTRUMENTS[column].name.partition(",")[0]
                return f"in points of the {points}; your scores are {called}"
        return ""

    def _estimate(self, function: Callable[[RunTables], float]) -> Estimate | str:
        tables = self.records.tables
        count = f"n = {int(tables.started.sum())}"
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                estimate = grouped_jackknife(function, tables, self._without)
        except MissingColumnError as error:
            return _not_there(str(error))
        except AllianceError as error:
            return str(error)
        except (ArithmeticError, ValueError, IndexError):
            estimate = Estimate(math.nan)
        if math.isnan(estimate.value):
            return f"not estimable, because there are too few clients or scores ({count})"
        if math.isfinite(estimate.value) and abs(estimate.value) > TOO_FAR:
            return f"not estimable, because the estimate goes to infinity ({count})"
        if max(abs(estimate.low), abs(estimate.high)) > TOO_FAR:
            return replace(estimate, low=math.nan, high=math.nan)
        return estimate


def _first_clients(tables: RunTables) -> WatchedTables:
    """Return tables of the first few clients alone."""
    part = tables.only(np.arange(tables.count) < FEW)
    clients, sessions = (
        None if table is None else {name: table[name] for name in names_of(table)}
        for table in (part.clients, part.sessions)
    )
    assert clients is not None
    return WatchedTables(clients, sessions, part.therapists, part.as_one)


def _not_there(said: str) -> str:
    """Return what records do not have, from what the tables say of it."""
    if "table of therapists" in said:
        return "needs what therapists report of themselves"
    return f"no such column: {said.partition(' ')[0]}" if "is not a column" in said else said


def _needs_cut_off(name: str, arguments: Mapping[str, Any]) -> bool:
    return (
        "cut_off" in statistic(name).needs
        or arguments.get("definition") in {"no_recovery", "unilateral_unimproved"}
        or arguments.get("who") == "recovered"
    )


def _on_other_scale(tables: RunTables, questionnaire: str) -> RunTables:
    from experiments.tables.run_tables import RunTables

    factor, shift = OTHER_SCALE
    changed = [
        {
            name: (
                np.asarray(table[name], dtype=np.float64) * factor + shift
                if name in {questionnaire, f"{questionnaire}_intake", f"{questionnaire}_last"}
                else table[name]
            )
            for name in names_of(table)
        }
        for table in (tables.clients, tables.sessions)
        if table is not None
    ]
    return RunTables(changed[0], changed[1] if len(changed) > 1 else None)


def _value(function: Callable[[RunTables], float], tables: RunTables) -> float:
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return float(function(tables))
    except (AllianceError, ArithmeticError, ValueError, IndexError):
        return math.nan


def _same(one: float, other: float) -> bool:
    if not math.isfinite(one):
        return one == other
    return math.isclose(one, other, rel_tol=SAME, abs_tol=SAME)
