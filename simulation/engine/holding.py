"""Holding the sessions of a block of dyads: stage by stage, or whole where the session is a user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation import stages as s
from simulation.coefficients import unpack
from simulation.engine.compilation import compiled
from simulation.engine.lanes import (
    LANES,
    agreement_in,
    attunement_in,
    bond_in,
    change_in,
    client_in,
    frame_in,
    growth_in,
    opening_in,
    presence_in,
    put_agreement,
    put_attunement,
    put_bond,
    put_change,
    put_ending,
    put_events,
    put_frame,
    put_growth,
    put_opening,
    put_repair,
    put_rupture,
    put_state_if,
    put_trust,
    repair_in,
    rupture_in,
    session_draws_in,
    state_in,
    trust_in,
)
from simulation.numerics import where
from simulation.session import hold_session

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Block = Any

__all__ = ["count_block", "hold_block", "hold_whole_block"]


@compiled
def hold_block(block: Block, numbers: Array) -> None:
    """Hold a session of each dyad that is due: `simulation.session.hold_session`, a loop for each stage."""
    p = unpack(numbers)
    for i in range(LANES):
        opened = s.open_up(client_in(block, i), state_in(block, i), presence_in(block, i), p)
        put_opening(block, i, opened, block.due[i] > 0)
    for i in range(LANES):
        attuned = s.attune(
            client_in(block, i),
            state_in(block, i),
            presence_in(block, i),
            session_draws_in(block, i),
            opening_in(block, i),
            p,
        )
        put_attunement(block, i, attuned, block.due[i] > 0)
    for i in range(LANES):
        frame = s.hold_frame(
            client_in(block, i),
            state_in(block, i),
            presence_in(block, i),
            session_draws_in(block, i),
            p,
        )
        put_frame(block, i, frame, block.due[i] > 0)
    for i in range(LANES):
        torn = s.tear(
            client_in(block, i),
            state_in(block, i),
            session_draws_in(block, i),
            attunement_in(block, i),
            frame_in(block, i),
            p,
        )
        put_rupture(block, i, torn, block.due[i] > 0)
    for i in range(LANES):
        mended = s.mend(
            state_in(block, i),
            presence_in(block, i),
            session_draws_in(block, i),
            attunement_in(block, i),
            rupture_in(block, i),
            p,
        )
        put_repair(block, i, mended, block.due[i] > 0)
    for i in range(LANES):
        trusting = s.trust_anew(
            state_in(block, i),
            presence_in(block, i),
            attunement_in(block, i),
            frame_in(block, i),
            repair_in(block, i),
            p,
        )
        put_trust(block, i, trusting, block.due[i] > 0)
    for i in range(LANES):
        bonded = s.bond_anew(
            state_in(block, i),
            presence_in(block, i),
            session_draws_in(block, i),
            attunement_in(block, i),
            frame_in(block, i),
            repair_in(block, i),
            trust_in(block, i),
            p,
        )
        put_bond(block, i, bonded, block.due[i] > 0)
    for i in range(LANES):
        agreed = s.agree(
            state_in(block, i),
            presence_in(block, i),
            session_draws_in(block, i),
            rupture_in(block, i),
            repair_in(block, i),
            trust_in(block, i),
            p,
        )
        put_agreement(block, i, agreed, block.due[i] > 0)
    for i in range(LANES):
        grown = s.grow(
            client_in(block, i),
            state_in(block, i),
            presence_in(block, i),
            frame_in(block, i),
            bond_in(block, i),
            agreement_in(block, i),
            p,
        )
        put_growth(block, i, grown, block.due[i] > 0)
    for i in range(LANES):
        changed = s.fare(
            client_in(block, i),
            state_in(block, i),
            session_draws_in(block, i),
            attunement_in(block, i),
            frame_in(block, i),
            bond_in(block, i),
            agreement_in(block, i),
            p,
        )
        put_change(block, i, changed, block.due[i] > 0)
    for i in range(LANES):
        ended = s.end_or_go_on(
            client_in(block, i),
            state_in(block, i),
            session_draws_in(block, i),
            frame_in(block, i),
            repair_in(block, i),
            bond_in(block, i),
            agreement_in(block, i),
            growth_in(block, i),
            change_in(block, i),
            p,
        )
        put_ending(block, i, ended, block.due[i] > 0)


@compiled
def hold_whole_block(block: Block, numbers: Array) -> None:
    """Hold a session of each dyad that is due in one piece, for a session function that has no stages."""
    p = unpack(numbers)
    for i in range(LANES):
        after, events = hold_session(
            client_in(block, i),
            state_in(block, i),
            presence_in(block, i),
            session_draws_in(block, i),
            p,
        )
        put_state_if(block, i, after, block.due[i] > 0)
        put_events(block, i, events)


@compiled
def count_block(block: Block) -> None:
    """Count what happened in each session held."""
    for i in range(LANES):
        counted = where(block.due[i] > 0, 1.0, 0.0)
        block.ruptures[i] += where(block.rupture[i] > 0.5, counted, 0.0)
        block.ruptures_noticed[i] += counted * block.noticed[i]
        block.ruptures_repaired[i] += counted * block.repaired[i]
        block.boundary_tests[i] += where(block.boundary_event[i] > 0.5, counted, 0.0)
