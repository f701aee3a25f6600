"""What happened in a run, in numbers a person can read: computed from the tables, on what questionnaires report.

Two traps are avoided throughout. Whoever looks only at clients who are still there sees survivors, so every figure
over sessions comes with their number and next to that of all starters; and whoever looks only at completers sees
those who did well, so outcomes are given for all starters first.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analysis.clinic_ranges import clinic_ranges
from experiments.catalogue import OUTCOMES
from experiments.outcomes.estimating import estimated
from experiments.tables.clinical_change import clinical, deteriorated, improved
from experiments.tables.endings import PLANNED
from experiments.tables.run_tables import RunTables
from simulation.clinic import STATUSES
from simulation.engine.records import BOUNDARY_EVENTS, RUPTURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from experiments.quantities.estimate import Estimate
    from simulation.results.result import Result

    Array = NDArray[Any]

__all__ = [
    "NOTICE",
    "AllianceAtSession",
    "BoundaryEvents",
    "Core10Change",
    "RunSummary",
    "Ruptures",
    "Staying",
    "Waiting",
    "summarise_run",
]

NOTICE = "A simulation: it reproduces statistics of groups and never advises on a real client."


@dataclass(frozen=True, slots=True)
class Staying:
    """Who came, stayed and left: counts of clients, and sessions attended by those who started."""

    asked: int
    started: int
    waiting: int
    never_started: int
    in_treatment: int
    completed: int
    session_limit: int
    dropped_out: int
    boundary_violation: int
    dropped_out_after_one_or_two: int
    sessions_mean: float
    sessions_median: float


@dataclass(frozen=True, slots=True)
class Core10Change:
    """Change on the CORE-10 from intake to the last session (Jacobson & Truax 1991).

    Attributes
    ----------
    clients
        How many, and `clinical`: how many of them at or above the cut-off at intake.
    core_10_intake, core_10_last
        Means.
    recovered
        Share of the clinical who improved reliably and ended below the cut-off.
    improved, unchanged, deteriorated
        Shares of all: better by at least the reliable change index, by less, worse by at least as much.
    """

    clients: int
    clinical: int
    core_10_intake: float
    core_10_last: float
    recovered: float
    improved: float
    unchanged: float
    deteriorated: float


@dataclass(frozen=True, slots=True)
class AllianceAtSession:
    """Alliance as clients rate it (WAI-SR, 12-60) at one session.

    Attributes
    ----------
    session
        Its number.
    in_treatment, completers_in_treatment
        Clients who attended it, and those among them who later ended as planned.
    all_starters
        Mean of everybody who ever started, the last rating carried forward for who has left.
    still_in_treatment
        Mean of those who attended it.
    completers
        Mean of those among them who ended as planned.
    """

    session: int
    in_treatment: int
    completers_in_treatment: int
    all_starters: float
    still_in_treatment: float
    completers: float


@dataclass(frozen=True, slots=True)
class Ruptures:
    """Ruptures: per session, noticed and repaired per rupture; the kind where sessions were stored."""

    sessions: int
    ruptures: int
    share_of_sessions: float
    noticed: float
    repaired: float
    withdrawals: float
    clients_with_any: float


@dataclass(frozen=True, slots=True)
class BoundaryEvents:
    """Tests of the frame and what came of them; shares held and rebuffed where sessions were stored."""

    tests: int
    crossings: int
    violations: int
    held: float
    rebuffed: float
    clients_with_crossings: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """Weeks from asking to the first session, of those who started."""

    weeks_mean: float
    weeks_longest: int
    started_at_once: float


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Everything `alliance run` says.

    Attributes
    ----------
    command, seed, replicates
        What repeats the run.
    clients, therapists
        Of one clinic.
    changed
        Parameters that differ from the default clinic.
    alliance_replicates
        From how many replicates, the first ones, the figures over sessions come.
    outcomes
        Every outcome of the catalogue: its mean over clinics, with 95 % interval. Those that need sessions come from
        the replicates that have them, and are left out where none has. None where they were not asked for.
    clinics
        Of clinics that differ: of each outcome the clinic in the middle, and between which values 95 % of them lie.
        None for clinics that are alike but for chance.
    holds
        Of clinics that differ: which uncertainties their differences hold.
    """

    command: str
    seed: int
    replicates: int
    clients: int
    therapists: int
    changed: Mapping[str, Any]
    staying: Staying
    all_starters: Core10Change
    completers: Core10Change
    alliance_replicates: int
    alliance: tuple[AllianceAtSession, ...]
    ruptures: Ruptures
    boundaries: BoundaryEvents
    waiting: Waiting
    outcomes: Mapping[str, Estimate]
    clinics: Mapping[str, Estimate]
    holds: str = ""
    notice: str = NOTICE

    def as_json(self) -> dict[str, Any]:
        """Return the summary as plain values; what cannot be said is None."""
        plain: dict[str, Any] = _without_nan(asdict(self))
        return plain


def summarise_run(
    result: Result,
    *,
    command: str = "",
    histories: Result | None = None,
    outcomes: bool = True,
    holds: str = "",
) -> RunSummary:
    """Summarise a run.

    Parameters
    ----------
    result
        The run.
    command
        The command that repeats it.
    histories
        The first replicates of the same run with their sessions, where `result` does not have them.
    outcomes
        Whether to work out every outcome of the catalogue, too.
    holds
        Of clinics that differ, which uncertainties they hold.
    """
    if histories is None and result.session_rows is not None:
        histories = result
    clients = result.columns("clients")
    tables = RunTables.of(result, needs=("therapists",))
    started, planned = tables.started, tables.started & tables.status_is(*PLANNED)
    history = histories.columns("sessions") if histories is not None else None
    return RunSummary(
        command=command,
        seed=result.seed,
        replicates=result.replicates,
        clients=result.parameters.clients,
        therapists=result.parameters.therapists,
        changed=result.parameters.changed(),
        staying=_staying(tables),
        all_starters=_outcome(tables.only(started)),
        completers=_outcome(tables.only(planned)),
        alliance_replicates=histories.replicates if histories is not None else 0,
        alliance=_alliance(histories, history)
        if histories is not None and history is not None
        else (),
        ruptures=_ruptures(tables, history),
        boundaries=_boundaries(clients, started, history),
        waiting=_waiting(clients, started),
        outcomes=_outcomes(tables, histories) if outcomes else {},
        clinics=clinic_ranges(tables) if result.settings else {},
        holds=holds,
    )


def _outcomes(tables: RunTables, histories: Result | None) -> dict[str, Estimate]:
    with_sessions = None if histories is None else RunTables.of(histories)
    found = {}
    for name, outcome in OUTCOMES.items():
        used = with_sessions if "sessions" in outcome.needs else tables
        if used is not None:
            found[name] = estimated(outcome, used)
    return found


def _pooled(tables: RunTables, name: str) -> float:
    """Return an outcome over all clients, whatever their clinic; NaN of nobody."""
    values = OUTCOMES[name](tables.pooled())
    return float(values[0]) if values.size else math.nan


def _is(status: Array, *names: str) -> Array:
    return np.isin(status, [STATUSES.index(name) for name in names])


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else math.nan


def _mean(values: Array) -> float:
    return float(values.mean(dtype=np.float64)) if values.size else math.nan


def _median(values: Array) -> float:
    return float(np.median(values)) if values.size else math.nan


def _staying(tables: RunTables) -> Staying:
    attended = tables.sessions_attended
    return Staying(
        asked=tables.count,
        started=int(tables.started.sum()),
        **{name: int(tables.status_is(name).sum()) for name in STATUSES},
        dropped_out_after_one_or_two=int((tables.dropped_out & (attended <= 2)).sum()),
        sessions_mean=_pooled(tables, "mean_sessions"),
        sessions_median=_median(attended[tables.started]),
    )


def _outcome(tables: RunTables) -> Core10Change:
    before, after = tables.client("core_10_intake"), tables.client("core_10_last")
    return Core10Change(
        clients=tables.count,
        clinical=int(clinical(before).sum()),
        core_10_intake=_pooled(tables, "core_10_intake"),
        core_10_last=_pooled(tables, "core_10_last"),
        recovered=_pooled(tables, "recovery_rate"),
        improved=_pooled(tables, "reliable_improvement_rate"),
        unchanged=_mean(~improved(before, after) & ~deteriorated(before, after)),
        deteriorated=_pooled(tables, "reliable_deterioration_rate"),
    )


def _alliance(histories: Result, history: dict[str, Array]) -> tuple[AllianceAtSession, ...]:
    clients = histories.columns("clients")
    starters = np.flatnonzero(clients["sessions"] > 0)
    attended = clients["sessions"][starters]
    if attended.size == 0:
        return ()
    planned = _is(clients["status"][starters], *PLANNED)
    # Sessions stand in the order of clients, so each starter's last rating carries on to the right.
    first = np.cumsum(attended) - attended
    ratings = history["wai_sr_client"]
    points: list[AllianceAtSession] = []
    for session in range(1, int(attended.max()) + 1):
        latest = ratings[first + np.minimum(attended, session) - 1]
        here = attended >= session
        points.append(
            AllianceAtSession(
                session=session,
                in_treatment=int(here.sum()),
                completers_in_treatment=int((here & planned).sum()),
                all_starters=_mean(latest),
                still_in_treatment=_mean(latest[here]),
                completers=_mean(latest[here & planned]),
            )
        )
    return tuple(points)


def _ruptures(tables: RunTables, history: dict[str, Array] | None) -> Ruptures:
    ruptures = tables.client("ruptures")
    withdrawals = math.nan
    if history is not None:
        kinds = history["rupture"]
        withdrawals = _share((kinds == RUPTURES.index("withdrawal")).sum(), (kinds > 0).sum())
    return Ruptures(
        sessions=int(tables.sessions_attended.sum()),
        ruptures=int(ruptures.sum()),
        share_of_sessions=_pooled(tables, "ruptures_per_session"),
        noticed=_pooled(tables, "rupture_notice_rate"),
        repaired=_pooled(tables, "repair_rate"),
        withdrawals=withdrawals,
        clients_with_any=_mean(ruptures[tables.started] > 0),
    )


def _boundaries(
    clients: dict[str, Array], started: Array, history: dict[str, Array] | None
) -> BoundaryEvents:
    held = rebuffed = math.nan
    if history is not None:
        events = history["boundary_event"]
        tests = (events > 0).sum()
        held = _share((events == BOUNDARY_EVENTS.index("held")).sum(), tests)
        rebuffed = _share((events == BOUNDARY_EVENTS.index("rebuff")).sum(), tests)
    return BoundaryEvents(
        tests=int(clients["boundary_tests"].sum()),
        crossings=int(clients["boundary_crossings"].sum()),
        violations=int(clients["boundary_violation"].sum()),
        held=held,
        rebuffed=rebuffed,
        clients_with_crossings=_mean(clients["boundary_crossings"][started] > 0),
    )


def _waiting(clients: dict[str, Array], started: Array) -> Waiting:
    weeks = (clients["week_started"] - clients["week_arrived"])[started]
    return Waiting(
        weeks_mean=_mean(weeks),
        weeks_longest=int(weeks.max()) if weeks.size else 0,
        started_at_once=_mean(weeks == 0),
    )


def _without_nan(value: Any) -> Any:
    match value:
        case dict():
            return {key: _without_nan(item) for key, item in value.items()}
        case list() | tuple():
            return [_without_nan(item) for item in value]
        case float() if not math.isfinite(value):
            return None
        case _:
            return value
