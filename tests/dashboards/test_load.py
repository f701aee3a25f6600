"""The measurement of a class at its sliders measures: small here, with real clients and a real server."""

from __future__ import annotations

import pytest

from dashboards.load import ROOMS, measure
from simulation.errors import AllianceError


@pytest.mark.slow
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
