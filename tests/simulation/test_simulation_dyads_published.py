"""Published models of the dyad do what was published of them, in numbers."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.optimize import fsolve

from simulation import AllianceModel, Parameters, preset, simulate
from simulation.coefficients import coefficients, unpack_with
from simulation.dyads.catalogue import added_parameters, dyad_names, name_of, published_dyad
from simulation.dyads.measured import one_relationship
from simulation.dyads.published import liebovitch_peluso as lp
from simulation.dyads.published import tschacher_haken as th
from simulation.dyads.published.good_enough_level import GoodEnoughLevel
from simulation.engine import custom_session
from simulation.errors import AllianceError
from simulation.plain.running import simulate_plainly
from simulation.presets import layered
from tests.simulation.clinics import assert_same


def test_a_class_of_settings_knows_the_name_of_its_published_model() -> None:
    assert [name_of(published_dyad(name)) for name in dyad_names()] == list(dyad_names())
    assert name_of(Parameters) == ""
    assert (
        name_of(type("Own", (GoodEnoughLevel,), {"__module__": GoodEnoughLevel.__module__})) == ""
    )


def unpacked(setting: Parameters) -> Any:
    return unpack_with(setting.own)(coefficients(setting).tolist())


@pytest.mark.parametrize("name", dyad_names())
def test_mesa_plain_python_and_engine_give_the_same_bits(name: str) -> None:
    setting = preset(name, clients=40, therapists=4, caseload_cap=5, weeks=25)
    engine = simulate(setting, seed=5, histories=True)
    assert_same(AllianceModel(setting, rng=5, histories=True).run().result(), engine)
    assert_same(simulate_plainly(setting, seed=5, histories=True), engine)


@pytest.mark.parametrize("name", dyad_names())
def test_its_engine_is_stored_on_disk(name: str) -> None:
    setting = published_dyad(name)
    custom_session.engine_of(setting)
    (engine,) = (
        one
        for one in custom_session.VARIANTS.values()
        if setting.dyad.beginning in one.variant.replacing.values()
    )
    assert engine.variant.stored_as is not None


@pytest.mark.parametrize("name", dyad_names())
def test_each_parameter_of_its_own_does_something(name: str) -> None:
    usual = preset(name, clients=12, therapists=2, weeks=12, session_limit=6)
    whole = simulate_plainly(usual, seed=2, histories=True)
    for own in usual.own:
        row = usual.rows[own]
        assert row.source
        assert row.meaning
        low = row.low if row.default != row.low else row.high
        value = 0.5 * (row.default + low)
        other = simulate_plainly(usual.replace(**{own: value}), seed=2, histories=True)
        assert not other.sessions.equals(whole.sessions), own


def test_where_there_is_one_number_for_the_relationship_it_is_all_there_is_of_it() -> None:
    found = one_relationship(0.1, 0.2, 0.3, 0.4, 0.6)._asdict()
    given = {
        0.1: {"trust", "bond", "task", "goal", "safety", "disclosure"},
        0.2: {"attunement", "perceived_empathy"},
        0.3: {"distress"},
        0.4: {"distress_level"},
        0.5: {"agency"},
        0.6: {"satisfaction"},
        0.0: {"dependency", "strain", "rupture", "noticed", "repaired", "depth"},
    }
    assert found == {name: value for value, names in given.items() for name in names}


def test_names_that_models_share_are_declared_alike() -> None:
    for name in dyad_names():
        for own in published_dyad(name).own:
            row, shared = published_dyad(name).rows[own], added_parameters()[own]
            assert (row.kind, row.low, row.high, row.unit) == (
                shared.kind,
                shared.low,
                shared.high,
                shared.unit,
            )


def test_a_model_is_layered_with_presets_and_there_is_one() -> None:
    setting = layered(["youth", "liebovitch_peluso"], {"influence_on_client": 2.0})
    assert isinstance(setting, lp.LiebovitchPeluso)
    assert setting.influence_on_client == 2.0
    assert setting.session_limit == preset("youth").session_limit
    with pytest.raises(AllianceError, match=r"^liebovitch_peluso and tschacher_haken are models"):
        layered(["liebovitch_peluso", "tschacher_haken"])
    with pytest.raises(AllianceError, match="Did you mean tschacher_haken"):
        layered(["tschacher_hake"])
    with pytest.raises(AllianceError, match="is not a model of the dyad"):
        published_dyad("youth")


# Liebovitch and Peluso: the parent form. Numbers were computed from the equations with an adaptive solver.


def pulled(
    on_therapist: float, on_client: float, inertia: float = -0.9, **values: float
) -> lp.LiebovitchPeluso:
    """The dyad with these influences and one inertia for both."""
    return lp.LiebovitchPeluso(
        influence_on_therapist=on_therapist,
        influence_on_client=on_client,
        inertia_therapist=inertia,
        inertia_client=inertia,
        **values,
    )


def final(setting: lp.LiebovitchPeluso, *start: float, sessions: int = 800) -> tuple[float, float]:
    """Where both end."""
    p, state = unpacked(setting), lp.Affects(*start)
    for _ in range(sessions):
        state = lp.session_course(state, p)
    return state


def near(*values: float) -> Any:
    return pytest.approx(values, abs=6e-5)


@pytest.mark.parametrize("alone", [0.9, -0.9])
def test_who_is_not_influenced_ends_where_inertia_and_own_drive_meet(alone: float) -> None:
    setting = pulled(0, 0, uninfluenced_therapist=alone, uninfluenced_client=-alone)
    assert final(setting, 0.3, 0.3) == near(alone / 0.9, -alone / 0.9)


@pytest.mark.parametrize(
    ("influences", "end"),
    [
        ((0.89, 0.89), (0.0, 0.0)),
        ((0.91, 0.91), (0.18278, 0.18278)),
        ((1.5, 1.5), (1.51222, 1.51222)),
        ((2.0, 0.3), (0.0, 0.0)),
        ((3.0, 0.3), (0.55536, 0.16817)),
    ],
)
def test_two_moods_are_stable_where_influences_outweigh_inertia(
    influences: tuple[float, float], end: tuple[float, float]
) -> None:
    setting = pulled(*influences, session_time=3.0)
    assert final(setting, 0.5, 0.5) == near(*end)
    assert final(setting, -0.5, -0.5) == near(-end[0], -end[1])
    assert (end != (0.0, 0.0)) == (influences[0] * influences[1] > 0.81)


def test_where_both_repel_one_is_up_and_the_other_down() -> None:
    setting = pulled(-1.5, -1.5)
    assert final(setting, 0.1, -0.1) == near(1.51222, -1.51222)
    assert final(setting, -0.1, 0.1) == near(-1.51222, 1.51222)


@pytest.mark.parametrize(
    ("influences", "end"),
    [
        ((2.0, 1.2), (1.9003, 1.2750)),
        ((1.2, 2.0), (1.2750, 1.9003)),
        ((3.0, 0.5), (1.5636, 0.5089)),
    ],
)
def test_who_responds_most_ends_in_the_most_positive_state(
    influences: tuple[float, float], end: tuple[float, float]
) -> None:
    assert final(pulled(*influences), 1.0, 0.5) == near(*end)
    assert (end[0] > end[1]) == (influences[0] > influences[1])


def test_a_client_oscillates_before_the_final_state_where_influences_have_opposite_signs() -> None:
    setting = pulled(1.5, -1.5, session_time=0.04)
    p, state = unpacked(setting), lp.Affects(1.0, -1.0)
    clients = [state.client]
    for _ in range(250):
        state = lp.session_course(state, p)
        clients.append(state.client)
    crossings = [
        0.04 * (place + before / (before - after))
        for place, (before, after) in enumerate(pairwise(clients))
        if before * after < 0
    ]
    assert crossings[:4] == pytest.approx([1.779, 3.885, 5.980, 8.074], abs=1e-3)
    assert crossings[3] - crossings[2] == pytest.approx(math.pi / 1.5, abs=1e-3)
    assert final(setting.replace(session_time=1.0), 1.0, -1.0) == near(0.0, 0.0)


@pytest.mark.parametrize("therapist", [-2.0, -1.0, -0.5, 0.5, 0.9, 1.1, 1.5, 2.0])
def test_a_therapist_who_is_not_further_from_neutral_than_a_negative_client_fails(
    therapist: float,
) -> None:
    end = 1.51222 if therapist > 1.0 else -1.51222
    assert final(pulled(1.5, 1.5), therapist, -1.0) == near(end, end)


@pytest.mark.parametrize(("inertia", "end"), [(-0.5, 2.9847), (-0.75, 1.9150), (-1.2, 0.8880)])
def test_influence_and_inertia_stand_in_for_each_other(inertia: float, end: float) -> None:
    changed_inertia = pulled(1.5, 1.5, inertia=inertia)
    changed_influence = pulled(1.5 * 0.9 / -inertia, 1.5 * 0.9 / -inertia)
    assert final(changed_inertia, 1.0, 0.5) == near(end, end)
    assert final(changed_influence, 1.0, 0.5) == near(end, end)
    one, other = (final(a, 1.0, 0.5, sessions=3) for a in (changed_inertia, changed_influence))
    assert one != near(*other)


@pytest.mark.parametrize("times", [2.0, 4.0])
def test_the_final_states_depend_on_the_ratio_of_the_two_alone(times: float) -> None:
    usual, scaled = pulled(2.0, 1.2), pulled(2.0 * times, 1.2 * times, inertia=-0.9 * times)
    assert final(scaled, 1.0, 0.5) == near(*final(usual, 1.0, 0.5))


# Tschacher and Haken: the minimal model. Numbers follow from its linearisation.


def coupled(a: float, b: float, **values: float) -> Any:
    return unpacked(th.TschacherHaken(coupling_therapist=a, coupling_client=b, **values))


def resting(p: Any, *near_: float) -> Any:
    def speeds(x: Any) -> list[float]:
        return [th.speed_therapist(x[0], x[1], p), th.speed_client(x[0], x[1], p)]

    return fsolve(speeds, near_, xtol=1e-12)


def eigenvalues(p: Any, x: Any) -> Any:
    """Those of the linearised model at a point, by differences."""
    step = 1e-6
    columns = []
    for change in ((step, 0.0), (0.0, step)):
        up, down = np.add(x, change), np.subtract(x, change)
        columns.append(
            [
                (speed(*up, p) - speed(*down, p)) / (2.0 * step)
                for speed in (th.speed_therapist, th.speed_client)
            ]
        )
    return np.linalg.eigvals(np.array(columns).T)


@pytest.mark.parametrize(
    ("a", "b", "rests", "real", "imaginary"),
    [
        (-1.0, 1.0, (0.627, 0.594), -1.297, 0.836),
        (-2.0, 1.0, (0.517, 0.467), -1.467, 0.922),
    ],
)
def test_with_couplings_of_opposite_sign_both_swing_back_to_rest(
    a: float, b: float, rests: tuple[float, float], real: float, imaginary: float
) -> None:
    p = coupled(a, b)
    x = resting(p, 0.7, 0.5)
    assert tuple(x) == pytest.approx(rests, abs=6e-4)
    found = eigenvalues(p, x)
    assert sorted(found.imag) == pytest.approx([-imaginary, imaginary], abs=6e-4)
    assert found.real == pytest.approx([real, real], abs=6e-4)
    assert (a * x[1]) ** 2 + 8.0 * a * b * x[0] ** 2 < 0.0  # both return at the same rate
    state = th.States(1.0, 0.2)
    for _ in range(100):
        state = th.session_course(state, p)
    assert tuple(state) == pytest.approx(tuple(x), abs=1e-6)


def test_with_positive_couplings_there_is_a_rest_and_beyond_a_saddle_escalation() -> None:
    p = coupled(0.2, 0.2)
    stable, saddle = resting(p, 0.7, 0.5), resting(p, 4.0, 4.0)
    assert tuple(stable) == pytest.approx((1.097, 0.441), abs=6e-4)
    assert tuple(saddle) == pytest.approx((4.258, 3.826), abs=6e-4)
    assert max(eigenvalues(p, stable).real) < 0.0
    assert min(eigenvalues(p, saddle)) < 0.0 < max(eigenvalues(p, saddle))
    below, beyond = th.States(*(0.95 * saddle)), th.States(*(1.05 * saddle))
    for _ in range(60):
        below, beyond = th.session_course(below, p), th.session_course(beyond, p)
    assert tuple(below) == pytest.approx(tuple(stable), abs=1e-4)
    assert tuple(beyond) == (th.FURTHEST, th.FURTHEST)


@pytest.mark.parametrize(("a", "b", "back"), [(-1.0, 1.0, 1.0), (-0.5, 0.7, 2.0), (0.2, 0.2, 1.0)])
def test_a_client_rests_away_from_the_trait_by_the_square_of_the_therapists_state(
    a: float, b: float, back: float
) -> None:
    x = resting(coupled(a, b, return_client=back, trait_client=0.3), 0.7, 0.5)
    assert x[1] - 0.3 == pytest.approx(b / back * x[0] ** 2, abs=1e-9)


# The good-enough level: everybody's own steady rate, everybody's own threshold, no relationship.


def steady(**values: Any) -> GoodEnoughLevel:
    """A clinic without waiting."""
    return GoodEnoughLevel(
        clients=150, therapists=10, caseload_cap=150, session_limit=40, weeks=200, **values
    )


def test_clients_leave_in_the_first_session_after_which_they_are_well_enough() -> None:
    setting = steady()
    clients = simulate(setting, seed=4).clients
    assert (clients["week_arrived"] == clients["week_started"]).all()
    for row in clients.iter_rows(named=True):
        fall = 2.0 * row["responsiveness"] * setting.steady_rate * row["severity"]
        enough = min(row["good_enough"], (1.0 - setting.enough_change) * row["severity"])
        needed = (row["severity"] - enough) / fall
        if row["status"] == "completed":
            assert row["sessions"] - 1 < needed + 1e-9
            assert needed - 1e-9 <= row["sessions"]
        else:
            assert row["status"] == "session_limit"
            assert needed > 39


def test_who_stays_longer_changes_more_slowly() -> None:
    clients = simulate(steady(), seed=4, replicates=5).clients
    completed = clients.filter(pl.col("status") == "completed")
    r = np.corrcoef(completed["sessions"], completed["responsiveness"])[0, 1]
    assert r < -0.3


def test_nothing_about_the_relationship_matters() -> None:
    usual = simulate(steady(), seed=4).clients
    other = simulate(
        steady(
            alliance_effect=3.0,
            dropout_alliance=20.0,
            dropout_first=5.0,
            rupture_base=4.0,
            empathy=0.05,
            acceptance=0.05,
        ),
        seed=4,
    ).clients
    same = ["status", "sessions", "core_10_last"]
    assert other.select(same).equals(usual.select(same))
    rows = simulate(steady(), seed=4, histories=True).sessions
    assert rows.group_by("client").agg(pl.col("alliance").n_unique())["alliance"].max() == 1
