"""The engine in a browser gives the engine's bits: every row of every table, in both forms of its module."""

from __future__ import annotations

import gzip
import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dashboards.compiled.build import ENTRY, engine_module, engine_wasm
from dashboards.compiled.linker import link
from dashboards.compiled.wasm_object import wasm_object
from simulation.parameters import PARAMETERS, Parameters
from simulation.presets import all_presets
from simulation.running import simulate
from tests.dashboards.engine_in_node import Run, run_in_node
from tests.simulation.clinics import assert_same, sampled_parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST, LARGEST_GZIP = {True: 54_000, False: 51_000}, {True: 18_500, False: 16_500}
"""Bytes of the module with vectors, and without."""

KINDS = [kind for kind in PARAMETERS["supervision_network"].choices if kind != "file"]


def assert_as_the_engine(runs: Sequence[Run], module: bytes | None = None) -> None:
    """Assert that node leaves the rows that `simulate` leaves."""
    for run, found in zip(runs, run_in_node(runs, module), strict=True):
        expected = simulate(
            run.parameters,
            seed=run.seed,
            first_replicate=run.first,
            replicates=run.replicates,
            histories=run.histories,
            threads=1,
        )
        assert_same(expected, found)


def any_runs(count: int, chance: int) -> list[Run]:
    """Clinics from all over the table of parameters, with any seed and replicate."""
    draw = np.random.default_rng(chance)
    runs = []
    for parameters in sampled_parameters(count):
        kind = parameters.supervision_network
        runs.append(
            Run(
                parameters.replace(
                    supervision_network=str(draw.choice(KINDS)) if kind == "file" else kind
                ),
                seed=int(draw.integers(2**64, dtype=np.uint64)),
                first=int(draw.integers(2**31)),
                replicates=int(draw.integers(1, 4)),
                histories=bool(draw.random() < 0.7),
            )
        )
    return runs


@pytest.mark.parametrize("simd", [True, False])
def test_random_clinics_have_the_same_bits_in_a_browser(simd: bool) -> None:
    assert_as_the_engine(any_runs(60, chance=13), engine_wasm(simd=simd))


@pytest.mark.slow
@pytest.mark.parametrize("simd", [True, False])
def test_very_many_random_clinics_have_the_same_bits_in_a_browser(simd: bool) -> None:
    assert_as_the_engine(any_runs(400, chance=14), engine_wasm(simd=simd))


def test_every_preset_has_the_same_bits_in_a_browser() -> None:
    assert_as_the_engine(
        [Run(Parameters(**one.parameters), seed=2**63 + n) for n, one in enumerate(all_presets())]
    )


def test_many_clinics_side_by_side_have_the_same_bits_in_a_browser() -> None:
    assert_as_the_engine(
        [
            Run(Parameters(), replicates=40),
            Run(Parameters(clients=900, therapists=70, weeks=60), histories=False),
            Run(Parameters(clients=83, therapists=41), replicates=9, first=7),
            Run(Parameters(clients=1, therapists=1), replicates=300, first=2**32 - 301),
        ]
    )


def test_a_module_in_which_one_number_differs_by_its_last_digit_is_found_out() -> None:
    unit = struct.pack("<d", 2.0**-32)  # of every draw
    assert unit in engine_wasm()
    wrong = engine_wasm().replace(unit, struct.pack("<d", np.nextafter(2.0**-32, 1)))
    with pytest.raises(AssertionError, match="client_rows"):
        assert_as_the_engine([Run(Parameters())], wrong)


@pytest.mark.slow
def test_a_compiler_that_may_reorder_sums_is_found_out() -> None:
    module = engine_module()
    assert "fadd double" in module
    wrong = module.replace("fadd double", "fadd reassoc contract double")
    wrong = wrong.replace("fmul double", "fmul reassoc contract double")
    linked = link(wasm_object(wrong, ENTRY, simd=True), {ENTRY: ENTRY})
    with pytest.raises(AssertionError, match="client_rows"):
        assert_as_the_engine([Run(Parameters())], linked)


@pytest.mark.parametrize("simd", [True, False])
def test_the_module_is_small(simd: bool) -> None:
    module = engine_wasm(simd=simd)
    assert len(module) <= LARGEST[simd]
    assert len(gzip.compress(module, 9)) <= LARGEST_GZIP[simd]
