"""Every client under every arm: worlds that differ by the policy alone, and only from the session it can touch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.calibration.between_clinics import clinic_traits, shifted
from experiments.trials.clinics import differing_values
from experiments.trials.clusters import Clusters
from experiments.trials.observing import AT_RANDOM, LOST, SET_ASIDE, simulate_trials
from experiments.trials.worlds import simulate_worlds
from simulation import simulate
from simulation.allotment import clinic_places
from simulation.assessing import Assessment, simulate_assessed
from simulation.clinic import STATUSES
from simulation.parameters import Parameters
from simulation.presets import preset
from simulation.running import prepared
from tests.experiments.trials.small_trials import ARMS, design

TRIALS = range(12)
EVERY_WEEK = {"weeks": list(range(1, 17)), "primary": 12}
EXACT = {"symptom_noise": 0.0, "symptom_bias": 0.0, "halo_symptoms": 0.0, "mood": 0.0}
"""A questionnaire that reports distress as it is, to the nearest point."""


def test_clients_who_are_allotted_as_a_clinic_would_have_the_same_therapies() -> None:
    p = preset("university_counselling", clients=120, therapists=4, caseload_cap=3)
    usual = simulate(p, seed=5, replicates=6)
    therapist = usual.client_rows["therapist"]
    assert (therapist < 0).any(), "some give up waiting"
    run = prepared(p, 5, 6, 0, 1)
    run = replace(run, allotted=np.maximum(therapist, 0).astype(np.int64))
    run.hold_unrecorded()
    for name in ("sessions", "status", "week_started", "week_ended", "distress_last"):
        assert np.array_equal(run.clients[name], usual.client_rows[name]), name


def test_a_score_in_therapy_is_that_of_the_last_session_up_to_then() -> None:
    p = Parameters(clients=60, therapists=6, session_interval=2, **EXACT)
    usual = simulate(p, seed=2, replicates=3, histories=True)
    allotted = np.maximum(usual.client_rows["therapist"], 0).reshape(3, 60)
    weeks = (3, 8, 15)
    found = simulate_assessed(p, allotted, Assessment(weeks), seed=2, clinics=3)
    seen = 0
    for replicate in range(3):
        rows = usual.session_rows[usual.session_rows["replicate"] == replicate]
        for client in range(60):
            own = rows[rows["client"] == client]
            arrived = int(usual.client_rows[replicate * 60 + client]["week_arrived"])
            for place, week in enumerate(weeks):
                held = own[own["week"] - arrived <= week]
                if not len(held):
                    continue
                expected = np.round(40 * held["distress"][-1])
                assert found.on_treatment[replicate, client, place] == expected
                if found.ended[replicate, client] < 0 or week <= found.ended[replicate, client]:
                    assert found.scores[replicate, client, place] == expected
                    seen += 1
    assert seen > 100


def test_after_therapy_distress_fades_and_comes_back_as_its_equations_say() -> None:
    still = {**EXACT, "life_events": 0.0, "relapse": 0.02, "support_recovery": 0.0}
    p = Parameters(clients=80, therapists=8, arrivals_per_week=100, **still)
    rows = simulate(p, seed=1, replicates=1)
    allotted = np.maximum(rows.client_rows["therapist"], 0).reshape(1, 80)
    found = simulate_assessed(p, allotted, Assessment((30,)), seed=1)
    ended = found.ended[0]
    over = (ended >= 0) & (found.session[0] > 0)
    assert over.sum() > 40
    for client in np.flatnonzero(over):
        row = rows.client_rows[client]
        level = row["distress_last"]
        waited = row["week_started"] - row["week_arrived"]
        start = row["severity"] * (1 - p.natural_recovery) ** waited
        for _ in range(30 - ended[client]):
            level = level * (1 - p.natural_recovery) + p.relapse * max(0.0, start - level)
        assert found.scores[0, client, 0] == pytest.approx(40 * level, abs=0.5001)


def test_as_many_relapse_as_after_published_therapies() -> None:
    p = Parameters(clients=200, therapists=14)
    rows = simulate(p, seed=1, replicates=10).client_rows
    allotted = np.maximum(rows["therapist"], 0).reshape(10, 200)
    found = simulate_assessed(p, allotted, Assessment(tuple(range(1, 95))), seed=1, clinics=10)
    ended = np.where((found.session > 0) & (found.ended >= 1) & (found.ended <= 40), found.ended, 1)
    last, later = (
        np.take_along_axis(found.scores, (ended + weeks - 1)[..., None], axis=2)[..., 0]
        for weeks in (0, 52)
    )
    recovered = (ended > 1) & (last <= 10) & (found.base - last >= 6)
    assert recovered.sum() > 400
    # Wojnarowski et al. 2019: 33 %.
    assert (later[recovered] > 10).mean() == pytest.approx(0.33, abs=0.1)


def test_without_therapists_distress_takes_its_natural_course() -> None:
    p = Parameters(clients=50, life_events=0.0, support_recovery=0.0, **EXACT)
    found = simulate_assessed(p, None, Assessment((10, 40)), seed=4)
    severity = simulate(p, seed=4).client_rows["severity"]
    for place, week in enumerate((10, 40)):
        expected = np.round(40 * severity * (1 - p.natural_recovery) ** week)
        assert np.abs(found.scores[0, :, place] - expected).max() <= 1
    assert (found.session == 0).all()


def test_another_week_of_assessment_moves_no_other_score() -> None:
    few, many = (
        simulate_worlds(design(outcome={"weeks": weeks, "primary": 12}), TRIALS)
        for weeks in ([12], [3, 5, 12])
    )
    for one, other in zip(few.arms, many.arms, strict=True):
        assert np.array_equal(one.scores[..., 0], other.scores[..., 2])


@pytest.mark.parametrize(
    ("own", "first"), [({}, 40), ({"therapists_in_arms": "crossed"}, 40), ({"clinics": 2}, 41)]
)
def test_more_clients_leave_the_first_ones_as_they_were(own: dict, first: int) -> None:
    few, many = (simulate_trials(design(design={**own, "clients": n}), TRIALS) for n in (first, 60))
    for name in ("therapist", "arm", "base", "scores", "session", "event"):
        one, other = getattr(few.table, name), getattr(many.table, name)
        other = other.reshape(len(TRIALS), 60, *other.shape[1:])[:, :first].reshape(one.shape)
        assert np.array_equal(one, other, equal_nan=name == "scores"), name
    truth = many.truth.reshape(len(TRIALS), 60, 2)[:, :first].reshape(-1, 2)
    assert np.array_equal(few.truth, truth)


def test_worlds_are_identical_until_the_first_session_that_the_policy_can_touch() -> None:
    # Feedback warns from session 3 on, which nobody has before the second week after intake. Therapists whom their
    # caseload does not tire take nothing of it to other clients.
    alone = {"fatigue_load": 0.0, "fatigue_strain": 0.0}
    arms = {"usual": {}, "feedback": {"policies": ["progress_feedback"]}}
    made = design(arms=arms, outcome={**EVERY_WEEK, "instrument": "oq_45"}, settings=alone)
    usual, feedback = simulate_worlds(made, range(60)).arms
    assert np.array_equal(usual.base, feedback.base)
    differ = usual.scores != feedback.scores
    weeks = np.array(made.outcome.after_intake)
    assert not differ[..., weeks < 2].any()
    assert differ[..., weeks == 2].any()
    assert differ[..., weeks == 12].mean() > 0.1
    early = (usual.ended >= 0) & (usual.ended < 2)
    assert early.sum() > 100
    assert not differ[early].any(), "who left before session 3 has the same course in both"


def test_a_policy_from_the_first_session_on_touches_nobody_who_has_none() -> None:
    made = design(outcome=EVERY_WEEK, settings={"caseload_cap": 2, "arrivals_per_week": 6.0})
    usual, supervised = simulate_worlds(made, TRIALS).arms
    never = STATUSES.index("never_started")
    both = (usual.status == never) & (supervised.status == never)
    assert both.sum() > 10
    same = usual.ended == supervised.ended
    assert np.array_equal(usual.scores[both & same], supervised.scores[both & same])
    assert (usual.scores != supervised.scores).any()


def test_without_an_effect_all_worlds_are_one() -> None:
    worlds = simulate_worlds(design(), TRIALS, null=True).arms
    assert worlds[0] is worlds[1]
    truth = simulate_trials(design(), TRIALS, null=True).truth
    assert np.array_equal(truth[:, 0], truth[:, 1])


def test_a_hypothetical_world_has_no_dropout_and_sets_aside_what_was_seen_after_one() -> None:
    made = design(estimand={"dropout": "hypothetical"})
    for world in simulate_worlds(made, TRIALS, dropout=False).arms:
        gone = {STATUSES.index(name) for name in ("dropped_out", "never_started")}
        assert not np.isin(world.status, list(gone)).any()
    seen = simulate_trials(made, TRIALS)
    usual = simulate_trials(design(), TRIALS)
    dropped = usual.table.event == 1
    assert (seen.why[dropped] == SET_ASIDE).any()
    assert not (seen.why[~dropped & (usual.table.session > 0)] == SET_ASIDE).any()
    assert np.isnan(seen.table.scores[seen.why == SET_ASIDE]).all()
    assert seen.truth.mean() < usual.truth.mean(), "who stays gets better"


def test_while_on_treatment_looks_at_the_last_session() -> None:
    """Whichever way a therapy ends, at the limit of sessions too, and where somebody gives up waiting for one."""
    crowded = {"session_limit": 4, "caseload_cap": 2, "arrivals_per_week": 6.0}
    made = design(
        estimand={"dropout": "while_on_treatment", "planned_ending": "while_on_treatment"},
        settings=crowded,
    )
    worlds, seen = simulate_worlds(made, TRIALS), simulate_trials(made, TRIALS)
    assert {STATUSES.index(one) for one in ("session_limit", "never_started")} <= set(seen.status)
    arm = worlds.allotted.arm
    expected = np.where(
        (arm == 0)[..., None], worlds.arms[0].on_treatment, worlds.arms[1].on_treatment
    )
    usual = simulate_trials(design(settings=crowded), TRIALS)
    assert np.array_equal(seen.table.scores, expected.reshape(seen.table.scores.shape))
    assert not np.array_equal(seen.table.scores, usual.table.scores)


@pytest.mark.parametrize("settings", [{}, {"caseload_cap": 2, "arrivals_per_week": 6.0}], ids=str)
def test_scores_are_missing_as_often_and_for_whom_the_design_says(settings: dict) -> None:
    """Of crowded clinics many give up waiting before they have a session, and are lost like those who drop out."""
    made = design(missing={"after_dropout": 0.6, "at_random": 0.1}, settings=settings)
    seen = simulate_trials(made, range(200))
    whole = simulate_trials(design(settings=settings), range(200))
    lost = (seen.why == LOST).any(axis=1)
    gone = np.isin(seen.status, [STATUSES.index(n) for n in ("dropped_out", "never_started")])
    worlds = simulate_worlds(made, range(200))
    ended = np.where(worlds.allotted.arm == 0, worlds.arms[0].ended, worlds.arms[1].ended).ravel()
    weeks = np.array(made.outcome.after_intake)
    assert np.isin(ended[gone], weeks).any()
    # A score in the week in which therapy ends is still there.
    later = gone & (ended < weeks[-1])
    assert not lost[~later].any()
    assert lost[later].mean() == pytest.approx(0.6, abs=0.03)
    assert np.array_equal(seen.why[lost] == LOST, weeks > ended[lost, None])
    there = ~lost
    assert (seen.why[there] == AT_RANDOM).mean() == pytest.approx(0.1, abs=0.01)
    known = np.isfinite(seen.table.scores)
    assert np.array_equal(seen.table.scores[known], whole.table.scores[known])
    assert np.array_equal(seen.why == 0, known)


TWENTY = {"clients": 400, "therapists": 40, "clinics": 20}


def test_each_clinic_of_a_trial_is_the_setting_moved_by_the_traits_of_the_ensembles() -> None:
    made = design(design=TWENTY)
    middle, traits = made.parameters_of("usual"), clinic_traits()
    places = clinic_places(made.seed, range(3, 5), 20, len(traits)).reshape(40, -1)
    values = differing_values(made, middle, range(3, 5))
    assert set(values) == {name for one in traits if one.spread for name in one.parameters}
    there = {name: getattr(middle, name) for one in traits for name in one.parameters}
    for clinic in (0, 21, 39):
        own = {one.name: places[clinic, number] for number, one in enumerate(traits)}
        expected = shifted(there, traits, own)
        for name, value in values.items():
            assert value[clinic] == pytest.approx(expected[name], rel=1e-6), name
    twice = differing_values(design(design={**TWENTY, "clinics_differ": 2}), middle, range(3, 5))
    off = values["dropout_first"] - middle.dropout_first
    assert twice["dropout_first"] - middle.dropout_first == pytest.approx(2 * off)
    assert differing_values(design(), middle, range(3)) == {}, "a single clinic is the middle one"


def test_a_clinic_that_differs_is_the_clinic_of_its_own_parameters() -> None:
    made = design(design={"clients": 12, "therapists": 6, "clinics": 3})
    middle = made.parameters_of("usual").replace(clients=30, therapists=2)
    values = differing_values(made, middle, range(2))
    chairs = np.arange(6 * 30).reshape(6, 30) % 2
    asked = Assessment((3, 9))
    together = simulate_assessed(middle, chairs, asked, seed=4, clinics=6, differing=values)
    for clinic in range(6):
        own = middle.replace(**{name: float(value[clinic]) for name, value in values.items()})
        alone = simulate_assessed(
            own, chairs[clinic : clinic + 1], asked, seed=4, first_clinic=clinic
        )
        for name in ("base", "scores", "on_treatment", "session", "status", "ended"):
            one, other = getattr(together, name)[clinic], getattr(alone, name)[0]
            assert np.array_equal(one, other), name


def test_clinics_differ_in_every_world_alike_and_all_are_alike_if_asked() -> None:
    moved = design(design=TWENTY, settings={"fatigue_load": 0.0, "fatigue_strain": 0.0})
    usual, supervised = simulate_worlds(moved, range(5)).arms
    assert np.array_equal(usual.base, supervised.base)
    flat = simulate_worlds(design(design={**TWENTY, "clinics_differ": 0}), range(5)).arms[0]
    means, means_flat = (one.base.reshape(5, 20, 20).mean(axis=1).std() for one in (usual, flat))
    assert means > 1.15 * means_flat
    first = simulate_worlds(moved, range(3, 5)).arms[0]
    assert np.array_equal(first.scores, usual.scores[3:]), "whichever trials run together"


def test_as_much_variance_lies_between_clinics_as_was_published() -> None:
    # Severity: 8.2 % before case mix in Firth et al. 2019; given it 1.9 % there, 1.1 % in Mahon, Minami & Brown 2023.
    made = design(design={"clients": 4000, "therapists": 400, "clinics": 40})
    seen = simulate_trials(made, range(4), null=True)
    at_intake = seen.table._replace(score=seen.table.base, base=np.zeros(16_000))
    shares = []
    for table in (at_intake, seen.table):
        known = Clusters(np.repeat(np.arange(4), 4000), replace(seen, table=table), 2)
        found = np.array([one.mean() for one in known.variances()])
        shares.append(found[0] / found.sum())
    assert 0.05 < shares[0] < 0.10
    assert 0.005 < shares[1] < 0.025


def test_an_arm_without_therapists_is_as_good_as_the_others_where_there_is_no_effect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from experiments.trials import effect

    monkeypatch.setattr(effect, "CLIENTS", 4_000)
    made = design(arms={"waiting": {"therapists": 0}, **ARMS})
    advantages = effect.null_advantages(made)
    assert advantages["usual"][1] < -3
    seen = simulate_trials(made, range(100), null=True, advantages=advantages)
    assert np.abs((seen.truth - seen.truth[:, :1]).mean(axis=0)).max() < 1e-9
    assert effect.null_advantages(design()) == {}


@pytest.mark.parametrize(
    ("name", "world"), [("waiting_loss", "dropout"), ("planned_exit", "planned_endings")]
)
def test_a_world_without_an_ending_has_none_in_any_clinic_that_differs_in_it(
    name: str, world: str
) -> None:
    p = Parameters(clients=40, therapists=2, arrivals_per_week=20)
    allotted = np.tile(np.arange(40) % 2, (3, 1))
    asked = Assessment((6, 12), **{world: False})
    alike = simulate_assessed(p, allotted, asked, clinics=3)
    differing = {name: np.array([0.0, 0.2, 0.4])}
    found = simulate_assessed(p, allotted, asked, clinics=3, differing=differing)
    assert np.array_equal(found.scores, alike.scores)
    usual = simulate_assessed(p, allotted, Assessment((6, 12)), clinics=3, differing=differing)
    assert not np.array_equal(found.scores, usual.scores)
