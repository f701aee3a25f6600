"""The books of a Mesa model: what its agents lived through, written as the rows the engine writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.agents.people import status_code
from simulation.engine.records import CLIENT_ROW, LATENT, SESSION_ROW, STAFF_ROW
from simulation.instruments import core_10_at_intake, draw_reports, report_last
from simulation.results.result import Result

if TYPE_CHECKING:
    from simulation.agents.model import AllianceModel
    from simulation.agents.people import Client, Therapist

__all__ = ["Books"]


class Books:
    """Keeps a model's sessions, if asked to, and makes its tables."""

    def __init__(self, model: AllianceModel, *, histories: bool) -> None:
        self.model = model
        self.sessions: list[Any] | None = [] if histories else None

    def enter_session(self, client: Client) -> None:
        """Enter the session a client has just held."""
        if self.sessions is None:
            return
        row = np.zeros((), dtype=SESSION_ROW)
        for name in LATENT:
            row[name] = getattr(client.state, name, getattr(client.events, name, None))
        reports = client.report()
        for name, value in reports._asdict().items():
            row[name] = value
        assert client.therapist is not None
        assert client.events is not None
        row["replicate"] = self.model.replicate
        row["client"] = client.number
        row["therapist"] = client.therapist.number
        row["week"] = self.model.week
        row["session"] = client.sessions
        row["rupture"] = client.events.rupture
        row["rupture_noticed"] = client.events.noticed
        row["rupture_repaired"] = client.events.repaired
        row["boundary_event"] = client.events.boundary_event
        self.sessions.append(row)

    def result(self) -> Result:
        """Return the tables as they stand."""
        model = self.model
        sessions = None
        if self.sessions is not None:
            sessions = np.array(self.sessions, dtype=SESSION_ROW)
            sessions = sessions[np.lexsort((sessions["session"], sessions["client"]))]
        return Result(
            parameters=model.parameters,
            seed=model.seed,
            first_replicate=model.replicate,
            replicates=1,
            client_rows=np.array([self._client(c) for c in model.clients], dtype=CLIENT_ROW),
            staff_rows=np.array([self._therapist(t) for t in model.therapists], dtype=STAFF_ROW),
            session_rows=sessions,
        )

    def _client(self, client: Client) -> Any:
        p = self.model.p
        row = np.zeros((), dtype=CLIENT_ROW)
        for name, value in (*client.traits._asdict().items(), *client.rater._asdict().items()):
            row[name] = value
        intake = core_10_at_intake(client.traits.severity, client.rater, client.intake_noise, p)
        row["core_10_intake"] = intake
        row["core_10_last"] = row["csq_8_last"] = np.nan
        row["therapist"] = row["week_started"] = row["week_ended"] = -1
        row["status"] = status_code(client.status)
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
        for name in ("ruptures", "ruptures_noticed", "ruptures_repaired", "boundary_tests"):
            row[name] = getattr(client, name)
        row["boundary_crossings"] = state.crossings
        if client.sessions:
            draws = draw_reports(self.model.key, client.number, client.sessions)
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

    def _therapist(self, therapist: Therapist) -> Any:
        row = np.zeros((), dtype=STAFF_ROW)
        for name, value in therapist.traits._asdict().items():
            row[name] = value
        row["fatigue_mean"] = therapist.fatigue_sum / max(self.model.week, 1)
        row["fatigue_last"] = therapist.state.fatigue
        row["skill_gain"] = therapist.state.skill
        row["clients_seen"] = therapist.clients_seen
        row["ties"] = len(self.model.colleagues[therapist.number])
        return row
