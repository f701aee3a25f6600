"""The sessions of a block of dyads: stage by stage, or whole where the session function is custom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation import stages as s
from simulation.coefficients import unpack
from simulation.engine.compilation import compiled
from simulation.engine.lanes import (
    LANES,
    agency_dependency_in,
    agreement_in,
    attunement_in,
    bond_in,
    change_in,
    client_in,
    frame_in,
    meeting_reader,
    opening_in,
    presence_in,
    put_agency_dependency,
    put_agreement,
    put_attunement,
    put_bond,
    put_change,
    put_ending,
    put_events,
    put_frame,
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

for_open_up = meeting_reader(s.open_up)
for_attune = meeting_reader(s.attune)
for_hold_frame = meeting_reader(s.hold_frame)
for_draw_rupture = meeting_reader(s.draw_rupture)
for_attempt_repair = meeting_reader(s.attempt_repair)
for_update_trust = meeting_reader(s.update_trust)
for_update_bond = meeting_reader(s.update_bond)
for_update_agreement = meeting_reader(s.update_agreement)
for_update_agency_dependency = meeting_reader(s.update_agency_dependency)
for_update_distress = meeting_reader(s.update_distress)
for_decide_ending = meeting_reader(s.decide_ending)
"""What each stage reads of a meeting."""


@compiled
def hold_block(block: Block, numbers: Array) -> None:
    """Hold a session of each dyad that is due: `simulation.session.hold_session`, a loop for each stage."""
    p = unpack(numbers)
    for i in range(LANES):
        opening = s.open_up(for_open_up(block, i), p)
        put_opening(block, i, opening)
    for i in range(LANES):
        attunement = s.attune(for_attune(block, i), opening_in(block, i), p)
        put_attunement(block, i, attunement)
    for i in range(LANES):
        frame = s.hold_frame(for_hold_frame(block, i), p)
        put_frame(block, i, frame)
    for i in range(LANES):
        rupture = s.draw_rupture(
            for_draw_rupture(block, i), attunement_in(block, i), frame_in(block, i), p
        )
        put_rupture(block, i, rupture)
    for i in range(LANES):
        repair = s.attempt_repair(
            for_attempt_repair(block, i), attunement_in(block, i), rupture_in(block, i), p
        )
        put_repair(block, i, repair)
    for i in range(LANES):
        trust = s.update_trust(
            for_update_trust(block, i),
            attunement_in(block, i),
            frame_in(block, i),
            repair_in(block, i),
            p,
        )
        put_trust(block, i, trust)
    for i in range(LANES):
        bond = s.update_bond(
            for_update_bond(block, i),
            attunement_in(block, i),
            frame_in(block, i),
            repair_in(block, i),
            trust_in(block, i),
            p,
        )
        put_bond(block, i, bond)
    for i in range(LANES):
        agreement = s.update_agreement(
            for_update_agreement(block, i),
            rupture_in(block, i),
            repair_in(block, i),
            trust_in(block, i),
            bond_in(block, i),
            p,
        )
        put_agreement(block, i, agreement)
    for i in range(LANES):
        agency_dependency = s.update_agency_dependency(
            for_update_agency_dependency(block, i),
            frame_in(block, i),
            bond_in(block, i),
            agreement_in(block, i),
            p,
        )
        put_agency_dependency(block, i, agency_dependency)
    for i in range(LANES):
        change = s.update_distress(
            for_update_distress(block, i),
            attunement_in(block, i),
            frame_in(block, i),
            repair_in(block, i),
            agreement_in(block, i),
            p,
        )
        put_change(block, i, change)
    for i in range(LANES):
        ending = s.decide_ending(
            for_decide_ending(block, i),
            opening_in(block, i),
            frame_in(block, i),
            repair_in(block, i),
            agreement_in(block, i),
            agency_dependency_in(block, i),
            change_in(block, i),
            p,
        )
        put_ending(block, i, ending)


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
    """Count what happened in each session."""
    for i in range(LANES):
        counted = where(block.due[i] > 0, 1.0, 0.0)
        block.ruptures[i] += where(block.rupture[i] > 0.5, counted, 0.0)
        block.ruptures_noticed[i] += counted * block.noticed[i]
        block.ruptures_repaired[i] += counted * block.repaired[i]
        block.boundary_tests[i] += where(block.boundary_event[i] > 0.5, counted, 0.0)
