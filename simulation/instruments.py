"""Measurement: from latent states to what questionnaires report.

A report is linear in the latent state, plus the rater's lasting bias, the noise and mood of the occasion and a
goodwill that colours all a client rates; limited to the instrument's range (so there is a ceiling, F73) and
rounded to its steps. `INSTRUMENTS` has the ranges of the published instruments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulation.equation import equation, listing
from simulation.equations.alliance import alliance
from simulation.numerics import clip
from simulation.population import normals
from simulation.randomness import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.parameters import Parameters
    from simulation.randomness import Key
    from simulation.states import DyadState, Rater, SessionEvents

__all__ = [
    "INSTRUMENTS",
    "Instrument",
    "ReportDraws",
    "SessionReports",
    "core_10_at_intake",
    "draw_reports",
    "report_last",
    "report_session",
    "score",
]

TO_WHOLE = 4503599627370496.0  # 2^52: adding and subtracting it rounds to a whole number


class Instrument(NamedTuple):
    """A questionnaire: range, who fills it in, what it measures, and the step from one score to the next."""

    name: str
    low: float
    high: float
    rater: str
    measures: str
    step: float = 1.0

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest score."""
        return self.low, self.high


INSTRUMENTS: dict[str, Instrument] = {
    "wai_sr_client": Instrument("WAI-SR", 12, 60, "client", "working alliance"),
    "wai_sr_client_bond": Instrument("WAI-SR, bond", 4, 20, "client", "bond"),
    "wai_sr_client_task": Instrument("WAI-SR, task", 4, 20, "client", "agreement on tasks"),
    "wai_sr_client_goal": Instrument("WAI-SR, goal", 4, 20, "client", "agreement on goals"),
    "wai_sr_therapist": Instrument(
        "WAI-SR, therapist form", 12, 60, "therapist", "working alliance"
    ),
    "blri_empathy": Instrument(
        "BLRI empathic understanding", -48, 48, "client", "perceived empathy"
    ),
    "core_10": Instrument("CORE-10", 0, 40, "client", "distress"),
    "csq_8": Instrument("CSQ-8", 8, 32, "client", "satisfaction"),
    "srs": Instrument("SRS", 0, 40, "client", "alliance of the session", 0.1),
    "ors": Instrument("ORS", 0, 40, "client", "wellbeing", 0.1),
    "phq_9": Instrument("PHQ-9", 0, 27, "client", "depressive symptoms"),
    "oq_45": Instrument("OQ-45", 0, 180, "client", "distress"),
    "trust_trs": Instrument("Trust/Respect Scale", 8, 56, "client", "trust"),
    "frame_too_close": Instrument(
        "Therapeutic Distance Scale, too close", 1, 6, "client", "porous limits", 0.1
    ),
    "frame_too_distant": Instrument(
        "Therapeutic Distance Scale, too distant", 1, 6, "client", "rigid limits", 0.1
    ),
    "rupture_client": Instrument("PSQ, tension", 1, 5, "client", "rupture"),
    "rupture_therapist": Instrument("PSQ, tension", 1, 5, "therapist", "rupture"),
    "rupture_observer": Instrument("3RS, impact on the alliance", 1, 5, "observer", "rupture"),
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
    trust_trs: float
    frame_too_close: float
    frame_too_distant: float
    rupture_client: float
    rupture_therapist: float
    rupture_observer: float


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
    trust: float
    distance: float
    tension: float
    observer: float


def draw_reports(key: Key, client: int, session: int) -> ReportDraws:
    """Draw the noise of the questionnaires after session number `session` of client number `client`."""
    return ReportDraws(
        *normals(key, client, session, Stream.OCCASION),
        *normals(key, client, session, Stream.REPORT),
        *normals(key, client, session, Stream.EXTRA),
        *normals(key, client, session, Stream.RELATION),
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


def _scored(column: str) -> Callable[[float], float]:
    """Make the equation that turns a share of an instrument's range into its score."""
    one = INSTRUMENTS[column]
    steps = round((one.high - one.low) / one.step)
    numbers = f"{float(one.low)}, {float(steps)}, {one.step}"
    return listing(
        f"{column}(share: float) -> float", f"return score(share, {numbers})", score=score
    )


wai_sr_bond = _scored("wai_sr_client_bond")
wai_sr_task = _scored("wai_sr_client_task")
wai_sr_goal = _scored("wai_sr_client_goal")
wai_sr_therapist = _scored("wai_sr_therapist")
blri_empathy = _scored("blri_empathy")
core_10 = _scored("core_10")
csq_8 = _scored("csq_8")
srs = _scored("srs")
ors = _scored("ors")
phq_9 = _scored("phq_9")
oq_45 = _scored("oq_45")
trust_trs = _scored("trust_trs")
frame_too_close = _scored("frame_too_close")
frame_too_distant = _scored("frame_too_distant")
rupture_rating = _scored("rupture_client")
"""All three raters use the same five steps."""


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
    bond = wai_sr_bond(level + slope * state.bond + noise * draws.bond)
    task = wai_sr_task(level + slope * state.task + noise * draws.task)
    goal = wai_sr_goal(level + slope * state.goal + noise * draws.goal)
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
    trust = (
        p.trust_rating_base
        + p.trust_rating_slope * state.trust
        + p.halo_alliance * rater.goodwill
        + p.mood * draws.mood
        + p.trust_rating_noise * draws.trust
    )
    distance = p.distance_rating_base - p.halo_alliance * rater.goodwill
    off = p.distance_rating_noise * draws.distance
    tense = p.rupture_rating_slope * events.depth
    blur = p.rupture_rating_noise
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
        wai_sr_therapist(therapist),
        blri_empathy(empathy),
        core,
        csq,
        srs(level + slope * allied + noise * draws.srs),
        ors(1.0 - symptom_share(state.distress, rater, 1.0, draws.mood, draws.ors, p)),
        phq_9(symptom_share(state.distress, rater, 1.0, draws.mood, draws.phq_9, p)),
        oq_45(symptom_share(state.distress, rater, 1.0, draws.mood, draws.oq_45, p)),
        trust_trs(trust),
        frame_too_close(distance + p.distance_rating_slope * events.porosity + off),
        frame_too_distant(distance + p.distance_rating_slope * events.rigidity - off),
        rupture_rating(tense - p.rupture_rating_deference + blur * draws.tension),
        rupture_rating(tense * events.noticed + blur * draws.therapist),
        rupture_rating(tense + p.rupture_rating_deference + blur * draws.observer),
    )
