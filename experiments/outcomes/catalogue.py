"""Outcomes: what is kept of every run of a study, one number a replicate.

Every sum runs over a replicate's own rows in their order (`numpy.bincount`), so an outcome has the
same bits whichever replicates it is computed together with, and on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from experiments.outcomes.replicates import Mask, Numbers, Tables, ratio
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["OUTCOMES", "Outcome", "Tables", "outcome", "tables_needed"]

RELIABLE_CHANGE = 6.0
"""CORE-10 points beyond which a change is not just error of measurement (evidence, B)."""

CUT_OFF = 11.0
"""CORE-10 score from which a client counts as in clinical range (evidence, B)."""

SEVERE = 20.0
"""CORE-10 score at intake from which this module calls a client severely distressed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an outcome is and how it is computed.

    Attributes
    ----------
    name
        As written in studies.
    meaning
        One line.
    unit
        Unit or scale.
    tables
        What it needs beyond the clients: ``sessions`` makes a run slower, since histories are kept.
    compute
        From the tables to values of shape (replicates,); NaN where it is not defined.
    """

    name: str
    meaning: str
    unit: str
    tables: tuple[str, ...]
    compute: Callable[[Tables], Numbers]


def _ended(status: str) -> Callable[[Tables], Numbers]:
    return lambda t: ratio(t.count(t.statuses[status] & t.started), t.starters)


def _dropout_where(column: str, chosen: Callable[[Numbers], Mask]) -> Callable[[Tables], Numbers]:
    def compute(t: Tables) -> Numbers:
        group = t.started & chosen(t.client(column))
        return ratio(t.count(group & t.statuses["dropped_out"]), t.count(group))

    return compute


def _per_session(column: str) -> Callable[[Tables], Numbers]:
    return lambda t: ratio(
        t.total(t.client(column), t.started), t.total(t.client("sessions"), t.started)
    )


def _share_of(part: str, whole: str) -> Callable[[Tables], Numbers]:
    return lambda t: ratio(t.total(t.client(part), t.started), t.total(t.client(whole), t.started))


def _early_dropout(t: Tables) -> Numbers:
    dropped = t.started & t.statuses["dropped_out"]
    return ratio(t.count(dropped & (t.client("sessions") <= 2)), t.count(dropped))


def _effect_size(t: Tables) -> Numbers:
    return ratio(t.mean(t.change, t.measured), t.deviation(t.client("core_10_intake"), t.measured))


def _recovery(t: Tables) -> Numbers:
    clinical = t.measured & (t.client("core_10_intake") >= CUT_OFF)
    recovered = clinical & (t.change >= RELIABLE_CHANGE) & (t.client("core_10_last") < CUT_OFF)
    return ratio(t.count(recovered), t.count(clinical))


def _alliance_outcome(t: Tables) -> Numbers:
    alliance, first, last = t.early_alliance, t.client("core_10_intake"), t.client("core_10_last")
    both = t.measured & ~np.isnan(alliance)
    with_last = t.correlation(alliance, last, both)
    with_first = t.correlation(alliance, first, both)
    stability = t.correlation(first, last, both)
    return -ratio(with_last - with_first * stability, np.sqrt(np.maximum(1.0 - stability**2, 0.0)))


def _alliance_dropout(t: Tables) -> Numbers:
    alliance = t.last_alliance
    known = t.started & ~np.isnan(alliance)
    left, stayed = known & t.statuses["dropped_out"], known & ~t.statuses["dropped_out"]
    n_left, n_stayed = t.count(left), t.count(stayed)
    within = n_left * t.moment(alliance, alliance, left) + n_stayed * t.moment(
        alliance, alliance, stayed
    )
    spread = np.sqrt(ratio(within, n_left + n_stayed - 2.0))
    return ratio(t.mean(alliance, stayed) - t.mean(alliance, left), spread)


def _declare(
    rows: Iterable[tuple[str, str, str, tuple[str, ...], Callable[[Tables], Numbers]]],
) -> Mapping[str, Outcome]:
    return MappingProxyType({row[0]: Outcome(*row) for row in rows})


SHARE, SESSIONS, THERAPISTS = "share, 0 to 1", ("sessions",), ("therapists",)
CORE = "CORE-10 points"

OUTCOMES: Mapping[str, Outcome] = _declare(
    [
        (
            "dropout_rate",
            "Clients who end on their own, of those who started (F23).",
            SHARE,
            (),
            _ended("dropped_out"),
        ),
        (
            "completion_rate",
            "Clients who end by plan, of those who started.",
            SHARE,
            (),
            _ended("completed"),
        ),
        (
            "session_limit_rate",
            "Clients stopped by the session limit, of those who started.",
            SHARE,
            (),
            _ended("session_limit"),
        ),
        (
            "never_started_rate",
            "Clients who asked and never came, of all who asked.",
            SHARE,
            (),
            lambda t: ratio(t.count(t.statuses["never_started"]), t.count(np.ones_like(t.started))),
        ),
        (
            "early_dropout_share",
            "Dropouts after one or two sessions, of all dropouts (F28).",
            SHARE,
            (),
            _early_dropout,
        ),
        (
            "one_session_rate",
            "Clients who came once, of those who started (F29).",
            SHARE,
            (),
            lambda t: t.mean((t.client("sessions") == 1).astype(np.float64), t.started),
        ),
        (
            "dropout_rate_severe",
            "Dropout of clients with CORE-10 of 20 or more at intake.",
            SHARE,
            (),
            _dropout_where("core_10_intake", lambda x: x >= SEVERE),
        ),
        (
            "dropout_rate_milder",
            "Dropout of clients with CORE-10 below 20 at intake.",
            SHARE,
            (),
            _dropout_where("core_10_intake", lambda x: x < SEVERE),
        ),
        (
            "dropout_rate_anxious",
            "Dropout of clients with attachment anxiety of .5 or more.",
            SHARE,
            (),
            _dropout_where("attachment_anxiety", lambda x: x >= 0.5),
        ),
        (
            "dropout_rate_secure",
            "Dropout of clients with attachment anxiety below .5.",
            SHARE,
            (),
            _dropout_where("attachment_anxiety", lambda x: x < 0.5),
        ),
        (
            "mean_sessions",
            "Sessions of a client who started.",
            "sessions",
            (),
            lambda t: t.mean(t.client("sessions"), t.started),
        ),
        (
            "core_10_intake",
            "CORE-10 at intake of clients who started.",
            CORE,
            (),
            lambda t: t.mean(t.client("core_10_intake"), t.measured),
        ),
        (
            "core_10_last",
            "CORE-10 at the last session.",
            CORE,
            (),
            lambda t: t.mean(t.client("core_10_last"), t.measured),
        ),
        (
            "core_10_change",
            "Fall of CORE-10 from intake to the last session; positive is better.",
            CORE,
            (),
            lambda t: t.mean(t.change, t.measured),
        ),
        (
            "effect_size",
            "Mean fall of CORE-10 in standard deviations at intake.",
            "SD at intake",
            (),
            _effect_size,
        ),
        (
            "reliable_improvement_rate",
            "Clients who improve by 6 points of CORE-10 or more.",
            SHARE,
            (),
            lambda t: t.mean((t.change >= RELIABLE_CHANGE).astype(np.float64), t.measured),
        ),
        (
            "reliable_deterioration_rate",
            "Clients who get worse by 6 points of CORE-10 or more.",
            SHARE,
            (),
            lambda t: t.mean((t.change <= -RELIABLE_CHANGE).astype(np.float64), t.measured),
        ),
        (
            "recovery_rate",
            "Clients who start at 11 or above, improve reliably and end below 11 on CORE-10.",
            SHARE,
            (),
            _recovery,
        ),
        (
            "mean_csq_8",
            "Satisfaction at the last session.",
            "CSQ-8, 8 to 32",
            (),
            lambda t: t.mean(t.client("csq_8_last"), t.started & ~np.isnan(t.client("csq_8_last"))),
        ),
        (
            "ruptures_per_session",
            "Ruptures in a session.",
            "per session",
            (),
            _per_session("ruptures"),
        ),
        (
            "rupture_notice_rate",
            "Ruptures the therapist notices.",
            SHARE,
            (),
            _share_of("ruptures_noticed", "ruptures"),
        ),
        (
            "repair_rate",
            "Ruptures that are repaired.",
            SHARE,
            (),
            _share_of("ruptures_repaired", "ruptures"),
        ),
        (
            "boundary_tests_per_session",
            "Tests of the frame in a session.",
            "per session",
            (),
            _per_session("boundary_tests"),
        ),
        (
            "crossings_per_session",
            "Boundary crossings in a session.",
            "per session",
            (),
            _per_session("boundary_crossings"),
        ),
        (
            "violation_rate",
            "Clients whose therapy ends after a boundary violation, of those who started (F107).",
            SHARE,
            (),
            _ended("boundary_violation"),
        ),
        (
            "mean_fatigue",
            "Fatigue of the therapists over the weeks.",
            "[0, 1]",
            THERAPISTS,
            lambda t: t.over_therapists("fatigue_mean"),
        ),
        (
            "last_fatigue",
            "Fatigue of the therapists when the books close.",
            "[0, 1]",
            THERAPISTS,
            lambda t: t.over_therapists("fatigue_last"),
        ),
        (
            "skill_gain",
            "Skill the therapists gained by training.",
            "logits",
            THERAPISTS,
            lambda t: t.over_therapists("skill_gain"),
        ),
        (
            "mean_alliance",
            "Latent alliance over all sessions held; those who stay weigh more.",
            "[0, 1]",
            SESSIONS,
            lambda t: t.over_sessions("alliance"),
        ),
        (
            "mean_trust",
            "Latent trust over all sessions held.",
            "[0, 1]",
            SESSIONS,
            lambda t: t.over_sessions("trust"),
        ),
        (
            "mean_wai_sr_client",
            "WAI-SR by clients over all sessions held.",
            "WAI-SR, 12 to 60",
            SESSIONS,
            lambda t: t.over_sessions("wai_sr_client"),
        ),
        (
            "mean_blri_empathy",
            "Empathy as clients perceive it, over all sessions held.",
            "BLRI, -48 to 48",
            SESSIONS,
            lambda t: t.over_sessions("blri_empathy"),
        ),
        (
            "early_wai_sr_client",
            "WAI-SR by clients at session 3.",
            "WAI-SR, 12 to 60",
            SESSIONS,
            lambda t: t.mean(t.early_alliance, ~np.isnan(t.early_alliance)),
        ),
        (
            "alliance_outcome_r",
            "Correlation of WAI-SR at session 3 with the residual gain on CORE-10 (F01).",
            "r",
            SESSIONS,
            _alliance_outcome,
        ),
        (
            "alliance_dropout_d",
            "Last WAI-SR of those who stayed against those who dropped out, in SD (F33).",
            "d",
            SESSIONS,
            _alliance_dropout,
        ),
    ]
)
"""Every outcome a study can keep, by name."""


def outcome(name: str) -> Outcome:
    """Return an outcome by its name.

    Raises
    ------
    AllianceError
        If there is none; with the nearest name.
    """
    if name not in OUTCOMES:
        raise unknown_name(
            name, "an outcome", OUTCOMES, see="There are: " + ", ".join(OUTCOMES) + "."
        )
    return OUTCOMES[name]


def tables_needed(names: Iterable[str]) -> frozenset[str]:
    """Return the tables, beyond the clients, that some outcomes need."""
    return frozenset(table for name in names for table in outcome(name).tables)
