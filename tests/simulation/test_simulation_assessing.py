"""Clients who are allotted and asked by calendar week: where they stand, what they report, and in which world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from simulation.assessing import ASSESSED_INSTRUMENTS, Assessment, simulate_assessed
from simulation.clinic import STATUSES
from simulation.errors import AllianceError
from simulation.instruments import INSTRUMENTS
from simulation.parameters import Parameters
from simulation.running import simulate

if TYPE_CHECKING:
    from simulation.assessing import Assessed
    from simulation.results.result import Result

CLINICS = 3
BUSY = Parameters(
    clients=40, therapists=3, caseload_cap=4, arrivals_per_week=10, waiting_loss=0.1, weeks=80,
    session_interval=2, session_limit=10,
)  # fmt: skip
"""A clinic in which clients wait and give up waiting, and meet every other week."""


def usual(parameters: Parameters = BUSY) -> Result:
    return simulate(parameters, seed=6, replicates=CLINICS, threads=1)


def assessed(
    parameters: Parameters = BUSY, weeks: tuple[int, ...] = (12,), **asked: Any
) -> Assessed:
    """Allot everybody as a clinic would, and ask."""
    therapist = np.maximum(usual(parameters).client_rows["therapist"], 0)
    options = {name: asked.pop(name) for name in ("differing", "threads") if name in asked}
    return simulate_assessed(
        parameters,
        therapist.reshape(CLINICS, -1),
        Assessment(weeks, **asked),
        seed=6,
        clinics=CLINICS,
        **options,
    )


@pytest.mark.parametrize("last", [1, 2, 5, 6, 11, 12, 25])
def test_where_a_client_stands_is_told_as_of_the_last_assessment(last: int) -> None:
    rows, found = usual().client_rows, assessed(weeks=(last,))
    whole = [name for name in rows.dtype.names if rows[name].dtype.kind in "iu"]
    known = {name: rows[name].astype(int) for name in whole}
    begun, ended = (known[f"week_{one}"] - known["week_arrived"] for one in ("started", "ended"))
    over = (known["week_ended"] >= 0) & (ended <= last)
    there = (known["week_started"] >= 0) & (begun <= last)
    waiting, treated = STATUSES.index("waiting"), STATUSES.index("in_treatment")
    status = np.where(over, known["status"], np.where(there, treated, waiting))
    held = [
        known["sessions"][one] if over[one] else len(range(begun[one], last + 1, 2)) if there[one] else 0
        for one in range(len(rows))
    ]  # fmt: skip
    assert (found.ended.ravel() == np.where(over, ended, -1)).all()
    assert (found.status.ravel() == status).all()
    assert (found.session.ravel() == held).all()
    assert len(set(status)) > 2 or last < 5


@pytest.mark.parametrize("instrument", ASSESSED_INSTRUMENTS)
def test_a_score_is_one_of_its_questionnaire_and_of_who_is_more_or_less_distressed(
    instrument: str,
) -> None:
    found, row = assessed(instrument=instrument), INSTRUMENTS[instrument]
    severity = usual().client_rows["severity"].reshape(CLINICS, -1)
    for scores in (found.base, found.scores[..., 0], found.on_treatment[..., 0]):
        steps = (scores - row.low) / row.step
        assert np.allclose(steps, np.round(steps), atol=1e-3)
        assert (scores >= row.low).all()
        assert (scores <= row.high + 1e-6).all()
    r = np.corrcoef(severity.ravel(), found.base.ravel())[0, 1]
    assert r < -0.5 if instrument == "ors" else r > 0.5


def test_the_score_at_intake_is_that_of_the_clinic() -> None:
    assert (assessed().base.ravel() == usual().client_rows["core_10_intake"]).all()


def statuses(found: Assessed) -> set[str]:
    return {STATUSES[code] for code in found.status.ravel()}


def test_a_world_without_dropout_or_without_planned_endings_has_none() -> None:
    long = {"weeks": (79,)}
    assert {"dropped_out", "never_started", "completed"} <= statuses(assessed(**long))
    stay = statuses(assessed(**long, dropout=False))
    assert not {"dropped_out", "never_started"} & stay
    assert "completed" in stay
    to_the_limit = statuses(assessed(**long, planned_endings=False))
    assert "completed" not in to_the_limit
    assert {"dropped_out", "session_limit"} <= to_the_limit


def test_without_therapists_nobody_comes_waits_or_ends() -> None:
    found = simulate_assessed(BUSY, None, Assessment((5, 40)), seed=6, clinics=CLINICS)
    assert (found.session == 0).all()
    assert (found.ended == -1).all()
    assert (found.scores == found.on_treatment).all()
    assert (found.base.ravel() == usual().client_rows["core_10_intake"]).all()


def test_the_first_clients_alone_may_be_followed() -> None:
    some, every = assessed(followed=7), assessed()
    for name in ("base", "scores", "on_treatment", "session", "status", "ended"):
        assert np.array_equal(getattr(some, name), getattr(every, name)[:, :7]), name


def test_clinics_that_differ_are_each_what_they_would_be_alone() -> None:
    values = np.array([0.3, 0.3, 0.8])
    found = assessed(differing={"severity": values}, threads=2)
    therapist = np.maximum(usual().client_rows["therapist"], 0).reshape(CLINICS, -1)
    for clinic, severity in enumerate(values):
        alone = simulate_assessed(
            BUSY.replace(severity=severity),
            therapist[clinic : clinic + 1],
            Assessment((12,)),
            seed=6,
            first_clinic=clinic,
        )
        for name in ("base", "scores", "on_treatment", "session", "status", "ended"):
            assert np.array_equal(getattr(found, name)[clinic], getattr(alone, name)[0]), name


def test_a_questionnaire_about_the_relationship_cannot_be_filled_in_by_calendar_week() -> None:
    with pytest.raises(AllianceError, match="wai_sr_client cannot be filled in by calendar week"):
        assessed(instrument="wai_sr_client")
