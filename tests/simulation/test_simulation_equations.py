"""What single equations claim beyond their laws: what enters once, what is at most or exactly so much."""

from __future__ import annotations

import inspect
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulation.equations import (
    alliance,
    boundaries,
    change,
    ending,
    follow_up,
    rupture,
    therapist,
)
from simulation.equations.change import session_gain, weighted_alliance
from simulation.equations.ending import dropout_probability
from simulation.parameters import Parameters
from tests.simulation.clinics import any_parameters, numbers

share = numbers()
p0 = Parameters()
LAST_BIT = 1e-12
"""exp is a polynomial: where it is flat, a last bit may turn."""


@given(any_parameters, *[share] * 5, numbers(-4, 4), numbers(0, 1))
def test_a_session_takes_away_more_distress_the_better_the_alliance(
    p: Parameters,
    responsiveness: float,
    disclosed: float,
    agency: float,
    low: float,
    high: float,
    life: float,
    distress: float,
) -> None:
    low, high = sorted([low, high])
    after = [
        change.level_after_session(
            distress, session_gain(responsiveness, 1.0, w, disclosed, agency, p), 0.5, life, 0.0, p
        )
        for w in (low, high)
    ]
    assert after[1] <= after[0] + LAST_BIT


def test_better_alliance_is_visibly_less_distress_in_the_default_clinic() -> None:
    poor, good = (
        change.level_after_session(0.5, session_gain(0.5, 1.0, w, 0.6, 0.6, p0), 0.5, 0, 0, p0)
        for w in (0.3, 0.9)
    )
    assert good < poor - 0.005


@given(any_parameters, *[share] * 4)
def test_alliance_enters_the_change_of_distress_once(
    p: Parameters, responsiveness: float, disclosed: float, agency: float, weighted: float
) -> None:
    def gain(w: float) -> float:
        return session_gain(responsiveness, 1.0, w, disclosed, agency, p)

    slope = 2.0 * responsiveness * p.alliance_effect * disclosed * agency
    assert gain(1.0) - gain(0.0) == pytest.approx(slope, abs=1e-12)
    assert gain(weighted) == pytest.approx(gain(0.0) + slope * weighted, abs=1e-12)


def logit(x: float) -> float:
    """Log odds, by the mathematics library."""
    return math.log(x / (1.0 - x))


@given(any_parameters, *[share] * 4, numbers(-2, 2), numbers(-4, 0))
def test_alliance_enters_the_hazard_of_dropout_once(
    p: Parameters,
    allied: float,
    safe: float,
    motivation: float,
    match: float,
    push: float,
    level: float,
) -> None:
    def hazard(a: float) -> float:
        return dropout_probability(level, push, a, safe, motivation, match, p)

    probabilities = [hazard(0.0), hazard(allied), hazard(1.0)]
    assume(all(1e-9 < q < 1 - 1e-6 for q in probabilities))
    none, some, full = (logit(q) for q in probabilities)
    assert full - none == pytest.approx(-p.dropout_alliance, abs=1e-6)
    assert some - none == pytest.approx(-p.dropout_alliance * allied, abs=1e-6)


@given(any_parameters, share, share, share)
def test_weights_of_the_alliance_sum_to_one(
    p: Parameters, bond: float, task: float, goal: float
) -> None:
    weighted = weighted_alliance(bond, task, goal, p)
    assert min(bond, task, goal) - 1e-12 <= weighted <= max(bond, task, goal) + 1e-12
    assert weighted_alliance(1.0, 1.0, 1.0, p) == pytest.approx(1.0)


def test_task_and_goal_weigh_more_than_bond_by_default() -> None:
    bond = weighted_alliance(1, 0, 0, p0)
    assert bond < weighted_alliance(0, 1, 0, p0)
    assert bond < weighted_alliance(0, 0, 1, p0)


def test_burnout_is_not_in_the_hazard() -> None:
    for equation in (ending.dropout_probability, ending.dropout_level, ending.ending):
        names = {*inspect.signature(equation).parameters, *equation.__code__.co_names}
        assert not {name for name in names if "fatigue" in name or "burnout" in name}


@given(any_parameters)
def test_limits_are_clear_at_the_optimum_and_half_porous_or_rigid_one_width_away(
    p: Parameters,
) -> None:
    assert boundaries.looseness(p.boundary_optimum, p) == (0.0, 0.0)
    assert boundaries.looseness(p.boundary_optimum - p.porous_width, p) == pytest.approx((0.5, 0))
    assert boundaries.looseness(p.boundary_optimum + p.rigid_width, p) == pytest.approx((0, 0.5))


@given(any_parameters, share, share)
def test_limits_are_more_porous_below_the_optimum_and_more_rigid_above_it(
    p: Parameters, one: float, other: float
) -> None:
    low, high = (boundaries.looseness(b, p) for b in sorted([one, other]))
    assert 1.0 > low[0] >= high[0] >= 0.0
    assert 0.0 <= low[1] <= high[1] < 1.0
    assert low[0] * low[1] == high[0] * high[1] == 0.0


@given(share)
def test_a_test_of_the_frame_decides_how_porous_or_rigid_the_session_is_felt(usual: float) -> None:
    felt = {
        event: tuple(
            boundaries.after_event(usual, event, kind)
            for kind in (boundaries.CROSSING, boundaries.REBUFF)
        )
        for event in (
            boundaries.NO_TEST,
            boundaries.HELD,
            boundaries.CROSSING,
            boundaries.REBUFF,
            boundaries.VIOLATION,
        )
    }
    assert list(felt.values()) == [(usual, usual), (0, 0), (1, 0), (0, 1), (0, 0)]


@given(any_parameters.map(lambda p: p.replace(ethics_training=True)), share)
def test_ethics_training_makes_boundaries_clearer_and_violations_rarer(
    p: Parameters, boundary: float
) -> None:
    untrained = p.replace(ethics_training=False)
    trained = boundaries.looseness(boundaries.effective_boundary(boundary, p), p)
    lived = boundaries.effective_boundary(boundary, untrained)
    assert lived == boundary
    assert sum(trained) <= sum(boundaries.looseness(lived, untrained)) + LAST_BIT
    assert boundaries.violation_share(3.0, p) <= boundaries.violation_share(3.0, untrained)


@given(any_parameters, share, share, share)
def test_porous_and_tired_therapists_yield_and_rigid_ones_rebuff(
    p: Parameters, boundary: float, fatigue: float, more: float
) -> None:
    yields, rebuffs = boundaries.answers_to_test(boundary, fatigue, p)
    assert yields > 0.0
    assert rebuffs > 0.0
    assert yields + rebuffs < 1.0 + LAST_BIT
    low, high = sorted([boundary, more])
    porous, rigid = (boundaries.answers_to_test(b, fatigue, p) for b in (low, high))
    assert porous[0] >= rigid[0] - LAST_BIT
    assert porous[1] <= rigid[1] + LAST_BIT


@given(share, numbers(0, 0.1), share)
def test_the_mean_effect_of_a_crossing_on_the_bond_is_zero(
    draw: float, spread: float, bond: float
) -> None:
    p = p0.replace(crossing_bond=spread)
    assume(1.7321 * spread <= bond <= 1 - 1.7321 * spread)  # not at the end of the scale
    up, down = (boundaries_bond(bond, d, p) for d in (draw, 1.0 - draw))
    assert (up + down) / 2 == pytest.approx(bond, abs=1e-12)


def boundaries_bond(bond: float, draw: float, p: Parameters) -> float:
    """Bond after a crossing."""
    return alliance.bond_with_crossing(bond, 1.0, draw, p.crossing_neutral, p)


def test_a_crossing_does_the_bond_more_good_the_less_a_client_depends() -> None:
    after = [alliance.bond_with_crossing(0.5, 1.0, 0.5, d / 10, p0) for d in range(11)]
    assert after == sorted(after, reverse=True)
    assert after[0] > 0.55
    assert after[10] < 0.4


def test_the_spread_of_a_crossings_effect_is_the_parameter() -> None:
    p = p0.replace(crossing_bond=0.07)
    draws = [(i + 0.5) / 1000 for i in range(1000)]
    squares = [(boundaries_bond(0.5, draw, p) - 0.5) ** 2 for draw in draws]
    assert math.sqrt(sum(squares) / 1000) == pytest.approx(0.07, rel=1e-3)


@given(any_parameters, share, share)
def test_trust_is_lost_faster_than_gained(p: Parameters, trust: float, step: float) -> None:
    assume(step <= trust <= 1 - step)
    gained = alliance.trust_after(trust, trust + step, 0, 0, 0, p) - trust
    lost = trust - alliance.trust_after(trust, trust - step, 0, 0, 0, p)
    assert lost >= gained - LAST_BIT
    assert lost == pytest.approx(p.trust_loss_ratio * gained, abs=1e-12)


@given(any_parameters, share)
def test_a_repair_or_a_limit_held_earns_trust_and_an_open_rupture_loses_more(
    p: Parameters, trust: float
) -> None:
    quiet = alliance.trust_after(trust, trust, 0, 0, 0, p)
    assert quiet == pytest.approx(trust, abs=1e-12)
    assert alliance.trust_after(trust, trust, 1, 0, 0, p) >= quiet - LAST_BIT
    assert alliance.trust_after(trust, trust, 0, 1, 0, p) <= quiet + LAST_BIT


def test_by_default_an_open_rupture_costs_more_trust_than_a_repair_earns() -> None:
    earned = alliance.trust_after(0.6, 0.6, 1, 0, 0, p0) - 0.6
    lost = 0.6 - alliance.trust_after(0.6, 0.6, 0, 1, 0, p0)
    assert 0.05 < earned < lost


@given(any_parameters, share, share)
def test_a_rupture_stays_open_by_its_depth_unless_it_is_repaired_or_pressed(
    p: Parameters, depth: float, avoidance: float
) -> None:
    assert rupture.left_open(depth, 0, 0, avoidance, p) == depth
    assert rupture.left_open(depth, 1, 1, avoidance, p) == 0.0
    assert rupture.left_open(depth, 1, 0, 0.0, p) == depth
    pressed = rupture.left_open(depth, 1, 0, avoidance, p)
    assert pressed == max(depth, p.repair_pressing * avoidance)


def test_with_an_avoidant_client_a_failed_attempt_costs_more_than_letting_a_small_rupture_be() -> (
    None
):
    assert rupture.left_open(0.1, 1, 0, 0.8, p0) > 3 * rupture.left_open(0.1, 0, 0, 0.8, p0)


@given(any_parameters, numbers(-3, 3), share, numbers(-0.2, 0.2))
def test_distress_comes_back_to_its_level(
    p: Parameters, life: float, level: float, away: float
) -> None:
    assume(0.0 <= level + away <= 1.0)
    after = change.distress_after_session(level + away, level, level, 0.0, p)
    assert abs(after - level) <= abs(away) + LAST_BIT
    pushed = change.distress_after_session(level, level, level, life, p)
    assert (pushed - level) * life >= -LAST_BIT


def test_distress_is_half_way_back_within_a_week_by_default() -> None:
    assert change.distress_after_session(0.7, 0.5, 0.5, 0.0, p0) < 0.6


@given(any_parameters, numbers(0.3, 0.7), numbers(0.3, 0.7), share, numbers(-0.5, 0.5))
def test_what_happens_without_therapy_stays_in_part_and_is_a_matter_of_the_week_in_part(
    p: Parameters, level: float, start: float, support: float, life: float
) -> None:
    def after(life: float) -> tuple[float, float]:
        return (
            follow_up.level_after_week(level, start, support, life, p),
            follow_up.distress_after_week(0.0, level, life, p),
        )

    found, without = after(life), after(0.0)
    assume(all(0.0 < one < 1.0 for one in (*found, *without)))
    lasting, passing = (one - other for one, other in zip(found, without, strict=True))
    assert lasting == pytest.approx(p.life_lasting * p.life_events * life, abs=1e-12)
    assert lasting + passing == pytest.approx(p.life_events * life, abs=1e-12)


@given(any_parameters, numbers(0.3, 0.7), numbers(-0.2, 0.2))
def test_a_deviation_fades_week_by_week_without_therapy(
    p: Parameters, level: float, deviation: float
) -> None:
    left = follow_up.distress_after_week(deviation, level, 0.0, p) - level
    assert left == pytest.approx(math.exp(-p.life_fading) * deviation, rel=1e-6, abs=1e-12)


@given(any_parameters, numbers(0.1, 0.9), numbers(0.1, 0.9), share)
def test_of_what_therapy_took_away_a_share_comes_back_each_week_and_of_no_more(
    p: Parameters, level: float, start: float, support: float
) -> None:
    alone = follow_up.level_after_week(level, level, support, 0.0, p)
    back = follow_up.level_after_week(level, start, support, 0.0, p) - alone
    assume(alone + p.relapse < 1.0)
    assert back == pytest.approx(p.relapse * max(0.0, start - level), abs=1e-12)


@given(share, share)
def test_nobody_feels_well_enough_without_having_become_better(
    level: float, good_enough: float
) -> None:
    assert ending.well_enough(level, level, good_enough, p0) == (level == 0.0 <= good_enough)


@given(any_parameters, share)
def test_strain_fades_by_itself_and_repair_leaves_less_than_an_open_rupture(
    p: Parameters, strain: float
) -> None:
    quiet = rupture.strain_after(strain, 0, 0, p)
    assert quiet <= strain + LAST_BIT
    assert rupture.strain_after(strain, 1, 0, p) >= quiet
    assert rupture.strain_after(strain, 0, 1, p) <= quiet + LAST_BIT


@given(share)
def test_repair_halves_strain_by_default(strain: float) -> None:
    before = rupture.strain_after(strain, 0, 0, p0)
    assert rupture.strain_after(strain, 0, 1, p0) == pytest.approx(before / 2)


@given(share, share, share)
def test_kinds_of_rupture_share_what_ruptures_there_are(
    draw: float, probability: float, confronting: float
) -> None:
    kind = rupture.rupture_kind(draw, probability, confronting)
    assert (kind == rupture.NO_RUPTURE) == (draw >= probability)
    assert (kind == rupture.CONFRONTATION) == (draw < probability * confronting)


@given(share, share, share, share, share, share)
def test_a_frame_that_is_not_tested_is_kept_and_a_test_has_one_answer(
    test: float, response: float, chance: float, yields: float, rebuffs: float, part: float
) -> None:
    assume(yields + rebuffs < 0.999)
    event = boundaries.boundary_event(test, response, chance, yields, rebuffs, part)
    if test >= chance:
        assert event == boundaries.NO_TEST
    elif response < yields * part:
        assert event == boundaries.VIOLATION
    elif response < yields:
        assert event == boundaries.CROSSING
    elif response > 1 - rebuffs:
        assert event == boundaries.REBUFF
    else:
        assert event == boundaries.HELD


@given(share, share, share, st.sampled_from([0.0, 1.0]), st.integers(1, 40), st.integers(1, 40))
def test_a_therapy_ends_in_one_way(
    draw: float, dropout: float, planned: float, violated: float, session: int, limit: int
) -> None:
    p = p0.replace(session_limit=limit)
    how = ending.ending(draw, dropout, planned, violated, float(session), p)
    if violated:
        assert how == ending.AFTER_VIOLATION
    elif draw < dropout:
        assert how == (ending.AT_LIMIT if session >= limit else ending.BY_DROPOUT)
    elif draw > 1 - planned:
        assert how == ending.BY_PLAN
    else:
        assert how == (ending.AT_LIMIT if session >= limit else ending.GOES_ON)


def test_experience_alone_gains_no_skill_by_default() -> None:
    for caseload in (0.0, 5.0, 40.0):
        assert therapist.skill_after_week(0.0, caseload, 0.0, 0.0, p0) == 0.0


def test_practice_gains_skill_and_supervision_shares_it() -> None:
    practising = p0.replace(deliberate_practice=3)
    assert therapist.skill_after_week(0.0, 5.0, 0.0, 0.0, practising) > 0
    assert therapist.skill_after_week(0.0, 5.0, 0.5, 1.0, p0) > 0
    assert therapist.skill_after_week(0.0, 5.0, 0.5, 0.0, p0) == 0


@given(
    st.builds(
        Parameters,
        practice_effect=numbers(0, 0.5),
        deliberate_practice=numbers(0, 20),
        experience_effect=numbers(0, 0.1),
        skill_ceiling=numbers(0.05, 5),
    ),
    share,
    numbers(0, 40),
)
def test_skill_stays_between_none_and_its_ceiling(p: Parameters, part: float, load: float) -> None:
    skill = part * p.skill_ceiling
    after = therapist.skill_after_week(skill, load, 0.0, 0.0, p)
    assert 0.0 <= after <= p.skill_ceiling + LAST_BIT
