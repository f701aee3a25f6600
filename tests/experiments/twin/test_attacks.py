"""The attacks on twins, on clients so few and plain that what they must find is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from experiments.twin.copies import find_copies
from experiments.twin.features import Features
from experiments.twin.privacy import Attack, Halves, attack_by_shadows, attack_halves
from experiments.twin.shadow import most_isolated


def clients(scores: np.ndarray, endings: np.ndarray | None = None) -> Features:
    words = {} if endings is None else {"ending": np.asarray(endings, dtype=np.float64)}
    return Features({"score": np.asarray(scores, dtype=np.float64)}, words, {"score": 40.0})


def found(*halves: Halves) -> dict[str, Attack]:
    return {one.name: one for one in attack_halves(halves)}


def random_halves(seed: int) -> Halves:
    learned, others, twin = np.random.default_rng(seed).normal(20, 5, (3, 30))
    return Halves(clients(learned), clients(others), clients(twin))


def nearest(real: Features, twin: Features) -> np.ndarray:
    apart = real.numbers["score"][:, None] - twin.numbers["score"]
    return np.minimum(np.abs(apart) / 40.0, 1.0).min(axis=1)


def test_membership_is_the_area_under_the_curve_of_distances_to_the_twin() -> None:
    one = random_halves(1)
    near, far = nearest(one.learned, one.twin), nearest(one.left_out, one.twin)
    expected = mannwhitneyu(-near, -far).statistic / (30 * 30)
    assert found(one)["membership inference"].value == pytest.approx(expected)


def test_the_error_of_membership_is_how_much_it_varies_where_nothing_can_be_learned() -> None:
    tried = [found(random_halves(seed))["membership inference"] for seed in range(200)]
    spread = np.std([one.value for one in tried])
    assert np.mean([one.error for one in tried]) == pytest.approx(spread, rel=0.2)
    assert np.mean([one.value for one in tried]) == pytest.approx(0.5, abs=0.02)


def test_four_halvings_are_twice_as_sure_as_one() -> None:
    one = random_halves(2)
    for name, attack in found(one, one, one, one).items():
        alone = found(one)[name]
        assert (attack.value, attack.error) == pytest.approx((alone.value, alone.error / 2))


def test_a_twin_that_copies_the_isolated_alone_gives_them_away() -> None:
    """Thirty-five clients stand close together and five alone; only those five are in the twin as they are."""
    draw = np.random.default_rng(3)
    crowd = draw.normal(10, 0.5, (3, 35))
    alone = 20 + 2 * np.arange(10.0)
    learned, others = np.r_[crowd[0], alone[::2]], np.r_[crowd[1], alone[1::2]]
    attacks = found(Halves(clients(learned), clients(others), clients(np.r_[crowd[2], alone[::2]])))
    assert attacks["membership inference, most isolated tenth"].value == 1.0
    assert attacks["membership inference"].value < 0.7


def test_a_copied_ending_is_found_by_what_else_is_known_of_a_client() -> None:
    """Endings follow from nothing, so those of clients held out are guessed right half of the time."""
    draw = np.random.default_rng(4)
    scores, endings = draw.normal(20, 5, (2, 200)), draw.integers(0, 2, (2, 200))
    learned, others = (clients(*both) for both in zip(scores, endings, strict=True))
    attack = found(Halves(learned, others, learned))["attribute inference, ending"]
    assert attack.value == pytest.approx(0.5, abs=0.1)
    assert attack.works


def test_an_attacker_does_not_know_the_secret_nor_what_holds_it() -> None:
    known = Features(
        {"first score": np.zeros(2), "mean score": np.zeros(2), "last score": np.zeros(2)},
        {"ending": np.zeros(2), "gender": np.zeros(2)},
        {},
    )
    assert set(known.without("last score").numbers) == {"first score"}
    assert set(known.without("ending").words) == {"gender"}
    assert "ending" in known.without("last score").words


def test_a_last_score_is_known_within_a_tenth_of_its_range() -> None:
    own = Features({"last score": np.array([10.0, 10.0, np.nan, 10.0])}, {}, {"last score": 40.0})
    twin = Features({"last score": np.array([14.0, 14.1, 6.0])}, {}, {})
    assert own.agrees(twin, np.array([0, 1, 0, 2]), "last score").tolist() == [True, False, True]


def test_how_often_long_courses_agree_by_chance_is_not_understated() -> None:
    """Courses of twenty scores of yes or no: two agree once in a million times, more often than can be counted."""
    draw = np.random.default_rng(5)
    real, twin = ([tuple(map(float, one)) for one in draw.integers(0, 2, (200, 20))] for _ in "ab")
    copies, expected, copied = find_copies(real, twin, draw)
    assert 200 * 200 / 2**20 <= expected < 5
    assert (copies, copied) == (0, ())


def twins(seed: int, *more: float) -> list[Features]:
    draw = np.random.default_rng(seed)
    return [clients(np.r_[draw.normal(20, 5, 40), more]) for _ in range(12)]


def test_shadow_twins_tell_of_a_client_whom_they_copy_and_of_nobody_else() -> None:
    target, draw = clients(np.array([39.0])), np.random.default_rng(1)
    copied = attack_by_shadows(target, twins(1, 39.0), twins(2, 20.0), draw)
    assert copied.value == 1.0
    assert copied.works
    nothing = attack_by_shadows(target, twins(3, 20.0), twins(4, 20.0), draw)
    assert not nothing.works
    assert nothing.p > 0.05
    # By chance the area varies around a half: of twelve and twelve by some .12, and by more where it is learned.
    assert 0.1 < nothing.error < 0.25


def test_the_most_isolated_client_is_furthest_from_the_closest_other() -> None:
    assert most_isolated(clients(np.array([1.0, 2.0, 9.0, 30.0, 31.0, 18.0]))) == 5
