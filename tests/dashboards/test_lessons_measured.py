"""A measure of a lesson is what its words say, counted again from the tables of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from dashboards.lessons.measures import MEASURES
from dashboards.lessons.measures.measure import ArmRun
from experiments.catalogue import OUTCOMES
from simulation import Parameters, simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.results.result import Result

CLINICS = 8
LATE = 16


@pytest.fixture(scope="module")
def arm() -> ArmRun:
    parameters = Parameters(clients=80, therapists=16, session_limit=24)
    return ran(simulate(parameters, seed=3, replicates=CLINICS, histories=True, threads=1))


def ran(result: Result) -> ArmRun:
    return ArmRun("a", "an arm", result)


class Clinic:
    """The tables of one clinic, as one would count in them by hand."""

    def __init__(self, result: Result, replicate: int) -> None:
        clients, sessions, self.therapists = (
            table.filter(replicate=replicate)
            for table in (result.clients, result.sessions, result.therapists)
        )
        scores = {"wai_sr_client", "blri_empathy", "core_10"}
        self.sessions = sessions.with_columns(pl.col(name).cast(pl.Float64) for name in scores)
        self.began = clients.filter(pl.col("sessions") > 0)
        self.left = self.began.filter(status="dropped_out")
        self.fall = self.began["core_10_intake"] - self.began["core_10_last"]

    def at(self, session: int, column: str = "wai_sr_client") -> pl.Series:
        return self.sessions.filter(session=session)[column]

    def late(self, session: int) -> pl.Series:
        """Ratings in a session, of those who held the late one."""
        there = self.sessions.filter(session=LATE).select("client")
        return self.sessions.filter(session=session).join(there, on="client")["wai_sr_client"]

    def of_therapists(self) -> pl.Series:
        """Mean fall of CORE-10 of every therapist with five clients or more."""
        falls = self.began.with_columns(self.fall.alias("fall")).group_by("therapist")
        known = falls.agg(pl.col("fall").mean(), pl.len())
        return known.filter(pl.col("len") >= 5)["fall"]


def percent(values: pl.Series) -> float:
    return 100.0 * float(values.mean())  # type: ignore[arg-type]


COUNTED: dict[str, Callable[[Clinic], Any]] = {
    "dropped_out": lambda one: percent(one.began["status"] == "dropped_out"),
    "completed": lambda one: percent(one.began["status"] == "completed"),
    "sessions": lambda one: one.began["sessions"].mean(),
    "early_leavers": lambda one: percent(one.left["sessions"] <= 2),
    "left_early": lambda one: 100.0 * (one.left["sessions"] < 4).sum() / one.began.height,
    "well_dropouts": lambda one: percent(one.left["core_10_last"] < 11),
    "improvement": lambda one: one.fall.mean(),
    "deteriorated": lambda one: percent(one.fall <= -6),
    "best_less_worst": lambda one: one.of_therapists().max() - one.of_therapists().min(),
    "ruptures": lambda one: percent(one.sessions["rupture"] != "none"),
    "repaired": lambda one: percent(
        one.sessions.filter(pl.col("rupture") != "none")["rupture_repaired"]
    ),
    "crossings": lambda one: percent(one.sessions["boundary_event"] == "crossing"),
    "felt_alliance": lambda one: percent(one.sessions["alliance"]),
    "first_bond": lambda one: percent(one.at(1, "bond")),
    "felt_dependency": lambda one: percent(one.sessions["dependency"]),
    "felt_agency": lambda one: percent(one.sessions["agency"]),
    "felt_disclosure": lambda one: percent(one.sessions["disclosure"]),
    "rated_alliance": lambda one: one.at(3).mean(),
    "perceived_empathy": lambda one: one.sessions["blri_empathy"].mean(),
    "fatigue": lambda one: percent(one.therapists["fatigue_mean"]),
    "rated_share": lambda one: percent((one.at(3) - 12) / 48),
    "rated_over_felt": lambda one: percent(
        (one.sessions["wai_sr_client"] - 12) / 48 - one.sessions["alliance"]
    ),
    "at_ceiling": lambda one: percent(one.at(3) >= 60 - 48 / 20),
    "still_there": lambda one: 100.0 * len(one.at(LATE)) / one.began.height,
    "rise_of_curve": lambda one: one.at(LATE).mean() - one.at(1).mean(),
    "rise_of_people": lambda one: (one.late(LATE) - one.late(1)).mean(),
    "head_start": lambda one: one.late(1).mean() - one.at(1).mean(),
}
ELSEWHERE = {
    *("dropped_out_weak", "dropped_out_strong", "gap_of_thirds", "false_alarms"),
    *("first_session_outcome", "therapist_rated_outcome", "alliance_outcome"),
    *("next_session", "relief_first"),
}
"""Measures that other tests count, here or in `test_lessons_trials`."""

AS_CATALOGUED = {
    *("recovered", "therapist_share", "v_shapes", "v_shapes_in_noise"),
    *("agreement", "empathy_and_alliance", "repair_link"),
}
"""Measures that are a statistic of the catalogue as it is, which the tests of the catalogue hold."""


def test_every_measure_of_a_lesson_is_counted_again_or_held_elsewhere() -> None:
    assert set(MEASURES) - set(OUTCOMES) == {*COUNTED, *ELSEWHERE, *AS_CATALOGUED}


@pytest.mark.parametrize("name", COUNTED)
def test_a_measure_is_in_every_clinic_what_its_words_say(name: str, arm: ArmRun) -> None:
    found = MEASURES[name].compute(arm)
    counted = [COUNTED[name](Clinic(arm.result, one)) for one in range(CLINICS)]
    assert found.parts == pytest.approx(counted, abs=1e-4)
    assert found.estimate.low <= found.estimate.value <= found.estimate.high
    assert min(counted) <= found.estimate.value <= max(counted)


def test_thirds_by_first_rating_are_those_of_all_who_began(arm: ArmRun) -> None:
    clients, sessions = arm.result.clients, arm.result.sessions
    first = sessions.filter(session=1).select("replicate", "client", "wai_sr_client")
    began = clients.filter(pl.col("sessions") > 0).join(first, on=["replicate", "client"])
    lower, upper = np.quantile(began["wai_sr_client"], [1 / 3, 2 / 3])
    gone = [
        part.group_by("replicate", maintain_order=True).agg(
            left=100.0 * (pl.col("status") == "dropped_out").mean()
        )["left"]
        for part in (
            began.filter(pl.col("wai_sr_client") <= lower).sort("replicate"),
            began.filter(pl.col("wai_sr_client") > upper).sort("replicate"),
        )
    ]
    weak, strong = (MEASURES[f"dropped_out_{one}"].compute(arm) for one in ("weak", "strong"))
    assert weak.parts == pytest.approx(gone[0].to_list())
    assert strong.parts == pytest.approx(gone[1].to_list())
    gap = MEASURES["gap_of_thirds"].compute(arm)
    assert gap.parts == pytest.approx((gone[0] - gone[1]).to_list())
    assert gap.estimate.value == pytest.approx(weak.estimate.value - strong.estimate.value)


@pytest.mark.parametrize(
    ("name", "column", "sessions"),
    [
        ("alliance_outcome", "wai_sr_client", {3, 4, 5}),
        ("first_session_outcome", "wai_sr_client", {1}),
        ("therapist_rated_outcome", "wai_sr_therapist", {3, 4, 5}),
    ],
)
def test_a_correlation_with_outcome_rests_on_the_ratings_that_it_names_alone(
    name: str, column: str, sessions: set[int], arm: ArmRun
) -> None:
    usual = MEASURES[name].compute(arm).estimate
    rows = arm.result.session_rows
    assert rows is not None
    here = np.isin(rows["session"], list(sessions))
    for other in ("wai_sr_client", "wai_sr_therapist"):
        for where in (here, ~here):
            turned = rows.copy()
            turned[other][where] = 72 - turned[other][where]
            found = MEASURES[name].compute(ran(replace(arm.result, session_rows=turned)))
            rests_on_it = other == column and where is here
            assert (found.estimate == usual) == (not rests_on_it), (other, where is here)


def test_what_leads_to_what_is_told_by_which_comes_first(arm: ArmRun) -> None:
    rows = arm.result.session_rows
    assert rows is not None
    chance = np.random.default_rng(1)
    made = rows.copy()
    made["core_10"] = chance.integers(5, 36, len(rows))
    made["wai_sr_client"][1:] = 12 + made["core_10"][:-1]  # the more distress, the better is next
    driven = ran(replace(arm.result, session_rows=made))
    assert MEASURES["relief_first"].compute(driven).estimate.value > 0.5
    # Each client's own mean is taken out, which ties what comes before to what comes after a little.
    assert abs(MEASURES["next_session"].compute(driven).estimate.value) < 0.3
