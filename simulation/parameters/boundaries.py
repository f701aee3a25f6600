"""Parameters of the frame: clarity, tests, crossings and violations."""

from __future__ import annotations

from simulation.parameters.declaration import LOGIT, PER_UNIT, Group, number

__all__ = ["Boundaries"]


class Boundaries(Group):
    """The frame: clarity, tests, crossings and violations."""

    boundary_optimum: float = number(
        0.55, 0.05, 0.95, "Boundary that is clearest: neither porous nor rigid.", source="C21, C22"
    )
    porous_width: float = number(
        0.25,
        0.03,
        2,
        "How far below the optimum limits are half porous.",
        source="C21, C22",
    )
    rigid_width: float = number(
        0.25,
        0.03,
        2,
        "How far above the optimum limits are half rigid.",
        source="C21, C22",
    )
    test_base: float = number(
        -2.3, -8, 4, "Chance that a client tests the frame, all else average.", unit=LOGIT
    )
    test_dependency: float = number(
        4.0,
        0,
        10,
        "How much dependency makes a client test the frame.",
        unit=PER_UNIT,
        source="C25",
    )
    test_anxiety: float = number(
        3.0, 0, 10, "How much attachment anxiety makes a client test the frame.", unit=PER_UNIT
    )
    crossing_base: float = number(
        -2.0, -8, 4, "Yielding against holding, for a clear boundary.", unit=LOGIT, source="F109"
    )
    crossing_porosity: float = number(
        9.0,
        0,
        30,
        "How much a boundary below the optimum makes a therapist yield.",
        unit=PER_UNIT,
        source="C22",
    )
    crossing_fatigue: float = number(
        1.5, 0, 10, "How much fatigue makes a therapist yield.", unit=PER_UNIT
    )
    rebuff_base: float = number(
        -3.0, -8, 4, "Rebuffing against holding, for a clear boundary.", unit=LOGIT
    )
    rebuff_rigidity: float = number(
        9.0,
        0,
        30,
        "How much a boundary above the optimum makes a therapist rebuff.",
        unit=PER_UNIT,
        source="C21",
    )
    rebuff_fatigue: float = number(
        1.0, 0, 10, "How much fatigue makes a therapist rebuff.", unit=PER_UNIT
    )
    violation_rate: float = number(
        0.0005,
        0,
        0.2,
        "Share of crossings that become a violation; rare.",
        unit="probability",
        source="F107, F108",
    )
    slippery_slope: float = number(
        0.0,
        0,
        50,
        "How much each earlier crossing multiplies the chance of a violation; contested, so off.",
        unit="per crossing",
        source="C23",
    )
    crossing_dependency: float = number(
        0.12, 0, 1, "How much a crossing feeds dependency.", unit="share of the way to 1"
    )
    crossing_bond: float = number(
        0.05,
        0,
        0.5,
        "How much crossings move the bond, up or down; their mean effect is zero.",
        unit="SD on [0, 1]",
        source="C22, F112",
    )
    crossing_leaning: float = number(
        0.6,
        0,
        2,
        "How much worse a crossing does the bond of a client who depends more.",
        unit="per unit of dependency",
        source="C22, C25",
    )
    crossing_neutral: float = number(
        0.37,
        0,
        1,
        "Dependency of a client whose bond a crossing leaves as it is, on average.",
        source="C22, F112",
    )
    holding_dependency: float = number(
        0.08, 0, 1, "How much a limit held warmly lowers dependency.", unit="share"
    )
    violation_trust: float = number(
        0.7, 0, 1, "Share of trust lost by a violation.", source="F111, C22"
    )
    violation_distress: float = number(
        0.35, 0, 1, "How far a violation raises distress towards 1.", source="F111, C22"
    )
    ethics_training_boundary: float = number(
        0.5,
        0,
        1,
        "How far ethics training moves a boundary towards the optimum.",
        unit="share of the way",
    )
    ethics_training_violation: float = number(
        0.5, 0, 1, "Share of violations that ethics training prevents.", unit="share"
    )
