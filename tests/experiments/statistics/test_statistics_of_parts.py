"""A statistic of some of the studies is, to the bit, what it is in tables that hold nothing but those studies.

Tables of a part take panels and scores from the tables of all; here they are compared with tables built from
their own rows, on random clinics: with missing scores, with one client, with nobody who came.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from experiments.catalogue import CONTRASTS, STATISTICS
from experiments.statistics.clusters import k_means
from experiments.statistics.drops import repaired_in
from experiments.statistics.noise import NoiseModel, noise_like
from experiments.statistics.windows import without_trends
from experiments.tables.columns import numbered
from experiments.tables.run_tables import RunTables

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 10
STATUSES = np.array(["completed", "dropped_out", "session_limit", "in_treatment", "never_started"])
RUPTURES = np.array(["none", "withdrawal", "confrontation"])
SCORES = {
    "wai_sr_client": (12, 60),
    "wai_sr_therapist": (12, 60),
    "wai_sr_client_bond": (4, 20),
    "wai_sr_client_task": (4, 20),
    "wai_sr_client_goal": (4, 20),
    "blri_empathy": (-48, 48),
    "core_10": (0, 40),
    "csq_8": (8, 32),
    "alliance": (0, 1),
    "attunement": (0, 1),
    "disclosure": (0, 1),
    "rupture_client": (1, 5),
    "rupture_therapist": (1, 5),
    "rupture_observer": (1, 5),
}


def clinics(seed: int, studies: int, clients: int, missing: float, longest: int) -> RunTables:
    """Return random clinics; each score is missing with a probability, and nobody comes more often than `longest`."""
    rng = np.random.default_rng(seed)
    count = studies * clients
    held = np.minimum(rng.geometric(0.2, count) - 1, longest)
    status = np.where(held > 0, STATUSES[rng.integers(0, 4, count)], "never_started")
    row = np.repeat(np.arange(count), held)

    def some(low: float, high: float, size: int) -> Any:
        values = rng.uniform(low, high, size).round(2)
        return np.where(rng.random(size) < missing, np.nan, values)

    keys = {
        "replicate": np.repeat(np.arange(studies) + 3, clients),
        "client": np.tile(np.arange(clients), studies),
        "therapist": np.where(held > 0, rng.integers(0, 3, count), -1),
    }
    people = {
        **keys,
        "status": status,
        "sessions": held,
        "week_started": rng.integers(0, 60, count),
        "attachment_anxiety": rng.random(count),
        "attachment_avoidance": rng.random(count),
        "core_10_intake": some(0, 40, count),
        "core_10_last": some(0, 40, count),
        "csq_8_last": some(8, 32, count),
        "boundary_violation": rng.random(count) < 0.1,
    }
    number = np.concatenate([np.arange(n) for n in held]).astype(np.int64)
    sessions = {
        **{name: column[row] for name, column in keys.items()},
        "session": number + 1,
        "week": number * 2,
        "rupture": RUPTURES[rng.integers(0, 3, row.size)],
        "rupture_repaired": rng.random(row.size) < 0.4,
        **{name: some(*ends, row.size) for name, ends in SCORES.items()},
    }
    therapists = {
        "replicate": np.repeat(np.arange(studies) + 3, 3),
        "therapist": np.tile(np.arange(3), studies),
        "clients_seen": rng.integers(0, 9, 3 * studies),
        "fatigue_mean": some(0, 1, 3 * studies),
        "skill_gain": some(0, 1, 3 * studies),
    }
    return RunTables(people, sessions, therapists)


def alone(tables: RunTables, who: Any) -> RunTables:
    """Return tables that hold the rows of some clients and know of no others."""
    assert isinstance(tables.clients, dict)
    assert isinstance(tables.sessions, dict)
    place = {
        key: i for i, key in enumerate(zip(*_keys(tables.clients), strict=True)) if bool(who[i])
    }
    held = [key in place for key in zip(*_keys(tables.sessions), strict=True)]
    return RunTables(
        {name: column[who] for name, column in tables.clients.items()},
        {name: column[np.array(held, dtype=bool)] for name, column in tables.sessions.items()},
        tables.therapists,
    )


def _keys(table: dict[str, Any]) -> tuple[list[int], list[int]]:
    return table["replicate"].tolist(), table["client"].tolist()


def outcome_of(compute: Callable[..., float], *arms: RunTables) -> object:
    """Return the bits of a statistic, or the kind of error where it cannot be computed."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            value = compute(*arms)
    except ValueError as error:
        return type(error)
    return "nan" if math.isnan(value) else float(value).hex()


random_clinics = st.builds(
    clinics,
    seed=st.integers(0, 2**32 - 1),
    studies=st.integers(1, 5),
    clients=st.sampled_from([1, 2, 7, 25]),
    missing=st.sampled_from([0.0, 0.3, 0.9]),
    longest=st.sampled_from([0, 1, 5, LIMIT, LIMIT]),
)


@settings(max_examples=25, deadline=None)
@given(tables=random_clinics, batches=st.integers(1, 3))
@example(tables=clinics(seed=138, studies=3, clients=1, missing=0.0, longest=10), batches=3)
def test_a_batch_of_studies_gives_what_its_studies_alone_give(
    tables: RunTables, batches: int
) -> None:
    deal = tables.study % batches
    for name, measure in {**STATISTICS, **CONTRASTS}.items():
        arms = 1 if name in STATISTICS else 2
        outcome_of(measure.compute, *[tables] * arms)
        for batch, part in enumerate(tables.batches(batches)):
            apart = alone(tables, deal == batch)
            found = outcome_of(measure.compute, *[part] * arms)
            assert found == outcome_of(measure.compute, *[apart] * arms), name


@settings(max_examples=15, deadline=None)
@given(tables=random_clinics, seed=st.integers(0, 2**32 - 1))
def test_any_choice_of_clients_gives_what_they_alone_give(tables: RunTables, seed: int) -> None:
    who = np.random.default_rng(seed).random(tables.count) < 0.7
    for name, measure in STATISTICS.items():
        outcome_of(measure.compute, tables)
        part, apart = tables.only(who), alone(tables, who)
        assert outcome_of(measure.compute, part) == outcome_of(measure.compute, apart), name


def test_some_of_the_clients_who_came_less_often_give_what_they_alone_give() -> None:
    """Tables of tables: the longest course is in neither, so that panels of all are too wide for both."""
    tables = clinics(4, 2, 40, 0.3, LIMIT)
    short = tables.sessions_attended < LIMIT - 3
    some = np.random.default_rng(4).random(tables.count) < 0.7
    between = tables.only(short)
    part, apart = between.only(some[short]), alone(tables, short & some)
    assert part.width == apart.width == between.width < tables.width
    for name, measure in STATISTICS.items():
        outcome_of(measure.compute, tables)
        assert outcome_of(measure.compute, part) == outcome_of(measure.compute, apart), name


@settings(max_examples=15, deadline=None)
@example(
    seed=1850161, studies=1, missing=0.3
)  # Newton's method leads nowhere from where all clients' ends
@given(
    seed=st.integers(0, 2**32 - 1), studies=st.integers(1, 2), missing=st.sampled_from([0.0, 0.3])
)
def test_leaving_out_a_few_by_difference_gives_the_same_but_for_rounding(
    seed: int, studies: int, missing: float
) -> None:
    tables = clinics(seed, studies, 60, missing, LIMIT)
    deal, left_out = np.arange(tables.count) % 20, seed % 20
    part, apart = tables.without_each(deal)[left_out], alone(tables, deal != left_out)
    for name, measure in STATISTICS.items():
        values = []
        for one in (part, apart):
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                try:
                    values.append(float(measure.compute(one)))
                except (ValueError, IndexError):
                    values.append(math.nan)
        assert values[0] == pytest.approx(values[1], rel=1e-9, abs=1e-10, nan_ok=True), name


def test_a_part_can_be_used_when_the_whole_is_gone() -> None:
    part = clinics(1, 4, 25, 0.3, LIMIT).batches(2)[1]
    assert part.origin is not None
    assert part.origin.tables() is None
    whole = clinics(1, 4, 25, 0.3, LIMIT)
    expected = whole.batches(2)[1].panel("core_10")
    np.testing.assert_array_equal(part.panel("core_10"), expected)


@given(keys=st.lists(st.integers(-(10**12), 10**12) | st.integers(-3, 3)))
def test_keys_are_numbered_as_sorting_numbers_them(keys: list[int]) -> None:
    expected = np.unique(np.array(keys, dtype=np.int64), return_inverse=True)[1]
    assert numbered(np.array(keys, dtype=np.int64)).tolist() == expected.tolist()


def _courses(seed: int, clients: int, sessions: int) -> Any:
    rng = np.random.default_rng(seed)
    panel = rng.normal(0, 1, (clients, sessions)).cumsum(axis=1)
    panel[rng.random(panel.shape) < 0.2] = np.nan
    residual = without_trends(panel)
    return residual[np.isfinite(residual).any(axis=1)]


courses = st.builds(
    _courses,
    st.integers(0, 2**32 - 1),
    st.integers(1, 30),
    st.integers(4, 20),
)


@settings(deadline=None)
@given(residual=courses, rule=st.sampled_from([0.5, 1.0, 2.0]))
def test_a_drop_is_repaired_when_one_of_the_next_sessions_is_back(
    residual: Any, rule: float
) -> None:
    repaired, drops = repaired_in(list(residual.T), 1.0, rule)
    for client, course in enumerate(residual):
        down = [s for s in range(1, course.size) if course[s] <= course[s - 1] - rule]
        back = [s for s in down if (course[s + 1 : s + 4] >= course[s - 1] - 0.25).any()]
        assert drops[client] == len(down)
        assert repaired[client] == bool(back)


@settings(max_examples=40, deadline=None)
@given(residual=courses)
def test_the_noise_is_the_one_that_a_search_over_persistences_finds(residual: Any) -> None:
    if not residual.size:
        return
    found, expected = noise_like(residual), _searched(residual)
    assert found.persistence == expected.persistence
    assert found.state == pytest.approx(expected.state, rel=1e-10, abs=1e-12)
    assert found.occasion == pytest.approx(expected.occasion, rel=1e-10, abs=1e-12)


def _searched(residual: Any) -> NoiseModel:
    """Fit the noise by the definition: what detrending leaves of it, course by length of course."""
    known = np.isfinite(residual)
    filled = np.where(known, residual, 0.0)
    seen = np.empty(3)
    for lag in range(3):
        both = known[:, lag:] & known[:, : known.shape[1] - lag]
        products = filled[:, lag:] * filled[:, : known.shape[1] - lag]
        seen[lag] = products[both].sum() / max(int(both.sum()), 1)
    lengths = np.bincount(known.sum(axis=1), minlength=4)

    def expected(persistence: float) -> Any:
        total, pairs = np.zeros(3), np.zeros(3)
        for length in np.flatnonzero(lengths).tolist():
            when = np.column_stack([np.ones(length), np.arange(length)])
            maker = np.eye(length) - when @ np.linalg.pinv(when)
            steps = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
            left = maker @ persistence**steps @ maker
            for lag in range(3):
                total[lag] += lengths[length] * np.trace(left, offset=lag)
                pairs[lag] += lengths[length] * (length - lag)
        return total / pairs

    occasion = expected(0.0)
    best = NoiseModel(0.0, 0.0, float(max(seen[0] / occasion[0], 0.0)))
    least = float(((seen - best.occasion * occasion) ** 2).sum())
    for persistence in np.arange(0.1, 0.96, 0.05).tolist():
        basis = np.column_stack([expected(persistence), occasion])
        state, rest = np.linalg.lstsq(basis, seen, rcond=None)[0]
        if rest < 0:
            state, rest = float(basis[:, 0] @ seen / (basis[:, 0] @ basis[:, 0])), 0.0
        distance = float(((seen - basis @ np.array([state, rest])) ** 2).sum())
        if state > 0 and distance < least - 1e-20 * float(seen @ seen):
            best, least = NoiseModel(persistence, float(state), float(rest)), distance
    return best


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    points=st.integers(1, 60),
    rounded=st.booleans(),
    far=st.booleans(),
)
def test_courses_are_grouped_as_by_kmeans2(
    seed: int, points: int, rounded: bool, far: bool
) -> None:
    from scipy.cluster.vq import kmeans2

    rng = np.random.default_rng(seed)
    data = rng.normal(0, 1, (points, 3))
    data = data.round() if rounded else data
    start = np.array([[0.0, 0.0, -0.5], [0.0, 1.5, 0.0], [9.0 if far else 0.0, 0.0, 1.5]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = kmeans2(data, start, minit="matrix", iter=50)
    for found, wanted in zip(k_means(data, start), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("name", ["wai_sr_client", "core_10"])
def test_a_panel_has_each_score_in_the_row_of_its_client(name: str) -> None:
    tables = clinics(2, 3, 25, 0.3, LIMIT)
    assert isinstance(tables.sessions, dict)
    expected = np.full((tables.count, tables.width), np.nan)
    for replicate, client, session, score in zip(
        *_keys(tables.sessions), tables.sessions["session"], tables.sessions[name], strict=True
    ):
        expected[(replicate - 3) * 25 + client, session - 1] = score
    np.testing.assert_array_equal(tables.panel(name), expected)
