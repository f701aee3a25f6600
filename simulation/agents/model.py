"""The clinic as a Mesa model: one step is a week.

`AllianceModel` gives the same bits as `simulation.simulate`, agent by agent, and works with Mesa's
`batch_run`, `DataCollector` and `SolaraViz`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import mesa
import networkx as nx
import numpy as np
from mesa.datacollection import DataCollector as _DataCollector

from simulation.agents.people import Client, Therapist
from simulation.agents.seeds import chosen_seed
from simulation.agents.surroundings import Surroundings
from simulation.agents.tables import client_row, session_row, therapist_row
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
from simulation.network import supervision_network
from simulation.parameters import Parameters
from simulation.results.result import Result

if TYPE_CHECKING:
    from pathlib import Path

    from simulation.session import SessionFunction

__all__ = ["AllianceModel"]

DataCollector: Any = _DataCollector  # Mesa's has no types


class AllianceModel(Surroundings):
    """A clinic of clients and therapists who meet week by week.

    Parameters
    ----------
    parameters
        A setting; the default clinic if left out.
    rng
        Seed, a whole number; `seed` is accepted too. Without one a seed is drawn, and `seed` has it. All draws are
        keyed by it, none comes from Mesa's generator.
    replicate
        Which of the clinics that share this seed.
    client_class, therapist_class
        Subclasses of `Client` and `Therapist` to use, for changed rules.
    session
        A function to use instead of `simulation.session.hold_session`.
    network
        Supervision network, for ``supervision_network="file"``.
    histories
        Record every session for `result`.
    **values
        Single parameters to change, such as ``empathy=0.8``; so that `mesa.batch_run` can vary them.

    Attributes
    ----------
    week
        Weeks completed.
    clients, therapists
        All of them, by number; also in `agents`.
    network
        The supervision network: a graph of the therapists' numbers.
    datacollector
        Collects week by week how many wait, are in treatment and ended how, means of those in treatment, and the
        seed, so that every row of `mesa.batch_run` can be run again.

    Raises
    ------
    AllianceError
        If an argument is not allowed.
    """

    def __init__(
        self,
        parameters: Parameters | None = None,
        *,
        rng: int | None = None,
        replicate: int = 0,
        client_class: type[Client] = Client,
        therapist_class: type[Therapist] = Therapist,
        session: SessionFunction | None = None,
        network: nx.Graph[Any] | str | Path | None = None,
        histories: bool = False,
        **values: Any,
    ) -> None:
        seed = chosen_seed(rng, values.pop("seed", None))
        super().__init__(
            (parameters or Parameters()).replace(**values),
            seed=seed,
            replicate=replicate,
            session=session,
        )
        self.network = supervision_network(self.parameters, seed, network)
        self.colleagues = [sorted(self.network.neighbors(i)) for i in self.network]
        self.therapists = [
            therapist_class(self, number) for number in range(self.parameters.therapists)
        ]
        self.clients = [
            client_class(self, number, arrival_week(self.key, number, self.p))
            for number in range(self.parameters.clients)
        ]
        # Mesa before 3.5 counts agents in a class attribute that keeps every model alive (its issue 3179).
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self._session_rows: list[Any] | None = [] if histories else None
        self._expected = list(reversed(self.clients))
        self._waiting: list[Client] = []
        self.datacollector: Any = DataCollector(
            model_reporters={
                "seed": "seed",
                **{status: partial(count, status) for status in STATUSES},
                "mean_trust": partial(mean_of, "trust"),
                "mean_alliance": partial(mean_of, "alliance"),
                "mean_distress": partial(mean_of, "distress"),
                "mean_fatigue": mean_fatigue,
            }
        )

    def step(self) -> None:
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
        self.datacollector.collect(self)

    def run(self) -> AllianceModel:
        """Run until every client's therapy has ended or follow-up ends; return the model."""
        while self.running:
            self.step()
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

    @property
    def caseload(self) -> nx.Graph[str]:
        """The graph of who sees whom: an edge from each therapist to each client in treatment."""
        graph: nx.Graph[str] = nx.Graph()
        for therapist in self.therapists:
            name = f"therapist {therapist.number}"
            graph.add_node(name, agent=therapist, kind="therapist")
            for client in therapist.caseload:
                graph.add_node(f"client {client.number}", agent=client, kind="client")
                graph.add_edge(name, f"client {client.number}")
        return graph

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

    def _end(self, client: Client) -> None:
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


def mean_fatigue(model: AllianceModel) -> float:
    """Return the mean fatigue of the therapists, [0, 1]."""
    return sum(therapist.fatigue for therapist in model.therapists) / len(model.therapists)


def count(status: str, model: AllianceModel) -> int:
    """Return how many clients have this status."""
    return sum(client.status == status for client in model.clients)


def mean_of(name: str, model: AllianceModel) -> float | None:
    """Return the mean of an attribute over the clients in treatment, None without any."""
    values = [getattr(client, name) for client in model.clients if client.in_treatment]
    return sum(values) / len(values) if values else None
