"""Parameters of rupture, noticing and repair."""

from __future__ import annotations

from simulation.parameters.declaration import LOGIT, PER_SESSION, PER_UNIT, Group, number

__all__ = ["RuptureRepair"]


class RuptureRepair(Group):
    """Rupture, noticing and repair."""

    rupture_base: float = number(
        -0.4, -8, 4, "Chance of a rupture, all else average.", unit=LOGIT, source="F65"
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
    rupture_limit: float = number(
        1.0,
        0,
        10,
        "How much a limit held invites a rupture in a client without trust.",
        unit=PER_UNIT,
        source="C15, C21",
    )
    rupture_strain: float = number(
        4.0, 0, 10, "How much strain already there invites a rupture.", unit=PER_UNIT
    )
    rupture_trust: float = number(
        2.0, 0, 10, "How much trust protects against rupture.", unit=PER_UNIT
    )
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
        0.9,
        -8,
        8,
        "Chance that a therapist notices a rupture, all else average.",
        unit=LOGIT,
        source="F65, C16",
    )
    notice_attunement: float = number(
        3.0, 0, 15, "How much attunement helps to notice.", unit=PER_UNIT, source="C16"
    )
    notice_withdrawal: float = number(
        1.0,
        0,
        8,
        "How much harder a withdrawal is to notice than a confrontation.",
        unit=LOGIT,
        source="C16",
    )
    notice_fatigue: float = number(
        1.5, 0, 8, "How much fatigue hides a rupture.", unit=PER_UNIT, source="C16, C29"
    )
    repair_base: float = number(
        0.2, -8, 8, "Chance that an attempt at repair succeeds.", unit=LOGIT
    )
    repair_ability: float = number(
        3.0,
        0,
        15,
        "How much repair skill makes an attempt at repair succeed.",
        unit=PER_UNIT,
        source="C17",
    )
    repair_bond: float = number(
        2.0,
        0,
        10,
        "How much the bond makes an attempt at repair succeed.",
        unit=PER_UNIT,
        source="C17",
    )
    repair_strain: float = number(
        2.0,
        0,
        10,
        "How readily strain from before is taken up, against a rupture just noticed.",
        source="C16, C17",
    )
    repair_time: float = number(
        0.5,
        0,
        1,
        "Share of a session's work that taking up a rupture costs.",
        unit="share",
        source="C16",
    )
    repair_pressing: float = number(
        0.8,
        0,
        1,
        "How deep a failed attempt at repair is felt by a client with full attachment avoidance, at least.",
        source="C14, C16",
    )
    strain_rupture: float = number(
        0.35, 0, 1, "How far an unrepaired rupture raises strain towards 1.", source="C17"
    )
    strain_repaired: float = number(
        0.5, 0, 1, "Share of strain that a repair leaves.", source="C17"
    )
    strain_decay: float = number(
        0.25, 0, 1, "Share of strain that fades by itself.", unit=PER_SESSION
    )
    rupture_alliance: float = number(
        0.2062,
        0,
        1,
        "Share of bond, task and goal lost in the session of the deepest unrepaired rupture.",
        status="calibrated",
        source="F65, C17",
    )
    trust_repair: float = number(
        2.0,
        0,
        10,
        "As how many sessions of full trust a repair, or a limit held, counts.",
        unit="sessions",
        source="C17, C21, F68",
    )
    trust_rupture: float = number(
        0.18,
        0,
        1,
        "Share of trust that the deepest rupture left open, or a rebuff, takes at a loss ratio of 1.",
        unit="share",
        source="C17, C24",
    )
