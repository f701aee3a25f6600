"""The measurement of a class at its sliders measures: small here, with real clients and a real server."""

from __future__ import annotations

import pytest

from dashboards.tools.load import ROOMS, elsewhere, measure
from simulation.errors import AllianceError


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("room", list(ROOMS))
def test_every_move_of_a_slider_is_answered(room: str) -> None:
    found = measure(room, sessions=3, seconds=8.0, every=0.5)
    assert found.failures == 0
    assert found.moves >= found.sessions
    assert 0.0 < found.median <= found.p95 <= found.worst
    assert found.room in found.text()


def test_a_room_that_is_not_measured_is_refused() -> None:
    with pytest.raises(AllianceError, match="choose session or clinic"):
        measure("kitchen")


def test_a_slider_is_moved_so_far_that_something_must_change() -> None:
    for low, high in ((0.3, 0.9), (0.0, 20.0)):
        value = elsewhere(None, low, high)
        assert low <= value <= low + 0.25 * (high - low)
        for _ in range(300):
            before, value = value, elsewhere(value, low, high)
            assert low <= value <= high
            assert abs(value - before) > 0.049 * (high - low)
