"""Rupture and repair: tension arises, is noticed or not, is repaired or builds into strain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.equation import equation
from simulation.numerics import clip, logistic, where

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.scales import Code, Flag, Logit, OpenShare, Share, Uniform, Weight

__all__ = [
    "CONFRONTATION",
    "NO_RUPTURE",
    "WITHDRAWAL",
    "confrontation_share",
    "left_open",
    "notice_probability",
    "repair_probability",
    "repair_size",
    "rupture_depth",
    "rupture_kind",
    "rupture_probability",
    "strain_after",
    "taking_up",
]

NO_RUPTURE = 0.0
WITHDRAWAL = 1.0
CONFRONTATION = 2.0


@equation(rises="anxiety rebuffed held strain", falls="perceived trust")
def rupture_probability(
    perceived: Share,
    anxiety: Share,
    rebuffed: Flag,
    held: Flag,
    strain: Share,
    trust: Share,
    p: Parameters,
) -> Share:
    """Chance of a rupture: misattunement, rebuff, anxiety and old strain invite it (C14, C15, F70).

    So does a limit held against a client who trusts little (C21).
    """
    return logistic(
        p.rupture_base
        + p.rupture_misattunement * (0.5 - perceived)
        + p.rupture_anxiety * (anxiety - 0.5)
        + p.rupture_rebuff * rebuffed
        + p.rupture_limit * held * (1.0 - trust)
        + p.rupture_strain * strain
        - p.rupture_trust * (trust - 0.5)
    )


@equation(rises="anxiety", falls="avoidance")
def confrontation_share(anxiety: Share, avoidance: Share, p: Parameters) -> Share:
    """Share of ruptures that are confrontations; withdrawal is the commoner kind (F71)."""
    return logistic(
        p.confrontation_base
        + p.confrontation_anxiety * (anxiety - 0.5)
        - p.confrontation_avoidance * (avoidance - 0.5)
    )


@equation(rises="probability confronting", falls="draw")
def rupture_kind(draw: Uniform, probability: Share, confronting: Share) -> Code:
    """Which rupture, if any, one uniform draw brings."""
    kind = where(draw < probability * confronting, CONFRONTATION, WITHDRAWAL)
    return where(draw < probability, kind, NO_RUPTURE)


@equation(rises="probability", falls="draw")
def rupture_depth(draw: Uniform, probability: OpenShare) -> Share:
    """How deep a rupture goes, 0 to 1: the same draw, which is uniform among those that bring a rupture.

    Confrontations come from the lowest draws, so they are the deeper ones (F70).
    """
    return where(draw < probability, 1.0 - draw / probability, 0.0)


@equation(rises="attuned off_track therapist_notice", falls="withdrawn")
def notice_probability(
    attuned: Share, withdrawn: Flag, off_track: Flag, therapist_notice: Logit, p: Parameters
) -> Share:
    """Chance that the therapist notices: attunement and feedback help, withdrawal and fatigue hide (C16, C32)."""
    return logistic(
        p.notice_base
        + therapist_notice
        + p.notice_attunement * (attuned - 0.5)
        - p.notice_withdrawal * withdrawn
        + p.feedback_notice * off_track
    )


@equation(rises="notice ruptured strain")
def taking_up(notice: Share, ruptured: Flag, strain: Share, p: Parameters) -> Share:
    """Chance that what is between the two is taken up: a rupture noticed, or strain from before (C16, C17)."""
    return notice * where(ruptured > 0.5, 1.0, clip(p.repair_strain * strain, 0.0, 1.0))


@equation(rises="therapist_repair bond")
def repair_probability(therapist_repair: Logit, bond: Share, p: Parameters) -> Share:
    """Chance that an attempt at repair succeeds: skill and a bond to draw on (C17)."""
    return logistic(p.repair_base + therapist_repair + p.repair_bond * (bond - 0.5))


@equation(rises="depth taken_up avoidance", falls="repaired")
def left_open(
    depth: Share, taken_up: Flag, repaired: Flag, avoidance: Share, p: Parameters
) -> Share:
    """How deep a rupture stays that was not repaired; 0 after a repair (C16, C17).

    An attempt that fails presses a client who would rather be left alone, however little there was to repair.
    """
    pressed = p.repair_pressing * avoidance * taken_up
    return where(repaired > 0.5, 0.0, where(pressed > depth, pressed, depth))


@equation(rises="resolved depth strain")
def repair_size(resolved: Flag, depth: Share, strain: Share) -> Weight:
    """How much a repair is worth, by how much there was to repair: 1 for a rupture of average depth (C17)."""
    return 2.0 * resolved * where(depth > strain, depth, strain)


@equation(rises="strain hurt", falls="repaired")
def strain_after(strain: Share, hurt: Share, repaired: Flag, p: Parameters) -> Share:
    """Strain after the session: it fades slowly, an unrepaired rupture builds it, repair halves it (C17).

    `hurt` is how deep a rupture was left open, see `left_open`.
    """
    faded = strain * (1.0 - p.strain_decay)
    built = faded + p.strain_rupture * (1.0 - faded) * hurt
    return where(repaired > 0.5, p.strain_repaired * built, built)
