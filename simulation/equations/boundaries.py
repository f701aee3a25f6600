"""The frame of therapy: how clear a boundary is, who tests it, and what the therapist then does.

That clarity falls on both sides of an optimum is theory without dose data (C21, C22): status assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.numerics import above, below, clip, exp, logistic, where

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Code, Count, Share, Uniform

__all__ = [
    "CROSSING",
    "HELD",
    "NO_TEST",
    "REBUFF",
    "VIOLATION",
    "after_event",
    "answers_to_test",
    "boundary_event",
    "boundary_test_probability",
    "effective_boundary",
    "looseness",
    "violation_share",
]

NO_TEST = 0.0
HELD = 1.0
CROSSING = 2.0
REBUFF = 3.0
VIOLATION = 4.0


@equation(rises="boundary")
def effective_boundary(boundary: Share, p: Parameters) -> Share:
    """Boundary as it is lived: ethics training moves it towards the clear optimum."""
    return boundary + p.ethics_training * p.ethics_training_boundary * (
        p.boundary_optimum - boundary
    )


@equation(either="boundary")
def looseness(boundary: Share, p: Parameters) -> tuple[Share, Share]:
    """How porous and how rigid limits are felt to be: 0 at the optimum, ½ one width away on that side (C21, C22)."""
    porous = below(boundary, p.boundary_optimum) / p.porous_width
    rigid = above(boundary, p.boundary_optimum) / p.rigid_width
    return porous * porous / (1.0 + porous * porous), rigid * rigid / (1.0 + rigid * rigid)


@equation(either="boundary fatigue")
def answers_to_test(boundary: Share, fatigue: Share, p: Parameters) -> tuple[Share, Share]:
    """Chances that a therapist yields to a test of the frame, and rebuffs it; otherwise holds (C21, C22).

    Porous and fatigued therapists yield, rigid and fatigued ones rebuff; both weighed against holding, 1.
    """
    yielding = exp(
        p.crossing_base
        + p.crossing_porosity * below(boundary, p.boundary_optimum)
        + p.crossing_fatigue * (fatigue - 0.5)
    )
    rebuffing = exp(
        p.rebuff_base
        + p.rebuff_rigidity * above(boundary, p.boundary_optimum)
        + p.rebuff_fatigue * (fatigue - 0.5)
    )
    whole = 1.0 + yielding + rebuffing
    return yielding / whole, rebuffing / whole


@equation(rises="dependency anxiety")
def boundary_test_probability(dependency: Share, anxiety: Share, p: Parameters) -> Share:
    """Chance that the client tests the frame: dependency and attachment anxiety make for it (C25)."""
    return logistic(
        p.test_base + p.test_dependency * (dependency - 0.5) + p.test_anxiety * (anxiety - 0.5)
    )


@equation(rises="crossings")
def violation_share(crossings: Count, p: Parameters) -> Share:
    """Share of crossings that become a violation; the slippery slope is contested and off (C23, F107)."""
    return clip(
        p.violation_rate
        * (1.0 + p.slippery_slope * crossings)
        * (1.0 - p.ethics_training * p.ethics_training_violation),
        0.0,
        1.0,
    )


@equation(either="test response test_probability yields rebuffs share")
def boundary_event(
    test: Uniform,
    response: Uniform,
    test_probability: Share,
    yields: Share,
    rebuffs: Share,
    share: Share,
) -> Code:
    """What happens to the frame in this session, given two uniform draws.

    A yield of which `share` are violations, a rebuff, or a limit held warmly; `NO_TEST` where there was none.
    """
    kind = where(response > 1.0 - rebuffs, REBUFF, HELD)
    kind = where(response < yields, CROSSING, kind)
    kind = where(response < yields * share, VIOLATION, kind)
    return where(test < test_probability, kind, NO_TEST)


@equation(rises="usual", either="event kind")
def after_event(usual: Share, event: Code, kind: Code) -> Share:
    """How porous, or rigid, limits are felt to be in this session: as usual, unless they were tested (C21, C22).

    A crossing makes limits wholly porous and a rebuff wholly rigid, for this session; a limit held makes them clear.
    """
    tested = where(event == kind, 1.0, 0.0)
    return where(event > NO_TEST, tested, usual)
