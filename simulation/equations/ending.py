"""How therapies end: by plan, by dropout, at the session limit, after a violation.

Fatigue is not in the hazard: burnout acts through attunement and noticing (F100, C29).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.numerics import logistic, where

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Code, Count, Flag, Logit, Share, Uniform

__all__ = [
    "AFTER_VIOLATION",
    "AT_LIMIT",
    "BY_DROPOUT",
    "BY_PLAN",
    "GOES_ON",
    "calm_sessions_after",
    "dropout_level",
    "dropout_probability",
    "ending",
    "planned_exit_probability",
]

GOES_ON = 0.0
BY_PLAN = 1.0
BY_DROPOUT = 2.0
AT_LIMIT = 3.0
AFTER_VIOLATION = 4.0


@equation(rises="calm_sessions good_enough", falls="distress")
def calm_sessions_after(calm_sessions: Count, distress: Share, good_enough: Share) -> Count:
    """Sessions in a row in which distress was good enough (C19)."""
    return where(distress <= good_enough, calm_sessions + 1.0, 0.0)


@equation(either="session")
def dropout_level(session: Count, p: Parameters) -> Logit:
    """Hazard of dropout of an average client, in logits: its own level for sessions 1, 2 and later (F28, F29)."""
    later = where(session < 2.5, p.dropout_second, p.dropout_later)
    return where(session < 1.5, p.dropout_first, later)


@equation(rises="level strain distress", falls="allied motivation match", either="calm_sessions")
def dropout_probability(
    level: Logit,
    allied: Share,
    strain: Share,
    distress: Share,
    motivation: Share,
    match: Share,
    calm_sessions: Count,
    p: Parameters,
) -> Share:
    """Chance of a unilateral ending after this session (F33, C18, C19, C20, F37)."""
    relieved = where(calm_sessions > 0.5, p.dropout_relieved, 0.0)
    return logistic(
        level
        - p.dropout_alliance * (allied - 0.6)
        + p.dropout_strain * strain
        + p.dropout_severity * (distress - 0.5)
        - p.dropout_motivation * (motivation - 0.5)
        - p.dropout_match * (match - 0.5)
        - p.role_induction * p.role_induction_effect
        + relieved
    )


@equation(rises="calm_sessions", falls="dependency")
def planned_exit_probability(calm_sessions: Count, dependency: Share, p: Parameters) -> Share:
    """Chance of a planned ending: well enough for long enough; dependency holds on (C19, C25)."""
    ready = p.planned_exit * (1.0 - p.planned_exit_dependency * dependency)
    return where(calm_sessions >= p.planned_exit_sessions, ready, 0.0)


@equation(either="draw dropout planned violated session")
def ending(
    draw: Uniform, dropout: Share, planned: Share, violated: Flag, session: Count, p: Parameters
) -> Code:
    """How, if at all, the therapy ends after this session, given one uniform draw.

    Nobody drops out of the last session that the setting offers.
    """
    how = where(draw < dropout, BY_DROPOUT, GOES_ON)
    how = where(session >= p.session_limit, AT_LIMIT, how)
    how = where((draw > 1.0 - planned) & (draw >= dropout), BY_PLAN, how)
    return where(violated > 0.5, AFTER_VIOLATION, how)
