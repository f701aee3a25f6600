"""Measurement: from latent states to what questionnaires report.

A report is linear in the latent state, plus the rater's lasting bias, the noise and mood of the occasion and a
goodwill that colours all a client rates; limited to the instrument's range (so there is a ceiling, F73) and
rounded to its steps. Ranges are those of the published instruments: WAI-SR 12-60 with subscales 4-20, BLRI
empathic understanding -48 to 48, CORE-10 0-40, CSQ-8 8-32, SRS and ORS 0-40, PHQ-9 0-27, OQ-45 0-180.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.equation import equation
from simulation.equations.alliance import alliance
from simulation.numerics import clip
from simulation.population import normals
from simulation.randomness import Stream

if TYPE_CHECKING:
    from simulation.parameters import Parameters
    from simulation.randomness import Key
    from simulation.states import DyadState, Rater, SessionEvents

__all__ = [
    "INSTRUMENTS",
    "Instrument",
    "ReportDraws",
    "SessionReports",
    "core_10",
    "core_10_at_intake",
    "csq_8",
    "draw_reports",
    "report_last",
    "report_session",
    "score",
]

TO_WHOLE = 4503599627370496.0  # 2^52: adding and subtracting it rounds to a whole number


class Instrument(NamedTuple):
    """What is known of a questionnaire."""

    name: str
    low: float
    high: float
    rater: str
    measures: str

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest score."""
        return self.low, self.high


INSTRUMENTS: dict[str, Instrument] = {
    column: Instrument(*row)
    for column, row in {
        "wai_sr_client": ("WAI-SR", 12, 60, "client", "working alliance"),
        "wai_sr_client_bond": ("WAI-SR, bond", 4, 20, "client", "bond"),
        "wai_sr_client_task": ("WAI-SR, task", 4, 20, "client", "agreement on tasks"),
        "wai_sr_client_goal": ("WAI-SR, goal", 4, 20, "client", "agreement on goals"),
        "wai_sr_therapist": ("WAI-SR, therapist form", 12, 60, "therapist", "working alliance"),
        "blri_empathy": ("BLRI empathic understanding", -48, 48, "client", "perceived empathy"),
        "core_10": ("CORE-10", 0, 40, "client", "distress"),
        "csq_8": ("CSQ-8", 8, 32, "client", "satisfaction"),
        "srs": ("SRS", 0, 40, "client", "alliance of the session"),
        "ors": ("ORS", 0, 40, "client", "wellbeing"),
        "phq_9": ("PHQ-9", 0, 27, "client", "depressive symptoms"),
        "oq_45": ("OQ-45", 0, 180, "client", "distress"),
    }.items()
}


class SessionReports(NamedTuple):
    """What the questionnaires say after one session, each on its own range."""

    wai_sr_client: float
    wai_sr_client_bond: float
    wai_sr_client_task: float
    wai_sr_client_goal: float
    wai_sr_therapist: float
    blri_empathy: float
    core_10: float
    csq_8: float
    srs: float
    ors: float
    phq_9: float
    oq_45: float


@equation
def score(share: float, low: float, steps: float, step: float) -> float:
    """Turn a share of an instrument's range into a score: `steps` steps of size `step` above `low`."""
    return low + step * (clip(share, 0.0, 1.0) * steps + TO_WHOLE - TO_WHOLE)


class ReportDraws(NamedTuple):
    """The randomness of one occasion of measurement: standard normals."""

    bond: float
    task: float
    goal: float
    therapist: float
    empathy: float
    symptoms: float
    satisfaction: float
    mood: float
    srs: float
    ors: float
    phq_9: float
    oq_45: float


def draw_reports(key: Key, client: int, session: int) -> ReportDraws:
    """Draw the noise of the questionnaires after session number `session` of client number `client`."""
    return ReportDraws(
        *normals(key, client, session, Stream.OCCASION),
        *normals(key, client, session, Stream.REPORT),
        *normals(key, client, session, Stream.EXTRA),
    )


@equation
def symptom_share(
    distress: float, rater: Rater, begun: float, mood: float, noise: float, p: Parameters
) -> float:
    """Distress as a client reports it; once therapy has begun, goodwill reports fewer symptoms (C34)."""
    return (
        distress
        + p.symptom_bias * rater.symptom_bias
        - p.halo_symptoms * rater.goodwill * begun
        - p.mood * mood
        + p.symptom_noise * noise
    )


@equation
def satisfaction_share(
    satisfaction: float, rater: Rater, mood: float, noise: float, p: Parameters
) -> float:
    """Satisfaction as a client reports it."""
    return (
        p.satisfaction_rating_base
        + p.satisfaction_rating_slope * satisfaction
        + p.halo_alliance * rater.goodwill
        + p.mood * mood
        + p.satisfaction_noise * noise
    )


@equation
def core_10(share: float) -> float:
    """CORE-10 score, 0-40."""
    return score(share, 0.0, 40.0, 1.0)


@equation
def csq_8(share: float) -> float:
    """CSQ-8 score, 8-32."""
    return score(share, 8.0, 24.0, 1.0)


@equation
def core_10_at_intake(severity: float, rater: Rater, noise: float, p: Parameters) -> float:
    """CORE-10 at intake, before there is a therapist to please."""
    return core_10(symptom_share(severity, rater, 0.0, 0.0, noise, p))


@equation
def report_last(
    distress: float,
    satisfaction: float,
    rater: Rater,
    symptom_noise: float,
    satisfaction_noise: float,
    mood: float,
    p: Parameters,
) -> tuple[float, float]:
    """CORE-10 and CSQ-8 after a session: the same scores that `report_session` gives."""
    return (
        core_10(symptom_share(distress, rater, 1.0, mood, symptom_noise, p)),
        csq_8(satisfaction_share(satisfaction, rater, mood, satisfaction_noise, p)),
    )


@equation
def report_session(
    rater: Rater,
    habit: float,
    draws: ReportDraws,
    state: DyadState,
    events: SessionEvents,
    p: Parameters,
) -> SessionReports:
    """Return what all questionnaires report after a session.

    Parameters
    ----------
    rater
        How this client, and the therapist about this client, use questionnaires.
    habit
        How kindly the therapist rates in general.
    draws
        Noise of this occasion.
    state, events
        The dyad after the session, and what happened in it.
    p
        Parameters of the model.
    """
    allied = alliance(state.bond, state.task, state.goal)
    kindness = (
        p.halo_alliance * rater.goodwill
        + p.client_rating_bias * rater.leniency
        + p.mood * draws.mood
    )
    level = p.client_rating_base + kindness
    slope = p.client_rating_slope
    noise = p.client_rating_noise
    bond = score(level + slope * state.bond + noise * draws.bond, 4.0, 16.0, 1.0)
    task = score(level + slope * state.task + noise * draws.task, 4.0, 16.0, 1.0)
    goal = score(level + slope * state.goal + noise * draws.goal, 4.0, 16.0, 1.0)
    therapist = (
        p.therapist_rating_base
        + p.therapist_rating_slope * allied
        + p.therapist_rating_bias * rater.therapist_bias
        + p.therapist_rating_habit * habit
        + p.therapist_rating_noise * draws.therapist
    )
    empathy = (
        p.empathy_rating_base
        + p.empathy_rating_slope * events.perceived_empathy
        + kindness
        + p.empathy_rating_noise * draws.empathy
    )
    core, csq = report_last(
        state.distress,
        state.satisfaction,
        rater,
        draws.symptoms,
        draws.satisfaction,
        draws.mood,
        p,
    )
    return SessionReports(
        bond + task + goal,
        bond,
        task,
        goal,
        score(therapist, 12.0, 48.0, 1.0),
        score(empathy, -48.0, 96.0, 1.0),
        core,
        csq,
        score(level + slope * allied + noise * draws.srs, 0.0, 400.0, 0.1),
        score(
            1.0 - symptom_share(state.distress, rater, 1.0, draws.mood, draws.ors, p),
            0.0,
            400.0,
            0.1,
        ),
        score(
            symptom_share(state.distress, rater, 1.0, draws.mood, draws.phq_9, p), 0.0, 27.0, 1.0
        ),
        score(
            symptom_share(state.distress, rater, 1.0, draws.mood, draws.oq_45, p), 0.0, 180.0, 1.0
        ),
    )
