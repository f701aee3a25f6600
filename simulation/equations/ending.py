"""How therapies end: by plan, by dropout, at the session limit, after a violation.

Fatigue is not in the hazard: burnout acts through attunement and noticing (F100, C29).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.numerics import above, logistic, where

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Code, Count, Flag, Logit, Share, Uniform

__all__ = [
    "AFTER_VIOLATION",
    "AT_LIMIT",
    "BY_DROPOUT",
    "BY_PLAN",
    "GOES_ON",
    "dropout_level",
    "dropout_probability",
    "dropout_push",
    "ending",
    "planned_exit_probability",
    "well_enough",
]

GOES_ON = 0.0
BY_PLAN = 1.0
BY_DROPOUT = 2.0
AT_LIMIT = 3.0
AFTER_VIOLATION = 4.0


@equation(rises="at_start good_enough", falls="level")
def well_enough(level: Share, at_start: Share, good_enough: Share, p: Parameters) -> Flag:
    """1 if a client feels well enough to stop: distress is low, and enough of it is gone (C19)."""
    gone = level <= (1.0 - p.enough_change) * at_start
    return where((level <= good_enough) & gone, 1.0, 0.0)


@equation(falls="retains", either="session")
def dropout_level(session: Count, retains: Logit, p: Parameters) -> Logit:
    """Hazard of dropout of an average client, in logits: highest after session 1 (F28, F29).

    It falls with every session; preparation lowers it (F37), and therapists differ in whom they keep (F113).
    """
    early = 1.0 / math.sqrt(where(session > 1.0, session, 1.0))
    course = early * p.dropout_first + (1.0 - early) * p.dropout_later
    return course - p.role_induction * p.role_induction_effect - retains


@equation(rises="strain distress", falls="at_start", either="well")
def dropout_push(
    strain: Share, distress: Share, at_start: Share, well: Flag, p: Parameters
) -> Logit:
    """What drives a client away: strain, distress, having become worse; or feeling well enough (C16, C19, C20)."""
    relieved = where(well > 0.5, p.dropout_relieved, 0.0)
    worse = p.dropout_worse * above(distress, at_start)
    return p.dropout_strain * strain + p.dropout_severity * (distress - 0.5) + worse + relieved


@equation(rises="level push", falls="allied safe motivation match")
def dropout_probability(
    level: Logit,
    push: Logit,
    allied: Share,
    safe: Share,
    motivation: Share,
    match: Share,
    p: Parameters,
) -> Share:
    """Chance of a unilateral ending after this session; alliance and feeling safe keep a client (F33, C4, C18)."""
    return logistic(
        level
        + push
        - p.dropout_alliance * (allied - 0.6)
        - p.dropout_safety * (safe - 0.6)
        - p.dropout_motivation * (motivation - 0.5)
        - p.dropout_match * (match - 0.5)
    )


@equation(rises="well", falls="dependency")
def planned_exit_probability(well: Flag, dependency: Share, p: Parameters) -> Share:
    """Chance of a planned ending: well enough; dependency holds on (C19, C25)."""
    ready = p.planned_exit * (1.0 - p.planned_exit_dependency * dependency)
    return where(well > 0.5, ready, 0.0)


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
