"""Who comes and who works here: traits of clients and therapists, drawn at birth from their own numbers.

Traits are logit-normal. Seven traits of clients are correlated; their normals come from independent ones by the
Cholesky factor that `simulation.correlations` works out once for a setting.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from simulation.equation import equation
from simulation.numerics import inverse_normal, logistic
from simulation.randomness import Stream, uniforms
from simulation.states import ClientTraits, Rater, TherapistState, TherapistTraits

if TYPE_CHECKING:
    from simulation.coefficients import Coefficients
    from simulation.randomness import Key

__all__ = [
    "ClientDraws",
    "TherapistDraws",
    "client_from",
    "draw_client",
    "draw_therapist",
    "normals",
    "therapist_from",
]


@equation
def trait(centre: float, spread: float, z: float) -> float:
    """Trait of someone `z` standard deviations from the median, whose logit is `centre`."""
    return logistic(centre + spread * z)


class ClientDraws(NamedTuple):
    """The randomness a client is born with: sixteen standard normals."""

    anxiety: float
    avoidance: float
    trust: float
    preference: float
    severity: float
    motivation: float
    support: float
    responsiveness: float
    sensitivity: float
    good_enough: float
    impression: float
    report: float
    goodwill: float
    leniency: float
    symptom_bias: float
    therapist_bias: float


class TherapistDraws(NamedTuple):
    """The randomness a therapist is born with: ten standard normals."""

    common: float
    empathy: float
    acceptance: float
    collaboration: float
    boundary: float
    repair_skill: float
    style: float
    fatigue: float
    habit: float
    retention: float


@equation
def client_from(z: ClientDraws, p: Coefficients) -> tuple[ClientTraits, Rater]:
    """Make a client of independent normals."""
    m = p.medians
    w = p.loadings
    anxiety = z.anxiety
    avoidance = w[1] * z.anxiety + w[2] * z.avoidance
    trust = w[3] * z.anxiety + w[4] * z.avoidance + w[5] * z.trust
    severity = w[6] * z.anxiety + w[7] * z.avoidance + w[8] * z.trust + w[9] * z.severity
    motivation = (
        w[10] * z.anxiety
        + w[11] * z.avoidance
        + w[12] * z.trust
        + w[13] * z.severity
        + w[14] * z.motivation
    )
    support = (
        w[15] * z.anxiety
        + w[16] * z.avoidance
        + w[17] * z.trust
        + w[18] * z.severity
        + w[19] * z.motivation
        + w[20] * z.support
    )
    responsiveness = (
        w[21] * z.anxiety
        + w[22] * z.avoidance
        + w[23] * z.trust
        + w[24] * z.severity
        + w[25] * z.motivation
        + w[26] * z.support
        + w[27] * z.responsiveness
    )
    traits = ClientTraits(
        trait(m[0], p.attachment_anxiety_spread, anxiety),
        trait(m[1], p.attachment_avoidance_spread, avoidance),
        trait(m[2], p.propensity_to_trust_spread, trust),
        trait(m[3], p.severity_spread, severity),
        trait(m[4], p.motivation_spread, motivation),
        trait(m[5], p.social_support_spread, support),
        trait(m[6], p.responsiveness_spread, responsiveness),
        trait(m[7], p.preference_spread, z.preference),
        trait(m[8], p.alliance_sensitivity_spread, z.sensitivity),
        trait(m[9], p.good_enough_spread, z.good_enough),
        z.impression,
    )
    return traits, Rater(z.goodwill, z.leniency, z.symptom_bias, z.therapist_bias)


@equation
def therapist_from(z: TherapistDraws, p: Coefficients) -> tuple[TherapistTraits, TherapistState]:
    """Make a therapist, and the fatigue they start with, of independent normals."""
    m = p.medians
    shared = math.sqrt(p.skills_together) * z.common
    own = math.sqrt(1.0 - p.skills_together)
    traits = TherapistTraits(
        trait(m[10], p.empathy_spread, shared + own * z.empathy),
        trait(m[11], p.acceptance_spread, shared + own * z.acceptance),
        trait(m[12], p.collaboration_spread, shared + own * z.collaboration),
        trait(m[13], p.boundary_spread, z.boundary),
        trait(m[14], p.repair_skill_spread, shared + own * z.repair_skill),
        trait(m[15], p.style_spread, z.style),
        z.habit,
        z.retention,
    )
    return traits, TherapistState(trait(m[16], p.fatigue_start_spread, z.fatigue), 0.0)


@equation
def normals(key: Key, who: int, when: int, stream: int) -> tuple[float, float, float, float]:
    """Return four standard normal draws; see `simulation.randomness.uniforms`."""
    a, b, c, d = uniforms(key, who, when, stream)
    return inverse_normal(a), inverse_normal(b), inverse_normal(c), inverse_normal(d)


def draw_client(key: Key, client: int, p: Coefficients) -> tuple[ClientTraits, Rater, float]:
    """Draw client number `client`: traits, how they use questionnaires, and the noise of their first one."""
    z = ClientDraws(
        *normals(key, client, 0, Stream.ATTACHMENT),
        *normals(key, client, 0, Stream.CONDITION),
        *normals(key, client, 0, Stream.COURSE),
        *normals(key, client, 0, Stream.RATING),
    )
    return *client_from(z, p), z.report


def draw_therapist(
    key: Key, therapist: int, p: Coefficients
) -> tuple[TherapistTraits, TherapistState]:
    """Draw therapist number `therapist` and the state they start in."""
    habit, retention, _, _ = normals(key, therapist, 0, Stream.HABIT)
    z = TherapistDraws(
        *normals(key, therapist, 0, Stream.SKILL),
        *normals(key, therapist, 0, Stream.STYLE),
        habit,
        retention,
    )
    return therapist_from(z, p)
