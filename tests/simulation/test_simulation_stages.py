"""The stages of a session may be run one after the other over many dyads, in place, and come to the same session."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings

from simulation import stage_results, stages
from simulation.coefficients import coefficients, unpack
from simulation.engine.compilation import Compiled
from simulation.engine.holding import hold_block, hold_whole_block
from simulation.engine.lanes import DRAWS, DYADS, LANES
from simulation.equation import equation
from simulation.parameters import Parameters
from simulation.session import hold_session
from simulation.stages import Meeting
from simulation.states import ClientTraits, DyadState, Presence, SessionDraws
from tests.simulation.clinics import any_client, any_draws, any_parameters, any_presence, any_state

if TYPE_CHECKING:
    from collections.abc import Mapping

STAGES: tuple[Any, ...] = tuple(
    sorted(
        (getattr(stages, name) for name in stages.__all__ if name != "Meeting"),
        key=lambda stage: stage.__code__.co_firstlineno,
    )
)
"""The stages in the order of their sources, which is that of a session."""

RESULTS = {name: getattr(stage_results, name) for name in stage_results.__all__}


def in_place(
    client: Any,
    state: Any,
    therapist: Any,
    draws: Any,
    p: Any,
    *,
    order: tuple[Any, ...] = STAGES,
    so_far: Mapping[str, float] = {},
) -> dict[str, float]:
    """Hold a session as the engine does: each stage reads one common record and writes its fields into it."""
    record: dict[str, float] = {**state._asdict(), **so_far}
    for stage in order:
        before = DyadState(*(record[field] for field in DyadState._fields))
        taken: dict[str, Any] = {"meeting": Meeting(client, before, therapist, draws), "p": p}
        for name, parameter in inspect.signature(stage).parameters.items():
            if name not in taken:
                kind: Any = RESULTS[parameter.annotation]
                taken[name] = kind(*(record[field] for field in kind._fields))
        wanted = inspect.signature(stage).parameters
        record |= stage(**{name: taken[name] for name in wanted})._asdict()
    return record


@settings(max_examples=200)
@given(any_client, any_state, any_presence, any_draws, any_parameters)
def test_no_stage_reads_from_the_state_what_a_stage_before_it_has_changed(
    client: Any, state: Any, therapist: Any, draws: Any, parameters: Parameters
) -> None:
    p: Any = unpack(coefficients(parameters).tolist())
    after, events = hold_session(client, state, therapist, draws, p)
    record = in_place(client, state, therapist, draws, p)
    assert {name: record[name] for name in after._fields} == after._asdict()
    assert {name: record[name] for name in events._fields} == events._asdict()


def test_a_stage_in_the_wrong_place_would_be_noticed() -> None:
    """Alliance comes before change: what a session gives, worked out after the alliance has moved, is another."""
    p: Any = unpack(coefficients(Parameters()).tolist())
    after, _ = hold_session(*DYAD, p)
    late = [stage for stage in STAGES if stage is not stages.attune]
    late.insert(late.index(stages.update_distress), stages.attune)
    meeting = Meeting(*DYAD)
    early = stages.attune(meeting, stages.open_up(meeting, p), p)
    record = in_place(*DYAD, p, order=tuple(late), so_far=early._asdict())
    assert record["trust"] == after.trust
    assert record["gain"] != early.gain
    assert record["distress"] != after.distress


DYAD = (
    ClientTraits(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.0),
    DyadState(*(0.4,) * 10, 3.0, 0.0, 0.5, 0.6, 0.0, 0.7, 0.3, 1.0, 0.4),
    Presence(0.4, 0.6, 0.6, 0.1, 0.0, 0.2, 0.1, 0.0, 0.0, 0.5, 0.0, 0.0),
    SessionDraws(0.5, 0.5, 0.5, 0.5, 0.1, 0.5, 0.5, 0.3, -0.2, 0.1),
)
"""A dyad, and the draws of its fourth session."""


@equation
def the_same_session(client: Any, state: Any, therapist: Any, draws: Any, p: Any) -> Any:
    """Stands for `hold_session`, and calls it."""
    return hold_session(client, state, therapist, draws, p)


@pytest.mark.slow
def test_a_block_held_stage_by_stage_is_the_same_as_one_held_whole() -> None:
    chance = np.random.default_rng(4)
    blocks = np.zeros(2, dtype=DYADS)
    for name in blocks.dtype.names:
        if blocks[name].dtype == np.float64:
            blocks[name][0] = chance.uniform(0.05, 0.95, blocks[name][0].shape)
    blocks["session"][0] = chance.integers(0, 12, LANES)
    blocks["due"][0] = chance.integers(0, 2, LANES)
    blocks["draws"][0] = chance.uniform(0.0, 1.0, (DRAWS, LANES))
    blocks[1] = blocks[0]
    numbers = coefficients(Parameters(progress_feedback=True, violation_rate=0.1))
    hold_block(blocks[0], numbers)
    whole: Any = Compiled(hold_whole_block.function, replacing={hold_session: the_same_session})
    whole(blocks[1], numbers)
    due = blocks["due"][0] > 0
    assert 0 < due.sum() < LANES
    for name in DyadState._fields:
        assert np.array_equal(blocks[name][0], blocks[name][1]), name
    for name in ("rupture", "noticed", "repaired", "boundary_event", "ending", "safety"):
        assert np.array_equal(blocks[name][0][due], blocks[name][1][due]), name
