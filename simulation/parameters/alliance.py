"""Parameters of trust, bond, task, goal, agency and dependency."""

from __future__ import annotations

from simulation.parameters.declaration import LOGIT, PER_SESSION, PER_UNIT, Group, number

__all__ = ["Alliance"]


class Alliance(Group):
    """Trust, bond, task, goal, agency and dependency."""

    trust_rate: float = number(
        0.12, 0, 0.33, "How fast trust moves towards what a session was like.", unit=PER_SESSION
    )
    trust_loss_ratio: float = number(
        2.0, 1, 3, "How much faster trust is lost than gained.", unit="ratio", source="C24"
    )
    trust_attunement: float = number(
        0.5, 0, 1, "Weight of attunement in what a session was like.", unit="weight", source="C1"
    )
    trust_acceptance: float = number(
        0.3,
        0,
        1,
        "Weight of acceptance; what is left of 1 is the clarity of the boundary.",
        unit="weight",
        source="C3",
    )
    start_base: float = number(
        -0.04715,
        -5,
        5,
        "Alliance of an average dyad at the outset.",
        unit=LOGIT,
        status="calibrated",
        source="F73, F74",
    )
    start_trust: float = number(
        1.2,
        0,
        10,
        "How much propensity to trust lifts a client's alliance at the outset.",
        unit=PER_UNIT,
        source="C4",
    )
    start_anxiety: float = number(
        0.3231,
        0,
        10,
        "How much attachment anxiety lowers a client's alliance at the outset.",
        unit=PER_UNIT,
        status="calibrated",
        source="F77, C14",
    )
    start_avoidance: float = number(
        0.3193,
        0,
        10,
        "How much attachment avoidance lowers a client's alliance at the outset.",
        unit=PER_UNIT,
        status="calibrated",
        source="F77, C14",
    )
    start_motivation: float = number(
        1.0,
        0,
        10,
        "How much motivation and expectation lift a client's alliance at the outset.",
        unit=PER_UNIT,
        source="C13",
    )
    start_match: float = number(
        0.6,
        0,
        10,
        "How much a matched preference lifts a client's alliance at the outset.",
        unit=PER_UNIT,
        source="F36, C20",
    )
    start_spread: float = number(
        0.45,
        0,
        3,
        "How much dyads differ in alliance for reasons of their own.",
        unit="SD in logits",
    )
    alliance_rate: float = number(
        0.25,
        0,
        1,
        "How fast bond, task and goal move towards what sustains them.",
        unit=PER_SESSION,
    )
    alliance_noise: float = number(
        0.8,
        0,
        3,
        "How much the alliance fluctuates from session to session.",
        unit="SD in logits",
        source="F60",
    )
    bond_base: float = number(
        0.5947,
        -5,
        5,
        "Bond, all else average.",
        unit=LOGIT,
        status="calibrated",
        source="F73, F74",
    )
    bond_trust: float = number(2.0, 0, 10, "How much trust sustains the bond.", unit=PER_UNIT)
    bond_attunement: float = number(
        1.2, 0, 10, "How much perceived empathy sustains the bond.", unit=PER_UNIT, source="C1"
    )
    bond_acceptance: float = number(
        0.8, 0, 10, "How much acceptance sustains the bond.", unit=PER_UNIT, source="C3, F17"
    )
    bond_relief: float = number(
        7.646,
        0,
        40,
        "How much recent relief feeds the bond.",
        unit=PER_UNIT,
        status="calibrated",
        source="F53, C6, C8",
    )
    bond_porosity: float = number(
        1.0, 0, 10, "How much warmer the bond is with porous limits.", unit=PER_UNIT, source="C22"
    )
    task_base: float = number(
        0.02529,
        -5,
        5,
        "Agreement on tasks, all else average.",
        unit=LOGIT,
        status="calibrated",
        source="F73, F74",
    )
    task_collaboration: float = number(
        2.0, 0, 10, "How much collaboration makes agreement on tasks.", unit=PER_UNIT, source="C26"
    )
    task_agency: float = number(
        1.5, 0, 10, "How much agency makes agreement on tasks.", unit=PER_UNIT, source="C26"
    )
    task_relief: float = number(
        5.945,
        0,
        40,
        "How much recent improvement makes agreement on tasks.",
        unit=PER_UNIT,
        status="calibrated",
        source="F53, C8",
    )
    task_porosity: float = number(
        0.8, 0, 10, "How much porous limits blur what is to be done.", unit=PER_UNIT, source="C22"
    )
    goal_base: float = number(
        1.705,
        -5,
        5,
        "Agreement on goals, all else average.",
        unit=LOGIT,
        status="calibrated",
        source="F73, F74",
    )
    goal_collaboration: float = number(
        2.0, 0, 10, "How much collaboration makes agreement on goals.", unit=PER_UNIT, source="F15"
    )
    goal_agency: float = number(
        1.0, 0, 10, "How much agency makes agreement on goals.", unit=PER_UNIT
    )
    goal_trust: float = number(
        1.0, 0, 10, "How much trust makes agreement on goals.", unit=PER_UNIT
    )
    alliance_strain: float = number(
        1.6, 0, 10, "How much strain lowers bond, task and goal.", unit=PER_UNIT, source="C15"
    )
    agency_rate: float = number(0.15, 0, 1, "How fast agency moves.", unit=PER_SESSION)
    agency_base: float = number(0.4, -5, 5, "Agency, all else average.", unit=LOGIT)
    agency_collaboration: float = number(
        1.5, 0, 10, "How much collaboration builds agency.", unit=PER_UNIT, source="C26"
    )
    agency_alliance: float = number(
        1.5, 0, 10, "How much the alliance builds agency.", unit=PER_UNIT
    )
    agency_motivation: float = number(
        1.0, 0, 10, "How much motivation builds agency.", unit=PER_UNIT
    )
    agency_dependency: float = number(
        1.5, 0, 10, "How much dependency undermines agency.", unit=PER_UNIT, source="C25"
    )
    agency_porosity: float = number(
        0.8, 0, 10, "How much blurred roles undermine agency.", unit=PER_UNIT, source="C22, C25"
    )
    dependency_rate: float = number(0.1, 0, 1, "How fast dependency relaxes.", unit=PER_SESSION)
    dependency_base: float = number(-0.9, -5, 5, "Dependency, all else average.", unit=LOGIT)
    dependency_anxiety: float = number(
        2.0, 0, 10, "How much attachment anxiety feeds dependency.", unit=PER_UNIT, source="C25"
    )
    dependency_bond: float = number(
        1.0, 0, 10, "How much the bond feeds dependency.", unit=PER_UNIT, source="C25"
    )
    dependency_porosity: float = number(
        1.8,
        0,
        10,
        "How much porous limits feed dependency in a client with full attachment anxiety.",
        unit=PER_UNIT,
        source="C22, C25",
    )
    dependency_support: float = number(
        1.5, 0, 10, "How much social support protects from dependency.", unit=PER_UNIT, source="C25"
    )
