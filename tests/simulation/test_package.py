"""What ``import simulation`` gives, and what it does not load."""

from __future__ import annotations

import pytest

import simulation
from tests.processes import printed

HEAVY = ("numpy", "numba", "pydantic", "mesa", "polars", "scipy", "networkx")


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = printed("import sys, simulation; print(*sys.modules)").split()
    assert "simulation" in loaded
    assert not set(HEAVY) & set(loaded)


@pytest.mark.parametrize("name", simulation.__all__)
def test_every_name_it_promises_is_there(name: str) -> None:
    assert getattr(simulation, name) is not None
    assert name in dir(simulation)


def test_a_name_it_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="No simulation attribute simulat"):
        _ = simulation.simulat


def test_simulate_and_all_presets_are_functions_whatever_has_been_imported_before() -> None:
    code = (
        "import simulation.running, simulation.presets\n"
        "from simulation import all_presets, preset, simulate\n"
        "print(callable(simulate), callable(all_presets), simulate.__name__, len(all_presets()) > 8)"
    )
    assert printed(code).split() == ["True", "True", "simulate", "True"]
