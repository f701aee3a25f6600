"""Laws of a whole session: what stays inside [0, 1], which paths run from alliance to distress and dropout."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulation import stages
from simulation.equations import boundaries, change, ending, rupture
from simulation.parameters import Parameters
from simulation.running import simulate
from simulation.session import begin_therapy, hold_session
from simulation.states import ClientTraits, DyadState, Presence, SessionDraws
from tests.simulation.clinics import (
    UNCOUPLED,
    any_client,
    any_draws,
    any_parameters,
    any_presence,
    any_state,
    numbers,
    parameter_sets,
)

if TYPE_CHECKING:
    from simulation.results.result import Result

p0 = Parameters()
LATENT_STATE = (
    "trust",
    "bond",
    "task",
    "goal",
    "agency",
    "dependency",
    "strain",
    "distress",
    "distress_level",
    "satisfaction",
)
PROBABILITIES = ("safety", "disclosure", "attunement", "perceived_empathy", "dropout_probability")

CLIENT = ClientTraits(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.0)
STATE = DyadState(
    0.5,
    0.6,
    0.6,
    0.6,
    0.5,
    0.4,
    0.2,
    0.5,
    0.6,
    0.0,
    4.0,
    0.0,
    0.6,
    0.6,
    0.0,
    0.7,
    0.3,
    1.0,
    0.5,
)
THERAPIST = Presence(0.4, 0.6, 0.6, 0.1, 0.0, 0.2, 0.1, 0.0, 0.0, 0.5, 0.0, 0.0)
QUIET = SessionDraws(0.999, 0.5, 0.5, 0.5, 0.999, 0.5, 0.5, 0.0, 0.0, 0.0)
"""An average dyad and a session without incident."""


def hold(draws: SessionDraws = QUIET, p: Any = p0, state: DyadState = STATE) -> tuple[Any, Any]:
    """Hold the average session."""
    return hold_session(CLIENT, state, THERAPIST, draws, p)


@settings(max_examples=200)
@given(any_client, any_state, any_presence, any_draws, any_parameters)
def test_what_is_felt_stays_between_0_and_1(
    client: ClientTraits,
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    p: Parameters,
) -> None:
    after, events = hold_session(client, state, therapist, draws, p)
    for name in LATENT_STATE:
        assert 0.0 <= getattr(after, name) <= 1.0, name
    for name in PROBABILITIES:
        assert 0.0 <= getattr(events, name) <= 1.0, name
    assert after.session == state.session + 1
    assert events.noticed <= (events.rupture > 0)
    assert events.repaired <= events.noticed


@given(any_client, numbers(), numbers(), any_parameters)
def test_therapy_begins_between_0_and_1_and_without_strain(
    client: ClientTraits, distress: float, style: float, p: Parameters
) -> None:
    state = begin_therapy(client, distress, style, p)
    for name in (*LATENT_STATE, "match"):
        assert 0.0 <= getattr(state, name) <= 1.0, name
    assert (state.strain, state.session, state.crossings, state.relief) == (0, 0, 0, 0)
    assert state.distress == state.distress_at_start == distress


@given(any_client, any_state, any_presence, any_draws, any_parameters, numbers(0, 0.3))
def test_all_else_equal_a_better_alliance_makes_dropout_less_likely(
    client: ClientTraits,
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    p: Parameters,
    lift: float,
) -> None:
    # The frame and repair answer to bond too; a session without either leaves the alliance alone.
    calm = draws._replace(test=0.999999, rupture=0.999999)
    better = state._replace(
        **{k: min(1.0, getattr(state, k) + lift) for k in ("bond", "task", "goal")}
    )
    (plain, before), (lifted, after) = (
        hold_session(client, s, therapist, calm, p) for s in (state, better)
    )
    well, still_well = (
        ending.well_enough(s.distress_level, s.distress_at_start, client.good_enough, p)
        for s in (plain, lifted)
    )
    assume(well or not still_well)  # feeling well enough is another reason to leave
    assert after.dropout_probability <= before.dropout_probability + 1e-9


@given(any_client, any_state, any_presence, any_draws, any_parameters)
def test_in_a_session_alliance_reaches_dropout_once(
    client: ClientTraits,
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    p: Parameters,
) -> None:
    alone = p.replace(
        alliance_effect=0, violation_rate=0, agency_alliance=0, dependency_bond=0, repair_bond=0
    )
    better = state._replace(bond=1.0, task=1.0, goal=1.0)
    (one, a), (other, b) = (
        hold_session(client, s, therapist, draws, alone) for s in (state, better)
    )
    q, r = a.dropout_probability, b.dropout_probability
    assume(all(1e-8 < x < 1 - 1e-6 for x in (q, r)))
    gap = math.log(r / (1 - r)) - math.log(q / (1 - q))
    assert gap == pytest.approx(-p.dropout_alliance * (other.alliance - one.alliance), abs=1e-5)


@given(any_client, any_state, any_presence, any_draws, any_parameters)
def test_in_a_session_alliance_reaches_distress_once(
    client: ClientTraits,
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    p: Parameters,
) -> None:
    alone = p.replace(violation_rate=0, agency_alliance=0, life_events=0, repair_bond=0)
    better = state._replace(bond=1.0, task=1.0, goal=1.0)
    (one, events), (other, _) = (
        hold_session(client, s, therapist, draws, alone) for s in (state, better)
    )
    # A session works through the alliance and the agency in which it is held.
    levels = (one.distress_level, other.distress_level)
    assume(min(levels) > 0.0 and max(levels) < 1.0)

    def weighted(s: DyadState) -> float:
        return p.bond_weight * s.bond + (1 - p.bond_weight) * (s.task + s.goal) / 2

    slope = 2 * client.responsiveness * state.sensitivity * p.alliance_effect
    work = 1.0 - p.repair_time * taken_up(client, state, therapist, draws, alone)
    share = work * slope * (weighted(better) - weighted(state)) * events.disclosure * state.agency
    fall = one.distress_level - other.distress_level
    assert fall == pytest.approx(state.distress_level * share, abs=1e-9)


def taken_up(*meeting_and_parameters: Any) -> float:
    """Whether what is between the two is taken up in a session, which takes time from its work."""
    *who, p = meeting_and_parameters
    meeting = stages.Meeting(*who)
    attuned = stages.attune(meeting, stages.open_up(meeting, p), p)
    torn = stages.draw_rupture(meeting, attuned, stages.hold_frame(meeting, p), p)
    return stages.attempt_repair(meeting, attuned, torn, p).taken_up


@given(any_client, any_state, any_presence, any_draws, any_parameters)
def test_what_hangs_on_traits_alone_is_settled_when_therapy_begins(
    client: ClientTraits,
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    p: Parameters,
) -> None:
    begun = begin_therapy(client, state.distress, therapist.present_style, p)
    anxiety, avoidance = client.attachment_anxiety, client.attachment_avoidance
    assert begun.confronting == rupture.confrontation_share(anxiety, avoidance, p)
    assert begun.sensitivity == change.sensitivity(
        client.alliance_sensitivity, anxiety, avoidance, client.severity, p
    )
    after, _ = hold_session(client, begun, therapist, draws, p)
    for name in ("disposition", "match", "distress_at_start", "confronting", "sensitivity"):
        assert getattr(after, name) == getattr(begun, name), name


def run(parameters: Parameters, **options: Any) -> Result:
    """Run ten clinics with every session."""
    return simulate(parameters, seed=21, replicates=10, histories=True, **options)


def common(one: Result, other: Result, name: str) -> tuple[Any, Any]:
    """A column of the sessions that were held in both runs."""
    columns = []
    tables = [one.session_rows, other.session_rows]
    keys = [
        [tuple(row) for row in t[["replicate", "client", "session"]].tolist()]
        for t in tables
        if t is not None
    ]
    both = set(keys[0]) & set(keys[1])
    for table, key in zip(tables, keys, strict=True):
        assert table is not None
        columns.append(table[name][[k in both for k in key]])
    return columns[0], columns[1]


OTHER_ALLIANCE: list[dict[str, Any]] = [
    {"bond_base": 2.0, "task_base": -2.0, "goal_base": 2.0},
    {"start_base": -1.5, "start_spread": 1.5, "alliance_noise": 1.5},
    {"alliance_rate": 0.9, "bond_relief": 0.0, "task_relief": 20.0},
    {"alliance_strain": 0.0, "crossing_bond": 0.4, "telehealth": True},
    {"dropout_alliance": 0.0},
    {"repair_bond": 8.0, "agency_alliance": 6.0, "dependency_bond": 5.0},
]
CLOSED: dict[str, Any] = {
    **UNCOUPLED,
    "alliance_effect": 0.0,
    "violation_distress": 0.0,
    "repair_time": 0.0,
}
"""Alliance reaches distress through what a session takes away, through what is left of its work where repairs that
need a bond fail and, by way of dependency, through violations.
"""


@pytest.mark.parametrize("change", OTHER_ALLIANCE, ids="-".join)
def test_with_every_path_closed_alliance_has_no_effect_on_distress_at_all(
    change: dict[str, Any],
) -> None:
    closed = p0.replace(**CLOSED, violation_rate=0.05)
    a, b = common(run(closed), run(closed.replace(**change)), "distress")
    assert len(a) > 1000
    assert a.tobytes() == b.tobytes()


@settings(max_examples=15)
@given(parameter_sets(**CLOSED), st.sampled_from(OTHER_ALLIANCE))
def test_with_every_path_closed_it_has_none_in_any_clinic(
    parameters: Parameters, change: dict[str, Any]
) -> None:
    closed = parameters.replace(supervision_network="none")
    a, b = common(run(closed), run(closed.replace(**change)), "distress")
    assert a.tobytes() == b.tobytes()


@pytest.mark.parametrize(
    "opened",
    [
        {"alliance_effect": p0.alliance_effect},
        {"violation_distress": 0.35, "violation_rate": 0.2},
        {"repair_time": 0.5},
    ],
    ids="-".join,
)
def test_each_of_these_paths_carries_an_effect_when_it_is_open(opened: dict[str, Any]) -> None:
    one = p0.replace(**{**CLOSED, "dependency_bond": 10.0, **opened})
    a, b = common(run(one), run(one.replace(bond_base=3.0)), "distress")
    assert a.tobytes() != b.tobytes()


def test_in_the_default_clinic_a_better_alliance_means_less_dropout_and_distress() -> None:
    poor, good = (
        run(p0.replace(bond_base=base, task_base=base, goal_base=base, start_base=base))
        for base in (-1.0, 1.5)
    )
    left = [(r.clients["status"] == "dropped_out").mean() for r in (poor, good)]
    assert left[1] < left[0] - 0.02  # type: ignore[operator]
    worse, better = common(poor, good, "distress")
    assert better.mean() < worse.mean()


def test_within_a_clinic_the_weaker_alliances_carry_the_higher_hazard() -> None:
    rows = run(p0).sessions.filter(session=3)
    assert rows.height > 100
    alliance = rows["alliance"].to_numpy()
    hazard = rows["dropout_probability"].to_numpy()
    assert np.corrcoef(alliance, hazard)[0, 1] < -0.3


YIELDS = QUIET._replace(test=1e-9, response=0.02)


def test_a_violation_costs_trust_raises_distress_and_ends_treatment() -> None:
    crossing, crossed = hold(YIELDS, p0.replace(violation_rate=0))
    violation, violated = hold(YIELDS, p0.replace(violation_rate=0.2))
    assert crossed.boundary_event == boundaries.CROSSING
    assert violated.boundary_event == boundaries.VIOLATION
    assert violation.trust < crossing.trust
    assert violation.distress > crossing.distress
    assert violated.ending == ending.AFTER_VIOLATION
    assert crossed.ending == ending.GOES_ON


def test_a_crossing_feeds_dependency_and_holding_lowers_it() -> None:
    crossing, _ = hold(YIELDS)
    held, events = hold(QUIET._replace(test=1e-9))
    quiet, _ = hold()
    assert events.boundary_event == boundaries.HELD
    assert held.dependency < quiet.dependency < crossing.dependency
    assert crossing.crossings == STATE.crossings + 1


def test_the_uniform_draw_of_a_crossing_moves_the_bond_up_as_often_as_down() -> None:
    quiet, _ = hold(YIELDS._replace(crossing=0.5))
    up, _ = hold(YIELDS._replace(crossing=0.9))
    down, _ = hold(YIELDS._replace(crossing=0.1))
    assert down.bond < quiet.bond < up.bond
    assert (up.bond + down.bond) / 2 == pytest.approx(quiet.bond)


def test_an_unrepaired_rupture_builds_strain_and_costs_trust_and_a_repair_mends() -> None:
    quiet, _ = hold()
    missed, a = hold(QUIET._replace(rupture=1e-9, notice=0.999999))
    mended, b = hold(QUIET._replace(rupture=1e-9, notice=1e-9, repair=1e-9))
    assert a.rupture == b.rupture == rupture.CONFRONTATION
    assert (a.noticed, a.repaired, b.noticed, b.repaired) == (0, 0, 1, 1)
    assert mended.strain < quiet.strain < missed.strain
    assert missed.trust < quiet.trust < mended.trust
    assert missed.alliance < quiet.alliance


def test_a_rupture_that_nobody_notices_cannot_be_repaired() -> None:
    _, events = hold(QUIET._replace(rupture=1e-9, notice=0.999999, repair=1e-9))
    assert events.repaired == 0


@given(any_client, any_state, any_presence, any_draws, any_parameters)
def test_telehealth_takes_from_the_bond_and_from_nothing_else_it_is_built_of(
    client: ClientTraits,
    state: DyadState,
    therapist: Presence,
    draws: SessionDraws,
    p: Parameters,
) -> None:
    # In the session itself; what the bond then does to agency and dependency is the bond's doing.
    p = p.replace(agency_alliance=0, dependency_bond=0, bond_weight=0)
    near, here = hold_session(client, state, therapist, draws, p.replace(telehealth=False))
    far, there = hold_session(client, state, therapist, draws, p.replace(telehealth=True))
    assert far.bond <= near.bond
    unchanged = set(LATENT_STATE) - {"bond", "satisfaction"}
    for name in unchanged:
        assert getattr(far, name) == getattr(near, name), name
    for name in set(here._fields) - {"dropout_probability", "ending"}:
        assert getattr(there, name) == getattr(here, name), name


def test_telehealth_visibly_lowers_the_bond() -> None:
    assert hold(p=p0.replace(telehealth=True))[0].bond < hold()[0].bond


def test_feedback_speaks_up_from_session_3_about_those_who_do_not_improve() -> None:
    on = p0.replace(progress_feedback=True)
    stuck = STATE._replace(distress=0.6)
    better = STATE._replace(distress=0.2)
    early = stuck._replace(session=1.0)
    assert hold(p=on, state=stuck)[0].task > hold(p=p0, state=stuck)[0].task
    assert hold(p=on, state=better) == hold(p=p0, state=better)
    assert hold(p=on, state=early) == hold(p=p0, state=early)


def test_role_induction_keeps_clients() -> None:
    _, told = hold(p=p0.replace(role_induction=True))
    assert told.dropout_probability < hold()[1].dropout_probability
