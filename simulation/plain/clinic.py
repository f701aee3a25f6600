"""One clinic in plain Python, week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.clinic import (
    STATUSES,
    arrival_week,
    assignment_draw,
    choose_therapist,
    gives_up_waiting,
    is_due,
)
from simulation.engine.records import CLIENT_ROW, SESSION_ROW, THERAPIST_ROW
from simulation.errors import unknown_name
from simulation.plain.people import PlainClient, PlainTherapist
from simulation.plain.rows import client_row, session_row, therapist_row
from simulation.plain.surroundings import Surroundings
from simulation.results.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulation.parameters import Parameters
    from simulation.session import SessionFunction

__all__ = ["PlainClinic"]


class PlainClinic(Surroundings):
    """A clinic of clients and therapists who meet week by week.

    Parameters
    ----------
    parameters
        The setting.
    colleagues
        To whom each therapist is tied; see `simulation.network.colleagues_of`.
    seed, replicate
        What all draws are keyed by.
    people
        Classes of clients and of therapists.
    session
        A function to use instead of `simulation.session.hold_session`.
    histories
        Record every session for `result`.

    Attributes
    ----------
    clients, therapists
        All of them, by number.
    running
        Whether a therapy has not ended yet and follow-up goes on.
    """

    def __init__(
        self,
        parameters: Parameters,
        colleagues: Sequence[Sequence[int]],
        *,
        seed: int,
        replicate: int = 0,
        people: tuple[type[Any], type[Any]] = (PlainClient, PlainTherapist),
        session: SessionFunction | None = None,
        histories: bool = False,
    ) -> None:
        super().__init__(parameters, seed=seed, replicate=replicate, session=session)
        client_class, therapist_class = people
        self.colleagues = colleagues
        self.running = True
        self.therapists: list[Any] = [
            therapist_class(self, number) for number in range(parameters.therapists)
        ]
        self.clients: list[Any] = [
            client_class(self, number, arrival_week(self.key, number, self.p))
            for number in range(parameters.clients)
        ]
        self._session_rows: list[Any] | None = [] if histories else None
        self._expected = list(reversed(self.clients))
        self._waiting: list[Any] = []

    def pass_week(self) -> None:
        """Let one week pass: intake, sessions, endings, and what the week does to the therapists.

        All sessions of a week see the therapists as they were when it began, so their order does not matter.
        """
        self._intake()
        for therapist in self.therapists:
            therapist.presence = therapist.appear()
        met = [list(therapist.caseload) for therapist in self.therapists]
        interval = self.parameters.session_interval
        due = [
            client
            for caseload in met
            for client in caseload
            if is_due(self.week, client.week_started or 0, interval)
        ]
        for client in due:
            client.meet()
            if self._session_rows is not None:
                self._session_rows.append(session_row(client, self.replicate, self.week))
        for client in due:
            self._end(client)
        skills = [therapist.state.skill for therapist in self.therapists]
        after = []
        for therapist in self.therapists:
            colleagues = self.colleagues[therapist.number]
            around = 0.0
            for colleague in colleagues:
                around += skills[colleague]
            after.append(therapist.end_week(met[therapist.number], around, len(colleagues)))
        for therapist, state in zip(self.therapists, after, strict=True):
            therapist.state = state
            therapist.fatigue_sum += state.fatigue
        self.week += 1
        left = any(client.status in {"waiting", "in_treatment"} for client in self.clients)
        self.running = left and self.week < self.parameters.weeks

    def run(self) -> PlainClinic:
        """Run until every client's therapy has ended or follow-up ends; return the clinic."""
        while self.running:
            self.pass_week()
        return self

    def result(self) -> Result:
        """Return the tables so far: after `run`, the same bits that `simulate` gives for this replicate."""
        sessions = None
        if self._session_rows is not None:
            sessions = np.array(self._session_rows, dtype=SESSION_ROW)
            sessions = sessions[np.lexsort((sessions["session"], sessions["client"]))]
        clients = [client_row(client) for client in self.clients]
        therapists = [
            therapist_row(one, weeks=self.week, ties=len(self.colleagues[one.number]))
            for one in self.therapists
        ]
        return Result(
            parameters=self.parameters,
            seed=self.seed,
            first_replicate=self.replicate,
            replicates=1,
            client_rows=np.array(clients, dtype=CLIENT_ROW),
            therapist_rows=np.array(therapists, dtype=THERAPIST_ROW),
            session_rows=sessions,
        )

    def _intake(self) -> None:
        """Let clients arrive, give up, or begin with a therapist who has room."""
        while self._expected and self._expected[-1].week_arrived <= self.week:
            self._waiting.append(self._expected.pop())
        styles = [therapist.traits.style for therapist in self.therapists]
        still_waiting = []
        room = True
        for client in self._waiting:
            if self.week > client.week_arrived and gives_up_waiting(
                self.key, client.number, self.week, self.p
            ):
                client.status = "never_started"
                client.week_ended = self.week
                continue
            number = -1
            if room:
                caseloads = [len(therapist.caseload) for therapist in self.therapists]
                preference = client.traits.preference
                draw = assignment_draw(self.key, client.number)
                number = choose_therapist(draw, preference, caseloads, styles, self.p)
                room = number >= 0
            if number < 0:
                still_waiting.append(client)
                continue
            therapist = self.therapists[number]
            client.begin(therapist, self.week)
            therapist.caseload.append(client)
            therapist.clients_seen += 1
        self._waiting = still_waiting

    def _end(self, client: PlainClient) -> None:
        assert client.events is not None
        status = client.ends(client.events)
        if status is None:
            return
        if status not in STATUSES:
            raise unknown_name(status, "a status", STATUSES, see="See simulation.clinic.STATUSES.")
        client.status = status
        client.week_ended = self.week
        assert client.therapist is not None
        client.therapist.caseload.remove(client)
