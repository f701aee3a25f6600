"""Outcomes: what is kept of every run of a study, one number a replicate.

Every sum runs over a replicate's own rows in their order (`numpy.bincount`), so an outcome has the
same bits whichever replicates it is computed together with, and on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from experiments.tables.clinical_change import clinical, deteriorated, improved, recovered
from experiments.tables.groups import Groups, ratio
from simulation.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from experiments.tables.columns import Booleans, Floats
    from experiments.tables.run_tables import RunTables

__all__ = ["OUTCOMES", "Outcome", "outcome", "tables_needed"]

ALLIANCE_SESSION = 3
"""Session at which the early alliance is read (F01: session 3 to 5)."""

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
    compute: Callable[[RunTables], Floats]


def _ended(status: str) -> Callable[[RunTables], Floats]:
    return lambda t: t.clients_by_study.share(t.status_is(status), t.started)


def _dropout_where(
    column: str, chosen: Callable[[Floats], Booleans]
) -> Callable[[RunTables], Floats]:
    return lambda t: t.clients_by_study.share(t.dropped_out, t.started & chosen(t.client(column)))


def _mean(values: Callable[[RunTables], Floats]) -> Callable[[RunTables], Floats]:
    return lambda t: t.clients_by_study.mean(values(t), _measured(t))


def _share(part: Callable[[RunTables], Booleans]) -> Callable[[RunTables], Floats]:
    return lambda t: t.clients_by_study.share(part(t), _measured(t))


def _total_of(part: str, whole: str) -> Callable[[RunTables], Floats]:
    def compute(t: RunTables) -> Floats:
        by = t.clients_by_study
        return ratio(by.total(t.client(part), t.started), by.total(t.client(whole), t.started))

    return compute


def _over_sessions(column: str) -> Callable[[RunTables], Floats]:
    return lambda t: _known_mean(t.sessions_by_study, t.session(column))


def _over_therapists(column: str) -> Callable[[RunTables], Floats]:
    return lambda t: _known_mean(t.therapists_by_study, t.therapist_column(column))


def _known_mean(groups: Groups, values: Floats) -> Floats:
    return groups.mean(values, ~np.isnan(values))


def _intake(t: RunTables) -> Floats:
    return t.client("core_10_intake")


def _last(t: RunTables) -> Floats:
    return t.client("core_10_last")


def _change(t: RunTables) -> Floats:
    return _intake(t) - _last(t)


def _measured(t: RunTables) -> Booleans:
    """Tell who started and has CORE-10 at intake and last."""
    return t.started & ~np.isnan(_change(t))


def _early_dropout(t: RunTables) -> Floats:
    return t.clients_by_study.share(t.sessions_held <= 2, t.dropped_out)


def _effect_size(t: RunTables) -> Floats:
    by, measured = t.clients_by_study, _measured(t)
    return ratio(by.mean(_change(t), measured), by.deviation(_intake(t), measured))


def _recovery(t: RunTables) -> Floats:
    before, after = _intake(t), _last(t)
    return t.clients_by_study.share(recovered(before, after), _measured(t) & clinical(before))


def _satisfaction(t: RunTables) -> Floats:
    last = t.client("csq_8_last")
    return t.clients_by_study.mean(last, t.started & ~np.isnan(last))


def _early_alliance(t: RunTables) -> Floats:
    """Return WAI-SR by the client at session 3, per client; NaN where there was no such session."""
    panel = t.panel("wai_sr_client")
    if panel.shape[1] < ALLIANCE_SESSION:
        return np.full(t.count, np.nan)
    return panel[:, ALLIANCE_SESSION - 1]


def _last_alliance(t: RunTables) -> Floats:
    """Return WAI-SR by the client at the last session held, per client; NaN where there was none."""
    panel, held = t.panel("wai_sr_client"), t.sessions_held
    if not panel.shape[1]:
        return np.full(t.count, np.nan)
    last = panel[np.arange(t.count), np.maximum(held, 1) - 1]
    return np.where(held > 0, last, np.nan)


def _alliance_outcome(t: RunTables) -> Floats:
    by, alliance, first, last = t.clients_by_study, _early_alliance(t), _intake(t), _last(t)
    both = _measured(t) & ~np.isnan(alliance)
    with_last = by.correlation(alliance, last, both)
    with_first = by.correlation(alliance, first, both)
    stability = by.correlation(first, last, both)
    return -ratio(with_last - with_first * stability, np.sqrt(np.maximum(1.0 - stability**2, 0.0)))


def _alliance_dropout(t: RunTables) -> Floats:
    by, alliance = t.clients_by_study, _last_alliance(t)
    known = t.started & ~np.isnan(alliance)
    left, stayed = known & t.dropped_out, known & ~t.dropped_out
    n_left, n_stayed = by.size(left), by.size(stayed)
    within = n_left * by.moment(alliance, alliance, left) + n_stayed * by.moment(
        alliance, alliance, stayed
    )
    spread = np.sqrt(ratio(within, n_left + n_stayed - 2.0))
    return ratio(by.mean(alliance, stayed) - by.mean(alliance, left), spread)


def _declare(
    rows: Iterable[tuple[str, str, str, tuple[str, ...], Callable[[RunTables], Floats]]],
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
            lambda t: t.clients_by_study.share(
                t.status_is("never_started"), np.ones(t.count, bool)
            ),
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
            lambda t: t.clients_by_study.share(t.sessions_held == 1, t.started),
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
            lambda t: t.clients_by_study.mean(t.client("sessions"), t.started),
        ),
        (
            "core_10_intake",
            "CORE-10 at intake of clients who started.",
            CORE,
            (),
            _mean(_intake),
        ),
        (
            "core_10_last",
            "CORE-10 at the last session.",
            CORE,
            (),
            _mean(_last),
        ),
        (
            "core_10_change",
            "Fall of CORE-10 from intake to the last session; positive is better.",
            CORE,
            (),
            _mean(_change),
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
            _share(lambda t: improved(_intake(t), _last(t))),
        ),
        (
            "reliable_deterioration_rate",
            "Clients who get worse by 6 points of CORE-10 or more.",
            SHARE,
            (),
            _share(lambda t: deteriorated(_intake(t), _last(t))),
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
            _satisfaction,
        ),
        (
            "ruptures_per_session",
            "Ruptures in a session.",
            "per session",
            (),
            _total_of("ruptures", "sessions"),
        ),
        (
            "rupture_notice_rate",
            "Ruptures the therapist notices.",
            SHARE,
            (),
            _total_of("ruptures_noticed", "ruptures"),
        ),
        (
            "repair_rate",
            "Ruptures that are repaired.",
            SHARE,
            (),
            _total_of("ruptures_repaired", "ruptures"),
        ),
        (
            "boundary_tests_per_session",
            "Tests of the frame in a session.",
            "per session",
            (),
            _total_of("boundary_tests", "sessions"),
        ),
        (
            "crossings_per_session",
            "Boundary crossings in a session.",
            "per session",
            (),
            _total_of("boundary_crossings", "sessions"),
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
            _over_therapists("fatigue_mean"),
        ),
        (
            "last_fatigue",
            "Fatigue of the therapists when the books close.",
            "[0, 1]",
            THERAPISTS,
            _over_therapists("fatigue_last"),
        ),
        (
            "skill_gain",
            "Skill the therapists gained by training.",
            "logits",
            THERAPISTS,
            _over_therapists("skill_gain"),
        ),
        (
            "mean_alliance",
            "Latent alliance over all sessions held; those who stay weigh more.",
            "[0, 1]",
            SESSIONS,
            _over_sessions("alliance"),
        ),
        (
            "mean_trust",
            "Latent trust over all sessions held.",
            "[0, 1]",
            SESSIONS,
            _over_sessions("trust"),
        ),
        (
            "mean_wai_sr_client",
            "WAI-SR by clients over all sessions held.",
            "WAI-SR, 12 to 60",
            SESSIONS,
            _over_sessions("wai_sr_client"),
        ),
        (
            "mean_blri_empathy",
            "Empathy as clients perceive it, over all sessions held.",
            "BLRI, -48 to 48",
            SESSIONS,
            _over_sessions("blri_empathy"),
        ),
        (
            "early_wai_sr_client",
            "WAI-SR by clients at session 3.",
            "WAI-SR, 12 to 60",
            SESSIONS,
            lambda t: _known_mean(t.clients_by_study, _early_alliance(t)),
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
