"""Parameters of one session: safety, attunement, the frame, rupture, trust, alliance, change and ending.

Weights multiply centred quantities: ``safety_trust · (trust - ½)`` is in logits when trust goes from ½ to 1.
"""

from __future__ import annotations

from pydantic import BaseModel

from simulation.parameters.declaration import number

__all__ = ["Alliance", "Boundaries", "Change", "Ending", "Meeting", "RuptureRepair"]

LOGIT = "logit"
PER_UNIT = "logit per unit"
PER_SESSION = "share per session"


class Meeting(BaseModel):
    """Safety, disclosure and attunement."""

    safety_base: float = number(0.9, -5, 5, "Safety when everything else is average.", unit=LOGIT)
    safety_trust: float = number(3.0, 0, 10, "How much trust makes a session feel safe.", unit=PER_UNIT, source="C4")
    safety_acceptance: float = number(
        1.0, 0, 10, "How much a therapist's acceptance makes a session feel safe.", unit=PER_UNIT, source="C3"
    )
    safety_clarity: float = number(
        1.2, 0, 10, "How much a clear boundary makes a session feel safe.", unit=PER_UNIT, source="C21"
    )
    safety_strain: float = number(2.0, 0, 10, "How much strain takes safety away.", unit=PER_UNIT)
    concealment: float = number(
        0.5, 0, 1, "Share of disclosure that full attachment avoidance holds back.", source="F80, C4"
    )
    attunement_disclosure: float = number(
        1.0, 0, 10, "How much more a therapist grasps when the client discloses.", unit=PER_UNIT
    )
    attunement_distress: float = number(
        0.5, 0, 10, "How much harder high distress makes it to attune.", unit=PER_UNIT
    )
    attunement_noise: float = number(
        0.6, 0, 3, "How much attunement varies from one session to the next.", unit="SD in logits"
    )
    empathy_fatigue: float = number(
        1.2, 0, 5, "Loss of effective empathy in a fully fatigued therapist.", unit=LOGIT, source="C28"
    )
    perceived_trust: float = number(
        0.4, 0, 1, "Share of perceived empathy that comes from trust, not from attunement.", source="C2, F11"
    )


class Boundaries(BaseModel):
    """The frame: clarity, tests, crossings and violations."""

    boundary_optimum: float = number(
        0.55, 0.05, 0.95, "Boundary that is clearest: neither porous nor rigid.", source="C21, C22"
    )
    porous_width: float = number(
        0.25, 0.03, 2, "How far below the optimum clarity has fallen to one half.", source="C21, C22"
    )
    rigid_width: float = number(
        0.25, 0.03, 2, "How far above the optimum clarity has fallen to one half.", source="C21, C22"
    )
    test_base: float = number(-2.3, -8, 4, "Chance that a client tests the frame, all else average.", unit=LOGIT)
    test_dependency: float = number(
        2.5, 0, 10, "How much dependency makes a client test the frame.", unit=PER_UNIT, source="C25"
    )
    test_anxiety: float = number(
        1.5, 0, 10, "How much attachment anxiety makes a client test the frame.", unit=PER_UNIT
    )
    crossing_base: float = number(
        -2.0, -8, 4, "Yielding against holding, for a clear boundary.", unit=LOGIT, source="F109"
    )
    crossing_porosity: float = number(
        9.0, 0, 30, "How much a boundary below the optimum makes a therapist yield.", unit=PER_UNIT, source="C22"
    )
    crossing_fatigue: float = number(
        1.5, 0, 10, "How much fatigue makes a therapist yield.", unit=PER_UNIT
    )
    rebuff_base: float = number(
        -3.0, -8, 4, "Rebuffing against holding, for a clear boundary.", unit=LOGIT
    )
    rebuff_rigidity: float = number(
        9.0, 0, 30, "How much a boundary above the optimum makes a therapist rebuff.", unit=PER_UNIT, source="C21"
    )
    rebuff_fatigue: float = number(1.0, 0, 10, "How much fatigue makes a therapist rebuff.", unit=PER_UNIT)
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
        "How much each earlier crossing multiplies that share; contested, so off.",
        unit="per crossing",
        source="C23",
    )
    crossing_dependency: float = number(
        0.06, 0, 1, "How much a crossing feeds dependency.", unit="share of the way to 1"
    )
    crossing_bond: float = number(
        0.05,
        0,
        0.5,
        "How much crossings move the bond, up or down; their mean effect is zero.",
        unit="SD on [0, 1]",
        source="C22, F112",
    )
    holding_dependency: float = number(
        0.04, 0, 1, "How much a limit held warmly lowers dependency.", unit="share"
    )
    violation_trust: float = number(
        0.7, 0, 1, "Share of trust lost by a violation.", source="F111, C22"
    )
    violation_distress: float = number(
        0.35, 0, 1, "How far a violation raises distress towards 1.", source="F111, C22"
    )
    ethics_training_boundary: float = number(
        0.5, 0, 1, "How far ethics training moves a boundary towards the optimum.", unit="share of the way"
    )
    ethics_training_violation: float = number(
        0.5, 0, 1, "Share of violations that ethics training prevents.", unit="share"
    )


class RuptureRepair(BaseModel):
    """Rupture, noticing and repair."""

    rupture_base: float = number(
        -1.45, -8, 4, "Chance of a rupture, all else average.", unit=LOGIT, status="calibrated", source="F65"
    )
    rupture_misattunement: float = number(
        3.0, 0, 15, "How much being misunderstood invites a rupture.", unit=PER_UNIT, source="C15"
    )
    rupture_anxiety: float = number(
        1.0, 0, 10, "How much attachment anxiety makes for ruptures.", unit=PER_UNIT, source="C14"
    )
    rupture_rebuff: float = number(
        1.5, 0, 10, "How much a rebuff invites a rupture.", unit=LOGIT, source="C15, F70"
    )
    rupture_strain: float = number(
        1.5, 0, 10, "How much strain already there invites a rupture.", unit=PER_UNIT
    )
    rupture_trust: float = number(2.0, 0, 10, "How much trust protects against rupture.", unit=PER_UNIT)
    confrontation_base: float = number(
        -1.1, -8, 4, "Confrontation against withdrawal, all else average.", unit=LOGIT, source="F71"
    )
    confrontation_anxiety: float = number(
        1.0, 0, 10, "How much attachment anxiety turns rupture into confrontation.", unit=PER_UNIT
    )
    confrontation_avoidance: float = number(
        1.0, 0, 10, "How much attachment avoidance turns rupture into withdrawal.", unit=PER_UNIT
    )
    notice_base: float = number(
        0.9, -8, 8, "Chance that a therapist notices a rupture, all else average.", unit=LOGIT, source="F65, C16"
    )
    notice_attunement: float = number(
        3.0, 0, 15, "How much attunement helps to notice.", unit=PER_UNIT, source="C16"
    )
    notice_withdrawal: float = number(
        1.0, 0, 8, "How much harder a withdrawal is to notice than a confrontation.", unit=LOGIT, source="C16"
    )
    notice_fatigue: float = number(
        1.5, 0, 8, "How much fatigue hides a rupture.", unit=PER_UNIT, source="C16, C29"
    )
    repair_base: float = number(0.2, -8, 8, "Chance that an attempt at repair succeeds.", unit=LOGIT)
    repair_ability: float = number(
        3.0, 0, 15, "How much repair skill makes it succeed.", unit=PER_UNIT, source="C17"
    )
    repair_bond: float = number(2.0, 0, 10, "How much bond makes it succeed.", unit=PER_UNIT, source="C17")
    strain_rupture: float = number(
        0.3, 0, 1, "How far an unrepaired rupture raises strain towards 1.", source="C17"
    )
    strain_repaired: float = number(
        0.5, 0, 1, "Share of strain that a repair leaves.", source="C17"
    )
    strain_decay: float = number(0.15, 0, 1, "Share of strain that fades by itself.", unit=PER_SESSION)
    trust_repair: float = number(
        0.04, 0, 1, "How far a repair raises trust towards 1.", source="C17, F68"
    )
    trust_rupture: float = number(
        0.06, 0, 1, "Share of trust lost by an unrepaired rupture.", source="C17"
    )


class Alliance(BaseModel):
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
        0.3, 0, 1, "Weight of acceptance; what is left of 1 is the clarity of the boundary.", unit="weight", source="C3"
    )
    start_base: float = number(0.55, -5, 5, "Alliance of an average dyad at the outset.", unit=LOGIT)
    start_trust: float = number(
        1.2, 0, 10, "How much propensity to trust lifts a client's alliance.", unit=PER_UNIT, source="C4"
    )
    start_anxiety: float = number(
        0.35, 0, 10, "How much attachment anxiety lowers it.", unit=PER_UNIT, status="calibrated", source="F77, C14"
    )
    start_avoidance: float = number(
        0.5, 0, 10, "How much attachment avoidance lowers it.", unit=PER_UNIT, status="calibrated", source="F77, C14"
    )
    start_motivation: float = number(
        1.0, 0, 10, "How much motivation and expectation lift it.", unit=PER_UNIT, source="C13"
    )
    start_match: float = number(
        0.6, 0, 10, "How much a matched preference lifts it.", unit=PER_UNIT, source="F36, C20"
    )
    start_spread: float = number(
        0.45, 0, 3, "How much dyads differ in alliance for reasons of their own.", unit="SD in logits"
    )
    alliance_rate: float = number(
        0.25, 0, 1, "How fast bond, task and goal move towards what sustains them.", unit=PER_SESSION
    )
    alliance_noise: float = number(
        0.45, 0, 3, "How much the alliance fluctuates from session to session.", unit="SD in logits", source="F60"
    )
    bond_base: float = number(0.35, -5, 5, "Bond, all else average.", unit=LOGIT)
    bond_trust: float = number(2.0, 0, 10, "How much trust sustains the bond.", unit=PER_UNIT)
    bond_attunement: float = number(
        1.2, 0, 10, "How much perceived empathy sustains the bond.", unit=PER_UNIT, source="C1"
    )
    bond_acceptance: float = number(
        0.8, 0, 10, "How much acceptance sustains the bond.", unit=PER_UNIT, source="C3, F17"
    )
    bond_relief: float = number(
        6.0, 0, 40, "How much recent relief feeds the bond.", unit=PER_UNIT, status="calibrated", source="F53, C6, C8"
    )
    task_base: float = number(0.45, -5, 5, "Agreement on tasks, all else average.", unit=LOGIT)
    task_collaboration: float = number(
        2.0, 0, 10, "How much collaboration makes agreement on tasks.", unit=PER_UNIT, source="C26"
    )
    task_agency: float = number(1.5, 0, 10, "How much agency makes it.", unit=PER_UNIT, source="C26")
    task_relief: float = number(
        6.0, 0, 40, "How much recent improvement makes it.", unit=PER_UNIT, status="calibrated", source="F53, C8"
    )
    goal_base: float = number(0.45, -5, 5, "Agreement on goals, all else average.", unit=LOGIT)
    goal_collaboration: float = number(
        2.0, 0, 10, "How much collaboration makes agreement on goals.", unit=PER_UNIT, source="F15"
    )
    goal_agency: float = number(1.0, 0, 10, "How much agency makes it.", unit=PER_UNIT)
    goal_trust: float = number(1.0, 0, 10, "How much trust makes it.", unit=PER_UNIT)
    alliance_strain: float = number(
        2.0, 0, 10, "How much strain lowers bond, task and goal.", unit=PER_UNIT, source="C15"
    )
    agency_rate: float = number(0.15, 0, 1, "How fast agency moves.", unit=PER_SESSION)
    agency_base: float = number(0.4, -5, 5, "Agency, all else average.", unit=LOGIT)
    agency_collaboration: float = number(
        1.5, 0, 10, "How much collaboration builds agency.", unit=PER_UNIT, source="C26"
    )
    agency_alliance: float = number(1.5, 0, 10, "How much the alliance builds agency.", unit=PER_UNIT)
    agency_motivation: float = number(1.0, 0, 10, "How much motivation builds agency.", unit=PER_UNIT)
    agency_dependency: float = number(
        1.5, 0, 10, "How much dependency undermines agency.", unit=PER_UNIT, source="C25"
    )
    dependency_rate: float = number(0.1, 0, 1, "How fast dependency relaxes.", unit=PER_SESSION)
    dependency_base: float = number(-0.9, -5, 5, "Dependency, all else average.", unit=LOGIT)
    dependency_anxiety: float = number(
        2.0, 0, 10, "How much attachment anxiety feeds dependency.", unit=PER_UNIT, source="C25"
    )
    dependency_bond: float = number(
        1.0, 0, 10, "How much the bond feeds dependency.", unit=PER_UNIT, source="C25"
    )
    dependency_support: float = number(
        1.5, 0, 10, "How much social support protects from dependency.", unit=PER_UNIT, source="C25"
    )


class Change(BaseModel):
    """Distress and satisfaction."""

    common_change: float = number(
        0.03,
        0,
        0.5,
        "Share of distress that an average client loses in a session whatever the alliance.",
        unit=PER_SESSION,
        status="calibrated",
        source="F87",
    )
    alliance_effect: float = number(
        0.6,
        0,
        5,
        "How much the alliance, times disclosure and agency, adds to that share.",
        unit="share per session and unit",
        status="calibrated",
        source="F53, F54, C7",
    )
    alliance_neutral: float = number(
        0.55,
        0,
        1,
        "Weighted alliance below which therapy harms instead of helping.",
        source="C10",
    )
    bond_weight: float = number(
        0.2,
        0,
        1,
        "Weight of the bond in what changes distress; task and goal share the rest.",
        unit="weight",
        source="F22, C6",
    )
    sensitivity_interpersonal: float = number(
        0.5, 0, 3, "How much attachment insecurity raises a client's sensitivity.", unit="ratio per unit", source="C9"
    )
    sensitivity_severity: float = number(
        0.5, 0, 3, "How much severity raises it.", unit="ratio per unit", source="F56, C9"
    )
    natural_recovery: float = number(
        0.006, 0, 0.2, "Share of distress that fades in a week without therapy.", unit="share per week", source="F87"
    )
    support_recovery: float = number(
        0.012, 0, 0.2, "How much social support adds to or takes from that.", unit="share per week and unit"
    )
    life_events: float = number(
        0.04,
        0,
        0.3,
        "How far life pushes distress about in a week.",
        unit="SD on [0, 1]",
        status="calibrated",
        source="F88",
    )
    relief_memory: float = number(
        0.5, 0, 0.95, "How much of earlier relief is still felt a session later.", unit="share"
    )
    satisfaction_rate: float = number(0.4, 0, 1, "How fast satisfaction moves.", unit=PER_SESSION)
    satisfaction_base: float = number(0.6, -5, 5, "Satisfaction, all else average.", unit=LOGIT)
    satisfaction_alliance: float = number(
        3.5, 0, 15, "How much the alliance makes for satisfaction.", unit=PER_UNIT, source="F79, C35"
    )
    satisfaction_improvement: float = number(
        2.5, 0, 15, "How much improvement since the start does.", unit=PER_UNIT, source="F79, C35"
    )
    satisfaction_match: float = number(
        0.8, 0, 10, "How much a met preference does.", unit=PER_UNIT, source="F36"
    )


class Ending(BaseModel):
    """Planned endings and dropout."""

    dropout_first: float = number(
        -2.6, -10, 5, "Hazard of dropout after session 1.", unit=LOGIT, status="calibrated", source="F28, F29"
    )
    dropout_second: float = number(
        -3.0, -10, 5, "Hazard of dropout after session 2.", unit=LOGIT, status="calibrated", source="F28"
    )
    dropout_later: float = number(
        -4.2, -10, 5, "Hazard of dropout after later sessions.", unit=LOGIT, status="calibrated", source="F23"
    )
    dropout_alliance: float = number(
        4.0, 0, 20, "How much the alliance keeps a client.", unit=PER_UNIT, source="F33, C18"
    )
    dropout_strain: float = number(1.5, 0, 15, "How much strain drives a client away.", unit=PER_UNIT, source="C16, C18")
    dropout_severity: float = number(0.5, 0, 10, "How much distress does.", unit=PER_UNIT, source="F23")
    dropout_motivation: float = number(
        1.0, 0, 10, "How much motivation keeps a client.", unit=PER_UNIT, source="C18"
    )
    dropout_match: float = number(
        0.8, 0, 10, "How much a matched preference keeps a client.", unit=PER_UNIT, source="F36, C20"
    )
    dropout_relieved: float = number(
        0.8, 0, 6, "How much likelier a client who feels well enough leaves without a word.", unit=LOGIT, source="F29, C19"
    )
    planned_exit: float = number(
        0.3,
        0,
        1,
        "Chance per session of a planned ending once a client has felt well enough for long enough.",
        unit="probability",
        status="calibrated",
        source="F31, C19",
    )
    planned_exit_sessions: float = number(
        2, 1, 20, "Sessions in a row a client must feel well enough before that.", unit="sessions", source="C19"
    )
    planned_exit_dependency: float = number(
        0.6, 0, 1, "Share of that chance which full dependency takes away.", unit="share", source="C25"
    )
