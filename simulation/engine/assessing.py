"""Assessments by calendar week, compiled: what a client reports then, in therapy, before it, after it or without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from simulation.clinic import distress_after_waiting
from simulation.coefficients import unpack
from simulation.engine.compilation import compiled_alone
from simulation.equations.follow_up import distress_after_week, level_after_week
from simulation.instruments import score, symptom_share
from simulation.numerics import inverse_normal
from simulation.randomness import Key, Stream, uniforms
from simulation.session import life_without_therapy
from simulation.states import Rater

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Record = Any

__all__ = ["WITHOUT_THERAPY", "Answers", "Questions", "report_assessments"]

ASSESSMENT = int(Stream.ASSESSMENT)
WITHOUT_THERAPY = -2
"""In the place of the week in which therapy began: there is no therapist, so nobody waits for one either."""


class Questions(NamedTuple):
    """What clients are asked, and when."""

    weeks: Array
    """Weeks since intake, rising."""
    instrument: Array
    """Its lowest score, its steps, the size of one; 1 where a high score is a good one."""


class Answers(NamedTuple):
    """What they report, each of shape (clinics, clients, weeks); of each clinic the first clients alone."""

    scores: Array
    on_treatment: Array
    """What the client would report if all was as after the last session up to then."""


@compiled_alone
def report_assessments(
    key: Key,
    clients: Array,
    assessed: Array,
    questions: Questions,
    answers: Answers,
    numbers: Array,
) -> None:
    """Write down what clients report in each week of assessment.

    Parameters
    ----------
    key
        Key of the first clinic.
    clients
        Of `CLIENT_ROW`, shape (clinics, clients), as a run left them.
    assessed
        As the run left it, shape (clinics, clients, weeks + 1): see `simulation.engine.records.Rows`.
    questions, answers
        What is asked; where the answers go.
    numbers
        See `simulation.coefficients`: shape (clinics, numbers), or (1, numbers) where all clinics are alike.
    """
    weeks, instrument = questions.weeks, questions.instrument
    last = len(weeks)
    after = weeks[last - 1] + 1
    for c in range(len(clients)):
        p = unpack(numbers[c % len(numbers)])
        own = Key(key.seed_low, key.seed_high, key.replicate + c)
        for i in range(answers.scores.shape[1]):
            client = clients[c, i]
            rater = Rater(
                client.goodwill, client.leniency, client.symptom_bias, client.therapist_bias
            )
            support, severity = client.social_support, client.severity
            came = client.week_arrived
            without = client.week_started == WITHOUT_THERAPY
            began = client.week_started >= 0
            begun = client.week_started - came if began else after
            # From the week after `left` on, there is neither therapy nor waiting for it.
            left = client.week_ended - came if client.week_ended >= 0 else after
            start = severity
            if without:
                left = 0
            elif began:
                start = distress_after_waiting(severity, begun, support, p)
            elif left < after:
                start = distress_after_waiting(severity, left, support, p)
            level = assessed[c, i, last] if began else start
            outside = client.distress_last if began else start
            passed = left
            for k in range(last):
                week = weeks[k]
                while passed < week:
                    passed += 1
                    life = life_without_therapy(own, i, passed)
                    deviation = outside - level
                    level = level_after_week(level, start, support, life, p)
                    outside = distress_after_week(deviation, level, life, p)
                if week < begun and week <= left and not without:
                    now = distress_after_waiting(severity, week, support, p)
                    then = now
                else:
                    then = assessed[c, i, k] if began else outside
                    now = outside if week > left or without else then
                noise, spirits, _, _ = uniforms(own, i, week, ASSESSMENT)
                z, mood = inverse_normal(noise), inverse_normal(spirits)
                therapy = 1.0 if began and week >= begun else 0.0
                reported = symptom_share(now, rater, therapy, mood, z, p)
                before_end = symptom_share(then, rater, therapy, mood, z, p)
                if instrument[3] > 0.5:
                    reported, before_end = 1.0 - reported, 1.0 - before_end
                answers.scores[c, i, k] = score(
                    reported, instrument[0], instrument[1], instrument[2]
                )
                answers.on_treatment[c, i, k] = score(
                    before_end, instrument[0], instrument[1], instrument[2]
                )
