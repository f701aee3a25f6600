"""`simulate_assessed`: clinics whose clients are allotted beforehand, and asked by calendar week how they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import STATUSES
from simulation.coefficients import NUMERIC, coefficients_of_each
from simulation.engine.assessing import WITHOUT_THERAPY, Answers, Questions, report_assessments
from simulation.errors import AllianceError
from simulation.instruments import INSTRUMENTS
from simulation.running import prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulation.parameters import Parameters
    from simulation.running import PreparedRun

    Array = NDArray[Any]

__all__ = ["ASSESSED_INSTRUMENTS", "Assessed", "Assessment", "simulate_assessed"]

ASSESSED_INSTRUMENTS = ("core_10", "phq_9", "oq_45", "ors")
"""Questionnaires that mean something without a therapist: those of symptoms and wellbeing."""

HIGH_IS_WELL = ("ors",)

NEVER = -1000.0
"""Logits of a hazard that nothing else can raise to where a draw is below it."""

WAITING, IN_TREATMENT = STATUSES.index("waiting"), STATUSES.index("in_treatment")


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """What is asked of whom, and in which world.

    Attributes
    ----------
    weeks
        Weeks since intake, 1 or later and rising.
    instrument
        One of `ASSESSED_INSTRUMENTS`.
    followed
        How many clients of each clinic are assessed: the first ones. All where it is None.
    dropout
        False: nobody drops out of therapy or gives up waiting for it.
    planned_endings
        False: nobody ends as planned before the session limit.
    """

    weeks: tuple[int, ...]
    instrument: str = "core_10"
    followed: int | None = None
    dropout: bool = True
    planned_endings: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Assessed:
    """What became of the clients of several clinics, and what they reported by calendar week.

    Attributes
    ----------
    base
        Score at intake, shape (clinics, clients).
    scores
        Score in each week of assessment, shape (clinics, clients, weeks).
    on_treatment
        The same as it would be were the client as after the last session up to then; before the first session, and
        without therapy, as in `scores`.
    session
        Sessions held by the last assessment, shape (clinics, clients).
    status
        How the client stands at the last assessment: a place in `simulation.clinic.STATUSES`.
    ended
        Weeks from intake to the end of therapy, or of waiting for it; -1 if neither had ended by the last assessment.
    """

    base: Array
    scores: Array
    on_treatment: Array
    session: Array
    status: Array
    ended: Array


def simulate_assessed(
    parameters: Parameters,
    allotted: Array | None,
    assessment: Assessment,
    *,
    seed: int = 1,
    clinics: int = 1,
    first_clinic: int = 0,
    differing: Mapping[str, Array] | None = None,
    threads: int = 1,
) -> Assessed:
    """Run clinics whose clients wait for the therapist they are allotted to, and assess them by calendar week.

    Parameters
    ----------
    parameters
        A setting. `assignment` is not asked: everybody is given whom they are allotted to.
    allotted
        Number of each client's therapist, shape (clinics, clients); None if there are no therapists.
    assessment
        What is asked, when, and in which world.
    seed, clinics, first_clinic
        As `simulate` takes seed, replicates and first_replicate.
    differing
        What clinics differ in: by the name of a parameter its value in each, shape (clinics,). All are alike where
        it is None. Size, weeks and the supervision network are the same in all.
    threads
        Threads to use.

    Raises
    ------
    AllianceError
        If an argument is not allowed.
    """
    if assessment.instrument not in ASSESSED_INSTRUMENTS:
        raise AllianceError(
            f"{assessment.instrument} cannot be filled in by calendar week: give one of "
            f"{', '.join(ASSESSED_INSTRUMENTS)}."
        )
    parameters = _in_world(parameters, assessment)
    run = prepared(parameters, seed, clinics, first_clinic, threads)
    numbers = _numbers_of(run, assessment, differing or {})
    shape = (clinics, parameters.clients)
    weeks = np.array([0, *assessment.weeks], dtype=np.int64)
    assessed = np.zeros((clinics * parameters.clients, len(weeks) + 1))
    run = replace(
        run,
        allotted=np.zeros(clinics * parameters.clients, dtype=np.int64)
        if allotted is None
        else np.ascontiguousarray(allotted, dtype=np.int64).reshape(-1),
        assessment_weeks=weeks,
        assessed=assessed,
    )
    if allotted is None:
        _draw_clients(run, numbers)
    else:
        _hold(run, numbers)
    rows = run.clients.reshape(shape)
    followed = parameters.clients if assessment.followed is None else assessment.followed
    answers = Answers(*(np.empty((clinics, followed, len(weeks))) for _ in range(2)))
    report_assessments(
        run.key,
        rows,
        assessed.reshape(*shape, -1),
        Questions(weeks, _instrument(assessment.instrument)),
        answers,
        numbers,
    )
    rows = rows[:, :followed]
    scores = answers.scores
    base = rows["core_10_intake"] if assessment.instrument == "core_10" else scores[..., 0]
    return Assessed(
        base.astype(np.float64),
        scores[..., 1:],
        answers.on_treatment[..., 1:],
        *_standing(rows, int(weeks[-1]), parameters.session_interval),
    )


def _in_world(parameters: Parameters, assessment: Assessment) -> Parameters:
    """Return the setting in the world that is asked about, all but its hazard of dropout."""
    changes: dict[str, Any] = dict.fromkeys(_closed(assessment), 0.0)
    return parameters.replace(**changes) if changes else parameters


def _closed(assessment: Assessment) -> tuple[str, ...]:
    """Return the parameters that are 0 in the world that is asked about, in all clinics."""
    endings = (("waiting_loss", assessment.dropout), ("planned_exit", assessment.planned_endings))
    return tuple(name for name, there in endings if not there)


def _numbers_of(run: PreparedRun, assessment: Assessment, differing: Mapping[str, Array]) -> Array:
    """Return the coefficients of each clinic in that world; of one, if all are alike."""
    closed = _closed(assessment)
    left = {name: values for name, values in differing.items() if name not in closed}
    numbers = (
        coefficients_of_each(run.parameters, left, run.replicates) if left else run.numbers[None]
    )
    if not assessment.dropout:
        numbers[:, [NUMERIC.index("dropout_first"), NUMERIC.index("dropout_later")]] = NEVER
    return numbers


def _hold(run: PreparedRun, numbers: Array) -> None:
    if len(numbers) > 1:
        run.hold_each(numbers)
    else:
        replace(run, numbers=numbers[0]).hold_unrecorded()


def _draw_clients(run: PreparedRun, numbers: Array) -> None:
    """Draw the clients of a run, who then meet nobody."""
    numbers = numbers.copy()
    numbers[:, NUMERIC.index("weeks")] = 1.0
    _hold(run, numbers)
    run.clients["sessions"] = 0
    run.clients["therapist"] = -1
    run.clients["week_started"] = WITHOUT_THERAPY
    run.clients["week_ended"] = -1


def _instrument(name: str) -> Array:
    one = INSTRUMENTS[name]
    steps = round((one.high - one.low) / one.step)
    return np.array([one.low, steps, one.step, float(name in HIGH_IS_WELL)])


def _standing(rows: Array, last: int, interval: int) -> tuple[Array, Array, Array]:
    """Return sessions, status and week of ending since intake, as they stand in the week `last`."""
    came = rows["week_arrived"].astype(np.int64)
    begun = rows["week_started"] - came
    began = (rows["week_started"] >= 0) & (begun <= last)
    ended = rows["week_ended"] - came
    over = (rows["week_ended"] >= 0) & (ended <= last)
    by_then = np.where(began, (last - begun) // interval + 1, 0)
    session = np.where(over, rows["sessions"], by_then).astype(np.int64)
    status = np.where(over, rows["status"], np.where(began, IN_TREATMENT, WAITING))
    return session, status.astype(np.int64), np.where(over, ended, -1)
