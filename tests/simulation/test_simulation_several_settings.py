"""Settings that are run at one go, and clinics that differ: each is what it would be alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from polars.testing import assert_frame_equal

from simulation.parameters import Parameters
from simulation.running import simulate, simulate_together

if TYPE_CHECKING:
    from simulation.results.result import Result

SMALL = Parameters(clients=12, therapists=3, weeks=30)
OPTIONS: dict[str, Any] = {"seed": 4, "histories": True}


class Colder:
    """Clinics of which each has colder therapists than the one before."""

    parameters = SMALL

    def draw(self, count: int, seed: int) -> list[Parameters]:
        return [SMALL.replace(empathy=0.9 - 0.1 * place - 0.01 * seed) for place in range(count)]


def is_alone(found: Result, number: int, setting: Parameters, replicate: int) -> None:
    """Hold a replicate of a result to what its setting gives alone."""
    alone = simulate(setting, first_replicate=replicate, threads=1, **OPTIONS)
    for name in ("clients", "therapists", "sessions"):
        one = getattr(found, name).filter(replicate=number).drop("replicate")
        assert len(one) > 0
        assert_frame_equal(one, getattr(alone, name).drop("replicate"), check_exact=True)


@pytest.mark.parametrize("first", [0, 5])
def test_settings_run_together_are_each_what_they_are_alone(first: int) -> None:
    settings = [SMALL, SMALL.replace(empathy=0.2), SMALL.replace(severity=0.8)]
    together = simulate_together(settings, replicates=2, first_replicate=first, **OPTIONS)
    assert together.replicates == 6
    for number in range(6):
        is_alone(together, number, settings[number // 2], first + number % 2)


@pytest.mark.parametrize("first", [0, 2])
def test_clinics_that_differ_are_each_what_they_are_alone(first: int) -> None:
    found = simulate(Colder(), replicates=3, first_replicate=first, threads=2, **OPTIONS)
    settings = Colder().draw(first + 3, OPTIONS["seed"])[first:]
    for replicate, setting in enumerate(settings, first):
        is_alone(found, replicate, setting, replicate)
    told = found.clinic_settings
    assert told.columns == ["replicate", "empathy"]
    assert told["replicate"].to_list() == list(range(first, first + 3))
    assert told["empathy"].to_list() == [one.empathy for one in settings]
