"""Margins of a column: no entry, quantile or end rests on fewer than five clients, however often they come."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.twin.margins import Categories, Quantiles, step_of


def test_an_entry_counts_by_its_clients_and_not_by_its_rows() -> None:
    """Ten rows of two clients would tell of them; five clients are enough."""
    entries = ["rare"] * 10 + ["usual"] * 5 + ["other"] * 15
    clients = [0, 1] * 5 + [2, 3, 4, 5, 6] + list(range(15))
    found = Categories.of(entries, clients)
    assert found.entries == ("other", "usual")
    assert found.shares == (0.75, 0.25)
    assert found.pooled == 1


def test_the_ends_are_means_of_five_clients_each_counted_once() -> None:
    """The client with the lowest values has twenty of them."""
    values = np.concatenate([np.zeros(20), np.arange(1.0, 21.0)])
    clients = np.concatenate([np.zeros(20, dtype=int), np.arange(1, 21)])
    found = Quantiles.of(values, clients)
    assert found is not None
    assert found.values[0] == pytest.approx(np.mean([0, 1, 2, 3, 4]))
    assert found.values[-1] == pytest.approx(np.mean([16, 17, 18, 19, 20]))


@pytest.mark.parametrize(("clients", "points"), [(9, None), (10, 3), (14, 3), (15, 4), (1000, 21)])
def test_five_clients_lie_between_any_two_quantiles(clients: int, points: int | None) -> None:
    found = Quantiles.of(np.arange(float(clients)), np.arange(clients))
    assert (None if found is None else len(found.values)) == points


@pytest.mark.parametrize(
    ("values", "step"),
    [([3.0, 7.0], 1.0), ([0.5, 2.0], 0.5), ([0.25, 1.0], 0.25), ([1.2, 0.1], 0.1), ([np.pi], 0.0)],
)
def test_the_step_is_the_largest_of_which_all_values_are_multiples(
    values: list[float], step: float
) -> None:
    assert step_of(values) == step
