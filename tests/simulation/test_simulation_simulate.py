"""`simulate` answers what cannot be done in one sentence, and takes what can."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulation.errors import AllianceError
from simulation.parameters import Parameters
from simulation.running import simulate
from tests.simulation.clinics import assert_same

TINY = Parameters(clients=3, therapists=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"replicates": 0},
        {"replicates": -2},
        {"threads": 0},
        {"threads": -1},
        {"seed": -1},
        {"seed": 2**64},
        {"first_replicate": -1},
        {"first_replicate": 2**32},
        {"first_replicate": 2**32 - 1, "replicates": 2},
        {"session": 3},
        {"session": "hold_session"},
    ],
    ids=str,
)
def test_what_is_out_of_range_is_refused_in_one_sentence(wrong: dict[str, Any]) -> None:
    (name, *_) = wrong
    assert name in refused(**wrong)


def refused(**wrong: Any) -> str:
    """Run what must be refused in one sentence, and return the sentence."""
    with pytest.raises(AllianceError) as caught:
        simulate(**{"parameters": TINY, **wrong})
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


@pytest.mark.parametrize(
    "wrong",
    [
        {"seed": 1.5},
        {"seed": "1"},
        {"seed": None},
        {"replicates": 1.5},
        {"replicates": "2"},
        {"threads": "2"},
        {"first_replicate": "1"},
        {"parameters": {"clients": 3}},
        {"seed": True},
        {"replicates": True},
        {"threads": 1.5},
        {"first_replicate": 1.5},
        {"replicates": 2**32},
        {"session": lambda client, state: (state, None)},
    ],
    ids=" ".join,
)
def test_what_is_of_the_wrong_kind_is_refused_in_one_sentence(wrong: dict[str, Any]) -> None:
    (name,) = wrong
    assert name in refused(**wrong)


@pytest.mark.parametrize("seed", [0, 2**32 - 1, 2**32, 2**63, 2**64 - 1])
def test_every_seed_is_a_clinic_of_its_own(seed: int) -> None:
    other = (seed + 1) % 2**64
    assert simulate(TINY, seed=seed).clients["severity"].to_list() != (
        simulate(TINY, seed=other).clients["severity"].to_list()
    )


def test_a_numpy_number_is_a_seed_like_any_other() -> None:
    assert_same(simulate(TINY, seed=np.int64(5)), simulate(TINY, seed=5))  # type: ignore[arg-type]


@pytest.mark.parametrize("replicate", [2**31 - 1, 2**31, 2**32 - 1])
def test_every_replicate_has_its_number_in_every_table(replicate: int) -> None:
    result = simulate(TINY, first_replicate=replicate, histories=True)
    for table in (result.clients, result.therapists, result.sessions):
        assert table["replicate"].unique().to_list() == [replicate]


def test_nothing_given_is_the_default_clinic() -> None:
    assert_same(simulate(), simulate(Parameters(), seed=1, replicates=1, first_replicate=0))
