"""Laws of the clinic's weeks: intake, room, calendar, endings, and what weeks do to therapists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.clinic import STATUSES, assignment_draw, choose_therapist, therapist_after_week
from simulation.coefficients import coefficients, unpack
from simulation.parameters import Parameters
from simulation.randomness import key_of
from simulation.running import simulate
from simulation.states import TherapistState
from tests.simulation.clinics import network_for, parameter_sets

if TYPE_CHECKING:
    from simulation.results.result import Result

p0 = Parameters()
seeds = st.integers(0, 2**32)
BUSY = Parameters(clients=60, therapists=3, caseload_cap=4, arrivals_per_week=20, weeks=300)
WAITING, IN_TREATMENT, NEVER_STARTED = (
    STATUSES.index(name) for name in ("waiting", "in_treatment", "never_started")
)


def run(parameters: Parameters, seed: int = 3, replicates: int = 1) -> Result:
    """Run clinics with every session."""
    return simulate(
        parameters,
        seed=seed,
        replicates=replicates,
        histories=True,
        network=network_for(parameters),
        threads=1,
    )


@settings(max_examples=40)
@given(parameter_sets(), seeds)
def test_the_records_of_any_clinic_agree(parameters: Parameters, seed: int) -> None:
    result = run(parameters, seed)
    c, s, t = (result.columns(name) for name in ("clients", "sessions", "therapists"))
    status = np.array(STATUSES)[c["status"]]
    began = c["week_started"] >= 0
    assert (began == (c["therapist"] >= 0)).all()
    assert (began == ~np.isin(status, ["waiting", "never_started"])).all()
    assert ((c["sessions"] > 0) == began).all()
    assert ((c["week_ended"] >= 0) == ~np.isin(status, ["waiting", "in_treatment"])).all()
    assert (c["week_started"][began] >= c["week_arrived"][began]).all()
    assert (c["sessions"] <= parameters.session_limit).all()
    assert (c["sessions"][status == "session_limit"] == parameters.session_limit).all()
    assert (c["ruptures_repaired"] <= c["ruptures_noticed"]).all()
    assert (c["ruptures_noticed"] <= c["ruptures"]).all()
    assert (c["ruptures"] <= c["sessions"]).all()
    assert (c["boundary_crossings"] <= c["boundary_tests"]).all()
    assert (c["boundary_tests"] <= c["sessions"]).all()
    assert (c["boundary_violation"] == (status == "boundary_violation")).all()
    assert t["clients_seen"].sum() == began.sum()
    assert max(c["week_ended"].max(), s["week"].max(initial=0)) < parameters.weeks
    held = len(s["session"])
    assert held == c["sessions"].sum()
    for name, events in {"ruptures": "rupture", "boundary_tests": "boundary_event"}.items():
        counted = np.bincount(s["client"], weights=s[events] > 0, minlength=parameters.clients)
        assert (counted == c[name]).all(), name


@settings(max_examples=40)
@given(parameter_sets(), seeds)
def test_sessions_come_in_order_every_interval_from_the_week_of_the_first(
    parameters: Parameters, seed: int
) -> None:
    result = run(parameters, seed)
    c, s = result.columns("clients"), result.columns("sessions")
    start = c["week_started"][s["client"]]
    assert (s["week"] == start + (s["session"] - 1) * parameters.session_interval).all()
    assert (s["therapist"] == c["therapist"][s["client"]]).all()
    order = np.lexsort((s["session"], s["client"], s["replicate"]))
    assert (order == np.arange(len(order))).all()


@settings(max_examples=40)
@given(parameter_sets(), seeds)
def test_nobody_ever_has_more_clients_than_the_cap(parameters: Parameters, seed: int) -> None:
    c = run(parameters, seed).columns("clients")
    began = c["week_started"] >= 0
    for therapist in range(parameters.therapists):
        mine = began & (c["therapist"] == therapist)
        for week in set(c["week_started"][mine].tolist()):
            ended = c["week_ended"]
            there = mine & (c["week_started"] <= week) & ((ended < 0) | (ended >= week))
            assert there.sum() <= parameters.caseload_cap


@settings(max_examples=30)
@given(parameter_sets(), seeds)
def test_what_is_felt_stays_between_0_and_1_in_every_week_of_any_clinic(
    parameters: Parameters, seed: int
) -> None:
    result = run(parameters, seed)
    s, t, c = (result.columns(name) for name in ("sessions", "therapists", "clients"))
    names = ("trust", "bond", "task", "goal", "alliance", "agency", "dependency", "strain",
             "distress", "satisfaction", "safety", "disclosure", "attunement",
             "perceived_empathy", "dropout_probability")  # fmt: skip
    for name in names:
        assert ((s[name] >= 0) & (s[name] <= 1)).all(), name
    for name in ("fatigue_mean", "fatigue_last"):
        assert ((t[name] >= 0) & (t[name] <= 1)).all(), name
    ceiling = parameters.skill_ceiling
    assert ((t["skill_gain"] >= 0) & (t["skill_gain"] <= ceiling + 1e-9)).all()
    for name in ("attachment_anxiety", "severity", "preference", "preference_match"):
        assert ((c[name] >= 0) & (c[name] <= 1)).all(), name


RANGES = {
    "wai_sr_client": (12, 60, 1),
    "wai_sr_client_bond": (4, 20, 1),
    "wai_sr_client_task": (4, 20, 1),
    "wai_sr_client_goal": (4, 20, 1),
    "wai_sr_therapist": (12, 60, 1),
    "blri_empathy": (-48, 48, 1),
    "core_10": (0, 40, 1),
    "csq_8": (8, 32, 1),
    "srs": (0, 40, 0.1),
    "ors": (0, 40, 0.1),
    "phq_9": (0, 27, 1),
    "oq_45": (0, 180, 1),
}


@settings(max_examples=30)
@given(parameter_sets(), seeds)
def test_questionnaires_report_on_their_published_ranges(parameters: Parameters, seed: int) -> None:
    result = run(parameters, seed)
    s = result.columns("sessions")
    for name, (low, high, step) in RANGES.items():
        values = s[name].astype(float)
        assert ((values >= low) & (values <= high + 1e-5)).all(), name
        steps = (values - low) / step
        assert np.allclose(steps, np.round(steps), atol=1e-3), name
    total = s["wai_sr_client_bond"] + s["wai_sr_client_task"] + s["wai_sr_client_goal"]
    assert (s["wai_sr_client"] == total).all()


@settings(max_examples=20)
@given(parameter_sets(), seeds)
def test_a_clients_last_scores_are_those_of_the_last_session(
    parameters: Parameters, seed: int
) -> None:
    result = run(parameters, seed)
    c, s = result.columns("clients"), result.columns("sessions")
    last = s["session"] == c["sessions"][s["client"]]
    for name in ("core_10", "csq_8"):
        assert (c[f"{name}_last"][s["client"][last]] == s[name][last]).all()
    assert np.isnan(c["core_10_last"][c["sessions"] == 0]).all()


def test_waiting_clients_may_never_start() -> None:
    assert NEVER_STARTED in run(BUSY.replace(waiting_loss=0.2)).columns("clients")["status"]
    assert NEVER_STARTED not in run(BUSY.replace(waiting_loss=0)).columns("clients")["status"]


def test_the_longer_the_wait_the_more_distress_has_faded_before_it_begins() -> None:
    quick, slow = (
        run(BUSY.replace(caseload_cap=cap, waiting_loss=0, natural_recovery=0.05, life_events=0))
        for cap in (60, 2)
    )
    a, b = (r.sessions.filter(session=1)["distress"].mean() for r in (quick, slow))
    assert b < a  # type: ignore[operator]


def test_when_follow_up_ends_early_people_are_still_waiting_and_in_treatment() -> None:
    status = run(BUSY.replace(weeks=4)).columns("clients")["status"]
    assert {WAITING, IN_TREATMENT} <= set(status.tolist())


def test_when_there_is_time_enough_everybody_comes_to_an_end() -> None:
    status = run(BUSY.replace(weeks=5000)).columns("clients")["status"]
    assert not {WAITING, IN_TREATMENT} & set(status.tolist())


def test_who_asks_first_is_seen_first() -> None:
    c = run(BUSY.replace(waiting_loss=0)).columns("clients")
    assert (np.diff(c["week_arrived"]) >= 0).all()
    assert (np.diff(c["week_started"]) >= 0).all()


def chosen(assignment: str, caseloads: list[int], styles: list[float], preference: float) -> set[int]:  # fmt: skip
    """Whom a hundred clients of this preference are given."""
    p: Any = unpack(coefficients(p0.replace(assignment=assignment, caseload_cap=5)).tolist())
    key = key_of(4)
    drawn = [assignment_draw(key, i) for i in range(100)]
    return {choose_therapist(draw, preference, caseloads, styles, p) for draw in drawn}


@pytest.mark.parametrize("assignment", ["random", "least_loaded", "preference_match"])
def test_only_a_therapist_with_room_is_given_a_client(assignment: str) -> None:
    assert chosen(assignment, [5, 4, 5], [0.5, 0.1, 0.5], 0.5) == {1}
    assert chosen(assignment, [5, 5, 9], [0.5, 0.1, 0.5], 0.5) == {-1}


def test_assignment_policies_do_what_they_are_called() -> None:
    caseloads, styles = [3, 1, 2, 1], [0.1, 0.5, 0.9, 0.9]
    assert chosen("random", caseloads, styles, 0.1) == {0, 1, 2, 3}
    assert chosen("least_loaded", caseloads, styles, 0.1) == {1, 3}
    assert chosen("preference_match", caseloads, styles, 0.15) == {0}
    assert chosen("preference_match", caseloads, styles, 0.95) == {2, 3}


def test_random_assignment_gives_everybody_with_room_the_same_share() -> None:
    p: Any = unpack(coefficients(p0.replace(assignment="random", caseload_cap=5)).tolist())
    caseloads = [0, 5, 4, 0]
    drawn = [assignment_draw(key_of(1), i) for i in range(3000)]
    given_to = [choose_therapist(draw, 0.5, caseloads, [0.5] * 4, p) for draw in drawn]
    for therapist in (0, 2, 3):
        assert abs(given_to.count(therapist) - 1000) < 5 * np.sqrt(3000 * 2 / 9)


def test_preference_matching_raises_the_match() -> None:
    base = p0.replace(caseload_cap=60)
    random, matched = (
        np.mean(
            run(base.replace(assignment=a), replicates=5).columns("clients")["preference_match"]
        )
        for a in ("random", "preference_match")
    )
    assert matched > random + 0.05


def after(caseload: int, strain: float, ties: int = 0, **values: Any) -> float:
    """Fatigue after a week."""
    state = TherapistState(0.4, 0.0)
    units = int(strain * caseload * 2**32)
    return therapist_after_week(state, caseload, units, 0.0, ties, p0.replace(**values)).fatigue


def test_caseload_and_strain_tire_and_support_and_supervision_restore() -> None:
    assert after(5, 0.2) < after(15, 0.2) < after(30, 0.2)
    assert after(10, 0.1) < after(10, 0.6)
    assert after(10, 0.2, supportive_environment=0.9) < after(10, 0.2)
    assert after(10, 0.2, ties=1) < after(10, 0.2, ties=0)


def test_strain_is_carried_as_the_mean_of_the_caseload() -> None:
    assert after(10, 0.3, fatigue_load=0) == pytest.approx(after(20, 0.3, fatigue_load=0))


def test_overloaded_therapists_are_the_more_tired_and_the_less_attuned() -> None:
    light, heavy = (
        run(p0.replace(therapists=team, caseload_cap=60, arrivals_per_week=50), replicates=5)
        for team in (20, 2)
    )
    a, b = (r.columns("therapists")["fatigue_mean"].mean() for r in (light, heavy))
    assert b > a + 0.05
    x, y = (r.sessions["attunement"].mean() for r in (light, heavy))
    assert y < x  # type: ignore[operator]


def test_mere_experience_gains_no_skill_and_deliberate_practice_does() -> None:
    assert p0.experience_effect == 0
    assert (run(p0).columns("therapists")["skill_gain"] == 0).all()
    practised = run(p0.replace(deliberate_practice=3)).columns("therapists")["skill_gain"]
    assert (practised > 0).all()


def test_supervision_on_the_alliance_acts_from_session_1() -> None:
    plain, supervised = (
        run(p0.replace(alliance_supervision=on), replicates=10).sessions.filter(session=1)
        for on in (False, True)
    )
    for column in ("task", "goal"):
        assert supervised[column].mean() > plain[column].mean()  # type: ignore[operator]
    share = [
        s.filter(s["rupture"] != "none")["rupture_repaired"].mean() for s in (plain, supervised)
    ]
    assert share[1] > share[0]  # type: ignore[operator]
