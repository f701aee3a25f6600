"""The search for a size with a wanted power, held against tests whose power is known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri, stdtrit
from scipy.stats import nct

from experiments.power.power_curve import Batch, fit_power, pooled
from experiments.power.search import Sizes, find_size

CLIENTS_AN_ARM = 63.765611
"""For power .80 of the two-sample t test with d = .5 (R, power.t.test)."""


def t_tests(seed, d=0.5):
    """Two-sample t tests of so many an arm, by their sufficient statistics."""

    def run(size, first, trials):
        random = np.random.default_rng([seed, first])
        freedom = 2 * size - 2
        difference = random.normal(d, math.sqrt(2 / size), trials)
        variance = random.chisquare(freedom, trials) / freedom
        t = difference / np.sqrt(variance * 2 / size)
        return Batch(size, trials, int(np.sum(np.abs(t) > stdtrit(freedom, 0.975))))

    return run


def therapist_means(seed, *, d, icc, therapists):
    """T tests of therapist means, with so many clients in all: exact, with a ceiling by therapists."""
    critical = stdtrit(therapists - 2, 0.975)

    def run(size, first, trials):
        random = np.random.default_rng([seed, first])
        variance = icc + (1 - icc) * therapists / size
        shift = d / math.sqrt(4 * variance / therapists)
        t = (random.normal(shift, 1, trials)) / np.sqrt(
            random.chisquare(therapists - 2, trials) / (therapists - 2)
        )
        return Batch(size, trials, int(np.sum(np.abs(t) > critical)))

    return run


EACH = Sizes(1, 4, 100_000)


@pytest.mark.slow  # 6 s
def test_the_size_for_a_t_test_is_found_within_5_percent_in_95_of_100_searches():
    found = [find_size(t_tests(seed), 0.8, EACH, 40) for seed in range(1000)]
    values = np.array([one.size.value for one in found])
    assert np.mean(np.abs(values / CLIENTS_AN_ARM - 1) <= 0.05) >= 0.95
    assert max(one.trials for one in found) <= 2000
    assert np.median(values) == pytest.approx(CLIENTS_AN_ARM, rel=0.01)


@pytest.mark.parametrize("start", [4, 10, 300, 5000])
def test_it_does_not_matter_where_a_search_begins(start):
    values = [find_size(t_tests(seed), 0.8, EACH, start).size.value for seed in range(50)]
    assert np.mean(np.abs(np.array(values) / CLIENTS_AN_ARM - 1) <= 0.05) >= 0.9


def test_the_interval_holds_the_size_in_95_of_100_searches():
    found = [find_size(t_tests(seed, 0.3), 0.8, EACH, 64) for seed in range(150)]
    held = [one.size.low <= 175.384669 <= one.size.high for one in found]
    assert 0.9 <= np.mean(held) <= 0.99


def test_a_search_is_settled_only_with_a_narrow_interval():
    for seed in range(20):
        one = find_size(t_tests(seed), 0.8, EACH, 40)
        assert one.settled == (one.size.width / 2 <= 0.05 * one.size.value)


def test_ten_therapists_have_a_ceiling_that_is_said_with_its_interval():
    run = therapist_means(1, d=0.3, icc=0.05, therapists=10)
    found = find_size(run, 0.8, Sizes(2, 10, 100_000), 200)
    assert math.isnan(found.needed)
    assert found.settled
    assert found.at == 20_000
    # .462722 with infinitely many clients; a hundred times 200 are nearly that.
    exact = nct.sf(stdtrit(8, 0.975), 8, 0.3 / math.sqrt(4 * (0.05 + 0.95 / 2000) / 10))
    assert found.ceiling.low < exact < found.ceiling.high
    assert found.ceiling.width < 0.07


def test_twenty_therapists_reach_what_ten_do_not():
    run = therapist_means(1, d=0.3, icc=0.05, therapists=20)
    found = find_size(run, 0.75, Sizes(2, 20, 100_000), 200, most=3000)

    def exact(size):
        return nct.sf(stdtrit(18, 0.975), 18, 0.3 / math.sqrt(4 * (0.05 + 0.95 * 20 / size) / 20))

    assert found.ceiling is None
    assert exact(found.size.value) == pytest.approx(0.75, abs=0.03)


def test_an_effect_is_looked_for_on_its_own_scale():
    def run(size, first, trials):
        return t_tests(first, size)(64, first, trials)._replace(size=size)

    found = find_size(run, 0.8, Sizes(0.005, 0.005, 2.0, "linear"), 0.2)
    assert found.size.value == pytest.approx(0.4992, rel=0.05)
    assert found.needed >= found.size.value
    assert found.needed == pytest.approx(0.005 * round(found.needed / 0.005))


def test_what_is_needed_is_a_size_that_can_be_run_and_suffices():
    found = find_size(t_tests(3), 0.8, Sizes(8, 16, 100_000), 40)
    assert found.needed % 8 == 0
    assert found.size.value <= found.needed < found.size.value + 8
    assert all(one.size % 8 == 0 for one in found.batches)


def test_where_the_smallest_suffices_it_is_taken():
    found = find_size(lambda size, first, trials: Batch(size, trials, trials), 0.8, EACH, 50)
    assert found.needed == 4


def test_no_trial_is_used_twice():
    used = []

    def run(size, first, trials):
        used.extend(range(first, first + trials))
        return t_tests(0)(size, first, trials)

    found = find_size(run, 0.8, EACH, 40)
    assert used == list(range(found.trials))


def test_the_same_trials_give_the_same_search():
    one, other = (find_size(t_tests(7), 0.8, EACH, 40) for _ in range(2))
    assert (one.size, one.batches) == (other.size, other.batches)


def test_the_line_is_that_of_a_probit_regression():
    """Known answer from R 4.2.2, glm(cbind(y, n - y) ~ sqrt(size), binomial("probit")), without the prior."""
    sizes, trials = np.array([40, 55, 70, 85]), 100_000
    true = ndtr(-2.0 + 0.36 * np.sqrt(sizes))
    curve = fit_power(
        [Batch(size, trials, round(trials * p)) for size, p in zip(sizes, true, strict=True)],
        "root",
    )
    assert curve.intercept == pytest.approx(-2.0, abs=0.01)
    assert curve.slope == pytest.approx(0.36, abs=0.002)
    assert curve.size_for(0.8).value == pytest.approx(((ndtri(0.8) + 2) / 0.36) ** 2, rel=0.002)


def test_where_power_does_not_rise_no_size_is_said():
    flat = fit_power([Batch(size, 10_000, 3000) for size in (100, 200, 400, 800)], "root")
    assert not flat.size_for(0.8).bounded


def test_batches_of_one_size_are_one():
    batches = [Batch(20, 50, 10, 1), Batch(10, 50, 5), Batch(20, 50, 20, 2)]
    assert pooled(batches) == [Batch(10, 50, 5, 0), Batch(20, 100, 30, 3)]


def test_the_interval_is_fiellers():
    """Ends of the interval are where the band of the line crosses the power."""
    curve = fit_power([Batch(40, 500, 300), Batch(60, 500, 400), Batch(80, 500, 450)], "root")
    size = curve.size_for(0.8)
    assert curve.at(size.low).high == pytest.approx(0.8, abs=1e-9)
    assert curve.at(size.high).low == pytest.approx(0.8, abs=1e-9)
