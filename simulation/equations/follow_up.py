"""Weeks without therapy: the natural course, relapse, and what life does meanwhile.

Used only where clients are assessed by calendar week (`simulation.assessing`), after a therapy or instead of one.

After cognitive behavioural therapy for depression about a third relapse (33 %: Wojnarowski et al. 2019, Behavioural
and Cognitive Psychotherapy 47:514, 10.1017/S1352465819000080), after its low-intensity forms half do within a year
(53 %: Ali et al. 2017, Behaviour Research and Therapy 94:1, 10.1016/j.brat.2017.04.006), and rather those with
symptoms left. Here part of that is the same for all, and part is what life does to one and not to another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.equations.change import natural_course
from simulation.numerics import above, clip, exp

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Difference, Normal, Share

__all__ = ["distress_after_week", "level_after_week"]


@equation(rises="level start life", falls="support")
def level_after_week(
    level: Share, start: Share, support: Share, life: Normal, p: Parameters
) -> Share:
    """Level of distress after a week without therapy (F87).

    It fades as it would have by itself, some of what therapy took away since the start comes back, and a part of what
    happens in a life stays.
    """
    back = p.relapse * above(start, level)
    faded = level * (1.0 - natural_course(support, p))
    return clip(faded + back + p.life_lasting * p.life_events * life, 0.0, 1.0)


@equation(rises="deviation level life")
def distress_after_week(deviation: Difference, level: Share, life: Normal, p: Parameters) -> Share:
    """Distress after a week without therapy: its level, what is left of the last deviation from it, and a new one."""
    left = exp(-p.life_fading) * deviation
    return clip(level + left + (1.0 - p.life_lasting) * p.life_events * life, 0.0, 1.0)
