"""What the people of a clinic lived through, as the rows that the engine writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import STATUSES
from simulation.engine.lanes import COUNTS
from simulation.engine.records import CLIENT_ROW, LATENT, SESSION_ROW, THERAPIST_ROW
from simulation.instruments import core_10_at_intake, draw_reports, report_last

if TYPE_CHECKING:
    from simulation.plain.people import PlainClient, PlainTherapist

__all__ = ["client_row", "session_row", "therapist_row"]


def session_row(client: PlainClient, replicate: int, week: int) -> Any:
    """Return the row of the latest session of a client, in this week."""
    assert client.therapist is not None
    assert client.events is not None
    row = np.zeros((), dtype=SESSION_ROW)
    for name in LATENT:
        row[name] = getattr(client.state, name, getattr(client.events, name, None))
    for name, value in client.report()._asdict().items():
        row[name] = value
    row["replicate"] = replicate
    row["client"] = client.number
    row["therapist"] = client.therapist.number
    row["week"] = week
    row["session"] = client.sessions
    row["rupture"] = client.events.rupture
    row["rupture_noticed"] = client.events.noticed
    row["rupture_repaired"] = client.events.repaired
    row["boundary_event"] = client.events.boundary_event
    return row


def client_row(client: PlainClient) -> Any:
    """Return what has become of a client so far."""
    p = client.model.p
    row = np.zeros((), dtype=CLIENT_ROW)
    for name, value in (*client.traits._asdict().items(), *client.rater._asdict().items()):
        row[name] = value
    intake = core_10_at_intake(client.traits.severity, client.rater, client.intake_noise, p)
    row["core_10_intake"] = intake
    row["core_10_last"] = row["csq_8_last"] = np.nan
    row["therapist"] = row["week_started"] = row["week_ended"] = -1
    row["status"] = STATUSES.index(client.status)
    row["week_arrived"] = client.week_arrived
    if client.week_ended is not None:
        row["week_ended"] = client.week_ended
    if client.therapist is None or client.state is None:
        return row
    state = client.state
    row["therapist"] = client.therapist.number
    row["week_started"] = client.week_started
    row["sessions"] = client.sessions
    row["preference_match"] = state.match
    row["distress_last"] = state.distress
    row["satisfaction_last"] = state.satisfaction
    for name in COUNTS:
        row[name] = getattr(client, name)
    row["boundary_crossings"] = state.crossings
    if client.sessions:
        draws = draw_reports(client.model.key, client.number, client.sessions)
        row["core_10_last"], row["csq_8_last"] = report_last(
            state.distress,
            state.satisfaction,
            client.rater,
            draws.symptoms,
            draws.satisfaction,
            draws.mood,
            p,
        )
    return row


def therapist_row(therapist: PlainTherapist, *, weeks: int, ties: int) -> Any:
    """Return what has become of a therapist after `weeks` weeks, with `ties` colleagues in the network."""
    row = np.zeros((), dtype=THERAPIST_ROW)
    for name, value in therapist.traits._asdict().items():
        row[name] = value
    row["fatigue_mean"] = therapist.fatigue_sum / max(weeks, 1)
    row["fatigue_last"] = therapist.state.fatigue
    row["skill_gain"] = therapist.state.skill
    row["clients_seen"] = therapist.clients_seen
    row["ties"] = ties
    return row
