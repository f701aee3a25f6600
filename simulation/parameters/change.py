"""Parameters of distress and satisfaction."""

from __future__ import annotations

from simulation.parameters.declaration import LOGIT, PER_SESSION, PER_UNIT, Group, number

__all__ = ["Change"]


class Change(Group):
    """Distress and satisfaction."""

    common_change: float = number(
        0.01851,
        0,
        0.5,
        "Share of distress that an average client loses in a session whatever the alliance.",
        unit=PER_SESSION,
        status="calibrated",
        source="F87",
    )
    alliance_effect: float = number(
        2.883,
        0,
        5,
        "How much the alliance, times disclosure and agency, adds to the share of distress lost in a session.",
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
    usual_share: float = number(
        0.4705,
        0,
        1,
        "How far an alliance is felt against the client's own usual one instead of the neutral one.",
        unit="share",
        status="calibrated",
        source="F59, C7",
    )
    usual_rate: float = number(
        0.1,
        0,
        1,
        "How fast a client gets used to an alliance.",
        unit="share per session",
        source="C7",
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
        0.5,
        0,
        3,
        "How much attachment insecurity raises a client's sensitivity to the alliance.",
        unit="ratio per unit",
        source="C9",
    )
    sensitivity_severity: float = number(
        0.5,
        0,
        3,
        "How much severity raises a client's sensitivity to the alliance.",
        unit="ratio per unit",
        source="F56, C9",
    )
    natural_recovery: float = number(
        0.006,
        0,
        0.2,
        "Share of distress that fades in a week without therapy.",
        unit="share per week",
        source="F87",
    )
    support_recovery: float = number(
        0.012,
        0,
        0.2,
        "How much social support adds to or takes from recovery without therapy.",
        unit="share per week and unit",
    )
    life_events: float = number(
        0.05,
        0,
        0.3,
        "How far life pushes distress about in a week.",
        unit="SD on [0, 1]",
        source="F88",
    )
    life_lasting: float = number(
        0.3, 0, 1, "Share of a push of life on distress that stays.", unit="share", source="F88"
    )
    life_fading: float = number(
        1.0,
        0,
        10,
        "How fast a push of life on distress fades, but for the share that stays.",
        unit="per week",
        source="F88",
    )
    relief_memory: float = number(
        0.5, 0, 0.95, "How much of earlier relief is still felt a session later.", unit="share"
    )
    satisfaction_rate: float = number(0.4, 0, 1, "How fast satisfaction moves.", unit=PER_SESSION)
    satisfaction_base: float = number(0.6, -5, 5, "Satisfaction, all else average.", unit=LOGIT)
    satisfaction_alliance: float = number(
        3.5,
        0,
        15,
        "How much the alliance makes for satisfaction.",
        unit=PER_UNIT,
        source="F79, C35",
    )
    satisfaction_improvement: float = number(
        2.0,
        0,
        15,
        "How much improvement since the start makes for satisfaction.",
        unit=PER_UNIT,
        source="F79, C35",
    )
    satisfaction_match: float = number(
        0.8, 0, 10, "How much a met preference makes for satisfaction.", unit=PER_UNIT, source="F36"
    )
